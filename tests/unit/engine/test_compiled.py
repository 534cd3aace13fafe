"""Compiled rules on rules made by hand: each gives what the grounder gives."""

from __future__ import annotations

import clingo
import pytest

from infucode.engine.derivations import Derivations
from infucode.engine.fixpoint import Readers, Step, Stratum, answer, strata_of
from infucode.engine.frame import Frame
from infucode.engine.relations import Relation
from infucode.errors import PolicyError
from infucode.passes.compile import compile_clause
from infucode.passes.instances import Instance, compile_instances
from infucode.passes.solving import invert, split
from infucode.passes.values import (
    INFIMUM,
    SUPREMUM,
    Row,
    atom_of,
    number,
    quotient,
    remainder,
    row_of,
    symbol_of,
    symbol_of_atom,
    term_value,
    value_of,
)
from infucode.rulebook.language import Clause, Comparison, Signature, Term
from tests.unit.rulebook.texts import clause, clauses, rule

FACTS = (
    "m(a,15). m(b,16). m(c,-7). m(15,15). e(a,b). e(b,c). e(c,d). e(d,b). loop(a,a). loop(a,b)."
    'word(push). word(drip). text("59"). text("é"). text(""). flag. n(0). n(1). n(2). n(7).'
)


def grounded(rules: list[str], facts: str = FACTS) -> dict[Signature, set[Row]]:
    control = clingo.Control(["--warn=none"])
    control.add("base", [], facts + "\n".join(rules))
    control.ground([("base", [])])
    found: dict[Signature, set[Row]] = {}
    for atom in control.symbolic_atoms:
        assert atom.is_fact
        key = atom.symbol.name, len(atom.symbol.arguments)
        found.setdefault(key, set()).add(row_of(atom.symbol))
    return found


def given(facts: str = FACTS) -> dict[Signature, Relation]:
    found: dict[Signature, Relation] = {}
    for key, rows in grounded([], facts).items():
        found[key] = Relation(dict.fromkeys(sorted(rows, key=repr)))
    return found


def steps_of(rules: list[Clause]) -> list[Step | None]:
    return [Step(rule, "x.lp:1") for rule in rules]


def answered(texts: list[str], facts: str = FACTS) -> dict[Signature, set[Row]]:
    rules = [c for text in texts for c in clauses(text)]
    relations = given(facts)
    answer(strata_of(rules), steps_of(rules), relations)
    return {key: set(relation.rows) for key, relation in relations.items() if relation.rows}


