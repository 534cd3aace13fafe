"""The worlds of all encounters of a batch, answered at once where that can be foreseen.

Every encounter is answered as it is stated. One that lacks a stop is answered at the minutes that
its search will try, and once more between the minutes whose code sets differ. The search itself
(`questions/completions.py`) then goes on as ever; a world that was not foreseen it has answered
by the one function.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from infucode.batch.engine.columns import TooNarrow, Unsuited
from infucode.batch.engine.search import SUPPOSED, Extra, Missing, RowSearch
from infucode.batch.engine.sorted_rows import WORLDS
from infucode.batch.engine.together import MOST, NARROW, WIDE, Found, Member, WholeBatch
from infucode.batch.engine.told import Rows
from infucode.batch.engine.variants import rules_of
from infucode.engine.program import Program
from infucode.passes.values import Row
from infucode.questions.completions import Completions, completed

ROUNDS = 3
ENOUGH = 96
"""Fewer worlds than these are answered one by one."""
OPEN_STOP = "open_stop"
OPEN = (OPEN_STOP, "open_reason")
NOTHING: Rows = {}


class Foresight:
    """Answers the worlds of many encounters under one program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._wholes: dict[int, WholeBatch | None] = {}
        self._places = [n for n, s in enumerate(program.outcome_order) if s[0] in OPEN]
        self._open: set[str | None] = set()
        """The techniques that were found to lack a stop."""

    def foresee(self, searches: Sequence[RowSearch]) -> dict[int, Completions]:
        """Answer worlds for some searches; gives the searches that are through, by place."""
        done: dict[int, Completions] = {}
        asked = {number: [(), *self._guessed(search)] for number, search in enumerate(searches)}
        for turn in range(ROUNDS):
            if turn and sum(map(len, asked.values())) < ENOUGH:
                break
            self._answer(searches, asked)
            asked = self._missing(searches, asked, done)
        return done

    def _guessed(self, search: RowSearch) -> list[Extra]:
        if not self._open:
            return []
        stops = [
            item.id
            for item in search.encounter.administrations
            if item.stop is None and item.start is not None and item.minutes is None
            if item.technique in self._open
        ]
        return search.tried_first(stops[0]) if len(stops) == 1 else []

    def _missing(
        self, searches: Sequence[RowSearch], asked: dict[int, list[Extra]],
        done: dict[int, Completions],
    ) -> dict[int, list[Extra]]:  # fmt: skip
        found = {}
        for number in asked:
            search = searches[number]
            if not self._is_open(search):
                continue
            search.foreseeing = True
            try:
                done[number] = completed(search)
            except Missing as missing:
                found[number] = search.between(missing.extras)
            except Exception:
                search.known.clear()
            finally:
                search.foreseeing = False
            self._note(search)
        return found

    def _is_open(self, search: RowSearch) -> bool:
        """Whether a search has more worlds than the one that is stated."""
        rows = search.known.get(())
        return rows is not None and any(rows[place] for place in self._places)

    def _note(self, search: RowSearch) -> None:
        base = search.base
        if base is None:
            return
        items = {item.id: item for item in search.encounter.administrations}
        for outcome in base.of(OPEN_STOP):
            self._open.add(items[str(outcome.arguments[0])].technique)

    def _answer(self, searches: Sequence[RowSearch], asked: dict[int, list[Extra]]) -> None:
        members: list[tuple[RowSearch, list[Extra]]] = []
        for number, extras in asked.items():
            for begin in range(0, len(extras), WORLDS):
                members.append((searches[number], extras[begin : begin + WORLDS]))
        for begin in range(0, len(members), MOST):
            self._together(members[begin : begin + MOST])

    def _together(self, members: Sequence[tuple[RowSearch, list[Extra]]]) -> None:
        batch = [Member(search.stated.given, extras) for search, extras in members]
        for bits in (NARROW, WIDE):
            with suppress(TooNarrow):
                try:
                    whole = self._whole(bits)
                    if whole is not None:
                        self._tell(members, whole.answer(batch))
                except TooNarrow:
                    raise
                except Unsuited:
                    pass
                return

    def _whole(self, bits: int) -> WholeBatch | None:
        if bits not in self._wholes:
            self._wholes[bits] = None
            self._wholes[bits] = WholeBatch(rules_of([self.program], SUPPOSED), bits)
        return self._wholes[bits]

    def _tell(self, members: Sequence[tuple[RowSearch, list[Extra]]], found: Found) -> None:
        """Give each search the rows of its worlds."""
        order = self.program.outcome_order
        plain: list[list[Rows]] = [[NOTHING] * len(order) for _ in members]
        parted: dict[int, dict[int, list[tuple[int, Row]]]] = {}
        for place, signature in enumerate(order):
            numbers, rows, masks = found.rows(signature)
            if masks is None:
                for number, row in zip(numbers, rows, strict=True):
                    own = plain[number]
                    if own[place] is NOTHING:
                        own[place] = {row: None}
                    else:
                        own[place][row] = None
                continue
            for number, row, mask in zip(numbers, rows, masks, strict=True):
                kept = parted.setdefault(number, {}).setdefault(place, [])
                kept.append((mask, row))
        for number, (search, extras) in enumerate(members):
            own = plain[number]
            apart = parted.get(number)
            if apart is None:
                rows_ = tuple(own)
                for extra in extras:
                    search.known[extra] = rows_
                continue
            for bit, extra in enumerate(extras):
                for place, kept in apart.items():
                    now = {row: None for mask, row in kept if mask >> bit & 1}
                    if now != own[place]:
                        own[place] = now
                search.known[extra] = tuple(own)
