"""Rows of outcomes as the answer of one world: what `read_answer` gives, without symbols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import clingo

from infucode.engine.answer import Answer, DraftLine, Outcome, lines_of
from infucode.model.encounter import Encounter
from infucode.passes.values import TEXT_MARK, GroundAtom, Row, Value, symbol_of_atom
from infucode.rulebook.language import Signature

Rows = dict[Row, None]
LINES = frozenset((
    "line", "modifier", "modifier_on", "visit_modifier", "own_line", "charged_access", "charge",
    "opens", "service_line",
))  # fmt: skip
"""The outcomes that lines are made of."""
KEPT = 4
"""Answers of one encounter that are kept to be given again."""


class Told:
    """One outcome: what `Outcome` is, its symbol made when it is asked for."""

    __slots__ = ("arguments", "kind", "row", "rule")

    def __init__(self, kind: str, rule: str, arguments: tuple[str | int, ...], row: Row) -> None:
        self.kind, self.rule, self.arguments, self.row = kind, rule, arguments, row

    @property
    def ground(self) -> GroundAtom:
        """The outcome as a plain atom."""
        return self.kind, *self.row

    @property
    def atom(self) -> clingo.Symbol:
        """The outcome as the rest of the program knows it."""
        return symbol_of_atom(self.kind, self.row)


class RowAnswer(Answer):
    """An answer that knows its claim once it was asked for."""

    __slots__ = ("_claim",)

    def __init__(self, outcomes: dict[str, list[Outcome]], lines: list[DraftLine]) -> None:
        super().__init__(outcomes, lines)
        self._claim: tuple[tuple[object, ...], ...] | None = None

    @property
    def claim(self) -> tuple[tuple[object, ...], ...]:
        """The code set as a value to compare."""
        if self._claim is None:
            self._claim = tuple(sorted([line.shown for line in self.lines]))
        return self._claim


class Telling:
    """Reads the answers of the worlds of one encounter.

    Rows that are the very rows of the world before are not read again; `values` are what the
    constants stand for.
    """

    def __init__(
        self, outcomes: Sequence[Signature], values: Mapping[Value, str], encounter: Encounter
    ) -> None:
        self.outcomes, self.encounter = outcomes, encounter
        self._names = _Names(values)
        self._rows: tuple[Rows, ...] = ()
        self._told: list[list[Outcome]] = []
        self._lines: list[DraftLine] = []
        self._kept: list[tuple[tuple[Rows, ...], Answer]] = []

    def answer(self, rows: tuple[Rows, ...]) -> Answer:
        """The answer whose outcomes have these rows."""
        for known, answer in self._kept:
            if known == rows:
                return answer
        found = self._read(rows)
        self._kept.insert(0, (rows, found))
        del self._kept[KEPT:]
        return found

    def _read(self, rows: tuple[Rows, ...]) -> Answer:
        before, told = self._rows, self._told
        changed = not before
        now: list[list[Outcome]] = []
        outcomes: dict[str, list[Outcome]] = {}
        for n, (kind, _) in enumerate(self.outcomes):
            own = rows[n]
            if before and own is before[n]:
                now.append(told[n])
            else:
                now.append([self._one(kind, row) for row in ordered(own)] if own else [])
                changed = changed or kind in LINES
            if own:
                outcomes[kind] = outcomes[kind] + now[n] if kind in outcomes else now[n]
        if changed:
            self._lines = lines_of(outcomes, self.encounter)
        self._rows, self._told = rows, now
        return RowAnswer(outcomes, self._lines)

    def _one(self, kind: str, row: Row) -> Outcome:
        told = tuple(map(self._names.__getitem__, row[1:]))
        found: Outcome = cast(Any, Told(kind, cast(str, row[0])[1:], told, row))
        return found


class _Names(dict[Value, Any]):
    """What values stand for, once they were asked for: texts lose their mark."""

    def __missing__(self, value: Value) -> Value:
        plain = value.removeprefix(TEXT_MARK) if isinstance(value, str) else value
        self[value] = plain
        return plain


def ordered(rows: Mapping[Row, None]) -> Sequence[Row]:
    """Rows in clingo's order: numbers before words."""
    if len(rows) == 1:
        return list(rows)
    try:
        return sorted(rows)
    except TypeError:
        return sorted(rows, key=lambda row: [(isinstance(value, str), value) for value in row])
