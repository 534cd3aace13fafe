"""Conflicts and repairs as a person reads them: each repair as a small before-and-after."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from infucode.model.claim import Checked
from infucode.model.encounter import Encounter
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.remedies_content import (
    CONFLICTS,
    CONFLICTS_NOTE,
    LEFT_OUT,
    NEEDS,
    NEW,
    REPAIRS,
    REPAIRS_NOTE,
    Change,
    changes,
    conflict_words,
    cut_off,
    needs_of,
    outcome_words,
    remedies_in,
)
from infucode.render.shown import padded

INDENT = 2
BELOW = 5
WIDEST = 24
"""Cells of a line before and after; a longer one moves what stands behind it."""
OUTCOME_STYLE = {"valid": "green", "review": DOUBT, "undecided": DOUBT}
SAID_FROM = 28
"""Cells that a sentence needs to stand beside the lines."""


def add_remedies(page: Page, encounter: Encounter, checked: Checked) -> None:
    """Adds them, and the limits that the search came to."""
    _add_conflicts(page, encounter, checked)
    _add_repairs(page, checked)


def _add_conflicts(page: Page, encounter: Encounter, checked: Checked) -> None:
    found = remedies_in(checked).conflicts
    if not found:
        return
    page.heading(CONFLICTS, CONFLICTS_NOTE)
    bullet = Text(f"{page.glyphs.bullet} ", style=DIM)
    for conflict in found:
        name = page.data(conflict_words(conflict, encounter))
        rules = page.data(", ".join(conflict.rules))
        said = Text.assemble((name, STRONG), "  ", (rules, DIM))
        page.para(said, indent=INDENT, lead=bullet)


def _add_repairs(page: Page, checked: Checked) -> None:
    remedies = remedies_in(checked)
    limits = cut_off(remedies)
    if not remedies.repairs and not limits:
        return
    page.heading(REPAIRS, REPAIRS_NOTE)
    rows = [changes(n, remedies.begins, page.glyphs.times) for n in remedies.repairs]
    widths = _widths(page, rows)
    for number, (repair, own) in enumerate(zip(remedies.repairs, rows, strict=True), 1):
        style = OUTCOME_STYLE.get(repair.outcome, "")
        page.para(
            Text(outcome_words(repair), style=style),
            indent=INDENT,
            lead=Text(f"{number}  ", style=STRONG),
        )
        for change in own:
            _add_change(page, change, widths)
    needed = needs_of(remedies)
    if needed:
        page.para(Text(NEEDS, style=DIM), indent=INDENT)
    for says in needed:
        bullet = Text(f"{page.glyphs.bullet} ", style=DIM)
        page.para(Text(page.data(says)), indent=INDENT, lead=bullet)
    for said in limits:
        page.para(Text(page.data(said), style=DOUBT), indent=INDENT)


def _widths(page: Page, rows: Sequence[Sequence[Change]]) -> tuple[int, int, int]:
    every = [change for own in rows for change in own]

    def widest(texts: Sequence[str]) -> int:
        cells = [cell_len(page.data(text)) for text in texts]
        return max((number for number in cells if number <= WIDEST), default=0)

    return (
        widest([change.line for change in every]),
        widest([change.before for change in every]),
        widest([change.after for change in every]),
    )


def _add_change(page: Page, change: Change, widths: tuple[int, int, int]) -> None:
    line, before, after = (
        padded(page.data(text), width)
        for text, width in zip((change.line, change.before, change.after), widths, strict=True)
    )
    lead = Text(f"{line}  ")
    was = Text(before, style=DIM if change.before == NEW else CODE)
    arrow = "->" if page.ascii_only else "→"
    becomes = Text.assemble(
        (f"  {arrow}  ", DIM), (after, "red" if change.after == LEFT_OUT else "bold green")
    )
    row = Text.assemble(lead, was, becomes, "  ")
    says = Text(page.data(change.says), style=DIM)
    long = cell_len(change.before) > WIDEST or cell_len(change.after) > WIDEST
    if not long and BELOW + cell_len(row.plain) + SAID_FROM <= page.width:
        page.para(says, indent=BELOW, lead=row)
        return
    row.rstrip()
    if BELOW + cell_len(row.plain) <= page.width:
        page.row(Text.assemble(" " * BELOW, row))
    else:
        page.para(was, indent=BELOW, lead=lead)
        page.para(becomes, indent=BELOW)
    page.para(says, indent=BELOW + 2)
