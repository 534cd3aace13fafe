"""What stands below the claim lines: not reported, questions, warnings."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import Ask, NotReported, Warned
from infucode.render.content import grouped, papers_of, subject_of
from infucode.render.page import DIM, DOUBT, STRONG, Page
from infucode.render.words import administration_words

INDENT = 2


def add_not_reported(page: Page, items: Sequence[NotReported], encounter: Encounter) -> None:
    """Grouped by what is not reported and by the rule; the citation once for each group."""
    for group in grouped(items):
        title = Text(page.data(group.title), style=STRONG)
        source = "; ".join(papers_of(group))
        title.append(f" [{page.data(source)}]", style=f"not bold {DIM}")
        page.para(title, indent=INDENT)
        for item in group.members:
            _add_item(page, item, encounter)


def _add_item(page: Page, item: NotReported, encounter: Encounter) -> None:
    subject = subject_of(item, encounter)
    bullet = Text(f"{page.glyphs.bullet} ", style=DIM)
    if subject:
        page.para(Text(page.data(subject)), indent=2 * INDENT, lead=bullet)
        bullet = Text("  ")
    page.para(Text(page.data(item.says)), indent=2 * INDENT, lead=bullet)


def add_asks(page: Page, asks: Sequence[Ask], encounter: Encounter) -> None:
    """The open questions, numbered, each with what its answer changes."""
    if not asks:
        return
    page.heading("Questions")
    wide = len(str(len(asks)))
    for number, ask in enumerate(asks, 1):
        lead = Text(f"{number:>{wide}}. ", style=STRONG)
        page.para(Text(page.data(ask.says)), indent=INDENT, lead=lead)
        below = INDENT + wide + 2
        if ask.administration is not None:
            about = page.data(administration_words(ask.administration, encounter))
            page.para(Text(f"about {about}", style=DIM), indent=below)
        if ask.matters_because:
            page.para(Text(f"matters because: {page.data(ask.matters_because)}"), indent=below)


def add_warnings(page: Page, warnings: Sequence[Warned]) -> None:
    """What to know, with its source."""
    if not warnings:
        return
    page.heading("Warnings")
    for warned in warnings:
        source = "; ".join(papers_of(warned))
        says = Text.assemble(page.data(warned.says), (f" [{page.data(source)}]", DIM))
        page.para(says, indent=INDENT, lead=Text("! ", style=DOUBT))
