"""Exceptions are woven into the rules they beat."""

from __future__ import annotations

import clingo
import pytest

from infucode.rulebook.rules import Rule, exception_name, exception_problems, weave
from infucode.rulebook.strata import strata_problems
from tests.unit.rulebook.texts import clause, rule

OUTCOMES = {("out", 2)}


def atoms(rules: list[Rule], facts: str) -> set[str]:
    control = clingo.Control(["--warn=none"])
    control.add("base", [], facts + "\n".join(str(r.clause) for r in weave(rules, OUTCOMES)))
    control.ground([("base", [])])
    return {str(a.symbol) for a in control.symbolic_atoms if a.is_fact}


BEATEN = rule("a.base", 'out("a.base", X) :- thing(X).')
BEATER = rule("b.not", 'out("b.not", X) :- thing(X), odd(X).', "a.base (X)")
FACTS = "thing(x). thing(y). odd(y)."


def test_an_exception_sets_aside_its_subject_only() -> None:
    found = atoms([BEATEN, BEATER], FACTS)
    assert 'out("a.base",x)' in found and 'out("b.not",y)' in found
    assert 'out("a.base",y)' not in found and 'out("b.not",x)' not in found


def test_without_the_exception_the_rule_stands() -> None:
    assert 'out("a.base",y)' in atoms([BEATEN], FACTS)


def test_an_exception_may_be_beaten_itself() -> None:
    last = rule("c.yes", 'out("c.yes", X) :- odd(X), saved(X).', "b.not (X)")
    found = atoms([BEATEN, BEATER, last], FACTS + "saved(y).")
    assert {'out("a.base",y)', 'out("c.yes",y)'} <= found and 'out("b.not",y)' not in found


def test_helpers_under_the_beaten_id_stand() -> None:
    helper = Rule(clause("help(X) :- thing(X)."), BEATEN.papers, BEATEN.source, "cpt")
    assert "help(y)" in atoms([helper, BEATEN, BEATER], FACTS)


def test_every_rule_that_decides_must_know_the_subject() -> None:
    other = Rule(clause('out("a.base", Y) :- other(Y).'), BEATEN.papers, BEATEN.source, "cpt")
    assert not exception_problems([BEATEN, BEATER], OUTCOMES)
    (problem,) = exception_problems([BEATEN, other, BEATER], OUTCOMES)
    assert "has no variables X" in problem.message


def test_names_of_exceptions_do_not_collide() -> None:
    ids = ["a.b-c", "a.b.c", "a-b.c"]
    assert len({exception_name(x, y) for x in ids for y in ids}) == 9


@pytest.mark.parametrize(
    ("texts", "wrong"),
    [
        (["p(X) :- q(X), not r(X).", "r(X) :- s(X)."], False),
        (["p(X) :- q(X), not r(X).", "r(X) :- p(X)."], True),
        (["p(X,Z) :- q(X,Z).", "p(X,Z) :- p(X,Y), q(Y,Z)."], False),
        (["p(N) :- N = #count { X : q(X) }."], False),
        (["q(N) :- N = #count { X : q(X) }."], True),
        (["p(N+1) :- p(N), N < 9.", "p(0) :- q."], True),
        (["p(N) :- p(M), next(M,N)."], False),
        (["p(N) :- q(N), not p0(N).", "p0(N) :- r(N-1)."], False),
        (["p(M) :- p(M-1)."], True),
        (["p(K) :- p(N), M = N+1, K = M."], True),
    ],
)
def test_strata(texts: list[str], wrong: bool) -> None:
    rules = [rule(f"a.r{number}", text) for number, text in enumerate(texts)]
    assert bool(list(strata_problems(rules))) is wrong
