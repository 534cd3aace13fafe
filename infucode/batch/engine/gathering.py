"""Aggregates over columns: the elements of every row of a clause at once.

Where elements hold in some worlds of a row only, that row is parted into its worlds, and worlds
with the same value become one row again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from infucode.batch.engine.columns import Codes, Column, Ints, Masks, Unsuited, ranged, union
from infucode.batch.engine.literals import Relations, Step
from infucode.batch.engine.reckoning import Value, compared, value_of
from infucode.batch.engine.sorted_rows import WORLDS, State
from infucode.rulebook.language import Aggregate, Element

if TYPE_CHECKING:
    from infucode.batch.engine.plans import Writing

ROW = " row"
"""The name of the variable that holds the number of a row; no clause has it."""
BITS = np.arange(WORLDS, dtype=np.uint64)
ONE = np.uint64(1)


class _Element:
    """What one element adds to each row."""

    def __init__(self, writing: Writing, element: Element, extremum: bool) -> None:
        terms = element.terms[:1] if extremum else element.terms
        wanted = (ROW, *[name for term in terms for name in term.variables()])
        bound = writing.bound
        writing.bound = {*bound, ROW}
        self.steps: list[Step] = writing.steps(list(element.condition), wanted)
        self.values: list[Value] = [value_of(term, writing.codes) for term in terms]
        writing.bound = bound

    def rows(self, state: State, relations: Relations) -> tuple[list[Column], Masks | None]:
        """The row that each element belongs to, its values, its worlds."""
        columns = {**state.columns, ROW: np.arange(state.number)}
        inner = State(state.frame, state.members, columns, state.masks)
        for step in self.steps:
            if not inner.number:
                break
            inner = step.take(inner, relations)
        if not inner.number:
            nothing = np.empty(0, dtype=np.int64)
            return [nothing] * (1 + len(self.values)), None
        values = [value(inner) for value in self.values]
        return [inner.columns[ROW], *values], inner.masks


class Gather:
    """An aggregate that binds a variable or is compared with what is known."""

    def __init__(self, writing: Writing, formula: Aggregate, live: tuple[str, ...]) -> None:
        self.function, self.live = formula.function, live
        if self.function not in ("#sum", "#count", "#min", "#max"):
            raise Unsuited(self.function)
        extremum = self.function in ("#min", "#max")
        self.elements = [_Element(writing, item, extremum) for item in formula.elements]
        if len({len(element.values) for element in self.elements}) > 1:
            raise Unsuited("elements of several lengths")
        self.binds: str | None = None
        self.tests: list[tuple[str, Value, bool]] = []
        for side in (formula.left, formula.right):
            if side is None:
                continue
            operator, term = side
            if term.kind == "variable" and term.text not in writing.bound:
                if self.binds is not None or operator != "=":
                    raise Unsuited("an aggregate between two free variables")
                self.binds = term.text
            else:
                self.tests.append((operator, value_of(term, writing.codes), side is formula.left))

    def take(self, state: State, relations: Relations) -> State:
        """The rows with the value of the aggregate."""
        parts = [element.rows(state, relations) for element in self.elements]
        masked = any(masks is not None for _, masks in parts) or state.masks is not None
        if masked:
            rows, values, masks = self._parted(state, parts)
            live = tuple(dict.fromkeys((*self.live, *state.columns)))
            state = state.take(rows, live, masks)
        else:
            columns = _joined([columns for columns, _ in parts])
            values = self._values(state.frame.codes, state.number, columns)
        for operator, value, is_left in self.tests:
            known = value(state)
            sides = (known, values) if is_left else (values, known)
            test = compared(state.frame.codes, operator, *sides)
            kept = np.asarray(test).nonzero()[0]
            masks_ = None if state.masks is None else state.masks[kept]
            state, values = state.take(kept, tuple(state.columns), masks_), values[kept]
        if self.binds is not None:
            columns_ = {**state.columns, self.binds: values}
            state = State(state.frame, state.members, columns_, state.masks)
        return state

    def _values(self, codes: Codes, number: int, columns: Sequence[Ints]) -> Ints:
        """The value for each row; `columns` are the row and the terms of each element."""
        if self.function in ("#min", "#max"):
            return self._extremes(codes, number, columns)
        keys, _ = union(ranged(columns).keys(columns), None)
        packing = ranged(columns)
        rows, *terms = packing.columns(keys)
        if self.function == "#count":
            return np.bincount(rows, minlength=number)
        codes.numbers(terms[0])
        sums = np.bincount(rows, weights=terms[0], minlength=number).astype(np.int64)
        return codes.result(sums)

    def _extremes(self, codes: Codes, number: int, columns: Sequence[Ints]) -> Ints:
        rows, values = columns[0], codes.ranked(columns[1])
        least = self.function == "#min"
        found = np.full(number, codes.supremum if least else codes.infimum)
        symbols = len(values) > 0 and int(values.max()) >= codes.high
        if symbols:
            found[:] = np.iinfo(np.int64).max if least else np.iinfo(np.int64).min
        (np.minimum if least else np.maximum).at(found, rows, values)
        if not symbols:
            return found
        none = found == (np.iinfo(np.int64).max if least else np.iinfo(np.int64).min)
        found[none] = codes.high
        found = codes.unranked(found)
        found[none] = codes.supremum if least else codes.infimum
        return found

    def _parted(
        self, state: State, parts: Sequence[tuple[list[Column], Masks | None]]
    ) -> tuple[Ints, Ints, Masks]:
        """The rows, each as often as it has values, with these and the worlds of each."""
        codes = state.frame.codes
        whole = state.frame.mask(state.masks, state.members)
        columns = _joined([columns for columns, _ in parts])
        masks = np.concatenate(
            [whole[columns[0]] if masks is None else masks for columns, masks in parts]
        )
        owners = columns[0]
        apart = np.zeros(state.number, dtype=bool)
        apart[owners[masks != whole[owners]]] = True
        plain = ~apart[owners]
        values = self._values(codes, state.number, [column[plain] for column in columns])
        if not apart.any():
            return np.arange(state.number), values, whole
        together = (~apart).nonzero()[0]
        split = apart.nonzero()[0]
        number, bit = _worlds(whole[split])
        groups = split[number] * WORLDS + bit
        chosen = (~plain).nonzero()[0]
        element, own_bit = _worlds(masks[chosen])
        element = chosen[element]
        at = groups.searchsorted(owners[element] * WORLDS + own_bit)
        parted = self._values(
            codes, len(groups), [at, *[column[element] for column in columns[1:]]]
        )
        packing = ranged([split[number], parted])
        keys, bits = union(packing.keys([split[number], parted]), ONE << bit.astype(np.uint64))
        rows, own = packing.columns(keys)
        assert bits is not None
        return (
            np.concatenate([together, rows]),
            np.concatenate([values[together], own]),
            np.concatenate([whole[together], bits]),
        )


def _worlds(masks: Masks) -> tuple[Ints, Ints]:
    """The places and the bits of all worlds of some masks, in order."""
    return ((masks[:, None] >> BITS) & ONE).nonzero()  # type: ignore[return-value]


def _joined(parts: Sequence[Sequence[Column]]) -> list[Ints]:
    """The columns of several elements behind one another."""
    full: list[list[Any]] = [
        [np.full(len(columns[0]), c) if isinstance(c, int) else c for c in columns]  # type: ignore
        for columns in parts
    ]
    if len(full) == 1:
        return full[0]
    return [np.concatenate(own) for own in zip(*full, strict=True)]
