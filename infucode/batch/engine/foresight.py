"""The worlds of all encounters of a batch, answered at once where that can be foreseen.

Every encounter is answered as it is stated. One that lacks a stop is answered at the minutes that
its search will try, and once more between the minutes whose code sets differ. The search itself
(`questions/completions.py`) then goes on as ever; a world that was not foreseen it has answered
by the one function.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

import numpy as np

from infucode.batch.engine.columns import Ints, TooNarrow, Unsuited
from infucode.batch.engine.search import SUPPOSED, Extra, Missing, RowSearch
from infucode.batch.engine.sorted_rows import WORLDS
from infucode.batch.engine.taken import Taken
from infucode.batch.engine.together import MOST, NARROW, WIDE, Found, WholeBatch
from infucode.batch.engine.told import LINES, Rows, Seen
from infucode.batch.engine.variants import rules_of
from infucode.engine.program import Program
from infucode.passes.values import Row
from infucode.questions.completions import Completions, completed

ROUNDS = 5
ENOUGH = 32
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
        self._lines = {n for n, s in enumerate(program.outcome_order) if s[0] in LINES}
        self._open: set[str | None] = set()
        """The techniques that were found to lack a stop."""

    def foresee(self, taken: Taken, searches: Mapping[int, RowSearch]) -> dict[int, Completions]:
        """Answer worlds for some searches, by their places among what was `taken`; gives the
        searches that are through."""
        done: dict[int, Completions] = {}
        asked = {number: [(), *self._guessed(search)] for number, search in searches.items()}
        for turn in range(ROUNDS):
            if turn and sum(map(len, asked.values())) < ENOUGH:
                break
            self._answer(taken, searches, asked)
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
        self, searches: Mapping[int, RowSearch], asked: dict[int, list[Extra]],
        done: dict[int, Completions],
    ) -> dict[int, list[Extra]]:  # fmt: skip
        found = {}
        for number in asked:
            search = searches[number]
            if not self.is_open(search):
                continue
            search.foreseeing = True
            try:
                done[number] = completed(search)
            except Missing as missing:
                with suppress(Exception):
                    found[number] = search.between(missing.extras)
            except Exception:
                search.known.clear()
            finally:
                search.foreseeing = False
            self._note(search)
        return found

    def is_open(self, search: RowSearch) -> bool:
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

    def _answer(
        self, taken: Taken, searches: Mapping[int, RowSearch], asked: dict[int, list[Extra]]
    ) -> None:
        members: list[tuple[int, list[Extra]]] = []
        for number, extras in asked.items():
            for begin in range(0, len(extras), WORLDS):
                members.append((number, extras[begin : begin + WORLDS]))
        for begin in range(0, len(members), MOST):
            part = members[begin : begin + MOST]
            places = np.array([number for number, _ in part])
            worlds = [extras for _, extras in part]
            for bits in (NARROW, WIDE):
                with suppress(TooNarrow):
                    self._together(taken, searches, places, worlds, bits)
                    break

    def _together(
        self, taken: Taken, searches: Mapping[int, RowSearch], places: Ints,
        worlds: list[list[Extra]], bits: int,
    ) -> None:  # fmt: skip
        """Raises TooNarrow."""
        try:
            whole = self._whole(bits)
            if whole is None:
                return
            found = whole.answer_taken(taken, places, worlds)
        except TooNarrow:
            raise
        except Unsuited:
            return
        own = [searches[number] for number in places.tolist()]
        self._tell(list(zip(own, worlds, strict=True)), found)

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
        many = [len(extras) > 1 for _, extras in members]
        for place, signature in enumerate(order):
            numbers, rows, masks = found.rows(signature)
            for number, row, mask in zip(numbers, rows, masks or [0] * len(rows), strict=True):
                if many[number] and masks is not None:
                    kept = parted.setdefault(number, {}).setdefault(place, [])
                    kept.append((mask, row))
                    continue
                own = plain[number]
                if own[place] is NOTHING:
                    own[place] = {row: None}
                else:
                    own[place][row] = None
        for number, (search, extras) in enumerate(members):
            apart = parted.get(number)
            if apart is None:
                seen = Seen(plain[number])
                search.known.update(dict.fromkeys(extras, seen))
            else:
                worlds = self._worlds(plain[number], apart, len(extras))
                search.known.update(zip(extras, worlds, strict=True))

    def _worlds(
        self, plain: Sequence[Rows], parted: dict[int, list[tuple[int, Row]]], number: int
    ) -> list[Seen]:
        """What is seen in each world; worlds with equal rows share it."""
        whole = (1 << number) - 1
        own = list(plain)
        lines: list[int] = []
        others: list[int] = []
        for place, kept in list(parted.items()):
            if all(mask == whole for mask, _ in kept):
                own[place] = {row: None for _, row in parted.pop(place)}
            else:
                (lines if place in self._lines else others).extend([mask for mask, _ in kept])
        bits = np.arange(number, dtype=np.uint64)[:, None]
        masks = np.array(lines + others, dtype=np.uint64)
        rows = np.packbits((masks >> bits & np.uint64(1)).astype(bool), axis=1)
        size = len(lines)
        of_lines = np.packbits((masks[:size] >> bits & np.uint64(1)).astype(bool), axis=1)
        known: dict[bytes, Seen] = {}
        found = []
        for bit in range(number):
            key = rows[bit].tobytes()
            seen = known.get(key)
            if seen is None:
                seen = known[key] = Seen(own, parted, bit, (id(parted), of_lines[bit].tobytes()))
            found.append(seen)
        return found
