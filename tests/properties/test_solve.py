"""What must not matter to an answer: order, ids, the time of day, drugs that are not coded."""

from __future__ import annotations

import copy
import os
import random
from collections import Counter
from collections.abc import MutableSequence
from datetime import date as Date
from functools import cache
from typing import Any

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from infucode.documents import encounter_from_data
from infucode.engine.answer import Answer, read_answer
from infucode.engine.facts import facts_of
from infucode.model.solution import Line, Solution
from infucode.policy import Policy
from infucode.render.json_view import solution_to_json
from tests.oracle.worlds import encounters, stamp

EXAMPLES = int(os.environ.get("INFUCODE_EXAMPLES", "8"))
RELAXED = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
Doc = dict[str, Any]


class TurnedRound(random.Random):
    """Shuffles by turning round."""

    def shuffle(self, x: MutableSequence[Any]) -> None:
        x.reverse()


CHANCE = st.randoms(use_true_random=False)
COMPLETE = encounters(max_administrations=6)
OPEN = encounters(max_administrations=4, unknown_stops=1, reasons=False)


@cache
def policy() -> Policy:
    return Policy.load("cpcp026")


def solve(doc: Doc, *, explain: bool = False) -> Solution:
    encounter = encounter_from_data(doc)
    return policy().solve(encounter, as_of=Date(2024, 8, 5), explain=explain).solution


def shown(line: Line) -> tuple[object, ...]:
    """A line without what names administrations."""
    return (
        str(line.date), line.visit, line.access, line.code, line.modifiers, line.units,
        line.certain,
    )  # fmt: skip


def claims(solution: Solution) -> list[list[tuple[object, ...]]]:
    """The code sets, each sorted; their order may follow the document."""
    return sorted((sorted(map(shown, s.lines), key=str) for s in solution.code_sets), key=str)


def with_members(solution: Solution) -> list[list[tuple[object, ...]]]:
    """The code sets with the administrations behind each line."""
    sets = [
        sorted(((*shown(x), tuple(sorted(x.administrations))) for x in s.lines), key=str)
        for s in solution.code_sets
    ]
    return sorted(sets, key=str)


STAY = {
    "id": "one", "claim": "professional", "place_of_service": "11",
    "line_of_business": "commercial", "date": "2024-08-05",
}  # fmt: skip
PUSH = {"category": "therapeutic", "route": "iv", "technique": "push", "start": "08:00"}
SHOT = {"category": "vaccine", "route": "im", "technique": "injection", "start": "08:00"}
# No key reason is named, and either push could be it: both ways earn the same codes.
EITHER = {
    **STAY,
    "administrations": [{"id": "a1", "drug": "A", **PUSH}, {"id": "a2", "drug": "B", **PUSH}],
}
TWICE = {
    **STAY,
    "administrations": [{"id": "a1", "drug": "A", **SHOT}, {"id": "a2", "drug": "A", **SHOT}],
}


@RELAXED
@given(st.one_of(COMPLETE, OPEN), CHANCE)
@example(EITHER, TurnedRound())
@example(TWICE, TurnedRound())
def test_the_order_of_the_document_does_not_matter(doc: Doc, chance: random.Random) -> None:
    mixed = copy.deepcopy(doc)
    for key in ("administrations", "services", "accesses"):
        chance.shuffle(mixed.get(key, []))
    before, after = solve(doc, explain=True), solve(mixed, explain=True)
    assert with_members(after) == with_members(before)
    assert after.outcome == before.outcome
    assert set(after.not_reported) == set(before.not_reported)
    assert set(after.warnings) == set(before.warnings)


