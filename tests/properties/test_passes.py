"""The passes keep the answer: compiled rules, fold and slice, batch, replay, and printing.

INFUCODE_EXAMPLES sets how many encounters each property tries.
"""

from __future__ import annotations

import dataclasses
import os
import random
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import clingo
import pytest
from clingo.ast import AST, ASTType, parse_string
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from infucode.documents import encounter_from_data
from infucode.engine.control import ground
from infucode.engine.facts import Facts, facts_of
from infucode.engine.program import Program
from infucode.engine.relations import Relation
from infucode.engine.trace import Trace, Tracer
from infucode.errors import DocumentError
from infucode.model.encounter import Encounter
from infucode.passes.fold import setting_lines
from infucode.passes.values import Row, atom_of, row_of, symbol_of_atom, value_of
from infucode.policy import Policy
from infucode.questions.reasons import Reasons
from infucode.rulebook.book import Rulebook
from infucode.rulebook.convert import clause_of
from infucode.rulebook.source import Source
from infucode.workbench.format.files import rule_files
from tests.oracle.worlds import encounters
from tests.strategies_documents import encounters_data

EXAMPLES = int(os.environ.get("INFUCODE_EXAMPLES", "15"))
RELAXED = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
PLANS = ("cpcp026", "medicare")
Rows = dict[tuple[str, int], frozenset[Row]]
DAYS = {"cpcp026": "2024-08-05", "medicare": "2025-03-03"}


@cache
def policy(plan: str) -> Policy:
    return Policy.load(plan)


@lru_cache(maxsize=16)
def book(plan: str, switches: tuple[tuple[str, str], ...] = ()) -> Rulebook:
    profile = policy(plan).library.profile
    return policy(plan).rulebook(profile.versions[0].since, dict(switches))


@lru_cache(maxsize=16)
def program(plan: str, switches: tuple[tuple[str, str], ...] = ()) -> Program:
    return Program.of(book(plan, switches))


@st.composite
def switches(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    """Answers to some switches."""
    known = policy("cpcp026").library.switches
    names = draw(st.lists(st.sampled_from(sorted(known)), unique=True, max_size=4))
    return tuple((name, draw(st.sampled_from(known[name].values))) for name in sorted(names))


@st.composite
def any_encounters(draw: st.DrawFn) -> Encounter:
    """Clocked encounters of the slice, and documents of every shape the contract allows."""
    whole = encounters(max_administrations=6, unknown_stops=draw(st.integers(0, 2)))
    data: dict[str, Any] = draw(st.one_of(whole, encounters_data()))
    data.pop("switches", None)
    data.pop("policy", None)
    try:
        return encounter_from_data(data)
    except DocumentError:
        assume(False)
        raise


def facts_for(plan: str, encounter: Encounter) -> Facts:
    return facts_of(encounter, policy(plan).library.vocabulary)


def outcomes(chosen: Program, facts: Facts) -> list[str]:
    """The outcomes by the grounder's way."""
    return sorted(map(str, chosen.outcomes_of(chosen.run(facts))))


def whole_outcomes(plan: str, chosen: Rulebook, facts: Facts) -> list[str]:
    """The outcomes of the rules as written: nothing folded, nothing sliced."""
    lines = [*setting_lines(chosen), *(str(rule.clause) for rule in chosen.rules)]
    grounded = ground(lines, [atom for _, atom in facts.signed])
    assert grounded.atoms()  # raises if one is left open
    return sorted(str(a) for s in program(plan).outcomes for a in grounded.of(*s))


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS), switches())
def test_fold_and_slice_keep_the_outcomes(
    encounter: Encounter, plan: str, chosen: tuple[tuple[str, str], ...]
) -> None:
    facts = facts_for(plan, encounter)
    expected = whole_outcomes(plan, book(plan, chosen), facts)
    assert outcomes(program(plan, chosen), facts) == expected


def rows(relations: dict[tuple[str, int], Relation], wanted: frozenset[tuple[str, int]]) -> Rows:
    """What each predicate holds, predicates without rows left out."""
    return {
        signature: frozenset(relation.rows)
        for signature, relation in relations.items()
        if relation.rows and signature in wanted
    }