PROGRAMS = (
    "p(X) :- m(X,_).",
    "p(X,Y) :- m(X,M), m(Y,M).",
    "p(X) :- m(X,M), M > 15.",
    "p(X) :- m(X,X).",
    "p(X) :- loop(X,X).",
    "p(Y) :- loop(X,X), loop(X,Y), X != Y.",
    "p :- m(_,16).",
    "p :- m(_,17).",
    "q :- flag. p :- q, not r. r :- not flag.",
    "p(X,N) :- m(X,M), N = M + 1.",
    "p(X,N) :- m(X,M), M = N + 1.",
    "p(N) :- n(M), M = 7 - N.",
    "p(N) :- n(M), 1 - N + 2 = M.",
    "p(N) :- n(M), -N = M.",
    "p(X,M/2,M\\2,|M|,-M,M*2) :- m(X,M), M < 15.",
    "p(X) :- n(X), n(X+1).",
    "p(X) :- n(Y), m(_,X+Y), n(X). p(-7,1+1) :- flag. q(-7,1+1).",
    "p(X) :- m(X,M), 0 <= M < 16 != M.",
    "p(X) :- m(X,M), not M < 16.",
    "p(X) :- m(X,_), not e(X,_).",
    "p(X) :- m(X,_), not not e(X,_).",
    "p(X) :- m(X,_), not e(_,X), not word(X).",
    "p(N) :- N = #count { X : m(X,_) }.",
    "p(N) :- N = #count { X,Y : e(X,Y); X : word(X) }.",
    "p(X,N) :- m(X,_), N = #count { Y : e(X,Y), not e(Y,a) }.",
    "p(N) :- N = #sum { M,X : m(X,M) }.",
    "p(N) :- N = #sum { M : m(X,M) }.",
    "p(X,N) :- e(X,_), N = #count { Y : e(X,Y) }.",
    "p(X,Y,N) :- h(X,Y,_), N = #sum { Z : h(X,Y,Z) }. h(X,Y,Z) :- e(X,Y), n(Z).",
    "p(X,N) :- e(X,_), e(_,X), not flag(X), N = #count { Y : e(Y,_) }. flag(a).",
    "p(N) :- N = #sum+ { M,X : m(X,M) }.",
    "p(N) :- N = #sum { M,X : absent(X,M) }. absent(X,M) :- m(X,M), M > 99.",
    "p(N) :- N = #min { M : m(_,M) }, N != #sup.",
    "p(N) :- N = #min { M : m(_,M), M > 99 }, N != #sup.",
    "p(N) :- N = #max { M : m(_,M); X : n(X) }, N != #inf.",
    "p(W) :- W = #min { X : word(X) }, W != #sup. q(T) :- T = #max { X : text(X) }, T != #inf.",
    "p(X) :- m(X,M), M = #min { N : m(_,N), N > 0 }.",
    "p :- 0 < #count { X : word(X) } <= 2. q :- not 1 <= #count { X : m(X,99) }.",
    "p :- not not 1 <= #count { X : m(X,_) }. q :- #count { X : m(X,_) } != 4.",
    "p :- m(_,_), e(X,Y) : loop(X,Y), X != Y. q :- m(X,_) : word(X).",
    "p(X) :- m(X,_), not e(X,Y) : loop(X,Y), X != Y.",
    "path(X,Y) :- e(X,Y). path(X,Z) :- path(X,Y), e(Y,Z). far(X) :- m(X,_), not path(X,d).",
    "path(X,Y) :- e(X,Y). path(X,Z) :- path(X,Y), path(Y,Z).",
    "even(a). odd(Y) :- even(X), e(X,Y). even(Y) :- odd(X), e(X,Y). n(X,Y) :- even(X), odd(Y).",
    'p(X,"59",push,3) :- text(X). q(T) :- text(T), T = "59".',
    "t(1,a). t(2,b). p(X) :- t(1,X). p(X) :- t(_,X), word(push).",
    "p(X) :- m(X,M), n(N), M = N*15, e(X,_).",
    "p(A,B) :- m(A,M), m(B,N), M + N > 20, A != B.",
)


@pytest.mark.parametrize("text", PROGRAMS)
def test_compiled_rules_give_what_the_grounder_gives(text: str) -> None:
    assert answered([text]) == grounded([text])


@pytest.mark.parametrize("text", PROGRAMS)
def test_a_later_answer_is_the_answer_from_scratch(text: str) -> None:
    rules = clauses(text)
    steps, strata = steps_of(rules), strata_of(rules)
    relations = given()
    answer(strata, steps, relations)
    before = {key: set(relation.rows) for key, relation in relations.items()}
    later = dict(relations)
    later["m", 2] = Relation({**relations["m", 2].rows, ("z", 3): None, ("d", 40): None})
    later["word", 1] = Relation({("m",): None})
    Readers(strata).update(steps, later, [("m", 2), ("word", 1)])
    facts = FACTS.replace("word(push). word(drip).", "word(m). m(z,3). m(d,40).")
    found = {key: set(relation.rows) for key, relation in later.items() if relation.rows}
    assert found == grounded([text], facts)
    assert {key: set(relation.rows) for key, relation in relations.items()} == before


def test_what_does_not_change_is_not_asked_again() -> None:
    rules = clauses("p(X) :- m(X,M), M > 0. q(X) :- p(X).")
    strata, steps, relations = strata_of(rules), steps_of(rules), given()
    answer(strata, steps, relations)
    later = dict(relations)
    later["m", 2] = Relation({**relations["m", 2].rows, ("z", -1): None})
    Readers(strata).update(steps, later, [("m", 2)])
    assert later["p", 1] is relations["p", 1] and later["q", 1] is relations["q", 1]


