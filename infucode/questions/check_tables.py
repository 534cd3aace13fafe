"""What imported tables could not answer, and which edition of them did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from infucode.engine.answer import Outcome
from infucode.model.claim import NotChecked
from infucode.model.encounter import Encounter
from infucode.passes.values import atom_of
from infucode.questions.explain_shortest import rests_on
from infucode.questions.reasons import Reasons
from infucode.tables.editions import ADDON, MUE, PTP, TITLES, Quarter
from infucode.tables.rows import Slice

HELD = {"held_edit": PTP, "held_most": MUE, "held_primary": ADDON}
"""The facts that hold rows of imported editions."""


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


def editions_behind(reasons: Reasons, outcome: Outcome, held: Slice) -> tuple[str, ...]:
    """The imported editions whose rows an outcome rests on, as a citation names them."""
    editions = {used.kind: f"{TITLES[used.kind]} of {used.edition.quarter}" for used in held.used}
    found: set[str] = set()
    stack = [atom_of(outcome.atom)]
    seen = set(stack)
    while stack:
        atom = stack.pop()
        if atom[0] in HELD:
            found.add(HELD[str(atom[0])])
        for item in reasons.derivations.behind(atom):
            for below in rests_on(item):
                if below not in seen:
                    seen.add(below)
                    stack.append(below)
    return tuple(f"imported {said}" for kind, said in editions.items() if kind in found)


def _other_quarters(held: Slice, encounter: Encounter) -> Iterator[NotChecked]:
    own = Quarter.of(encounter.date)
    for line in encounter.claim_lines:
        day = encounter.date + timedelta(days=line.day or 0)
        if held.used and Quarter.of(day) != own:
            why = f"it is of {day}; the tables that answered are those of {own}"
            yield NotChecked(f"{line.id} ({line.code}) by tables of {Quarter.of(day)}", why)
