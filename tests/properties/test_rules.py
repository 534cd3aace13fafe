"""Statements of the rule map that hold of every answer, on encounters of the whole rulebook.

INFUCODE_WORLDS sets how many encounters each statement is tried on.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import clingo
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from infucode.documents import encounter_from_data, words
from infucode.engine.facts import Facts, facts_of
from infucode.engine.relations import Relation
from infucode.errors import DocumentError
from infucode.passes.values import Row, row_of
from tests.oracle.drugs_drawn import drug_encounter
from tests.oracle.plans import PLANS
from tests.properties.agreement import Comparison, drawn_one
from tests.properties.ruled import (
    INITIAL,
    PRIMARIES,
    Case,
    Judgement,
    alone,
    cases,
    policy,
    program,
    rivals,
    shown,
    supposing,
    undecided,
)
from tests.properties.sides import Doc
from tests.strategies_documents import encounters_data

WORLDS = int(os.environ.get("INFUCODE_WORLDS", "210"))
EXAMPLES = int(os.environ.get("INFUCODE_EXAMPLES", "25"))
RELAXED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # `shown` shrinks
    suppress_health_check=list(HealthCheck),
)
PLAIN = 3
"""One encounter of so many is judged under the plan's own switches."""
SETTING = 10
"""So many encounters share one drawing of the switches."""
GROUNDED = 12
"""One encounter of so many goes to the grounder too: some 50 times the time of an answer."""

CLOSED = {"no_primary_reason": "facility_rank"}
"""So that no key reason is left open."""

every_plan = pytest.mark.parametrize("plan", sorted(PLANS))
every_judgement = pytest.mark.parametrize("judge", [undecided, rivals, alone])


@cache
def sides(plan: str) -> Comparison:
    """What draws switches for the plan."""
    return Comparison(plan)


def drawn(plan: str, count: int) -> Iterator[tuple[Doc, dict[str, str]]]:
    """Encounters, each with the switches to judge it under; the same for the same plan."""
    source = random.Random(f"rules {plan}")
    chosen: dict[str, str] = {}
    for seed in range(count):
        if seed % SETTING == 0:
            chosen = sides(plan).drawn_switches(source)
        yield drawn_one(seed), {} if seed % PLAIN == 0 else chosen


@cache
def judged(plan: str) -> tuple[Case, ...]:
    """The answers to the drawn encounters."""
    return tuple(c for doc, chosen in drawn(plan, WORLDS) for c in cases(plan, chosen, doc))


@every_plan
@every_judgement
def test_every_drawn_answer(plan: str, judge: Judgement) -> None:
    """One base outcome each; one initial service of a visit and access; no add-on alone."""
    wrong = [case for case in judged(plan) if judge(case)]
    assert not wrong, f"{len(wrong)} answers, one of them:\n{shown(wrong[0], judge)}"


@every_plan
def test_the_drawn_answers_hold_what_is_judged(plan: str) -> None:
    """Every initial code, and every add-on of a vein, comes up."""
    assert {*INITIAL, *PRIMARIES} <= {item.code for case in judged(plan) for item in case.earned}


def gappy(seed: int) -> Doc:
    """A drawn encounter of which some fields are lacking, or say what others do not."""
    source, doc = random.Random(f"gaps {seed}"), copy.deepcopy(drawn_one(seed))
    for item in doc["administrations"]:
        if source.randrange(3):
            continue
        for name in source.sample(sorted(GAPS), source.randint(1, 2)):
            item |= GAPS[name]
            if not GAPS[name]:
                item.pop(name, None)
        if "start" not in item:
            item.pop("stop", None)
    return doc


GAPS: dict[str, Doc] = {
    **{name: {} for name in ("category", "stop", "start", "pump", "via", "lesions", "access")},
    "drug": {"drug": "alpha"},
    "hcpcs": {"hcpcs": "J2357"},
}
"""Fields that may be lacking, and fields that may be of another drug."""


@cache
def gaps(plan: str) -> tuple[Case, ...]:
    """One world of each record with gaps, whatever the plan does with an unknown stop."""
    source = random.Random(f"gaps {plan}")
    stops = ("ask", "derive", "push", "withhold")
    return tuple(
        supposing(
            plan,
            {**chosen, **CLOSED, "missing_stop": source.choice(stops)},
            gappy(seed),
            source.randint(1, 400),
        )
        for seed, (_, chosen) in enumerate(drawn(plan, WORLDS))
    )


