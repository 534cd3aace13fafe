"""The one function of a batch gives the rows of the rules, whatever it was given before.

INFUCODE_EXAMPLES sets how many drawn encounters and cases are tried: from 72 on all cases.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infucode.batch.answers import likeness
from infucode.batch.engine import shapes as shapes_module
from infucode.batch.engine import stand_ins as stand_ins_module
from infucode.batch.engine.answering import BatchPolicy, Wanted
from infucode.batch.engine.rows import Kinds, rows_of
from infucode.batch.engine.search import SUPPOSED
from infucode.batch.engine.shapes import Shapes
from infucode.batch.engine.text import Rows
from infucode.batch.engine.whole import Running
from infucode.documents import encounter_from_data
from infucode.engine.facts import facts_of
from infucode.engine.program import Program
from infucode.errors import InfucodeError
from infucode.model.encounter import Encounter
from infucode.passes.values import row_of
from tests.batch.drawn import claims, mixed, policy, shipped, solved_alone, text_of
from tests.properties.test_passes import PLANS, any_encounters, switches
from tests.properties.test_passes import program as ready

EXAMPLES = int(os.environ.get("INFUCODE_EXAMPLES", "12"))
RELAXED = settings(
    max_examples=max(4, EXAMPLES // 2), deadline=None, suppress_health_check=list(HealthCheck)
)


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS))
def test_rows_are_the_facts(encounter: Encounter, plan: str) -> None:
    vocabulary = policy(plan).library.vocabulary
    expected: dict[tuple[str, int], set[object]] = {}
    for signature, symbol in facts_of(encounter, vocabulary).signed:
        expected.setdefault(signature, set()).add(row_of(symbol))
    found = rows_of(encounter, Kinds(vocabulary)).given
    assert {s: set(rows) for s, rows in found.items()} == expected


def shapes_of(program: Program) -> Shapes:
    return Shapes(program, SUPPOSED)


@RELAXED
@given(st.lists(any_encounters(), min_size=1, max_size=5), st.sampled_from(PLANS), switches())
def test_the_whole_gives_the_outcomes_of_the_rules(
    batch: list[Encounter], plan: str, chosen: tuple[tuple[str, str], ...]
) -> None:
    own = ready(plan, chosen)
    vocabulary = own.book.vocabulary
    stated = [rows_of(encounter, Kinds(vocabulary)) for encounter in batch]
    shapes = shapes_of(own)
    for encounter, item in [*zip(batch, stated, strict=True)] * 2:
        running = shapes.running(item.given)
        rows = running.outcomes(item.given)
        relations = own.model(facts_of(encounter, vocabulary)).relations
        expected = {s: set(relations[s].rows) for s in own.outcomes if s in relations}
        assert found(running, rows) == {s: r for s, r in expected.items() if r}


def test_a_function_of_its_own_for_a_stay_gives_the_same() -> None:
    own = ready("cpcp026")
    shapes = shapes_of(own)
    docs = [doc for doc in mixed(2 * shapes_module.MANY) if doc["claim"] == "facility"]
    stated = [rows_of(encounter_from_data(doc), Kinds(own.book.vocabulary)) for doc in docs] * 3
    used = set()
    for item in stated:
        running = shapes.running(item.given)
        used.add(id(running))
        rows = running.outcomes(item.given)
        anything = shapes.anything()
        assert found(running, rows) == found(anything, anything.outcomes(item.given))
    assert len(used) > 1


def found(running: Running, rows: tuple[Rows, ...]) -> dict[tuple[str, int], set[object]]:
    """The rows of each outcome that has any."""
    pairs = zip(running.whole.outcomes, rows, strict=True)
    return {signature: set(own) for signature, own in pairs if own}


def test_solutions_are_those_of_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes_module, "MANY", 1)
    encounters = [encounter_from_data(doc) for doc in mixed(EXAMPLES * 5)]
    random.Random(8).shuffle(encounters)
    batch = {plan: BatchPolicy(policy(plan), Wanted()) for plan in PLANS}
    for encounter in sorted(encounters, key=likeness):
        plan = encounter.policy or PLANS[0]
        expected: object
        given_back: object
        try:
            expected = policy(plan).solve(encounter, explain=False).solution
        except InfucodeError as error:
            expected = str(error)
        try:
            given_back = batch[plan].solve(encounter)
        except InfucodeError as error:
            given_back = str(error)
        assert given_back == expected, encounter.id
    quick = sum(item.quick for item in batch.values())
    assert quick > len(encounters) / 2, "hardly any encounter was answered the fast way"


def test_every_shipped_case_is_answered_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes_module, "MANY", 4)
    from infucode.batch.answers import Answerer
    from infucode.batch.tasks import Document, Task

    docs = shipped()[:: max(1, 72 // EXAMPLES)]
    texts = [text_of(doc) for doc in docs]
    documents = [Document("cases", n, text) for n, text in enumerate(texts, 1)]
    results = Answerer(Task()).results(documents)
    assert len(results) == len(docs) > 60
    for doc, result in zip(docs, results, strict=True):
        assert result.answer == solved_alone(encounter_from_data(doc)), doc["id"]


@pytest.mark.parametrize("strict", (False, True))
def test_strict_and_explained_solutions_too(strict: bool) -> None:
    docs = mixed(12)
    batch = BatchPolicy(policy("cpcp026"), Wanted(strict=strict, explain=True))
    for doc in claims(docs):
        encounter = encounter_from_data(doc)
        try:
            expected = policy("cpcp026").solve(encounter, strict=strict).solution
        except InfucodeError:
            continue
        assert batch.solve(encounter) == expected


@pytest.mark.parametrize("far", (1, 1000))
def test_what_lines_hang_on_is_as_one_by_one(monkeypatch: pytest.MonkeyPatch, far: int) -> None:
    """By rules asked anew, and by the function of the other answer."""
    monkeypatch.setattr(shapes_module, "MANY", 0)
    monkeypatch.setattr(stand_ins_module, "MANY", 0)
    monkeypatch.setattr(stand_ins_module, "FAR", far)
    monkeypatch.setattr(stand_ins_module, "Shapes", Counted)
    Counted.asked = 0
    batch = {plan: BatchPolicy(policy(plan), Wanted(explain=True)) for plan in PLANS}
    hanging = 0
    for doc in mixed(EXAMPLES):
        encounter = encounter_from_data({**doc, "date": "2024-08-05", "switches": {}})
        plan = encounter.policy or PLANS[0]
        try:
            expected = policy(plan).solve(encounter).solution
        except InfucodeError:
            continue
        assert batch[plan].solve(encounter) == expected, encounter.id
        hanging += any(line.hangs_on for found in expected.code_sets for line in found.lines)
    assert sum(item.quick for item in batch.values()) > EXAMPLES / 2
    assert hanging, "no line hung on any switch"
    assert (Counted.asked > 0) == (far == 1)


class Counted(Shapes):
    """Shapes that count how often they are asked."""

    asked = 0

    def running(self, given: Mapping[tuple[str, int], Rows]) -> Running:
        Counted.asked += 1
        return super().running(given)


def test_the_function_gives_every_row_of_the_model() -> None:
    own = ready("cpcp026")
    shapes, reads = shapes_of(own), own.frame.reads
    for doc in mixed(EXAMPLES):
        encounter = encounter_from_data(doc)
        given = rows_of(encounter, Kinds(own.book.vocabulary)).given
        running = shapes.running(given)
        running.outcomes(given)
        expected = own.model(facts_of(encounter, own.book.vocabulary)).relations
        found = running.relations(given, reads)
        assert {s: set(r.rows) for s, r in found.items() if r.rows} == {
            s: set(r.rows) for s, r in expected.items() if r.rows
        }
