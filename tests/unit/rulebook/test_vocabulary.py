"""Vocabulary blocks, types, and their inference."""

from __future__ import annotations

import pytest

from infucode.errors import Problem
from infucode.rulebook.types import infer, type_problems, variable_types
from infucode.rulebook.vocabulary import (
    NUMBERS,
    Type,
    parse_type,
    read_vocabulary,
)
from tests.unit.rulebook.texts import clause, clauses, parsed

BLOCK = """%*! start(Administration, Start)
Kind: input
The charted begin: in words.
  Administration: administration
  Start: clock
Absent: unknown
*%
"""
A, CLOCK, CODE = Type("id", "administration"), Type("number", "clock"), Type("string", "code")
YES_NO = Type("word", "", ("yes", "no"))
DECLARED: dict[tuple[str, int], tuple[Type, ...]] = {
    ("start", 2): (A, CLOCK),
    ("code", 2): (A, CODE),
    ("done", 2): (A, YES_NO),
}


def test_a_block_is_read() -> None:
    problems: list[Problem] = []
    (predicate,) = read_vocabulary(parsed(BLOCK), problems).values()
    assert not problems
    assert predicate.signature == ("start", 2) and predicate.types == (A, CLOCK)
    assert str(predicate) == "start(Administration, Start)"
    assert (predicate.kind, predicate.absent, predicate.line) == ("input", "unknown", 1)
    assert predicate.text == "The charted begin: in words."


@pytest.mark.parametrize(
    ("text", "sort"),
    [("administration", "id"), ("clock", "number"), ("code", "string"), ("a | b", "word"),
     ("a |", "word"), ("", None), ("a b", None), ("Clock", None), ("a | B", None)],
)  # fmt: skip
def test_types_by_name(text: str, sort: str | None) -> None:
    found = parse_type(text)
    assert (found.sort if found else None) == sort


def test_no_number_leaves_32_bits() -> None:
    assert all(-(2**31) <= low <= high < 2**31 for low, high in NUMBERS.values())


def test_types_of_helpers_are_inferred_through_chains() -> None:
    rules = clauses("b(X,Y) :- start(X,Y). c(Y) :- b(_,Y). d(W) :- done(_,W). d(maybe) :- c(_).")
    typing = infer(rules, DECLARED, {})
    assert typing.predicates["b", 2] == [A, CLOCK]
    assert typing.predicates["c", 1] == [CLOCK]
    assert typing.predicates["d", 1] == [Type("word", "", ("yes", "no", "maybe"))]


def test_aggregates_and_equations_give_types() -> None:
    rule = clause(
        "p(N,M) :- N = #count { X : start(X,_) }, M = #min { S : start(_,S) }, M != #sup."
    )
    known = variable_types(rule, infer([rule], DECLARED, {}))
    assert known["M"] == CLOCK and known["N"].sort == "number"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("p(X) :- start(X,Y), code(X,Y).", "argument 2 of `code`"),
        ("p(X) :- start(X,_), code(Y,_), X = Y.", ""),
        ("p(X) :- start(X,S), code(X,C), S = C.", "is a clock"),
        ("p(X) :- done(X,perhaps).", "the word `perhaps`"),
        ("p(X) :- done(X,W), W != yes.", ""),
        ("p(X) :- start(X,S), code(X,C), S + C > 0.", "not a number"),
        ("p(N) :- N = #sum { C,X : code(X,C) }.", "not a number"),
        ("p(N) :- N = #sum { S,X : start(X,S) }.", ""),
    ],
)
def test_types_that_clash_are_told(text: str, words: str) -> None:
    rule = clause(text)
    found = [message for _, message, _ in type_problems(rule, infer([rule], DECLARED, {}))]
    assert any(words in message for message in found) if words else not found
