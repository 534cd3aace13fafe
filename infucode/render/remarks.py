"""What stands below the claim lines: not reported, questions, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import Ask, NotReported, Solution, Warned
from infucode.render.answer_in import answer_in, end_unstated
from infucode.render.content import by_subject, grouped, sets_words
from infucode.render.decides import Choice, choices_of, ways_words
from infucode.render.folded import Said, folded
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.reasons import add_folded_said, add_said, papers_text, set_mark
from infucode.render.shown import padded
from infucode.render.told import Sets
from infucode.render.words import administration_words

INDENT = 2


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
        told = [
            (subject, said)
            for subject, members in by_subject(group, encounter).items()
            for said in folded((item.says, held[item]) for item in members)
        ]
        for number, (subject, said) in enumerate(told, 1):
            last = number == len(told)
            papers = papers_text(page, group.cite, group.rule) if last else Text()
            _add_item(page, subject, said, papers)


def _add_item(page: Page, subject: str, said: Said, papers: Text) -> None:
    bullet = Text(f"{page.glyphs.bullet} ", style=DIM)
    if subject:
        head = Text.assemble(set_mark(said.sets), page.data(subject))
        page.para(head, indent=2 * INDENT, lead=bullet)
        bullet, said = Text("  "), replace(said, sets=())
    add_folded_said(page, said, papers, indent=2 * INDENT, lead=bullet)


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
    place = answer_in(ask).replace("`", "")
    if place:
        page.para(Text(f"its answer goes into: {page.data(place)}", style=DIM), indent=indent)
    choices = choices_of(ask, solution)
    if len(choices) == 1:
        ways = _ways(page, choices[0])
        says = f"helps to decide between {sets_words(choices[0].sets)}: "
        page.para(Text.assemble(says, ways), indent=indent)
    elif choices:
        page.para(Text("decides between:"), indent=indent)
        _add_choices(page, choices, indent)
        more = end_unstated(ask, encounter).replace("`", "")
        if more:
            page.para(Text(more, style=DIM), indent=indent)


def _add_choices(page: Page, choices: Sequence[Choice], indent: int) -> None:
    values = [page.data(choice.value) for choice in choices]
    sets = [sets_words(choice.sets) for choice in choices]
    value, held = max(map(cell_len, values)), max(map(cell_len, sets))
    for choice, said, numbered in zip(choices, values, sets, strict=True):
        lead = Text.assemble((f"{padded(numbered, held)}  ", DOUBT), f"{padded(said, value)}  ")
        page.para(_ways(page, choice), indent=indent + INDENT, lead=lead)


def _ways(page: Page, choice: Choice) -> Text:
    said = page.data(ways_words(choice, page.glyphs.times))
    return Text(said, style=CODE if any(choice.lines) else "")


def add_warnings(page: Page, warnings: Sequence[Warned]) -> None:
    """What to know, with its source."""
    if not warnings:
        return
    page.heading("Warnings")
    for warned in warnings:
        papers = papers_text(page, warned.cite, warned.rule)
        lead = Text("! ", style=DOUBT)
        add_said(page, Text(page.data(warned.says)), papers, indent=INDENT, lead=lead)
