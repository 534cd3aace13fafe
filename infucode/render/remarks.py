"""What stands below the claim lines: not reported, questions, warnings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import Ask, Line, NotReported, Solution, Warned
from infucode.render.content import grouped, sets_words, subject_of
from infucode.render.decides import Choice, choices_of
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.reasons import add_said, papers_text, set_mark
from infucode.render.shown import padded
from infucode.render.told import Sets
from infucode.render.words import administration_words

INDENT = 2
FEW = 4
"""Of more ways than these in which lines can come out, the rest is counted."""


def add_not_reported(
    page: Page, items: Sequence[tuple[NotReported, Sets]], encounter: Encounter
) -> None:
    """Grouped by what is not reported and by the rule, whose papers end the group."""
    held = dict(items)
    part = ""
    for group in grouped(item for item, _ in items):
        if group.title != part:
            page.para(Text(page.data(group.title), style=STRONG), indent=INDENT)
        part = group.title
        papers = papers_text(page, group.cite, group.rule)
        for number, item in enumerate(group.members, 1):
            last = number == len(group.members)
            _add_item(page, item, held[item], papers if last else Text(), encounter)


def _add_item(
    page: Page, item: NotReported, sets: Sets, papers: Text, encounter: Encounter
) -> None:
    subject = subject_of(item, encounter)
    bullet = Text(f"{page.glyphs.bullet} ", style=DIM)
    if subject:
        head = Text.assemble(set_mark(sets), page.data(subject))
        page.para(head, indent=2 * INDENT, lead=bullet)
        bullet, sets = Text("  "), ()
    says = Text.assemble(set_mark(sets), page.data(item.says))
    add_said(page, says, papers, indent=2 * INDENT, lead=bullet)


def add_asks(page: Page, solution: Solution, encounter: Encounter) -> None:
    """The open questions, numbered, each with what its answer would decide."""
    if not solution.asks:
        return
    page.heading("Questions")
    wide = len(str(len(solution.asks)))
    for number, ask in enumerate(solution.asks, 1):
        lead = Text(f"{number:>{wide}}. ", style=STRONG)
        page.para(Text(page.data(ask.says), style=STRONG), indent=INDENT, lead=lead)
        _add_ask(page, ask, solution, encounter, INDENT + wide + 2)


def _add_ask(page: Page, ask: Ask, solution: Solution, encounter: Encounter, indent: int) -> None:
    if ask.administration is not None:
        about = page.data(administration_words(ask.administration, encounter))
        page.para(Text(f"about {about}", style=DIM), indent=indent)
    if ask.matters_because:
        page.para(Text(f"matters because: {page.data(ask.matters_because)}"), indent=indent)
    choices = choices_of(ask, solution)
    if len(choices) == 1:
        ways = _ways(page, choices[0])
        says = f"helps to decide between {sets_words(choices[0].sets)}: "
        page.para(Text.assemble(says, ways), indent=indent)
    elif choices:
        page.para(Text("decides between:"), indent=indent)
        _add_choices(page, choices, indent)


def _add_choices(page: Page, choices: Sequence[Choice], indent: int) -> None:
    values = [page.data(choice.value) for choice in choices]
    sets = [sets_words(choice.sets) for choice in choices]
    value, held = max(map(cell_len, values)), max(map(cell_len, sets))
    for choice, said, numbered in zip(choices, values, sets, strict=True):
        lead = Text.assemble((f"{padded(numbered, held)}  ", DOUBT), f"{padded(said, value)}  ")
        page.para(_ways(page, choice), indent=indent + INDENT, lead=lead)


def _ways(page: Page, choice: Choice) -> Text:
    """``96375``, ``96365 + 96366``, or several of them joined by ``or``."""
    ways = [Text(_sum(page, lines), style=CODE if lines else "") for lines in choice.lines]
    more = len(ways) - FEW
    kept = ways[:FEW] if more > 1 else ways
    text = Text(", ").join(kept[:-1]) if len(kept) > 1 else Text()
    if more > 1:
        return Text.assemble(Text(", ").join(kept), f" or one of {more} further ways")
    return Text.assemble(text, " or " if text.plain else "", kept[-1])


def _sum(page: Page, lines: Iterable[Line]) -> str:
    codes = []
    for line in lines:
        units = f" {page.glyphs.times}{line.units}" if line.units > 1 else ""
        codes.append(page.data("-".join((line.code, *line.modifiers))) + units)
    return " + ".join(codes) or "no line"


def add_warnings(page: Page, warnings: Sequence[Warned]) -> None:
    """What to know, with its source."""
    if not warnings:
        return
    page.heading("Warnings")
    for warned in warnings:
        papers = papers_text(page, warned.cite, warned.rule)
        lead = Text("! ", style=DOUBT)
        add_said(page, Text(page.data(warned.says)), papers, indent=INDENT, lead=lead)