def heads(chosen: Program) -> frozenset[tuple[str, int]]:
    """The predicates that the compiled rules answer."""
    return frozenset(chosen.frame.positions)


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS), switches())
def test_compiled_rules_give_every_atom_that_the_grounder_gives(
    encounter: Encounter, plan: str, chosen: tuple[tuple[str, str], ...]
) -> None:
    facts, own = facts_for(plan, encounter), program(plan, chosen)
    expected: dict[tuple[str, int], set[Row]] = {}
    for atom in own.run(facts, whole=True).atoms():
        expected.setdefault((atom.name, len(atom.arguments)), set()).add(row_of(atom))
    found = rows(own.model(facts).relations, heads(own))
    assert found == {s: frozenset(r) for s, r in expected.items() if s in heads(own)}


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS), switches())
def test_another_answer_to_a_switch_is_the_answer_of_its_program(
    encounter: Encounter, plan: str, chosen: tuple[tuple[str, str], ...]
) -> None:
    own = program(plan)
    model = own.model(facts_for(plan, encounter))
    before = rows(model.relations, heads(own))
    instead = own.instead(model, own.changes(dict(chosen)))
    expected = program(plan, chosen).model(model.facts).relations
    assert rows(instead, heads(own)) == rows(expected, heads(own))
    assert rows(model.relations, heads(own)) == before


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS), st.randoms(use_true_random=False))
def test_a_supposed_world_is_the_answer_over_all_its_facts(
    encounter: Encounter, plan: str, chance: random.Random
) -> None:
    facts, own = facts_for(plan, encounter), program(plan)
    extra = []
    for number in range(len(encounter.administrations)):
        item = clingo.Function(f"a{number}")
        minute = clingo.Number(chance.randrange(1, 1500))
        extra.append(clingo.Function("assumed_stop", [item, minute]))
        extra.append(clingo.Function("assumed_reason", [item]))
    chosen = tuple(chance.sample(extra, min(2, len(extra))))
    supposed = facts.supposing(chosen, own.book.vocabulary)
    stated = own.model(facts)
    before = rows(stated.relations, heads(own))
    found = own.model(supposed)
    again = Facts(facts.names, supposed.signed, supposed.shape)
    assert rows(found.relations, heads(own)) == rows(own.model(again).relations, heads(own))
    assert rows(stated.relations, heads(own)) == before


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS))
def test_derivations_are_the_instances_that_the_grounder_replays(
    encounter: Encounter, plan: str
) -> None:
    facts, own = facts_for(plan, encounter), program(plan)
    model = own.model(facts)
    derivations = model.derivations()
    answer = [symbol_of_atom(s[0], row) for s, r in model.relations.items() for row in r.rows]
    chosen = [n for stratum in own.frame.strata for n in stratum.rules]
    trace = Tracer(own).trace(answer, [atom for _, atom in facts.signed], chosen)
    assert derivations.confirmed and trace.confirmed
    replayed = {
        (i.rule, atom_of(i.head), tuple(map(value_of, i.variables)), tuple(map(atom_of, i.holds)))
        for items in trace.by_head.values()
        for i in items
    }
    listed = {
        (i.rule, i.head, i.variables, i.holds)
        for items in derivations.by_head.values()
        for i in items
    }
    assert listed == replayed
    assert {atom_of(a): n for a, n in trace.level.items() if n} == {
        a: n for a, n in derivations.level.items() if n
    }
    assert counted(trace) == {
        (i.rule, i.variables, e.aggregate, e.terms, e.holds)
        for items in derivations.by_head.values()
        for i in items
        for e in i.elements
    }


