"""Conflicts and repairs in words, without layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta

from infucode.model.claim import Checked, Conflict, Edit, Remedies, Repair
from infucode.model.encounter import ClaimLine, Encounter
from infucode.render.words import counted

CONFLICTS = "Conflicts"
CONFLICTS_NOTE = "lines that cannot stand together"
REPAIRS = "Repairs"
REPAIRS_NOTE = "the least edits; the record stays as it is"
NEEDS = "With more documentation"
LEFT_OUT = "left out"
NEW = "new"
NOTHING_LEFT = "nothing is left to claim"
OUTCOMES = {
    "valid": "then valid",
    "review": "then to review, nothing denied",
    "undecided": "then undecided, nothing denied",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A line before and after an edit, as short words."""

    line: str
    before: str
    after: str
    says: str


def changes(repair: Repair, begins: Date, times: str) -> list[Change]:
    """The edits of a repair, line by line. ``times`` stands before units."""
    return [_change(edit, begins, times) for edit in repair.edits]


def _change(edit: Edit, begins: Date, times: str) -> Change:
    before, after = edit.before, edit.after
    was = NEW if before is None else _words(before, after, begins, times)
    becomes = LEFT_OUT if after is None else _words(after, before, begins, times)
    return Change(edit.line, was, becomes, edit.says)


def _words(line: ClaimLine, other: ClaimLine | None, begins: Date, times: str) -> str:
    """``96365-59 ×1``, with date, visit and administrations where they are not the other's."""
    units = "1" if line.units is None else f"{line.units:f}"
    parts = [f"{'-'.join((line.code, *line.modifiers))} {times}{units}"]
    if other is not None and (line.day or 0) != (other.day or 0):
        parts.append((begins + timedelta(days=line.day or 0)).isoformat())
    if other is not None and line.visit != other.visit and line.visit is not None:
        parts.append(f"visit {line.visit}")
    if other is not None and line.administrations != other.administrations:
        parts.append(f"for {', '.join(line.administrations) or 'no administration'}")
    return ", ".join(parts)


def outcome_words(repair: Repair) -> str:
    """What the claim would be after a repair."""
    if not repair.lines:
        return NOTHING_LEFT
    return OUTCOMES.get(repair.outcome, repair.outcome)


def conflict_words(conflict: Conflict, encounter: Encounter) -> str:
    """``L1 (96365) + L2 (96372)``."""
    lines = {line.id: line for line in encounter.claim_lines}
    return " + ".join(
        f"{id} ({'-'.join((lines[id].code, *lines[id].modifiers))})" for id in conflict.lines
    )


def needs_of(remedies: Remedies) -> Mapping[str, Sequence[int]]:
    """What would stand if more were documented, each with the numbers of its repairs."""
    found: dict[str, list[int]] = {}
    for number, repair in enumerate(remedies.repairs, 1):
        for says in repair.needs:
            found.setdefault(says, []).append(number)
    return found


def cut_off(remedies: Remedies) -> list[str]:
    """The limits that the search came to."""
    return [
        f"{counted(cap.count, cap.what.removesuffix('s'))} shown: {cap.says}."
        for cap in remedies.caps
    ]


def remedies_in(checked: Checked) -> Remedies:
    """Conflicts and repairs, empty where nobody asked for them."""
    return checked.remedies or Remedies()
