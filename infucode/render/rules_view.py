"""The rulebook for a person: the list of rules, and one rule with its papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from infucode.render.page import CODE, DIM, STRONG, Page
from infucode.render.shown import padded
from infucode.render.words import BASIS, counted

WIDE = 90
"""From this width on, the list is a table."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of a list."""

    id: str
    text: str
    layer: str
    cite: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A value or reading that a plan sets and a rule reads."""

    name: str
    value: str
    basis: str = ""
    cite: str = ""


@dataclass(frozen=True, slots=True)
class RuleDetail:
    """One rule with all its papers; ``body`` is its source text."""

    id: str
    text: str
    says: str = ""
    cite: str = ""
    source_title: str = ""
    source_url: str = ""
    place: str = ""
    body: str = ""
    from_date: Date | None = None
    until_date: Date | None = None
    beats: tuple[str, ...] = ()
    beaten_by: tuple[str, ...] = ()
    readings: tuple[Setting, ...] = ()
    values: tuple[Setting, ...] = ()


def render_rule_list(
    rows: Sequence[RuleRow], console: Console, *, ascii_only: bool = False
) -> None:
    """Prints the rules by layer: id, what it says, where it comes from."""
    page = Page.on(console, ascii_only=ascii_only)
    layers: dict[str, list[RuleRow]] = {}
    for row in rows:
        layers.setdefault(row.layer, []).append(row)
    column = min(44, max((cell_len(page.data(row.id)) for row in rows), default=0))
    for layer, members in layers.items():
        page.heading(page.data(layer), counted(len(members), "rule"))
        for row in members:
            _add_row(page, row, column)
    if not rows:
        page.para(Text("no rules", style=DIM))
    page.print(console)


def _add_row(page: Page, row: RuleRow, column: int) -> None:
    id = Text(page.data(row.id), style=CODE)
    body = Text(page.data(row.text))
    if row.cite:
        body.append(f" [{page.data(row.cite)}]", style=DIM)
    if page.width < WIDE:
        page.para(id, indent=2)
        page.para(body, indent=4)
    else:
        page.para(body, indent=2, lead=Text.assemble((padded(id.plain, column), CODE), "  "))


def render_rule(detail: RuleDetail, console: Console, *, ascii_only: bool = False) -> None:
    """Prints one rule: its sentence, papers, settings, and its source text."""
    page = Page.on(console, ascii_only=ascii_only)
    page.para(Text(page.data(detail.id), style=CODE))
    page.para(Text(page.data(detail.text)), indent=2)
    page.blank()
    for name, value in papers_of(detail):
        if value:
            page.para(Text(page.data(value)), indent=2, lead=Text(f"{name:<11}", style=DIM))
    for title, settings in (("Readings", detail.readings), ("Values", detail.values)):
        if settings:
            page.heading(title)
            for setting in settings:
                _add_setting(page, setting)
    if detail.body:
        page.heading("Source")
        for line in detail.body.strip("\n").expandtabs(4).split("\n"):
            code = line.lstrip(" ")
            lead = Text("  | " + " " * (len(line) - len(code)), style=DIM)
            page.para(Text(page.data(code)), lead=lead)
    page.print(console)


def papers_of(detail: RuleDetail) -> list[tuple[str, str]]:
    """The papers of a rule with their names, in the order in which they are shown."""
    return [
        ("says", detail.says),
        ("cite", detail.cite),
        ("source", detail.source_title),
        ("", detail.source_url),
        ("place", detail.place),
        ("in force", force_words(detail)),
        ("beats", ", ".join(detail.beats)),
        ("beaten by", ", ".join(detail.beaten_by)),
    ]


def force_words(detail: RuleDetail) -> str:
    """From and until when a rule is in force; empty where its plan alone says so."""
    parts = []
    if detail.from_date is not None:
        parts.append(f"from {detail.from_date.isoformat()}")
    if detail.until_date is not None:
        parts.append(f"until {detail.until_date.isoformat()}")
    return " ".join(parts)


def _add_setting(page: Page, setting: Setting) -> None:
    text = Text.assemble((page.data(setting.name), STRONG), f" = {page.data(setting.value)}")
    notes = [BASIS.get(setting.basis, setting.basis), setting.cite]
    said = "; ".join(note for note in notes if note)
    if said:
        text.append(f" [{page.data(said)}]", style=DIM)
    page.para(text, indent=2)
