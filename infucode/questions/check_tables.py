"""What imported tables could not answer, and which edition of them did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from infucode.model.claim import NotChecked
from infucode.model.encounter import Encounter
from infucode.tables.editions import TITLES, Quarter
from infucode.tables.rows import Slice


def untold_by(held: Slice | None, encounter: Encounter) -> Iterator[NotChecked]:
    """The tables that did not answer, and beyond what those that did could not be asked."""
    if held is None:
        yield NotChecked(
            "rows of the CMS tables beyond the rules' own",
            "no imported tables were given: PTP edits, MUE values and add-on codes are those "
            "that the rules hold",
        )
        return
    for used in held.used:
        yield NotChecked(f"{TITLES[used.kind]} of other editions", f"held against {used.says}")
    for lacking in held.missing:
        what = f"{TITLES[lacking.kind]} beyond the rules' own"
        yield NotChecked(what, lacking.says)
    for addon in held.addons:
        if not addon.closed:
            why = "CMS lets the contractor say which services it may be added to"
            yield NotChecked(f"primaries of {addon.code}", "; ".join((why, *addon.notes)))
    yield from _other_quarters(held, encounter)


def _other_quarters(held: Slice, encounter: Encounter) -> Iterator[NotChecked]:
    own = Quarter.of(encounter.date)
    for line in encounter.claim_lines:
        day = encounter.date + timedelta(days=line.day or 0)
        if held.used and Quarter.of(day) != own:
            why = f"it is of {day}; the tables that answered are those of {own}"
            yield NotChecked(f"{line.id} ({line.code}) by tables of {Quarter.of(day)}", why)
