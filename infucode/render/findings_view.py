"""Findings about a rulebook, as a person reads them and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from infucode.model.findings import FindingKind, Found, RulebookFinding
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.proving_view import INDENT, add_encounter
from infucode.render.words import counted

TITLES = {
    FindingKind.dead: "Dead: fires in no encounter of these spaces",
    FindingKind.shadowed: "Shadowed: decides nothing that another rule does not decide too",
    FindingKind.gap: "Gaps: a delivery of which nothing says what becomes of it",
    FindingKind.overlap: "Overlaps: two rules decide one thing",
}


def render_findings(
    found: Found, *, every: bool, console: Console, ascii_only: bool = False
) -> None:
    """Prints what is new, what is marked as not intended, and what became of the marks.

    With `every` also what is marked as intended.
    """
    page = Page.on(console, ascii_only=ascii_only)
    spaces = dict.fromkeys(space for _, space, _, _ in found.looked)
    plans = dict.fromkeys(plan for plan, _, _, _ in found.looked)
    upto = max((services for _, _, services, _ in found.looked), default=0)
    number = sum(encounters for _, _, _, encounters in found.looked)
    page.para(Text(page.data(", ".join(plans))), lead=Text("Plans       ", style=DIM))
    page.para(Text(page.data(", ".join(spaces))), lead=Text("Spaces      ", style=DIM))
    said = f"{number:,} of up to {counted(upto, 'service')}, in {found.seconds:.1f} s"
    page.para(Text(page.data(said)), lead=Text("Encounters  ", style=DIM))
    said = f"{found.fired} fired, {len(found.outside)} need a fact that no space states"
    page.para(Text(page.data(said)), lead=Text("Rules       ", style=DIM))
    if not found.complete:
        said = "Stopped before all were looked at: a rule may be called dead that is not."
        page.para(Text(said, style=DOUBT), indent=12)
    for kind, title in TITLES.items():
        own = [one for one in found.findings if one.kind is kind]
        shown = [one for one in own if every or not _intended(found, one)]
        if own:
            marked = len(own) - len(shown)
            page.heading(title, f"{counted(marked, 'other')} intended" if marked else "")
        for one in shown:
            _add(page, found, one)
    if found.stale:
        page.heading("Marks of what is not found any more")
        for mark in found.stale:
            page.para(Text(page.data(f"{mark.about} ({mark.kind})")), indent=INDENT)
    page.blank()
    new = len(found.new)
    said = f"{counted(new, 'finding')} without a mark" if new else "Every finding is marked."
    page.para(Text(said, style=DOUBT if new else STRONG))
    page.print(console)


def _intended(found: Found, one: RulebookFinding) -> bool:
    mark = found.mark(one)
    return mark is not None and mark.intended


def _add(page: Page, found: Found, one: RulebookFinding) -> None:
    mark = found.mark(one)
    lead = "NEW  " if mark is None else ("ok   " if mark.intended else "BAD  ")
    style = DOUBT if lead != "ok   " else DIM
    about = Text(page.data(one.about), style=CODE)
    page.para(about, indent=INDENT, lead=Text(lead, style=style))
    if mark is not None:
        page.para(Text(page.data(mark.reason), style=DIM), indent=INDENT + 5)
    if one.witness is not None:
        witness = one.witness
        said = f"{counted(witness.services, 'service')} of {witness.space}, {witness.plan}:"
        page.para(Text(page.data(said), style=DIM), indent=INDENT + 5)
        add_encounter(page, witness.encounter, (witness.subject,))


def findings_to_json(found: Found, documents: Sequence[Any]) -> Any:
    """The same as plain data; `documents` hold each witness as a document, or None."""
    return {
        "looked": [
            {"plan": plan, "space": space, "services": services, "encounters": encounters}
            for plan, space, services, encounters in found.looked
        ],
        "complete": found.complete,
        "seconds": round(found.seconds, 3),
        "fired": found.fired,
        "outside": list(found.outside),
        "findings": [
            {
                "kind": one.kind.value,
                "about": one.about,
                "says": one.says,
                "marked": _marked(found, one),
                "witness": None
                if one.witness is None
                else {
                    "plan": one.witness.plan,
                    "space": one.witness.space,
                    "services": one.witness.services,
                    "subject": one.witness.subject,
                    "encounter": document,
                },
            }
            for one, document in zip(found.findings, documents, strict=True)
        ],
        "stale": [{"kind": mark.kind, "about": mark.about} for mark in found.stale],
    }


def _marked(found: Found, one: RulebookFinding) -> Any:
    mark = found.mark(one)
    return None if mark is None else {"intended": mark.intended, "reason": mark.reason}
