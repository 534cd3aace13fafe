"""What other answers to the stand-in switches make of many encounters, and why, all at once.

The plan's own rules and those of each other answer are variants of one set of rules: a row that
no answer changes is worked out once, and the outcomes whose rows hold under some answers only are
what hangs on a switch. Over the same rows the rules behind the outcomes are found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from infucode.batch.engine.columns import TooNarrow, Unsuited
from infucode.batch.engine.messages import Instances
from infucode.batch.engine.search import SUPPOSED, Extra, RowSearch
from infucode.batch.engine.sorted_rows import WORLDS
from infucode.batch.engine.taken import Taken
from infucode.batch.engine.together import MOST, NARROW, WIDE, Found, WholeBatch
from infucode.batch.engine.told import Behind, Rows, Seen, Why
from infucode.batch.engine.variants import rules_of
from infucode.passes.values import Row
from infucode.questions.hangs import StandIns

Asked = tuple[int, RowSearch, Extra]
"""The place of an encounter among those that were taken, its search, and a world of it."""


class Others:
    """Every other answer to the stand-in switches of one program."""

    def __init__(self, stand_ins: StandIns) -> None:
        self.program = stand_ins.program
        self._other = stand_ins.other
        self.names = [(switch, value) for switch, value, _ in stand_ins.changes]
        self._wholes: dict[int, tuple[WholeBatch, Instances]] = {}

    def foresee(self, taken: Taken, asked: Sequence[Asked]) -> None:
        """Work out what other answers give in some worlds, and why, where columns can."""
        if len(self.names) >= WORLDS:
            return
        for begin in range(0, len(asked), MOST):
            part = asked[begin : begin + MOST]
            places = np.array([place for place, _, _ in part])
            worlds = [(extra,) for _, _, extra in part]
            for bits in (NARROW, WIDE):
                try:
                    whole, instances = self._whole(bits)
                    found = whole.answer_taken(taken, places, worlds)
                    self._tell(part, found, instances.find(found.frame, found.relations))
                except TooNarrow:
                    continue
                except Unsuited:
                    pass
                break

    def _whole(self, bits: int) -> tuple[WholeBatch, Instances]:
        """Raises Unsuited."""
        if bits not in self._wholes:
            others = [self._other(switch, value) for switch, value in self.names]
            rules = rules_of([self.program, *others], SUPPOSED)
            whole = WholeBatch(rules, bits)
            self._wholes[bits] = whole, Instances(self.program, rules, whole.codes)
        return self._wholes[bits]

    def _tell(
        self, asked: Sequence[Asked], found: Found, behind: Sequence[Mapping[str, Behind]]
    ) -> None:
        order = self.program.outcome_order
        parted: list[dict[int, list[tuple[Row, int]]]] = [{} for _ in asked]
        every = (1 << len(self.names) + 1) - 1
        for place, signature in enumerate(order):
            numbers, rows, masks = found.rows(signature)
            for n, (number, row) in enumerate(zip(numbers, rows, strict=True)):
                kept = parted[number].setdefault(place, [])
                kept.append((row, every if masks is None else masks[n]))
        for own, reasons, (_, search, extra) in zip(parted, behind, asked, strict=True):
            search.why[extra] = Why(reasons, self._differing(own, every))

    def _differing(
        self, parted: dict[int, list[tuple[Row, int]]], every: int
    ) -> list[tuple[str, str, Seen]]:
        """The rows of every outcome under each answer that changes some."""
        differ = 0
        for kept in parted.values():
            for _, mask in kept:
                differ |= every & ~mask if mask & 1 else mask
        told = []
        for number, (switch, value) in enumerate(self.names, 1):
            if differ >> number & 1:
                rows: list[Rows] = [{} for _ in self.program.outcome_order]
                for place, kept in parted.items():
                    rows[place] = {row: None for row, mask in kept if mask >> number & 1}
                told.append((switch, value, Seen(rows)))
        return told