def test_changed_rules_are_answered_again() -> None:
    rules = clauses("p(X) :- m(X,M), M > 0. q(X) :- p(X).")
    strata, relations = strata_of(rules), given()
    steps = steps_of(rules)
    answer(strata, steps, relations)
    for changed in (None, Step(clause("p(X) :- m(X,M), M > 15."), "x.lp:1")):
        later = dict(relations)
        Readers(strata).update([changed, steps[1]], later, (), [0])
        kept = {("b",)} if changed else set()
        assert set(later["q", 1].rows if ("q", 1) in later else ()) == kept


@pytest.mark.parametrize(
    "text",
    [
        "p(M/N) :- m(_,M), n(N).",
        "p(X) :- m(X,_), n(N), 0 < 1\\N.",
        "p(X+1) :- word(X).",
        "p(X) :- m(X,_), word(W), W < 1.",
        "p(N*2000000000) :- n(N).",
        "p(N) :- N = #sum { X,X : word(X) }.",
    ],
)
def test_arithmetic_that_fails_is_the_policys_fault(text: str) -> None:
    with pytest.raises(PolicyError, match=r"x\.lp:1.*not a number"):
        answered([text])


def test_a_rule_that_nothing_binds_is_refused() -> None:
    with pytest.raises(PolicyError, match="binds too little"):
        answered(["p(X) :- n(M), M = X*X."])


def test_functions_hold_nothing_of_the_policy_and_are_shared() -> None:
    first = compile_clause(clause('p(X,"59") :- m(X,M), M > 15, not e(X,push).'))
    second = compile_clause(clause('q(A,"25") :- r(A,B), B > 30, not s(A,drip).'))
    assert first.function is second.function
    assert first.constants != second.constants and first.accesses != second.accesses


def test_strata_come_after_what_they_read() -> None:
    strata = strata_of(clauses("a :- not b. b :- c(X), X > 0. c(X) :- d(X). d(X) :- c(X), n(X)."))
    heads = [stratum.heads for stratum in strata]
    assert [set(h) for h in heads] == [{("c", 1), ("d", 1)}, {("b", 0)}, {("a", 0)}]
    assert isinstance(strata[0], Stratum) and strata[0].recursive and not strata[1].recursive


def test_equations_are_solved_for_the_one_variable_that_is_free() -> None:
    def equation(text: str) -> Comparison:
        (literal,) = clause(f"p :- n(Y), {text}.").body[1:]
        assert isinstance(literal.formula, Comparison)
        return literal.formula

    for text, solved in (("X = Y", "Y"), ("Y = X + 1", "(Y-1)"), ("2 - X = Y", "(2-Y)"),
                         ("-X = Y", "-(Y)"), ("1 + (X - Y) = 3", "((3-1)+Y)")):  # fmt: skip
        found = invert(equation(text), {"Y"})
        assert found is not None and (found[0], str(found[1])) == ("X", solved)
    for text in ("X < Y", "X != Y", "X * 2 = Y", "X = X + Y", "X = Z"):
        assert invert(equation(text), {"Y"}) is None


def test_literals_are_split_where_that_binds() -> None:
    parts = [
        list(split(literal)) for literal in clause("p :- 0 <= X < 2, n(X+1), not n(X+1).").body
    ]
    assert [len(part) for part in parts] == [2, 2, 1]


# ---- instances ----


def instances(text: str) -> list[Instance]:
    rule = clause(text)
    relations = given()
    compiled = compile_instances(rule)
    found: list[tuple[object, ...]] = []
    reads = [
        relations.get(a.signature, Relation()).rows
        if a.places is None
        else relations.get(a.signature, Relation()).index(a.places)
        for a in compiled.accesses
    ]
    compiled.function(found.append, *reads, *compiled.constants)
    return sorted(Instance(0, *item) for item in found)  # type: ignore[arg-type]


def test_an_instance_carries_all_that_it_rests_on() -> None:
    text = "p(X) :- m(X,M), M > 15, not e(X,a), not word(_), e(X,_), N = #count { Y : e(X,Y) }."
    assert not instances(text)
    (item,) = instances(text.replace("not word(_), ", "not lost(_), "))
    assert item.head == ("p", "b") and item.variables == (16, 1, "b")
    assert item.holds == (("m", "b", 16), ("e", "b", "c"))
    assert item.absent == (("e", "b", "a"), ("lost", "any__"))
    assert item.compared == ((16, 15),) and item.guards == ((1,),)
    assert [(e.aggregate, e.terms, e.holds) for e in item.elements] == [
        (0, ("c",), (("e", "b", "c"),))
    ]


