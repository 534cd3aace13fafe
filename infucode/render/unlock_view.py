"""The answer to `unlock`, as a person reads it: open questions, never the answer wanted."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.unlock import Unlocked, Unlocking
from infucode.render.answer_head import add_answer_head
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.words import counted

INDENT = 2


def render_unlocked(
    encounter: Encounter, found: Unlocked, log: str, *, console: Console, ascii_only: bool = False
) -> None:
    """Prints the questions that would decide a code, or what stands in the way."""
    page = Page.on(console, ascii_only=ascii_only)
    add_answer_head(page, encounter, found)
    label = f" ({found.label})" if found.label else ""
    page.blank()
    page.para(Text(page.data(f"What documentation decides {found.code}{label}?"), style=CODE))
    page.blank()
    if found.state == "reported":
        page.para(Text(page.data(f"{found.code} is reported already; nothing need be asked.")))
    elif found.state == "found":
        _add_sets(page, found)
    elif found.state == "never":
        _add_never(page, found)
    else:
        facts = counted(found.most, "fact")
        said = f"No set of up to {facts} that this record does not state makes it reportable."
        page.para(Text(page.data(said), style=STRONG))
    if not found.complete:
        said = f"Not every combination of values was tried: {found.tried} records were solved."
        page.para(Text(said, style=DOUBT))
    page.blank()
    page.para(Text(page.data(f"This question was written to {log}"), style=DIM))
    page.print(console)


def _add_sets(page: Page, found: Unlocked) -> None:
    facts = counted(found.size, "fact")
    note = f"each of {facts} that the record does not state; larger sets were not sought"
    page.heading(counted(len(found.sets), "smallest set of questions",
                         "smallest sets of questions"), note)  # fmt: skip
    for number, item in enumerate(found.sets, 1):
        _add_set(page, number, item)
    page.blank()
    page.para(Text("Only what the record holds may answer; what it states already stays as it "
                   "is.", style=DIM))  # fmt: skip


def _add_set(page: Page, number: int, item: Unlocking) -> None:
    page.blank()
    for place, query in enumerate(item.queries):
        lead = Text(f"{number}. " if not place else "   ", style=CODE)
        page.para(Text(page.data(query.asks), style=STRONG), indent=INDENT, lead=lead)
    cited = dict.fromkeys(f"{reason.rule} [{reason.cite}]" for reason in item.because)
    for text in cited:
        lead = Text("rule  ", style=DIM)
        page.para(Text(page.data(text), style=DIM), indent=INDENT + 3, lead=lead)


def _add_never(page: Page, found: Unlocked) -> None:
    said = f"Nothing that is missing can make {found.code} reportable"
    if not found.core:
        page.para(Text(page.data(f"{said}: these rules give it to nothing of this kind."),
                       style=STRONG))  # fmt: skip
        for use in found.uses:
            lead = Text("the rules know it as  ", style=DIM)
            page.para(Text(page.data(use)), indent=INDENT, lead=lead)
        return
    page.para(Text(page.data(f"{said}, because of what the record states:"), style=STRONG))
    for item in found.core:
        lead = Text(f"{page.glyphs.bullet} ", style=DIM)
        page.para(Text(page.data(item.says)), indent=INDENT, lead=lead)
    said = (
        "Each of these is needed for that; all else could be documented in any way."
        if found.core_smallest
        else "All else could be documented in any way; whether that needs each of these was not "
        "found out, as the record is long."
    )
    page.para(Text(said, style=DIM))
