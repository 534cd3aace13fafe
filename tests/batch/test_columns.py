"""Columns give the rows of the rules: for rules made by hand, drawn encounters, worlds, switches.

INFUCODE_EXAMPLES sets how many drawn encounters are tried.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Sequence
from datetime import date as Date
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infucode.batch.answers import Answerer
from infucode.batch.engine import solving, sorted_rows
from infucode.batch.engine.answering import BatchPolicy
from infucode.batch.engine.columns import Codes, TooNarrow, Unsuited, ranged, union
from infucode.batch.engine.foresight import Foresight
from infucode.batch.engine.plain import PlainTexts
from infucode.batch.engine.rows import Kinds, rows_of
from infucode.batch.engine.search import ASSUMED_STOP, SUPPOSED, RowSearch
from infucode.batch.engine.shapes import Shapes
from infucode.batch.engine.taken import Taken
from infucode.batch.engine.together import NARROW, WIDE, Found, Member, WholeBatch
from infucode.batch.engine.variants import Rules, rules_of
from infucode.batch.tasks import Detail, Document, Task
from infucode.documents import encounter_from_data
from infucode.engine.fixpoint import Step, answer, strata_of
from infucode.engine.program import Program
from infucode.engine.relations import Relation
from infucode.model.encounter import Encounter
from infucode.passes.values import INFIMUM, SUPREMUM, Row, Value
from infucode.rulebook.language import Signature
from tests.batch.drawn import mixed, policy, solved_alone, text_of
from tests.properties.test_passes import PLANS, any_encounters, switches
from tests.properties.test_passes import program as ready
from tests.unit.engine.test_compiled import FACTS, PROGRAMS
from tests.unit.engine.test_compiled import given as facts_given
from tests.unit.rulebook.texts import clauses

np = pytest.importorskip("numpy")
EXAMPLES = int(os.environ.get("INFUCODE_EXAMPLES", "12"))
RELAXED = settings(
    max_examples=max(3, EXAMPLES // 4), deadline=None, suppress_health_check=list(HealthCheck)
)
World = dict[Signature, set[Row]]
UNSUITED = (
    "#sum+", "not not", "not 1 <=", "#count { X,Y : e(X,Y); X : word(X) }", " : loop(",
    " : word(X).",
)  # fmt: skip
"""What stands in a program that is left to the rules one by one."""


def worlds_of(
    found: Found, members: Sequence[Member], signatures: set[Signature]
) -> list[list[World]]:
    """The rows in each world of each member."""
    told: list[list[World]] = [[{} for _ in member.worlds] for member in members]
    for signature in signatures:
        numbers, rows, masks = found.rows(signature)
        for place, (number, row) in enumerate(zip(numbers, rows, strict=True)):
            for bit, world in enumerate(told[number]):
                if masks is None or masks[place] >> bit & 1:
                    world.setdefault(signature, set()).add(row)
    return told


def made_by_hand(text: str, bits: int = NARROW) -> WholeBatch:
    rules = clauses(text)
    strata = strata_of(rules)
    own = [(s, [(rules[n], 1) for n in s.rules]) for s in strata]
    inputs = frozenset({*facts_given(), *(rule.head.signature for rule in rules)})
    return WholeBatch(Rules(inputs, own, {}, outcomes=inputs), bits)


def by_rules(text: str, world: World) -> World:
    rules = clauses(text)
    relations = {s: Relation(dict.fromkeys(sorted(rows, key=repr))) for s, rows in world.items()}
    steps = [Step(rule, "x.lp:1") for rule in rules]
    answer(strata_of(rules), steps, relations)
    return {s: set(found.rows) for s, found in relations.items() if found.rows}


@pytest.mark.parametrize("text", PROGRAMS)
def test_rules_made_by_hand(text: str) -> None:
    """Eight members, each with some of the facts, and up to five worlds with others of them."""
    try:
        whole = made_by_hand(text)
    except Unsuited:
        assert any(form in text for form in UNSUITED)
        return
    draw = random.Random(text)
    facts = [(s, row) for s, found in facts_given(FACTS).items() for row in found.rows]
    members = []
    for number in range(8):
        stated = [fact for fact in facts if number == 0 or draw.random() < 0.7]
        given: dict[Signature, dict[Row, None]] = {}
        for signature, row in stated:
            given.setdefault(signature, {})[row] = None
        rest = [fact for fact in facts if fact not in stated]
        sizes = [draw.randrange(4) for _ in range(draw.randrange(5))] if rest else []
        worlds = [draw.choices(rest, k=size) for size in sizes]
        members.append(Member(given, [(), *worlds]))
    for batch in (members, [Member(member.given) for member in members]):
        signatures = {*whole.inputs}
        told = worlds_of(whole.answer(batch), batch, signatures)
        for member, own in zip(batch, told, strict=True):
            for supposed, world in zip(member.worlds, own, strict=True):
                stated_: World = {s: set(rows) for s, rows in member.given.items()}
                for signature, row in supposed:
                    stated_.setdefault(signature, set()).add(row)
                assert world == by_rules(text, stated_)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("p(M/N) :- m(_,M), n(N).", "zero"),
        ("p(X) :- m(X,_), n(N), 0 < 1\\N.", "zero"),
        ("p(X+1) :- word(X).", "no number"),
        ("p(X) :- m(X,_), word(W), W < 1.", "beside"),
        ("p(N*2000000000) :- n(N).", "32 bits|"),
        ("p(N) :- N = #sum { X,X : word(X) }.", "no number"),
    ],
)
def test_what_fails_is_left_to_the_rules(text: str, said: str) -> None:
    whole = made_by_hand(text, WIDE)
    stated = {s: found.rows for s, found in facts_given().items()}
    with pytest.raises(Unsuited, match=said):
        whole.answer([Member(stated)])


def test_numbers_that_are_too_large_need_wide_codes() -> None:
    text = "p(X,N) :- m(X,M), N = M * 2."
    stated: dict[Signature, dict[Row, None]] = {
        ("m", 2): {("a", 900_000_000): None, ("b", 3): None}
    }
    with pytest.raises(TooNarrow):
        made_by_hand(text).answer([Member(stated)])
    _, rows, _ = made_by_hand(text, WIDE).answer([Member(stated)]).rows(("p", 2))
    assert set(rows) == {("a", 1_800_000_000), ("b", 6)}
    reckoned: dict[Signature, dict[Row, None]] = {("m", 2): {("a", 3_000_000): None}}
    with pytest.raises(TooNarrow):
        made_by_hand(text).answer([Member(reckoned)])


def test_codes_keep_the_order_of_values() -> None:
    codes = Codes(NARROW)
    values: list[Value] = ["b", "~x", "a10", "a9", "a"]
    column = codes.column(values)
    ranks = codes.ranked(column)
    assert [values[n] for n in np.argsort(ranks)] == sorted(map(str, values))
    assert codes.values(codes.unranked(ranks)) == values
    assert codes.values(codes.column([5, "a", -3])) == [5, "a", -3]
    with pytest.raises(Unsuited, match="beside"):
        codes.ranked(codes.column([5, "a"]))
    assert codes.of(INFIMUM) < codes.of(-4) < codes.of(4) < codes.of(SUPREMUM) < codes.of("a")


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-9, 99), st.integers(0, 3)), min_size=1))
def test_packed_rows_come_back(rows: list[tuple[int, int, int]]) -> None:
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    packing = ranged(columns)
    keys, masks = union(packing.keys(columns), np.arange(1, len(rows) + 1, dtype=np.uint64))
    assert list(zip(*[c.tolist() for c in packing.columns(keys)], strict=True)) == sorted(
        set(rows)
    )
    assert masks is not None
    merged: dict[tuple[int, int, int], int] = {}
    for number, row in enumerate(rows, 1):
        merged[row] = merged.get(row, 0) | number
    assert masks.tolist() == [merged[row] for row in sorted(merged)]
    beyond = [columns[0], columns[1] + 1000, columns[2]]
    assert set(packing.fitting(beyond).tolist()) == {-1}


@cache
def of_program(program: Program, bits: int) -> WholeBatch:
    return WholeBatch(rules_of([program], SUPPOSED), bits)


def models(program: Program, batch: Sequence[Member], bits: int = NARROW) -> None:
    """Every predicate of every world is as the rules have it, one by one."""
    whole = of_program(program, bits)
    signatures = {head for stratum in whole.strata for head in stratum.heads}
    told = worlds_of(whole.answer(batch), batch, signatures)
    for member, own in zip(batch, told, strict=True):
        for supposed, world in zip(member.worlds, own, strict=True):
            relations = dict(program.tables)
            for signature, rows in member.given.items():
                relations[signature] = Relation(dict(rows))
            for signature, row in supposed:
                known = relations.get(signature, Relation()).rows
                relations[signature] = Relation({**known, row: None})
            answer(program.frame.about, program.steps, relations)
            expected = {s: set(r.rows) for s in signatures if (r := relations.get(s)) and r.rows}
            assert world == expected


@RELAXED
@given(st.lists(any_encounters(), min_size=1, max_size=4), st.sampled_from(PLANS), switches())
def test_drawn_encounters(
    batch: list[Encounter], plan: str, chosen: tuple[tuple[str, str], ...]
) -> None:
    own = ready(plan, chosen)
    kinds = Kinds(own.book.vocabulary)
    models(own, [Member(rows_of(encounter, kinds).given) for encounter in batch], WIDE)


@pytest.mark.parametrize("plan", PLANS)
def test_worlds_of_encounters_that_lack_a_stop(plan: str) -> None:
    own = ready(plan)
    kinds = Kinds(own.book.vocabulary)
    members = []
    for doc in mixed(EXAMPLES * 4):
        encounter = encounter_from_data(doc)
        stated = rows_of(encounter, kinds)
        unended = [
            item.id
            for item in encounter.administrations
            if item.start is not None and item.stop is None and item.minutes is None
        ]
        if unended:
            id = stated.symbol("administration", unended[0])
            starts = [0, 1, 15, 16, 31, 91]
            stops = [encounter.administration(unended[0]).start + n for n in starts]  # type: ignore[operator]
            worlds = [[(ASSUMED_STOP, (id, minute))] for minute in stops]
            members.append(Member(stated.given, [(), *worlds]))
    assert len(members) > EXAMPLES
    models(own, members[:EXAMPLES])


@pytest.mark.parametrize("plan", PLANS)
def test_facts_taken_field_by_field_are_the_facts(plan: str) -> None:
    """Of all encounters in order, and of some of them, one twice."""
    kinds = Kinds(policy(plan).library.vocabulary)
    encounters = [encounter_from_data(doc) for doc in mixed(EXAMPLES * 10)]
    taken = Taken(encounters, kinds)
    codes = Codes(WIDE)
    for places in (None, np.array([5, 5, 7, len(encounters) - 1, 0])):
        found: dict[int, dict[Signature, set[Row]]] = {}
        columns = taken.columns(codes, places, taken.relations.keys())
        for signature, (members, *values) in columns.items():
            rows = zip(*[codes.values(column) for column in values], strict=True)  # type: ignore[arg-type]
            for member, row in zip(members.tolist(), rows, strict=True):  # type: ignore[union-attr]
                found.setdefault(member, {}).setdefault(signature, set()).add(row)
        for member, number in enumerate(range(len(encounters)) if places is None else places):
            expected = rows_of(encounters[number], kinds)
            assert found[member] == {s: set(r) for s, r in expected.given.items() if r}
            own = taken.stated[number]
            assert own is not None and own.values == expected.values
            named = {sort: list(known.items()) for sort, known in own.symbols.items() if known}
            assert named == {
                sort: list(known.items()) for sort, known in expected.symbols.items()
            }
            assert own.given == expected.given


def test_programs_that_differ_in_a_switch() -> None:
    asked = policy("cpcp026").ready(Date(2024, 8, 5), {}, None)
    assert asked is not None
    own, stand_ins = asked[0].program, asked[0].stand_ins
    programs = [own, *[stand_ins.other(name, value) for name, value, _ in stand_ins.changes]]
    kinds = Kinds(own.book.vocabulary)
    batch = [
        Member(rows_of(encounter_from_data(doc), kinds).given) for doc in mixed(EXAMPLES // 2)
    ]
    whole = WholeBatch(rules_of(programs, SUPPOSED), NARROW)
    variants = [Member({}, [()] * len(programs)) for _ in batch]
    told = worlds_of(whole.answer(batch), variants, set(own.outcomes))
    changed = 0
    for member, worlds in zip(batch, told, strict=True):
        for program, world in zip(programs, worlds, strict=True):
            relations = dict(program.tables)
            relations.update({s: Relation(dict(rows)) for s, rows in member.given.items()})
            answer(program.frame.about, program.steps, relations)
            found = {s: set(r.rows) for s in own.outcomes if (r := relations.get(s)) and r.rows}
            assert world == found
            changed += world != worlds[0]
    assert changed, "no switch made a difference"


def test_what_is_foreseen_is_what_the_search_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    own = ready("cpcp026")
    asked: list[tuple[int, object]] = []
    together = Foresight._together

    def noted(
        self: Foresight, taken: Taken, searches: Any, places: Any, worlds: Any, bits: int
    ) -> None:
        if bits == NARROW:
            for place, extras in zip(places.tolist(), worlds, strict=True):
                asked.extend((place, extra) for extra in extras)
        together(self, taken, searches, places, worlds, bits)

    monkeypatch.setattr(Foresight, "_together", noted)
    kinds, shapes = Kinds(own.book.vocabulary), Shapes(own, SUPPOSED)
    foresight = Foresight(own)
    docs = [doc for doc in mixed(EXAMPLES * 6) if not doc.get("switches")]
    encounters = [encounter_from_data(doc) for doc in docs]
    for turn in range(2):
        taken = Taken(encounters, kinds)
        searches = [
            RowSearch(own, shapes, e, stated)
            for e, stated in zip(encounters, taken.stated, strict=True)
            if stated is not None
        ]
        assert len(searches) == len(encounters)
        asked.clear()
        done = foresight.foresee(taken, dict(enumerate(searches)))
        assert len(asked) == len(set(asked)), "a world was answered twice"
        assert any(extra for _, extra in asked), "no world of a missing stop was foreseen"
        assert all(() in search.known for search in searches)
        tried = [len(search.known) for search in searches]
        assert max(tried) > 8 and min(tried) == 1
        assert done, f"no search was through ahead, turn {turn}"
    for search in searches[:EXAMPLES]:
        for extra, rows in search.known.items():
            running = shapes.anything()
            told = running.outcomes(search.world(extra))
            expected = {s: set(r) for s, r in zip(running.whole.outcomes, told, strict=True) if r}
            found = {s: set(rows[place]) for place, s in enumerate(own.outcome_order)}
            assert {s: r for s, r in found.items() if r} == expected


@pytest.mark.parametrize("explain", ("none", "short"))
def test_batches_give_what_is_given_one_by_one(
    monkeypatch: pytest.MonkeyPatch, explain: str
) -> None:
    """With columns throughout; of the long run also plans, dates and switches mixed."""
    monkeypatch.setattr(solving, "FEW", 1)
    docs = mixed(EXAMPLES * 3)
    if EXAMPLES < 72:
        alike = {"policy": "cpcp026", "date": "2024-08-05", "switches": {}}
        docs = [{**doc, **alike} for doc in docs]
    documents = [Document("drawn", n, text_of(doc)) for n, doc in enumerate(docs, 1)]
    answerer = Answerer(Task(explain=Detail[explain]))
    foreseen, written = 0, []
    text = PlainTexts.text

    def counted(*given: Any) -> bytes | None:
        found = text(*given)
        written.append(found is not None)
        return found

    monkeypatch.setattr(PlainTexts, "text", counted)
    results = []
    for begin in range(0, len(documents), 20):
        results += answerer.results(documents[begin : begin + 20])
    for plan in answerer._plans.values():
        assert isinstance(plan, BatchPolicy)
        foreseen += plan.quick
    for doc, result in zip(docs, results, strict=True):
        encounter = encounter_from_data(doc)
        assert result.answer == solved_alone(encounter, explain=explain == "short"), doc["id"]
    assert foreseen > len(docs) / 2, "hardly any encounter was foreseen"
    assert sum(written) > len(docs) / 3, "hardly any answer was written from its rows"


def test_without_columns_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where numpy is missing, and where a rule is beyond columns."""
    alike = {"policy": "cpcp026", "date": "2024-08-05", "switches": {}}
    docs = [{**doc, **alike} for doc in mixed(EXAMPLES)]
    documents = [Document("drawn", n, text_of(doc)) for n, doc in enumerate(docs, 1)]
    monkeypatch.setattr(solving, "FEW", 1)
    expected = Answerer(Task()).results(documents)

    def unsuited(*_: object) -> None:
        raise Unsuited("a test")

    monkeypatch.setattr(WholeBatch, "answer", unsuited)
    assert Answerer(Task()).results(documents) == expected
    monkeypatch.setitem(sys.modules, "infucode.batch.engine.foresight", None)
    monkeypatch.setitem(sys.modules, "infucode.batch.engine.others", None)
    assert Answerer(Task()).results(documents) == expected


def test_large_joins_are_left_to_the_rules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = made_by_hand("p(X,Y) :- n(X), n(Y).")
    stated = {s: found.rows for s, found in facts_given().items()}
    whole.answer([Member(stated)])
    monkeypatch.setattr(sorted_rows, "MOST_ROWS", 15)
    with pytest.raises(Unsuited, match="too many rows"):
        whole.answer([Member(stated)])
