"""Documents that batches are tested on: drawn ones, shipped cases, plans and dates mixed."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from benchmarks.population import claimed, population
from infucode.documents import encounter_from_data, encounter_to_data
from infucode.errors import InfucodeError
from infucode.model.encounter import Encounter
from infucode.policy import Policy
from infucode.render.check_json import checked_to_json
from infucode.render.json_view import dumps, solution_to_json
from infucode.rulebook.where import policies_folder
from infucode.tables import Store
from infucode.workbench.cases import Plans, case_files, load_cases
from tests.oracle.wide import wide, wide_open

Doc = dict[str, Any]
DAYS = ("2024-08-05", "2025-03-03", "2025-11-03", "2019-01-01")
"""In force in both plans, in one, superseded, and before the first version of either."""
SWITCHES: tuple[Doc, ...] = ({}, {}, {}, {"missing_stop": "push"}, {"midnight": "reset"})


@cache
def policy(plan: str) -> Policy:
    return Policy.load(plan)


def mixed(count: int) -> list[Doc]:
    """Documents of every kind, under both plans, on several dates, with and without switches."""
    found = []
    for number in range(count):
        draw = (lambda n: next(iter(population(1, n))), wide, wide_open)[number % 3]
        doc = {**draw(number), "id": f"e{number}"}
        doc["policy"] = ("cpcp026", "medicare", None)[number % 7 % 3]
        if number % 5 == 0 and json.dumps(doc).count("2024-") == 1:
            doc["date"] = DAYS[number % len(DAYS)]
        if switches := SWITCHES[number % len(SWITCHES)]:
            doc["switches"] = switches
        found.append({key: value for key, value in doc.items() if value is not None})
    return found


def claims(docs: list[Doc]) -> list[Doc]:
    """The same with a claim each, as earned or changed somewhere."""
    found = []
    for doc in docs:
        plan = policy(doc.get("policy", "cpcp026"))
        sets = plan.solve(encounter_from_data(doc), explain=False).code_sets
        lines = sets[0].lines if sets else ()
        found.append(claimed(doc, [(n.code, n.units, n.modifiers) for n in lines]))
    return found


def shipped() -> list[Doc]:
    """The encounters of all cases beside the policies, as documents."""
    folder = policies_folder(None)
    cases = load_cases(case_files(folder), Plans(folder))
    return [
        encounter_to_data(case.encounter)
        | {"policy": case.policy, "switches": dict(case.switches)}
        for case in cases
    ]


def text_of(doc: Doc) -> bytes:
    """One line of NDJSON."""
    return json.dumps(doc, separators=(",", ":"), default=str).encode()


def solved_alone(encounter: Encounter, *, explain: bool = False) -> bytes:
    """What `Policy.solve` gives, as a line; empty where it refuses."""
    plan = policy(encounter.policy or "cpcp026")
    try:
        solution = plan.solve(encounter, explain=explain).solution
    except InfucodeError:
        return b""
    return dumps(solution_to_json(solution), compact=True).encode()


def checked_alone(encounter: Encounter, *, explain: bool = False) -> bytes:
    """What `Policy.check` gives, as a line; empty where it refuses."""
    plan = policy(encounter.policy or "cpcp026")
    try:
        checked = plan.check(encounter, explain=explain, tables=Store()).checked
    except InfucodeError:
        return b""
    return dumps(checked_to_json(checked), compact=True).encode()
