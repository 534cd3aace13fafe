"""What other answers to the stand-in switches make of many encounters, all at once.

The plan's own rules and those of each other answer are variants of one set of rules: a row that
no answer changes is worked out once, and the outcomes whose rows hold under some answers only are
what hangs on a switch.
"""

from __future__ import annotations

from collections.abc import Sequence

from infucode.batch.engine.columns import TooNarrow, Unsuited
from infucode.batch.engine.search import SUPPOSED, Extra, RowSearch
from infucode.batch.engine.sorted_rows import WORLDS
from infucode.batch.engine.together import MOST, NARROW, WIDE, Found, Member, WholeBatch
from infucode.batch.engine.told import Rows
from infucode.batch.engine.variants import rules_of
from infucode.engine.relations import Relation
from infucode.passes.values import Row
from infucode.questions.hangs import StandIns
from infucode.rulebook.language import Signature

Asked = tuple[RowSearch, Extra]


class Others:
    """Every other answer to the stand-in switches of one program."""

    def __init__(self, stand_ins: StandIns) -> None:
        self.program = stand_ins.program
        self._other = stand_ins.other
        self.names = [(switch, value) for switch, value, _ in stand_ins.changes]
        self._wholes: dict[int, WholeBatch] = {}
        frame = self.program.frame
        rules = [
            frame.rules[position]
            for signature in self.program.outcomes
            for position in frame.positions.get(signature, ())
        ]
        read = {atom.signature for rule in rules for atom in rule.clause.atoms()}
        self._read = sorted((read | self.program.outcomes) - self.program.tables.keys())
        """What the rules of outcomes read: messages need no more."""

    def foresee(self, asked: Sequence[Asked]) -> None:
        """Work out what other answers give in some worlds, where columns can."""
        if len(self.names) >= WORLDS:
            return
        for begin in range(0, len(asked), MOST):
            part = asked[begin : begin + MOST]
            members = [Member(search.world(extra)) for search, extra in part]
            for bits in (NARROW, WIDE):
                try:
                    self._tell(part, self._whole(bits).answer(members))
                except TooNarrow:
                    continue
                except Unsuited:
                    pass
                break

    def _whole(self, bits: int) -> WholeBatch:
        """Raises Unsuited."""
        if bits not in self._wholes:
            others = [self._other(switch, value) for switch, value in self.names]
            self._wholes[bits] = WholeBatch(rules_of([self.program, *others], SUPPOSED), bits)
        return self._wholes[bits]

    def _tell(self, asked: Sequence[Asked], found: Found) -> None:
        order = self.program.outcome_order
        parted: list[dict[int, list[tuple[Row, int]]]] = [{} for _ in asked]
        every = (1 << len(self.names) + 1) - 1
        for place, signature in enumerate(order):
            numbers, rows, masks = found.rows(signature)
            for n, (number, row) in enumerate(zip(numbers, rows, strict=True)):
                kept = parted[number].setdefault(place, [])
                kept.append((row, every if masks is None else masks[n]))
        models: list[dict[Signature, Relation]] = [dict(self.program.tables) for _ in asked]
        for signature in self._read:
            numbers, rows, masks = found.rows(signature)
            for n, (number, row) in enumerate(zip(numbers, rows, strict=True)):
                if masks is None or masks[n] & 1:
                    model = models[number]
                    if signature in model:
                        model[signature].rows[row] = None
                    else:
                        model[signature] = Relation({row: None})
        for own, model, (search, extra) in zip(parted, models, asked, strict=True):
            search.others[extra] = self._differing(own, every)
            search.models[extra] = model

    def _differing(
        self, parted: dict[int, list[tuple[Row, int]]], every: int
    ) -> list[tuple[str, str, tuple[Rows, ...]]]:
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
                told.append((switch, value, tuple(rows)))
        return told
