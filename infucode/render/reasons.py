"""Sentences with their papers: what was said first, its citation and rule id after it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.text import Text

from infucode.model.solution import HangsOn, Reason
from infucode.render.content import hangs_words, sets_words
from infucode.render.folded import Said, by_rule
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
    bullet = Text(f"{page.glyphs.bullet} ", style=DIM)
    for cite, rule, told in by_rule(reasons):
        for number, said in enumerate(told, 1):
            papers = papers_text(page, cite, rule) if number == len(told) else Text()
            add_folded_said(page, said, papers, indent=indent, lead=bullet)


def add_folded_said(page: Page, said: Said, papers: Text, *, indent: int, lead: Text) -> None:
    """A sentence after its code sets; below a folded one the numbers of each set."""
    says = Text.assemble(set_mark(said.sets), page.data(said.says))
    if not said.by_set:
        add_said(page, says, papers, indent=indent, lead=lead)
        return
    page.para(says, indent=indent, lead=lead)
    hang = indent + cell_len(lead.plain)
    add_by_set(page, said, "by set", indent=hang)
    if papers.plain:
        page.para(papers, lead=Text(" " * hang))


def add_by_set(page: Page, said: Said, lead: str, *, indent: int) -> None:
    """``by set  3: 2, 91;  4: 3, 151``: the numbers that a folded sentence has in each set."""
    page.flow(said.told, indent=indent, style=DIM, lead=Text(f"{lead}  ", style=DOUBT))


def add_hangs(page: Page, hangs_on: Iterable[tuple[HangsOn, Sets]], *, indent: int) -> None:
    """The readings that the lines above hang on."""
    for hangs, sets in hangs_on:
        body = Text.assemble(set_mark(sets), (page.data(hangs_words(hangs)), DOUBT))
        page.para(body, indent=indent, lead=Text("? ", style=DOUBT))


def set_mark(sets: Sets) -> Text:
    """``sets 1-2: ``, empty where nothing is told apart."""
    return Text(f"{sets_words(sets)}: " if sets else "", style=DOUBT)
