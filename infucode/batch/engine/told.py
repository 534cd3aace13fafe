"""Rows of outcomes as the answer of one world: what `read_answer` gives, without symbols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


Behind = Mapping[Row, tuple[int, Row]]
"""By the row of an outcome the rule behind it, by position, and the values of its variables."""


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


Parted = Mapping[int, Sequence[tuple[int, Row]]]
"""By outcome its rows, each with the worlds in which it holds."""


class Seen:
    """The rows of every outcome in one world, or in worlds that have the same."""

    __slots__ = ("_own", "_parted", "bit", "lines")

    def __init__(
        self,
        own: Sequence[Rows],
        parted: Parted | None = None,
        bit: int = 0,
        lines: object = None,
    ) -> None:
        """`own` by outcome; those in `parted` hold in some worlds only, and `bit` is this one;
        `lines` are equal for worlds of one encounter only where the rows of lines are, None where
        that is not known."""
        self._own, self._parted, self.bit, self.lines = own, parted or {}, bit, lines

    def __getitem__(self, place: int) -> Rows:
        kept = self._parted.get(place)
        if kept is None:
            return self._own[place]
        bit = self.bit
        return {row: None for mask, row in kept if mask >> bit & 1}


@dataclass(slots=True)
class Why:
    """What the reasons of one answer are told from."""

    behind: Mapping[str, Behind]
    """By the kind of outcome."""
    others: Sequence[tuple[str, str, Seen]]
    """The rows of every outcome under each answer to a switch that changes one."""


class Reading:
    """Reads outcomes from rows. It knows of no answer, so that none is kept by it."""

    def __init__(self, outcomes: Sequence[Signature], values: Mapping[Value, str]) -> None:
        self._names = _Names(values)
        self._places: dict[str, list[int]] = {}
        for place, (kind, _) in enumerate(outcomes):
            self._places.setdefault(kind, []).append(place)

    def read(self, kind: str, rows: Seen) -> list[Outcome]:
        """The outcomes of one kind."""
        return [
            self._one(kind, row)
            for place in self._places.get(kind, ())
            if (own := rows[place])
            for row in ordered(own)
        ]

    def _one(self, kind: str, row: Row) -> Outcome:
        told = tuple(map(self._names.__getitem__, row[1:]))
        found: Outcome = cast(Any, Told(kind, cast(str, row[0])[1:], told, row))
        return found


class RowAnswer(Answer):
    """An answer of which the outcomes are read when they are asked for."""

    __slots__ = ("_known", "_reading", "claim_", "claims", "rows")

    def __init__(
        self, reading: Reading, rows: Seen, lines: list[DraftLine],
        known: dict[str, list[Outcome]], like: RowAnswer | None = None,
    ) -> None:  # fmt: skip
        """`known` are the outcomes that lines are made of; `like` is an answer with the same."""
        super().__init__(known, lines)
        self._reading, self.rows, self._known = reading, rows, known
        if like is None:
            self.claim_ = tuple(sorted([line.shown for line in lines]))
            self.claims = frozenset((self.claim_,))
        else:
            self.claim_, self.claims = like.claim_, like.claims

    @property
    def claim(self) -> tuple[tuple[object, ...], ...]:
        """The code set as a value to compare."""
        return self.claim_

    def beside(self, rows: Seen) -> RowAnswer:
        """The answer of a world with the same rows of lines."""
        known = {kind: told for kind, told in self._known.items() if kind in LINES}
        return RowAnswer(self._reading, rows, self.lines, known, self)

    def of(self, kind: str) -> list[Outcome]:
        """The outcomes of one kind."""
        found = self._known.get(kind)
        if found is None:
            found = self._known[kind] = self._reading.read(kind, self.rows)
        return found


class Telling:
    """Reads the answers of the worlds of one encounter; worlds with equal rows of lines share
    their lines. `values` are what the constants stand for."""

    def __init__(
        self, outcomes: Sequence[Signature], values: Mapping[Value, str], encounter: Encounter
    ) -> None:
        self.encounter, self.reading = encounter, Reading(outcomes, values)
        self._lines = [place for place, (kind, _) in enumerate(outcomes) if kind in LINES]
        self._known: dict[Seen, Answer] = {}
        self._by_lines: dict[object, RowAnswer] = {}

    def answer(self, rows: Seen) -> Answer:
        """The answer whose outcomes have these rows. Raises what reading its lines raises."""
        found = self._known.get(rows)
        if found is None:
            found = self._known[rows] = self._answer(rows)
        return found

    def _answer(self, rows: Seen) -> RowAnswer:
        known = self._by_lines
        like = known.get(rows.lines)
        if like is None:
            key = tuple([frozenset(rows[place]) for place in self._lines])
            like = known.get(key)
            if like is None:
                told = {kind: self.reading.read(kind, rows) for kind in LINES}
                like = known[key] = RowAnswer(
                    self.reading, rows, lines_of(told, self.encounter), told
                )
            if rows.lines is not None:
                known[rows.lines] = like
        return like if like.rows is rows else like.beside(rows)


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
