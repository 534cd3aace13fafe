"""The clock axis: which minute stands in which column, and where its ticks are."""

from __future__ import annotations

from dataclasses import dataclass

from infucode.render.clock import DAY

STEPS = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720, DAY, 2 * DAY, 7 * DAY, 14 * DAY)
LABEL = 7
"""Columns that a tick needs: ``10:05`` and two spaces."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Minutes ``low`` to ``high`` over ``columns``, a tick every ``step`` minutes."""

    low: int
    high: int
    columns: int
    step: int

    def column(self, minute: int) -> int:
        """The column in which this minute begins."""
        inside = min(max(minute, self.low), self.high) - self.low
        return inside * (self.columns - 1) // max(1, self.high - self.low)

    @property
    def ticks(self) -> range:
        return range(self.low, self.high + 1, self.step)

    @property
    def midnights(self) -> range:
        """Every midnight within the scale, its left edge excepted."""
        return range((self.low // DAY + 1) * DAY, self.high + 1, DAY)

    @property
    def days(self) -> int:
        return self.high // DAY - self.low // DAY + 1


def scale_of(first: int, last: int, columns: int) -> Scale:
    """The scale with the finest ticks whose labels have room; it starts at a tick."""
    for step in STEPS:
        low = first // step * step
        high = max(last, low + step)
        if step * (columns - 1) >= LABEL * (high - low):
            return Scale(low, high, columns, step)
    low = first // DAY * DAY
    return Scale(low, max(last, low + DAY), columns, max(DAY, last - low))
