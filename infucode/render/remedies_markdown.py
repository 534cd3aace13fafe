"""Conflicts and repairs as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from infucode.model.claim import Checked
from infucode.model.encounter import Encounter
from infucode.render.markdown_text import item, plain_text, table
from infucode.render.remedies_content import (
    CONFLICTS,
    CONFLICTS_NOTE,
    NEEDS,
    REPAIRS,
    REPAIRS_NOTE,
    changes,
    conflict_words,
    cut_off,
    needs_of,
    outcome_words,
    remedies_in,
)

TITLES = ["Line", "As claimed", "As it would be", "Edit"]


def remedies_markdown(encounter: Encounter, checked: Checked, head: str) -> Iterator[str]:
    """The parts of both sections, as far as there is anything in them."""
    remedies = remedies_in(checked)
    if remedies.conflicts:
        yield f"{head}# {CONFLICTS}"
        yield f"{CONFLICTS_NOTE[:1].upper()}{CONFLICTS_NOTE[1:]}."
        yield "\n".join(
            item(f"**{plain_text(conflict_words(found, encounter))}** "
                 + plain_text(", ".join(found.rules)))
            for found in remedies.conflicts
        )  # fmt: skip
    limits = cut_off(remedies)
    if remedies.repairs or limits:
        yield f"{head}# {REPAIRS}"
        yield f"{REPAIRS_NOTE[:1].upper()}{REPAIRS_NOTE[1:]}."
    for number, repair in enumerate(remedies.repairs, 1):
        yield f"{head}## {number}: {plain_text(outcome_words(repair))}"
        rows = [
            [plain_text(cell) for cell in (n.line, n.before, n.after, n.says)]
            for n in changes(repair, remedies.begins, "×")
        ]
        yield table(TITLES, rows)
    needed = [item(plain_text(says)) for says in needs_of(remedies)]
    if needed:
        yield f"{head}## {NEEDS}"
        yield "\n".join(needed)
    if limits:
        yield "\n".join(item(plain_text(said)) for said in limits)
