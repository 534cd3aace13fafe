"""A table of short texts whose columns may be folded into several tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from infucode.render.page import CODE, DIM, DOUBT, Page
from infucode.render.shown import padded, shortened

GAP = 2
"""Cells between two columns."""

Cell = list[str]
"""The lines of text in one place of a table."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Titles over the columns, and rows of a name and cells; ``none`` stands in empty ones."""

    titles: list[Cell]
    rows: list[tuple[Cell, list[Cell]]]
    none: str

    def widths(self) -> list[int]:
        """What each column needs, in cells."""
        rows = [self.titles, *(cells for _, cells in self.rows)]
        return [
            max((cell_len(text) for row in rows for text in row[i]), default=0)
            for i in range(len(self.titles))
        ]

    @property
    def name(self) -> int:
        """What the names of the rows need, in cells."""
        return max((cell_len(text) for name, _ in self.rows for text in name), default=0)

    def spare(self, widths: Sequence[int], room: int) -> int:
        """What columns of these widths leave of the room; negative where they do not fit."""
        return room - self.name - sum(widths) - GAP * len(widths)


def add_grid(page: Page, grid: Grid, widths: Sequence[int], *, indent: int) -> None:
    """All columns side by side; what is longer than its column is cut."""
    _add_columns(page, grid, dict(enumerate(widths)), grid.name, indent)


def add_folded(page: Page, grid: Grid, *, indent: int) -> None:
    """The columns in as many tables as they need, each with the names of its rows."""
    widths, room = grid.widths(), page.width - indent
    name = min(grid.name, max(room * 2 // 5, grid.name + grid.spare(widths, room)))
    chosen: dict[int, int] = {}
    for column, width in enumerate(widths):
        if chosen and name + sum(GAP + w for w in (*chosen.values(), width)) > room:
            _add_columns(page, grid, chosen, name, indent)
            page.blank()
            chosen = {}
        chosen[column] = width
    _add_columns(page, grid, chosen, name, indent)


def _add_columns(page: Page, grid: Grid, chosen: dict[int, int], name: int, indent: int) -> None:
    """The chosen columns with their widths; rows in which they hold nothing are left out."""
    titles = [(grid.titles[i], width) for i, width in chosen.items()]
    for number in range(max(len(title) for title, _ in titles)):
        _add_line(page, grid, Text(" " * (indent + name)), titles, number, DOUBT)
    for names, cells in grid.rows:
        mine = [(cells[i], width) for i, width in chosen.items()]
        if all(text == grid.none for cell, _ in mine for text in cell):
            continue
        for number in range(max(len(names), *(len(cell) for cell, _ in mine))):
            said = names[number] if number < len(names) else ""
            label = padded(shortened(said, name, page.glyphs.ellipsis), name)
            lead = Text.assemble(" " * indent, (label, DIM if number else CODE))
            _add_line(page, grid, lead, mine, number, "")


def _add_line(
    page: Page,
    grid: Grid,
    lead: Text,
    cells: Sequence[tuple[Cell, int]],
    number: int,
    style: str,
) -> None:
    """One line of text of a row of cells."""
    row = Text.assemble(lead)
    for cell, width in cells:
        said = shortened(cell[number] if number < len(cell) else "", width, page.glyphs.ellipsis)
        row.append(" " * GAP)
        row.append(padded(said, width), style=DIM if said == grid.none else style)
    page.row(row)