def counted(trace: Trace) -> set[tuple[object, ...]]:
    """The elements that the grounder's replay counted, as plain values."""
    return {
        (
            e.rule,
            tuple(map(value_of, e.variables)),
            e.aggregate,
            tuple(map(value_of, e.terms)),
            tuple(map(atom_of, e.holds)),
        )
        for elements in trace.elements.values()
        for e in elements
    }


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS), st.randoms(use_true_random=False))
def test_derivations_refuse_an_answer_that_was_changed(
    encounter: Encounter, plan: str, chance: random.Random
) -> None:
    model = program(plan).model(facts_for(plan, encounter))
    derived = sorted(
        s for s in heads(program(plan)) if s in model.relations and model.relations[s].rows
    )
    chosen = chance.choice(derived)
    lost = chance.choice(sorted(model.relations[chosen].rows, key=repr))
    kept = {row: None for row in model.relations[chosen].rows if row != lost}
    without = dataclasses.replace(model, relations={**model.relations, chosen: Relation(kept)})
    assert not without.derivations().confirmed, (chosen, lost)
    if not lost:
        return
    other = lost[-1] + 7919 if isinstance(lost[-1], int) else "invented"
    invented = {**model.relations[chosen].rows, (*lost[:-1], other): None}
    more = dataclasses.replace(model, relations={**model.relations, chosen: Relation(invented)})
    assert not more.derivations().confirmed, chosen


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS))
def test_a_proof_is_the_same_whatever_was_proved_before(encounter: Encounter, plan: str) -> None:
    facts = facts_for(plan, encounter)
    atoms = program(plan).model(facts).outcomes()
    shared = Reasons(program(plan), encounter, facts)
    trees = [shared.proof(atom) for atom in atoms]
    again = [shared.proof(atom) for atom in reversed(atoms)][::-1]
    for atom, tree, later in zip(atoms, trees, again, strict=True):
        assert tree == later == Reasons(program(plan), encounter, facts).proof(atom)


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS))
def test_a_whole_run_has_the_same_outcomes(encounter: Encounter, plan: str) -> None:
    facts = facts_for(plan, encounter)
    whole = program(plan).run(facts, whole=True)
    assert sorted(map(str, program(plan).outcomes_of(whole))) == outcomes(program(plan), facts)


@RELAXED
@given(st.lists(any_encounters(), min_size=2, max_size=6), st.sampled_from(PLANS), switches())
def test_a_batch_gives_what_its_encounters_give_one_by_one(
    batch: list[Encounter], plan: str, chosen: tuple[tuple[str, str], ...]
) -> None:
    facts = [facts_for(plan, encounter) for encounter in batch]
    together = program(plan, chosen).run_many(facts)
    for own, found in zip(facts, together, strict=True):
        assert sorted(map(str, found)) == outcomes(program(plan, chosen), own)


def test_a_batch_of_nothing_is_nothing() -> None:
    assert program("cpcp026").run_many([]) == []


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS))
def test_replay_confirms_every_solution(encounter: Encounter, plan: str) -> None:
    day = policy(plan).library.profile.versions[0].since
    assert policy(plan).solve(encounter, as_of=day, explain=False).confirmed()


def replay(plan: str, facts: Facts, answer: list[clingo.Symbol]) -> Trace:
    """Every rule of the book replayed over a whole answer."""
    given_facts = [atom for _, atom in facts.signed]
    return Tracer(program(plan)).trace(answer, given_facts, range(len(book(plan).rules)))


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS))
def test_replay_confirms_the_whole_program(encounter: Encounter, plan: str) -> None:
    facts = facts_for(plan, encounter)
    atoms = program(plan).run(facts, whole=True).atoms()
    trace = replay(plan, facts, atoms)
    assert trace.confirmed, (trace.unsupported, trace.missing)


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS), st.randoms(use_true_random=False))
def test_replay_refuses_an_answer_that_lacks_an_atom(
    encounter: Encounter, plan: str, chance: random.Random
) -> None:
    facts = facts_for(plan, encounter)
    stated = {atom for _, atom in facts.signed}
    atoms = sorted(program(plan).run(facts, whole=True).atoms())
    lost = chance.choice([a for a in atoms if a not in stated and a.name not in SETTING_NAMES])
    assert not replay(plan, facts, [a for a in atoms if a != lost]).confirmed, lost


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS), st.randoms(use_true_random=False))
def test_replay_refuses_an_answer_with_an_atom_too_many(
    encounter: Encounter, plan: str, chance: random.Random
) -> None:
    facts = facts_for(plan, encounter)
    atoms = sorted(program(plan).run(facts, whole=True).atoms())
    invented = clingo.Function(
        "withheld",
        [
            clingo.String("cpt.invented"),
            clingo.Function(f"a{chance.randrange(3)}"),
            clingo.Function("delivery"),
        ],
    )
    trace = replay(plan, facts, [*atoms, invented])
    assert not trace.confirmed
    assert invented in trace.unsupported


