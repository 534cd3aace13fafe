"""The code sets of an ambiguous answer side by side: only what differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date

from infucode.model.solution import Line
from infucode.render.code_sets import Entry, Identity, Item, identity_of

Heading = tuple[str, str, tuple[str, ...], Date, int, str | None]
"""What lines of one kind share: code, label, modifiers, date, visit, access."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of line across the code sets: in each set the lines of that kind."""

    line: Line
    cells: tuple[tuple[Line, ...], ...]


def side_by_side(rest: Sequence[Sequence[Entry]]) -> list[Row]:
    """One row for each kind of line that differs between the sets, in claim order."""
    rows = []
    for kind in kinds_of(rest):
        cells = tuple(
            tuple(entry.line for entry in entries if heading_of(entry.line) == kind)
            for entries in rest
        )
        if len({tuple(identity_of(line) for line in cell) for cell in cells}) > 1:
            rows.append(Row(next(line for cell in cells for line in cell), cells))
    return rows


def kinds_of(rest: Sequence[Sequence[Entry]]) -> list[Heading]:
    """The kinds of lines of all sets, merged in claim order."""
    found = [dict.fromkeys(heading_of(entry.line) for entry in entries) for entries in rest]
    return _merged_order([list(kinds) for kinds in found])


def heading_of(line: Line) -> Heading:
    """What makes lines of different code sets one kind of line."""
    return (line.code, line.label, line.modifiers, line.date, line.visit, line.access)


def counted_entries(entries: Sequence[Entry]) -> list[tuple[tuple[Identity, int], Entry]]:
    """The entries by what they claim; equal ones of one set are counted through."""
    seen: dict[Identity, int] = {}
    found = []
    for entry in entries:
        name = identity_of(entry.line)
        seen[name] = seen.get(name, -1) + 1
        found.append(((name, seen[name]), entry))
    return found


def _merged_order(orders: Sequence[Sequence[Item]]) -> list[Item]:
    """All items once: each new one stands before the item that it precedes in its own list."""
    merged: list[Item] = []
    for order in orders:
        place = len(merged)
        for item in reversed(order):
            if item in merged:
                place = merged.index(item)
            else:
                merged.insert(place, item)
    return merged
