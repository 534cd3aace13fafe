"""The code sets of an ambiguous answer side by side: only what differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date

from infucode.model.solution import Line, Reason
from infucode.render.code_sets import Entry, Identity, Item, identity_of

Heading = tuple[str, str, tuple[str, ...], Date, int, str | None]
"""What lines of one kind share: code, label, modifiers, date, visit, access."""


@dataclass(frozen=True, slots=True)
class Differing:
    """A line that some code sets hold, its reasons merged; ``sets`` counts from 1."""

    entry: Entry
    sets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of line across the code sets: in each set the lines of that kind."""

    line: Line
    cells: tuple[tuple[Line, ...], ...]


def differing(rest: Sequence[Sequence[Entry]]) -> list[Differing]:
    """The lines that not every code set holds, each once: by kind, then by set."""
    held: dict[tuple[Identity, int], dict[int, Entry]] = {}
    for number, entries in enumerate(rest, 1):
        for name, entry in counted_entries(entries):
            held.setdefault(name, {})[number] = entry
    kinds = kinds_of(rest)
    found = [_merged(entries) for entries in held.values()]
    return sorted(found, key=lambda item: (kinds.index(heading_of(item.entry.line)), item.sets))


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


def _merged(held: dict[int, Entry]) -> Differing:
    entries = list(held.values())
    sets: dict[Reason, list[int]] = {}
    for number, entry in held.items():
        for reason in dict.fromkeys(reason for reason, _ in entry.reasons):
            sets.setdefault(reason, []).append(number)
    all_of_them = list(held)
    reasons = tuple(
        (reason, () if found == all_of_them else tuple(found)) for reason, found in sets.items()
    )
    hangs_on = tuple(dict.fromkeys(h for entry in entries for h in entry.hangs_on))
    return Differing(Entry(entries[0].line, entries[0].key, reasons, hangs_on), tuple(held))


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
