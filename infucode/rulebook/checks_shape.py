"""What a rule's own form may not be: numbers, sums without keys, unguarded minima."""

from __future__ import annotations

from collections.abc import Iterator

from infucode.errors import Problem
from infucode.rulebook.language import Aggregate, Clause, Element, Literal, Term
from infucode.rulebook.rules import Rule

_EMPTY = {"#min": "#sup", "#max": "#inf"}


def number_problems(rule: Rule) -> Iterator[Problem]:
    """Numbers and special constants in rules."""
    clause = rule.clause
    for term in clause.terms():
        if clause.body and term.kind == "number" and abs(int(term.text)) > 1:
            yield rule.problem(
                f"the number {term} stands in a rule",
                "name it in layer.toml and read it with `value(name, N)`",
                term.place,
            )
        if term.kind == "special" and not any(term is t for t in _guards_against(clause)):
            yield rule.problem(
                f"{term} stands in a rule",
                f"write it only as `N != {term}`, beside `N = #min{{...}}` or #max",
                term.place,
            )


def key_problems(rule: Rule) -> Iterator[Problem]:
    """Sums in which equal numbers of different things would count once."""
    for aggregate in rule.clause.aggregates():
        summed = aggregate.function in ("#sum", "#sum+")
        if summed and not all(map(_keyed, aggregate.elements)):
            yield rule.problem(
                "a #sum whose tuples have no key",
                "equal numbers count once; add what tells them apart, `M, A : ...`",
                aggregate.place,
            )


def minimum_problems(rule: Rule) -> Iterator[Problem]:
    """Minima and maxima that give a special constant where there is nothing."""
    for literal in rule.clause.body:
        aggregate = literal.formula
        if not isinstance(aggregate, Aggregate):
            continue
        empty = _EMPTY.get(aggregate.function)
        if empty and not _guarded(rule.clause, literal, aggregate, empty):
            yield rule.problem(
                f"{aggregate.function} over nothing is {empty}, unguarded here",
                f"bind it as `N = {aggregate.function}{{...}}` and add `N != {empty}`",
                aggregate.place,
            )


def _keyed(element: Element) -> bool:
    """Whether the tuple tells equal numbers apart: by a variable beside the number itself."""
    weight, *keys = element.terms or [Term("number", "0")]
    return any(key != weight and any(key.variables()) for key in keys)


def _guards_against(clause: Clause) -> list[Term]:
    return [t for c in clause.comparisons() if c.operators == ("!=",) for t in c.terms]


def _guarded(clause: Clause, literal: Literal, aggregate: Aggregate, empty: str) -> bool:
    guards = [guard for guard in (aggregate.left, aggregate.right) if guard]
    if (
        literal.signs
        or len(guards) != 1
        or guards[0][0] != "="
        or guards[0][1].kind != "variable"
    ):
        return False
    name = guards[0][1].text
    if any(name in atom.variables() for atom in clause.positive()):
        return True
    return any(
        c.operators == ("!=",) and {str(t) for t in c.terms} == {name, empty}
        for c in clause.comparisons()
    )