@RELAXED
@given(any_encounters(), st.sampled_from(PLANS), st.randoms(use_true_random=False))
def test_replay_refuses_a_changed_number(
    encounter: Encounter, plan: str, chance: random.Random
) -> None:
    facts = facts_for(plan, encounter)
    atoms = sorted(program(plan).run(facts, whole=True).atoms())
    lines = [a for a in atoms if a.name == "line"]
    assume(lines)
    old = chance.choice(lines)
    arguments = old.arguments
    arguments[4] = clingo.Number(arguments[4].number + 1)
    new = clingo.Function("line", arguments)
    trace = replay(plan, facts, [new if a == old else a for a in atoms])
    assert new in trace.unsupported and old in trace.missing


SETTING_NAMES = ("value", "reading")


# ---- printing ----


def statements(text: str) -> list[AST]:
    found: list[AST] = []
    parse_string(text, found.append)
    return [s for s in found if s.ast_type == ASTType.Rule]


def normal(text: str) -> str:
    """clingo's own text of a statement, without spaces and brackets that mean nothing."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("plan", PLANS)
def test_every_clause_prints_as_the_statement_in_its_file(plan: str) -> None:
    for rule in policy(plan).library.rules:
        (written,) = statements(rule.text) if rule.text.count(":-") < 2 else (None,)
        if written is None:
            continue
        (printed,) = statements(str(rule.clause))
        assert normal(str(printed)) == normal(str(written)), rule.place


def test_every_statement_of_every_file_prints_as_it_means() -> None:
    folder = policy("cpcp026").library.folder
    number = 0
    for path in rule_files(folder):
        text = path.read_text(encoding="utf-8")
        source = Source(path.name, text, tuple(text.split("\n")))
        for statement in statements(text):
            clause = clause_of(statement, source, [])
            assert clause is not None
            (printed,) = statements(str(clause))
            assert normal(str(printed)) == normal(str(statement)), path
            assert clause_of(printed, source, []) == clause
            number += 1
    assert number > 400


ODD_RULES = (
    "p :- q.",
    "p(X) :- q(X), not r(X), not not s(X).",
    "p(X) :- q(X,Y), X < Y, Y != 1.",
    "p(X,-Y) :- q(X,Y), 0 <= X < Y <= 1.",
    "p(X-(Y-1)) :- q(X,Y).",
    "p((X+1)*(Y-1)/X) :- q(X,Y).",
    "p(X\\1) :- q(X,_), X != -1.",
    "p(|X-Y|) :- q(X,Y).",
    "p(-(-X)) :- q(X,_).",
    'p("a\\"b\\\\c\\nd") :- q("é",_).',
    "p(N) :- q(X,_), N = #count { A,B : q(A,B), not r(A); X : r(X) }.",
    "p(N) :- N = #sum { A-B,A : q(A,B), A > B }.",
    "p :- 0 < #sum+ { A,B : q(A,B) } <= 1.",
    "p :- #min { A : q(A,_) } = 0.",
    "p :- not 1 <= #count { A : q(A,_) }.",
    "p :- not not 1 <= #count { A : q(A,_) }.",
    "p :- r(A) : q(A,_), not s(A); t.",
    "p :- not r(A) : q(A,_), A > 0.",
    "p(N) :- q(N,_), N != #sup.",
    "p(X,f) :- q(X,X'), X' = X+1.",
)


@pytest.mark.parametrize("text", ODD_RULES)
def test_odd_rules_print_as_they_mean(text: str) -> None:
    (statement,) = statements(text)
    clause = clause_of(statement, Source("x", text, (text,)), [])
    assert clause is not None
    (printed,) = statements(str(clause))
    assert normal(str(printed)) == normal(str(statement))


def test_the_policies_are_where_the_tests_look() -> None:
    assert Path(policy("cpcp026").library.folder, "cpt").is_dir()