def test_a_blank_shows_each_row_that_it_met() -> None:
    assert [i.holds[0] for i in instances("p :- e(b,_).")] == [("e", "b", "c")]
    assert len(instances("p(X) :- e(X,_), word(_).")) == 8


# ---- values ----


def test_values_and_symbols_are_two_forms_of_one_thing() -> None:
    symbols = [clingo.Number(-3), clingo.Number(5), clingo.Function("a"),
               clingo.Function("d10"),
               clingo.Function("d2"), clingo.Function("z"), clingo.String(""),
               clingo.String("a b"), clingo.String("~"), clingo.String("é")]  # fmt: skip
    assert sorted(symbols) == symbols
    values = [value_of(symbol) for symbol in symbols]
    assert [symbol_of(value) for value in values] == symbols
    assert values[:2] == sorted(values[:2]) and values[2:] == sorted(map(str, values[2:]))
    assert value_of(clingo.Supremum) == SUPREMUM and symbol_of(INFIMUM) == clingo.Infimum
    atom = clingo.Function("p", [clingo.Number(1), clingo.String("x")])
    assert symbol_of_atom("p", row_of(atom)) == atom and atom_of(atom) == ("p", 1, "~x")


@pytest.mark.parametrize("text", ['"59"', '"a\\"b"', '"a\\\\b"', '"a\\nb"', '"é"', "7", "push"])
def test_constants_of_rules_are_the_values_of_their_symbols(text: str) -> None:
    (term,) = clause(f"p({text}).").head.terms
    assert term_value(term) == value_of(clingo.parse_term(text))


def test_division_is_the_grounders() -> None:
    for left in (-7, 7, 0, 6):
        for right in (-2, 2, 3):
            (row,) = grounded(
                [f"d(X,Y) :- X = ({left})/({right}), Y = ({left})\\({right})."], ""
            )["d", 2]
            assert row == (quotient(left, right), remainder(left, right))
    with pytest.raises(ArithmeticError):
        quotient(1, 0)
    with pytest.raises(ArithmeticError):
        number(2**31)
    with pytest.raises(TypeError):
        number("a")  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        term_value(Term("variable", "X"))


# ---- derivations ----


def derivations(text: str, answer_text: str, facts: str = "f(a).") -> Derivations:
    """The derivations of a whole answer, its tables apart from the rest."""
    inputs, outcomes = [("f", 1)], [("p", 1), ("q", 0)]
    rules = [rule("cpt.x", one) for one in text.splitlines()]
    frame = Frame.of(rules, inputs, outcomes)
    tables: dict[Signature, Relation] = {}
    answer(frame.tables, frame.steps({}), tables)
    relations = {**given(answer_text + facts), **tables}
    own = {s: r for s, r in relations.items() if s in inputs}
    known = Derivations(frame, tables, {}, frame.tables)
    return Derivations(frame, relations, own, frame.strata, known)


LOOPS = "t(1).\nq :- not f(a).\np(X) :- f(X), t(1).\np(X) :- r(X).\nr(X) :- p(X)."


def test_only_the_one_answer_is_confirmed() -> None:
    assert derivations(LOOPS, "p(a). r(a).").confirmed
    for wrong in ("p(a).", "r(a).", "", "p(a). r(a). p(b). r(b).", "p(a). r(a). q."):
        assert not derivations(LOOPS, wrong).confirmed, wrong
    invented = derivations(LOOPS, "p(a). r(a). p(b). r(b).")
    assert invented.unsupported == (("p", "b"), ("r", "b")) and not invented.missing
    assert derivations(LOOPS, "p(a). r(a). q.").unsupported == (("q",),)
    assert derivations(LOOPS, "p(a).").missing == (("r", "a"),)


def test_levels_count_the_steps_from_what_is_given() -> None:
    level = derivations(LOOPS, "p(a). r(a).").level
    assert level == {("f", "a"): 0, ("t", 1): 1, ("p", "a"): 2, ("r", "a"): 3}
