"""Terms, comparisons and aggregates under values of which some are open."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from infucode.passes.values import (
    INFIMUM,
    SUPREMUM,
    Row,
    Value,
    quotient,
    remainder,
    term_value,
)
from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Comparison,
    Literal,
    Signature,
    Term,
)

OPEN = "open__"
"""A value that nobody knows: it equals anything, and no comparison fails on it."""
Binding = dict[str, Value]
RowsOf = Callable[[Signature, tuple[Value | None, ...]], Iterable[Row]]
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
_SUMS: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": quotient, "\\": remainder,
}  # fmt: skip


def value_in(term: Term, binding: Binding) -> Value:
    """The value of a term; `OPEN` where a variable is open or not known yet."""
    if term.kind == "variable":
        return binding.get(term.text, OPEN)
    if term.kind != "arithmetic":
        return OPEN if term.kind == "function" else term_value(term)
    parts = [value_in(part, binding) for part in term.parts]
    if not all(isinstance(part, int) for part in parts):
        return OPEN
    numbers = [int(part) for part in parts]
    if len(numbers) == 1:
        return abs(numbers[0]) if term.text == "|" else -numbers[0]
    try:
        return _SUMS[term.text](*numbers)
    except (ArithmeticError, KeyError):
        return OPEN


def unify(term: Term, value: Value, binding: Binding) -> bool:
    """Whether a term can have a value; a variable that is free or open takes it."""
    if term.kind == "variable":
        if term.text == "_":
            return True
        known = binding.get(term.text)
        if known is None or known == OPEN:
            binding[term.text] = value
            return True
        return value in (known, OPEN)
    own = value_in(term, binding)
    return own == value or OPEN in (own, value)


def compared(formula: Comparison, binding: Binding) -> tuple[bool, Binding, Row]:
    """Whether a comparison may hold, the binding with what an equation gives, its values."""
    values = [value_in(term, binding) for term in formula.terms]
    if formula.operators == ("=",):
        for here, there in ((0, 1), (1, 0)):
            term = formula.terms[here]
            if term.kind == "variable" and term.text not in binding:
                return True, {**binding, term.text: values[there]}, tuple(values)
    holds = all(
        OPEN in (left, right) or _holds(left, operator_, right)
        for left, operator_, right in zip(values, formula.operators, values[1:], strict=False)
    )
    return holds, binding, tuple(values)


def _holds(left: Value, name: str, right: Value) -> bool:
    if name in ("=", "!="):
        return _TESTS[name](left, right)
    return _TESTS[name](_sortable(left), _sortable(right))


def _sortable(value: Value) -> tuple[int, Value]:
    """As the solver orders terms: infimum, numbers, words, supremum."""
    if isinstance(value, str):
        return 2, value
    return (1, value) if abs(value) != SUPREMUM else (0 if value == INFIMUM else 3, 0)


def aggregated(formula: Aggregate, binding: Binding, rows: RowsOf) -> tuple[bool, Binding, Row]:
    """As `compared`, for an aggregate over the answer at hand."""
    seen: dict[Row, None] = {}
    for element in formula.elements:
        for found in _joined(list(element.condition), dict(binding), rows):
            seen.setdefault(tuple(value_in(term, found) for term in element.terms))
    total = _total(formula.function, list(seen))
    bound, values, holds = dict(binding), [total], True
    for guard, turned in ((formula.left, True), (formula.right, False)):
        if guard is None:
            continue
        name, term = guard
        if name == "=" and term.kind == "variable" and term.text not in bound:
            bound[term.text] = total
            continue
        other = value_in(term, bound)
        values.append(other)
        left, right = (other, total) if turned else (total, other)
        holds = holds and (OPEN in (left, right) or _holds(left, name, right))
    return holds, bound if holds else binding, tuple(values)


def is_open(formula: Aggregate, binding: Binding) -> bool:
    """Whether what an aggregate counts hangs on a value that nobody knows."""
    return any(
        binding.get(name) == OPEN
        for element in formula.elements
        for literal in element.condition
        for atom in literal.atoms()
        for name in atom.variables()
    )


def _total(function: str, rows: Sequence[Row]) -> Value:
    if function == "#count":
        return len(rows)
    first = [row[0] for row in rows if row]
    if OPEN in first:
        return OPEN
    if function in ("#min", "#max"):
        pick, none = (min, SUPREMUM) if function == "#min" else (max, INFIMUM)
        return pick(first, key=_sortable) if first else none
    return sum(value for value in first if isinstance(value, int))


def _joined(literals: list[Literal], binding: Binding, rows: RowsOf) -> Iterator[Binding]:
    if not literals:
        yield binding
        return
    literal, *rest = sorted(literals, key=lambda x: _waits(x, binding))
    formula = literal.formula
    if isinstance(formula, Comparison):
        holds, found, _ = compared(formula, binding)
        if holds:
            yield from _joined(rest, found, rows)
        return
    if not isinstance(formula, Atom):
        yield from _joined(rest, binding, rows)
        return
    pattern = tuple(
        None if value == OPEN else value
        for value in (value_in(term, binding) for term in formula.terms)
    )
    found_rows = rows(formula.signature, pattern)
    if literal.signs:
        if not any(True for _ in found_rows):
            yield from _joined(rest, binding, rows)
        return
    for row in found_rows:
        bound = dict(binding)
        if all(unify(t, v, bound) for t, v in zip(formula.terms, row, strict=True)):
            yield from _joined(rest, bound, rows)


def _waits(literal: Literal, binding: Binding) -> int:
    """Tests only once their variables are known."""
    if literal.atom is not None and not literal.signs:
        return 1
    return 0 if all(name in binding for name in literal.formula.variables()) else 2
