"""Which literal can be answered next from what is bound, and what an equation binds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count

from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Comparison,
    Conditional,
    Literal,
    Term,
)

NEVER = float("inf")
TEST, ASSIGNMENT, MEMBER, INDEX, AGGREGATE, CONDITION, SCAN = range(7)
"""Ranks of what is answered first."""
_NUMBERS = count()


def split(literal: Literal) -> Iterator[Literal]:
    """The literal in parts that bind one after the other.

    `A < B < C` becomes two comparisons; arithmetic in a positive atom becomes a variable and an
    equation.
    """
    formula = literal.formula
    if literal.signs or isinstance(formula, Aggregate | Conditional):
        yield literal
    elif isinstance(formula, Comparison):
        for n, operator in enumerate(formula.operators):
            yield Literal(Comparison(formula.terms[n : n + 2], (operator,)))
    else:
        terms = list(formula.terms)
        for n, term in enumerate(terms):
            if term.kind == "arithmetic":
                terms[n] = Term("variable", f"Part__{next(_NUMBERS)}")
                yield Literal(Comparison((terms[n], term), ("=",)))
        yield (
            Literal(Atom(formula.name, tuple(terms), formula.place))
            if terms != list(formula.terms)
            else literal
        )


def ready(
    literal: Literal, bound: Collection[str], wild: Collection[str], outer: Collection[str]
) -> float:
    """How soon a literal should be answered: small is soon, NEVER is not yet.

    `outer` are the variables of the clause outside of aggregates and conditions.
    """
    formula = literal.formula
    if isinstance(formula, Comparison):
        if all(is_bound(term, bound) for term in formula.terms):
            return TEST
        if not literal.signs and invert(formula, bound) is not None:
            return ASSIGNMENT
        return NEVER
    if isinstance(formula, Aggregate):
        return _ready_aggregate(formula, literal.signs, bound, outer)
    if isinstance(formula, Conditional):
        atoms = (formula.literal, *formula.condition)
        inner = {name for part in atoms for name in _names(part)}
        return CONDITION if all(n in bound for n in inner if n in outer) else NEVER
    return _ready_atom(formula, literal.signs, bound, wild)


def is_bound(term: Term, bound: Collection[str]) -> bool:
    """Whether all variables of a term are bound."""
    if term.kind == "variable":
        return term.text in bound or term.text == "_"
    return not term.parts or all(is_bound(part, bound) for part in term.parts)


def _ready_atom(atom: Atom, signs: int, bound: Collection[str], wild: Collection[str]) -> float:
    known = free = 0
    for term in atom.terms:
        if term.kind == "variable" and term.text in wild:
            continue
        if is_bound(term, bound):
            known += 1
        else:
            free += 1
    if not free:
        return MEMBER
    if signs:
        return NEVER
    return INDEX + free / (known + free) if known else SCAN


def _ready_aggregate(
    aggregate: Aggregate, signs: int, bound: Collection[str], outer: Collection[str]
) -> float:
    inner: set[str] = set()
    for element in aggregate.elements:
        for term in element.terms:
            inner.update(term.variables())
        for part in element.condition:
            inner.update(_names(part))
    if not all(name in bound for name in inner if name in outer):
        return NEVER
    for side in (aggregate.left, aggregate.right):
        if side is None:
            continue
        operator, term = side
        binds = not signs and operator == "=" and term.kind == "variable"
        if not binds and not is_bound(term, bound):
            return NEVER
    return AGGREGATE


def _names(literal: Literal) -> Iterator[str]:
    formula = literal.formula
    if isinstance(formula, Atom | Comparison):
        yield from formula.variables()


def invert(formula: Comparison, bound: Collection[str]) -> tuple[str, Term] | None:
    """The variable that an equation binds, and the term of bound variables that it equals."""
    if formula.operators != ("=",):
        return None
    for side, other in (formula.terms, formula.terms[::-1]):
        if not is_bound(other, bound):
            continue
        free = [name for name in side.variables() if name not in bound]
        if len(free) == 1:
            return _peeled(side, other, free[0])
    return None


def _peeled(side: Term, other: Term, free: str) -> tuple[str, Term] | None:
    """`X + a = b` is `X = b - a`, and so on inwards."""
    while side.kind == "arithmetic":
        if side.text == "-" and len(side.parts) == 1:
            side, other = side.parts[0], Term("arithmetic", "-", (other,))
            continue
        if side.text not in ("+", "-") or len(side.parts) != 2:
            return None
        left, right = side.parts
        if free in left.variables():
            opposite = "-" if side.text == "+" else "+"
            side, other = left, Term("arithmetic", opposite, (other, right))
        elif side.text == "+":
            side, other = right, Term("arithmetic", "-", (other, left))
        else:
            side, other = right, Term("arithmetic", "-", (left, other))
    return (side.text, other) if side.kind == "variable" and side.text == free else None
