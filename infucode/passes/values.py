"""Plain values for the ground terms of a policy, ordered as clingo orders them.

A number is an int, a word or id is its text, a text is its characters behind `TEXT_MARK`, which
sorts after every word; `#sup` and `#inf` are the infinite floats. A ground atom is a tuple of
its name and its values.
"""

from __future__ import annotations

import re
from functools import lru_cache

import clingo

from infucode.rulebook.language import Term

Value = int | str | float
Row = tuple[Value, ...]
GroundAtom = tuple[Value, ...]
TEXT_MARK = "~"
SUPREMUM, INFIMUM = float("inf"), float("-inf")
LARGEST = 0x7FFFFFFF
MOST_KEPT = 8192
_ESCAPE = re.compile(r"\\(.)")


def term_value(term: Term) -> Value:
    """The value of a constant term. Raises ValueError for any other."""
    if term.kind == "number":
        return int(term.text)
    if term.kind == "word":
        return term.text
    if term.kind == "string":
        return TEXT_MARK + _ESCAPE.sub(_unescaped, term.text[1:-1])
    if term.kind == "special":
        return SUPREMUM if term.text == "#sup" else INFIMUM
    raise ValueError(f"`{term}` is no constant")


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]


@lru_cache(maxsize=MOST_KEPT)
def value_of(symbol: clingo.Symbol) -> Value:
    """The value of a symbol without arguments."""
    if symbol.type == clingo.SymbolType.Number:
        return symbol.number
    if symbol.type == clingo.SymbolType.String:
        return TEXT_MARK + symbol.string
    if symbol.type == clingo.SymbolType.Function:
        return symbol.name
    return SUPREMUM if symbol.type == clingo.SymbolType.Supremum else INFIMUM


@lru_cache(maxsize=MOST_KEPT)
def row_of(symbol: clingo.Symbol) -> Row:
    """The values of an atom's arguments."""
    return tuple(map(value_of, symbol.arguments))


def atom_of(symbol: clingo.Symbol) -> GroundAtom:
    """A symbol as a ground atom."""
    return symbol.name, *row_of(symbol)


@lru_cache(maxsize=MOST_KEPT)
def symbol_of(value: Value) -> clingo.Symbol:
    """The symbol of a value."""
    if isinstance(value, int):
        return clingo.Number(value)
    if isinstance(value, float):
        return clingo.Supremum if value > 0 else clingo.Infimum
    if value.startswith(TEXT_MARK):
        return clingo.String(value[len(TEXT_MARK) :])
    return clingo.Function(value)


def symbol_of_atom(name: str, row: Row) -> clingo.Symbol:
    """An atom as a symbol."""
    return clingo.Function(name, [symbol_of(value) for value in row])


def number(value: int) -> int:
    """The number itself. Raises ArithmeticError beyond 32 bits, TypeError if it is none."""
    if -LARGEST <= value <= LARGEST:
        return value
    raise ArithmeticError("a number beyond 32 bits")


def quotient(left: int, right: int) -> int:
    """Whole division that cuts off towards zero. Raises ArithmeticError by zero."""
    whole = number(abs(left)) // number(abs(right))
    return whole if (left < 0) == (right < 0) else -whole


def remainder(left: int, right: int) -> int:
    """What whole division leaves, with the sign of `left`."""
    return left - right * quotient(left, right)
