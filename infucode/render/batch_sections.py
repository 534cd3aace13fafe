"""Tables of numbers as every view shows them: sections of rows, some with a bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["name", "code", "words", "count", "share", "real", "ids"]
Row = dict[str, Any]
"""A value for each key: text, a number, or a list of ids."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``key`` is the value's; ``most`` the key of the other end of a range, shown as ``120-126``
    where the two differ. ``bar`` draws the value beside the row.
    """

    title: str
    key: str
    kind: Kind = "count"
    most: str = ""
    bar: bool = False
    spare: bool = False
    """Left out where a window is too narrow for the table."""
    zero: bool = False
    """Whether nothing is shown as 0, as it is where it stands beside what was before."""

    def shown(self, row: Row) -> str:
        """The cell as text; empty for nothing and, of plain counts, for 0."""
        value = row.get(self.key)
        if value is None:
            return ""
        if self.kind == "share":
            return f"{value:.1f} %"
        if self.kind == "real":
            return f"{value:,.2f}"
        if self.kind == "ids":
            return ", ".join(map(str, value))
        if self.kind != "count":
            return str(value)
        top = row.get(self.most, value) if self.most else value
        if top != value:
            return f"{value:,}-{top:,}"
        return f"{value:,}" if value or self.zero else ""

    @property
    def is_number(self) -> bool:
        """Whether it is set to the right."""
        return self.kind in ("count", "share", "real")


@dataclass(frozen=True, slots=True)
class Section:
    """One table: ``id`` is its name for programs, ``more`` the rows that are left out."""

    id: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    more: int = 0
    note: str = ""
    """What a reader must know of it, in one sentence."""
    nothing: str = "none"
    """What stands in the place of no rows."""

    @property
    def bar(self) -> Column | None:
        """The column that is drawn."""
        return next((column for column in self.columns if column.bar), None)

    @property
    def longest(self) -> float:
        """The value of a bar of full length; at least 1 where values are counts."""
        bar = self.bar
        values = [float(row[bar.key]) for row in self.rows] if bar is not None else []
        return max(values, default=0.0)

    def part(self, row: Row) -> float:
        """How much of the full length the bar of a row is, from 0 to 1."""
        bar, longest = self.bar, self.longest
        return float(row[bar.key]) / longest if bar is not None and longest else 0.0


@dataclass(frozen=True, slots=True)
class Sections:
    """A whole report: what it is of, what must be known of it, and its tables."""

    schema: str
    title: str
    about: Sequence[tuple[str, str]]
    """What it is of: pairs of a word and what it says."""
    notes: Sequence[str]
    sections: Sequence[Section]
    data: dict[str, Any] = field(default_factory=dict)
    """What programs are told beside the tables."""