@every_plan
@every_judgement
def test_every_answer_to_a_record_with_gaps(plan: str, judge: Judgement) -> None:
    wrong = [case for case in gaps(plan) if judge(case)]
    assert not wrong, f"{len(wrong)} answers, one of them:\n{shown(wrong[0], judge)}"


@RELAXED
@given(encounters_data(), st.sampled_from(sorted(PLANS)), st.integers(1, 700))
def test_every_answer_to_a_document_of_any_shape(data: Doc, plan: str, minutes: int) -> None:
    doc = {key: value for key, value in data.items() if key not in {"switches", "policy"}}
    chosen = {**sides(plan).drawn_switches(random.Random(minutes)), **CLOSED}
    try:
        encounter_from_data(doc)
    except DocumentError:
        assume(False)
    case = supposing(plan, chosen, doc, minutes)
    for judge in (undecided, rivals, alone):
        assert not judge(case), shown(case, judge)


# ---- one more minute ----

LONGEST = 700
DRIP = {"technique": "infusion", "drug": "alpha"}
RUNS: dict[str, Doc] = {
    "hydration": {**DRIP, "category": "hydration", "route": "iv"},
    "therapeutic": {**DRIP, "category": "therapeutic", "route": "iv"},
    "chemotherapy": {**DRIP, "category": "chemotherapy", "route": "iv"},
    "under the skin": {**DRIP, "category": "therapeutic", "route": "sc"},
    "artery": {**DRIP, "category": "chemotherapy", "route": "ia"},
    "pump": {
        "technique": "pump",
        "drug": "alpha",
        "category": "chemotherapy",
        "route": "iv",
        "pump": {"kind": "portable"},
    },
    "standing pump": {
        "technique": "pump",
        "drug": "alpha",
        "category": "therapeutic",
        "route": "iv",
        "pump": {"kind": "stationary", "planned_minutes": 2760},
    },
}
"""What runs alone on its visit."""
SHORT: dict[str, Doc] = {
    "none": {},
    "push": {"category": "therapeutic", "route": "iv", "technique": "push"},
    "chemotherapy push": {"category": "chemotherapy", "route": "iv", "technique": "push"},
    "injection": {"category": "therapeutic", "route": "im", "technique": "injection"},
}
"""What may stand beside it: nothing that runs."""
INFUSED, PROLONGED = 16, 481
"""T1: where a push becomes an infusion. T13: where a carried pump becomes a prolonged one."""


def visit(run: str, number: int) -> Doc:
    """A visit with one run; the first is plain, others have something beside it."""
    source = random.Random(f"{run} {number}")
    doc: Doc = {"id": "run", "date": "2024-08-05"}
    if number and source.randrange(2):
        doc |= {"claim": "professional", "place_of_service": "11", "primary_reason": "run"}
    else:
        doc |= {"claim": "facility", "type_of_bill": "0131"}
    start = source.choice(("08:00", "20:45", "23:10")) if number else "10:00"
    beside = SHORT[source.choice(sorted(SHORT))] if number else {}
    doc["administrations"] = [{"id": "run", **RUNS[run], "start": start, "minutes": 1}]
    if beside:
        doc["administrations"].append({"id": "beside", "drug": "beta", "start": start, **beside})
    return doc


@cache
def lengths(run: str, number: int) -> list[Facts]:
    """The facts of the visit with a run of 1, 2, 3 ... minutes."""
    stay = encounter_from_data(visit(run, number))
    first, *rest = stay.administrations
    vocabulary = policy("cpcp026").library.vocabulary
    return [
        facts_of(
            replace(stay, administrations=(replace(first, minutes=minutes), *rest)), vocabulary
        )
        for minutes in range(1, LONGEST + 1)
    ]


def units(facts: Facts, atoms: Sequence[clingo.Symbol]) -> Counter[str]:
    """What the run earns, by code, over all dates."""
    own = facts.names.symbol("administration", "run")
    found: Counter[str] = Counter()
    for atom in atoms:
        if atom.name == "line" and atom.arguments[1] == own:
            found[atom.arguments[3].string] += atom.arguments[4].number
    return found


def steps(run: str) -> set[int]:
    """The minutes from which a run is another service, with a code of its own."""
    if run == "hydration":
        return set()
    return {INFUSED, PROLONGED} if run == "pump" else {INFUSED}


