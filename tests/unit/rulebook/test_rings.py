"""A circle of definitions through an absence is told once, with its members and places."""

from __future__ import annotations

import pytest

from infucode.errors import Problem
from infucode.rulebook.rules import Rule, weave
from infucode.rulebook.strata import strata_problems
from tests.unit.rulebook.texts import clauses, parsed, rule


def rules(text: str) -> list[Rule]:
    """The rules of a text, under the same papers."""
    source, papers = parsed(text).source, rule("a.b", "p(X) :- q(X).").papers
    return [Rule(clause, papers, source, "cpt") for clause in clauses(text)]


def told(text: str) -> list[Problem]:
    """What is wrong with the order of definition in a text."""
    return list(strata_problems(rules(text)))


def test_a_ring_of_two_is_told_once() -> None:
    (problem,) = told("o(X) :- i(X).\nodd(X) :- o(X), not even(X).\neven(X) :- o(X), not odd(X).")
    assert problem.place == "x.lp:2:1"
    assert problem.message == "`odd` hangs on the absence of `even`, which hangs on it"
    assert problem.help.endswith("must not depend on itself; see x.lp:3")


def test_a_longer_ring_names_its_members() -> None:
    (problem,) = told("a(X) :- b(X).\nb(X) :- not c(X), i(X).\nc(X) :- i(X), not a(X).")
    assert problem.place == "x.lp:2:1"
    assert problem.message == (
        "`b` hangs on the absence of `c`, which hangs on it: `b` -> `c` -> `a` -> `b`"
    )
    assert problem.help.endswith("see x.lp:3, x.lp:1")


def test_a_predicate_that_hangs_on_its_own_absence() -> None:
    (problem,) = told("a(X) :- i(X), not a(X).")
    assert problem.message == "`a` hangs on the absence of `a`, which hangs on it"
    assert problem.help == "break the circle: an answer must not depend on itself"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a(X) :- i(X), not b(X).\na(X) :- j(X), not b(X).\nb(X) :- a(X).", ["x.lp:1:1"]),
        ("a(X) :- i(X), not b(X), not c(X).\nb(X) :- a(X).\nc(X) :- a(X).",
         ["x.lp:1:1", "x.lp:1:1"]),
        ("a(X) :- i(X), not b(X).\nb(X) :- a(X).\nc(X) :- i(X), not d(X).\nd(X) :- c(X).",
         ["x.lp:1:1", "x.lp:3:1"]),
        ("a(X) :- i(X), not b(X).\nb(X) :- a(X).\nb(X) :- i(X), not c(X).\nc(X) :- b(X).",
         ["x.lp:1:1", "x.lp:3:1"]),
    ],
    ids=["two grounds", "two through one rule", "two apart", "two that share a predicate"],
)  # fmt: skip
def test_each_ring_is_told_once(text: str, places: list[str]) -> None:
    problems = told(text)
    assert [problem.place for problem in problems] == places
    assert len({problem.message for problem in problems}) == len(places)


def test_a_ring_through_an_exception_names_it() -> None:
    beaten = rule("a.base", "help(X) :- thing(X).")
    beater = rule("b.not", 'out("b.not", X) :- help(X).', "a.base (X)")
    (problem,) = strata_problems(weave([beaten, beater], {("out", 2)}))
    assert problem.message == (
        "`help` hangs on the absence of the exception `b.not` to `a.base`, which hangs on it"
    )


def test_what_grows_is_told_still() -> None:
    problems = told("a(X) :- i(X), not b(X).\nb(X) :- a(X).\nn(N + 1) :- n(N).")
    assert [problem.place for problem in problems] == ["x.lp:1:1", "x.lp:3:1"]
    assert "never ends" in problems[1].message
