"""Code sets told apart: the lines common to all of them, once, and what is left of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from infucode.model.solution import CodeSet, HangsOn, Line, Reason

Item = TypeVar("Item")
Identity = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to show. A reason that holds in some code sets only carries their numbers."""

    line: Line
    key: tuple[int, int]
    reasons: tuple[tuple[Reason, tuple[int, ...]], ...]
    hangs_on: tuple[HangsOn, ...]
    lines: tuple[tuple[tuple[int, int], Line], ...] = ()
    """The line in each code set that holds it, under its key."""


def told_apart(code_sets: Sequence[CodeSet]) -> tuple[list[Entry], list[list[Entry]]]:
    """The certain lines that every set holds, and for each set the lines beyond those."""
    if len(code_sets) < 2:
        return [], [[_entry(line, (0, i)) for i, line in enumerate(s.lines)] for s in code_sets]
    numbered = [_numbered(code_set) for code_set in code_sets]
    shared = [name for name in numbered[0] if all(_certain(lines, name) for lines in numbered)]
    common = [_merged(name, numbered) for name in shared]
    rest = [
        [_entry(line, (i, j)) for name, (j, line) in lines.items() if name not in shared]
        for i, lines in enumerate(numbered)
    ]
    return common, rest


def _numbered(code_set: CodeSet) -> dict[Identity, tuple[int, Line]]:
    """The lines by what they claim; equal ones are counted through."""
    seen: Counter[Identity] = Counter()
    found: dict[Identity, tuple[int, Line]] = {}
    for index, line in enumerate(code_set.lines):
        name = identity_of(line)
        found[(*name, seen[name])] = (index, line)
        seen[name] += 1
    return found


def identity_of(line: Line) -> Identity:
    """All that a line claims, without its reasons."""
    return (
        line.code, line.label, line.units, line.modifiers, line.date, line.visit, line.access,
        line.administrations, line.services, line.charge,
    )  # fmt: skip


def _certain(lines: dict[Identity, tuple[int, Line]], name: Identity) -> bool:
    return name in lines and lines[name][1].certain


def _entry(line: Line, key: tuple[int, int]) -> Entry:
    reasons = tuple((reason, ()) for reason in line.because)
    return Entry(line, key, reasons, line.hangs_on, ((key, line),))


def _merged(name: Identity, numbered: Sequence[dict[Identity, tuple[int, Line]]]) -> Entry:
    index, first = numbered[0][name]
    lines = [found[name][1] for found in numbered]
    held = tuple(((n, found[name][0]), found[name][1]) for n, found in enumerate(numbered))
    reasons = []
    for reason in _once(r for line in lines for r in line.because):
        sets = tuple(n for n, line in enumerate(lines, 1) if reason in line.because)
        reasons.append((reason, () if len(sets) == len(lines) else sets))
    hangs_on = tuple(_once(h for line in lines for h in line.hangs_on))
    return Entry(first, (0, index), tuple(reasons), hangs_on, held)


def _once(items: Iterable[Item]) -> list[Item]:
    """The items in order of their first appearance."""
    return list(dict.fromkeys(items))