@every_plan
@pytest.mark.parametrize("run", RUNS)
def test_one_more_minute_never_lowers_the_units(plan: str, run: str) -> None:
    """Under the plan's own switches, and for every other run of a plan under drawn ones too."""
    chance = random.Random(f"minutes {plan} {run}")
    turn = (sorted(RUNS).index(run) + sorted(PLANS).index(plan)) % 2
    for number, chosen in enumerate(({}, sides(plan).drawn_switches(chance))[: 1 + turn]):
        batch = lengths(run, number)
        answers = program(plan, chosen).run_many(batch)
        earned = [units(facts, atoms) for facts, atoms in zip(batch, answers, strict=True)]
        assert number or max(sum(found.values()) for found in earned) > 7
        lower = [
            f"{minutes - 1} minutes: {dict(before)}, {minutes}: {dict(after)}"
            for minutes, (before, after) in enumerate(pairwise(earned), start=2)
            if minutes not in steps(run) and before - after
        ]
        assert not lower, f"{chosen} {json.dumps(visit(run, number))}\n{lower}"


# ---- one more element of the record ----


def record(doc: Doc, source: random.Random) -> Doc:
    """The same encounter with elements of its record stated, as there or as lacking."""
    stated = copy.deepcopy(doc)
    for item in stated["administrations"]:
        names = source.sample(words.DOCUMENTATION, source.randrange(len(words.DOCUMENTATION)))
        item["documentation"] = {name: source.random() < 0.5 for name in names}
        item["indication"] = "loss of volume"
        item["sequential_reason"] = "incompatible"
    return stated


def fewer(doc: Doc, source: random.Random) -> Doc:
    """Some elements of the record taken away."""
    less = copy.deepcopy(doc)
    for item in less["administrations"]:
        names = sorted(item["documentation"])
        for name in source.sample(names, source.randint(0, len(names))):
            del item["documentation"][name]
        for name in source.sample(("indication", "sequential_reason"), source.randint(0, 2)):
            del item[name]
    return less


def one_more(doc: Doc, source: random.Random) -> Doc:
    """One element added to the record of one administration."""
    more = copy.deepcopy(doc)
    item = source.choice(more["administrations"])
    absent = [name for name in words.DOCUMENTATION if name not in item["documentation"]]
    if absent:
        item["documentation"][source.choice(absent)] = source.random() < 0.7
    return more


def claims(found: Sequence[Case]) -> list[Any]:
    """The code sets."""
    return sorted(case.answer.claim for case in found)


def warned(found: Sequence[Case]) -> set[str]:
    """What the answers warn of."""
    return {str(outcome.atom) for case in found for outcome in case.answer.of("warning")}


@every_plan
def test_one_more_element_of_the_record_takes_no_line_away(plan: str) -> None:
    """Decision 0012: it changes no line at all."""
    source, heard = random.Random(f"record {plan}"), 0
    for number, (doc, chosen) in enumerate(drawn(plan, WORLDS // 2)):
        if number % 2:
            doc = drug_encounter(random.Random(number))
        whole = record(doc, source)
        less = fewer(whole, source)
        before = list(cases(plan, chosen, less))
        for more in (one_more(less, source), whole):
            after = list(cases(plan, chosen, more))
            assert claims(after) == claims(before), "\n".join(
                [str(chosen), json.dumps(less), json.dumps(more)]
            )
            heard += warned(after) != warned(before)
    assert heard > WORLDS // 8


# ---- every atom is a fact ----


def relations_of(atoms: Sequence[clingo.Symbol]) -> dict[tuple[str, int], set[Row]]:
    """Atoms by predicate."""
    found: dict[tuple[str, int], set[Row]] = {}
    for atom in atoms:
        found.setdefault((atom.name, len(atom.arguments)), set()).add(row_of(atom))
    return found


def rows(relation: Relation | None) -> set[Row]:
    """What a relation holds."""
    return set() if relation is None else {*relation.rows}


@every_plan
def test_every_atom_is_a_fact_and_the_compiled_rules_give_it(plan: str) -> None:
    for case in judged(plan)[::GROUNDED]:
        rules = program(plan, case.switches)
        grounded = rules.run(case.facts, whole=True)
        atoms = grounded.atoms()  # raises where one is open
        assert grounded.control.solve().satisfiable
        expected = relations_of(atoms)
        found = rules.model(case.facts).relations
        for signature in rules.frame.positions:
            assert rows(found.get(signature)) == expected.get(signature, set()), case.doc
