"""Sentences with their papers: what was said first, its citation and rule id after it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.text import Text

from infucode.model.solution import HangsOn, Reason
from infucode.render.content import hangs_words, sets_words
from infucode.render.page import DIM, DOUBT, MEASURE, Page, wrapped
from infucode.render.told import Sets


def papers_text(page: Page, cite: str, rule: str) -> Text:
    """``[citation] rule-id``, as far as there are any."""
    said = [f"[{page.data(cite)}]"] if cite else []
    return Text(" ".join([*said, page.data(rule)] if rule else said), style=DIM)


def add_said(page: Page, says: Text, papers: Text, *, indent: int, lead: Text) -> None:
    """A sentence; its papers end its last line where they fit whole, else stand below it."""
    hang = indent + cell_len(lead.plain)
    width = max(1, min(MEASURE, page.width - hang))
    *_, last = wrapped(says, width)
    if not papers.plain or cell_len(last.plain) + 1 + cell_len(papers.plain) <= width:
        papers = Text.assemble(" ", papers) if papers.plain else papers
        page.para(Text.assemble(says, papers), indent=indent, lead=lead)
        return
    page.para(says, indent=indent, lead=lead)
    page.para(papers, lead=Text(" " * hang))


def add_reasons(page: Page, reasons: Iterable[tuple[Reason, Sets]], *, indent: int) -> None:
    """Reasons as bullets; those of one rule together, their papers once at the end."""
    groups: dict[tuple[str, str], list[tuple[str, Sets]]] = {}
    for reason, sets in reasons:
        groups.setdefault((reason.cite, reason.rule), []).append((reason.says, sets))
    bullet = Text(f"{page.glyphs.bullet} ", style=DIM)
    for (cite, rule), members in groups.items():
        for number, (says, sets) in enumerate(members, 1):
            papers = papers_text(page, cite, rule) if number == len(members) else Text()
            add_said(page, marked(page, says, sets), papers, indent=indent, lead=bullet)


def add_hangs(page: Page, hangs_on: Iterable[tuple[HangsOn, Sets]], *, indent: int) -> None:
    """The readings that the lines above hang on."""
    for hangs, sets in hangs_on:
        body = Text.assemble(set_mark(sets), (page.data(hangs_words(hangs)), DOUBT))
        page.para(body, indent=indent, lead=Text("? ", style=DOUBT))


def marked(page: Page, says: str, sets: Sets) -> Text:
    """The sentence, after the code sets in which it holds."""
    return Text.assemble(set_mark(sets), page.data(says))


def set_mark(sets: Sets) -> Text:
    """``sets 1-2: ``, empty where nothing is told apart."""
    return Text(f"{sets_words(sets)}: " if sets else "", style=DOUBT)