def renamed(value: Any, names: dict[str, str]) -> Any:
    """The document with ids exchanged wherever they stand as a whole text."""
    if isinstance(value, dict):
        return {key: renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


@RELAXED
@given(st.one_of(COMPLETE, OPEN))
def test_ids_that_keep_their_order_do_not_matter(doc: Doc) -> None:
    ids = sorted(item["id"] for item in doc["administrations"])
    names = {id: f"zz {number:04d} é" for number, id in enumerate(ids)}
    back = {new: old for old, new in names.items()}
    found = with_members(solve(renamed(doc, names)))
    old = [
        sorted(((*x[:-1], tuple(sorted(back[i] for i in x[-1]))) for x in s), key=str)  # type: ignore[attr-defined]
        for s in found
    ]
    assert sorted(old, key=str) == with_members(solve(doc))


def minute(text: str) -> int:
    """Minutes since midnight of the first date."""
    day, _, clock = text.rpartition("T")
    hours, minutes = clock.split(":")
    days = (Date.fromisoformat(day) - Date(2024, 8, 5)).days if day else 0
    return days * 1440 + int(hours) * 60 + int(minutes)


def shifted(doc: Doc, by: int) -> Doc:
    """Every clock time moved."""
    moved = copy.deepcopy(doc)
    for item in moved["administrations"]:
        for run in [item, *item.get("segments", ())]:
            run |= {k: stamp(minute(run[k]) + by) for k in ("start", "stop") if k in run}
    if "ends" in moved:
        moved["ends"] = stamp(minute(moved["ends"]) + by)
    return moved


def all_minutes(doc: Doc) -> list[int]:
    runs = [r for a in doc["administrations"] for r in [a, *a.get("segments", ())]]
    return [minute(r[k]) for r in runs for k in ("start", "stop") if k in r]


@RELAXED
@given(st.one_of(COMPLETE, OPEN), st.integers(1, 400))
def test_the_time_of_day_does_not_matter(doc: Doc, by: int) -> None:
    times = all_minutes(doc)
    assume(times and max(times) + by < 1440)
    assert with_members(solve(shifted(doc, by))) == with_members(solve(doc))


@RELAXED
@given(st.one_of(COMPLETE, OPEN), CHANCE)
def test_an_oral_drug_changes_no_line(doc: Doc, chance: random.Random) -> None:
    more = copy.deepcopy(doc)
    tablet = {"id": "tablet", "drug": "a tablet", "route": "po", "category": "therapeutic"}
    if chance.random() < 0.5:
        tablet |= {"start": more["administrations"][0].get("start", "10:01")}
    more["administrations"].insert(chance.randint(0, len(more["administrations"])), tablet)
    before, after = solve(doc), solve(more)
    assert with_members(after) == with_members(before)
    assert any(n.administration == "tablet" for n in after.not_reported)


@RELAXED
@given(st.one_of(COMPLETE, OPEN))
def test_equal_input_gives_equal_json(doc: Doc) -> None:
    fresh = Policy(policy().library)
    first = solution_to_json(solve(doc, explain=True))
    assert solution_to_json(solve(copy.deepcopy(doc), explain=True)) == first
    encounter = encounter_from_data(doc)
    assert solution_to_json(fresh.solve(encounter, as_of=Date(2024, 8, 5)).solution) == first


@RELAXED
@given(OPEN)
def test_without_reasons_the_lines_are_the_same(doc: Doc) -> None:
    assert claims(solve(doc)) == claims(solve(doc, explain=True))


def answer_of(doc: Doc) -> Answer:
    encounter = encounter_from_data(doc)
    facts = facts_of(encounter, policy().library.vocabulary)
    program = policy().program(policy().rulebook(Date(2024, 8, 5)))
    return read_answer(program.outcomes_of(program.run(facts)), facts.names, encounter)


def ends_of(answer: Answer) -> Counter[object]:
    """How often each administration's delivery is decided."""
    decided: Counter[object] = Counter()
    for kind in ("line", "withheld"):
        for id, part in {o.arguments[:2] for o in answer.of(kind)}:
            decided[id] += part == "delivery"
    decided.update({o.arguments[0] for o in answer.of("merged")})
    decided.update({o.arguments[0] for o in answer.of("cannot_tell")})
    return decided


@RELAXED
@given(COMPLETE)
def test_each_administration_is_decided_once(doc: Doc) -> None:
    decided = ends_of(answer_of(doc))
    assert decided == {item["id"]: 1 for item in doc["administrations"]}


@RELAXED
@given(COMPLETE)
def test_a_slot_has_one_initial_service(doc: Doc) -> None:
    answer = answer_of(doc)
    visits = {item["id"]: item.get("visit", 1) for item in doc["administrations"]}
    access = {o.arguments[0]: o.arguments[1] for o in answer.of("charged_access")}
    slots = Counter(
        (visits[str(o.arguments[0])], access[o.arguments[0]]) for o in answer.of("opens")
    )
    assert all(number == 1 for number in slots.values()), slots


@RELAXED
@given(COMPLETE)
def test_units_are_whole_and_positive_and_lines_distinct(doc: Doc) -> None:
    for code_set in solve(doc).code_sets:
        assert all(isinstance(line.units, int) and line.units > 0 for line in code_set.lines)
        alone = [(shown(x), x.administrations, x.services) for x in code_set.lines]
        assert len(set(alone)) == len(alone)
