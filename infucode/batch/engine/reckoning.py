"""Terms and comparisons over columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from infucode.batch.engine.columns import Codes, Column, Unsuited
from infucode.batch.engine.sorted_rows import State
from infucode.passes.values import term_value
from infucode.rulebook.language import Term

Value = Callable[[State], Column]
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal,
    ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
ORDERED = ("<", "<=", ">", ">=")


def value_of(term: Term, codes: Codes) -> Value:
    """How a term is worked out once its variables are bound."""
    if term.kind == "variable":
        name = term.text
        return lambda state: state.columns[name]
    if term.kind != "arithmetic":
        constant = codes.of(term_value(term))
        return lambda _: constant
    parts = [value_of(part, codes) for part in term.parts]
    operator = "abs" if term.text == "|" else term.text if len(parts) == 2 else "minus"
    return lambda state: _reckoned(operator, [part(state) for part in parts], state.frame.codes)


def compared(codes: Codes, operator: str, left: Column, right: Column) -> Any:
    """Whether values compare so, for each row. Raises Unsuited for numbers beside symbols."""
    if operator in ORDERED:
        sides = [np.asarray(side).reshape(-1) for side in (left, right)]
        both = codes.ordered(np.concatenate(sides))
        if both is not None:
            left, right = both[: len(sides[0])], both[len(sides[0]) :]
    return COMPARE[operator](left, right)


def _reckoned(operator: str, parts: Sequence[Column], codes: Codes) -> Column:
    own: list[Any] = [codes.numbers(part) for part in parts]
    found: Any
    if operator == "+":
        found = own[0] + own[1]
    elif operator == "-":
        found = own[0] - own[1]
    elif operator == "*":
        found = own[0] * own[1]
    elif operator == "abs":
        found = abs(own[0])
    elif operator == "minus":
        found = -own[0]
    elif operator in ("/", "\\"):
        if not np.all(own[1]):
            raise Unsuited("division by zero")
        whole = abs(own[0]) // abs(own[1])
        whole = np.where((own[0] < 0) == (own[1] < 0), whole, -whole)
        found = whole if operator == "/" else own[0] - own[1] * whole
    else:
        raise Unsuited(f"`{operator}`")
    found = np.asarray(found, dtype=np.int64)
    codes.result(found.reshape(-1))
    return int(found) if found.ndim == 0 else found
