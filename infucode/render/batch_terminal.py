"""Sections for a terminal: tables with small bars, stacked where the window is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from infucode.render.batch_sections import Column, Row, Section, Sections
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.shown import padded, shortened

GAP = "  "
BAR, LEAST_BAR = 18, 6
"""Cells of the longest bar, and what a bar is not drawn below."""
MOST_WORDS, LEAST_WORDS = 24, 18
"""Cells that a column of words is not cut below, beside a bar and without one."""


def render_sections(report: Sections, console: Console, *, ascii_only: bool = False) -> None:
    """Print every section."""
    page = Page.on(console, ascii_only=ascii_only)
    page.para(Text(report.title, style=STRONG))
    width = max((len(name) for name, _ in report.about), default=0)
    for name, says in report.about:
        page.para(Text(page.data(says)), lead=Text(f"{name:<{width}}  ", style=DIM))
    for note in report.notes:
        page.para(Text(page.data(note), style=DOUBT), lead=Text(f"{page.glyphs.bullet} "))
    for section in report.sections:
        _add_section(page, section)
    page.print(console)


def _add_section(page: Page, section: Section) -> None:
    page.heading(section.title)
    if section.note and section.rows:
        page.para(Text(section.note, style=DIM), indent=2)
    if not section.rows:
        page.para(Text(section.nothing, style=DIM), indent=2)
        return
    columns = [c for c in section.columns if any(c.shown(row) for row in section.rows)]
    fitted = _fitted(page, section, columns)
    if fitted is None:
        _add_stacked(page, section, columns)
    else:
        _add_table(page, section, *fitted)
    if section.more:
        page.para(Text(f"and {section.more:,} more; --top shows them", style=DIM), indent=2)


def _fitted(
    page: Page, section: Section, columns: Sequence[Column]
) -> tuple[list[Column], list[int]] | None:
    """The columns that stand beside one another and their widths, None where too few do.

    Spare ones are left out before, the last first.
    """
    kept = list(columns)
    spare = [column for column in columns if column.spare]
    while True:
        texts = [_texts(page, section, column) for column in kept]
        widths = None
        if section.bar is not None:
            widths = _widths(page, kept, texts, MOST_WORDS, LEAST_BAR + len(GAP))
        widths = widths or _widths(page, kept, texts, LEAST_WORDS, 0)
        if widths is not None:
            return kept, widths
        if not spare:
            return None
        kept.remove(spare.pop())


def _texts(page: Page, section: Section, column: Column) -> list[str]:
    return [page.data(column.shown(row)) for row in section.rows]


def _widths(
    page: Page, columns: Sequence[Column], texts: Sequence[Sequence[str]], least: int, beside: int
) -> list[int] | None:
    """The width of each column; None where they and a bar do not stand beside one another.

    Ids of examples give way first, then words down to `least`, the widest before the others.
    """
    widths = [
        max(cell_len(column.title), *map(cell_len, own))
        for column, own in zip(columns, texts, strict=True)
    ]
    over = sum(widths) - (page.width - 2 - len(GAP) * (len(columns) - 1) - beside)
    for kind in ("ids", "words"):
        own = [n for n, column in enumerate(columns) if column.kind == kind]
        while over > 0 and own:
            n = max(own, key=lambda n: widths[n])
            if widths[n] <= max(least, cell_len(columns[n].title)):
                break
            widths[n] -= 1
            over -= 1
    return widths if over <= 0 else None


def _add_table(
    page: Page, section: Section, columns: Sequence[Column], widths: Sequence[int]
) -> None:
    bar = min(BAR, page.width - 2 - sum(widths) - len(GAP) * len(widths))
    head = Text("  ")
    for column, width in zip(columns, widths, strict=True):
        head.append(_aligned(column, column.title, width) + GAP, style=DIM)
    page.row(head)
    for row in section.rows:
        line = Text("  ")
        for column, width in zip(columns, widths, strict=True):
            text = shortened(page.data(column.shown(row)), width, page.glyphs.ellipsis)
            line.append(_aligned(column, text, width) + GAP, style=_style(column))
        if section.bar is not None and bar >= LEAST_BAR:
            line.append(_bar(page, section, row, bar), style=CODE)
        page.row(line)


def _add_stacked(page: Page, section: Section, columns: Sequence[Column]) -> None:
    """A row below the other, each value behind its title."""
    for row in section.rows:
        told = [(column, text) for column in columns if (text := page.data(column.shown(row)))]
        head = Text()
        for column, text in told:
            if column.kind in ("name", "code", "words"):
                head.append(f"{GAP if head.plain else ''}{text}", style=_style(column))
        page.para(head, indent=2)
        page.flow([f"{c.title} {text}" for c, text in told if c.is_number], indent=4)
        for column, text in told:
            if column.kind == "ids":
                page.para(Text(f"{column.title} {text}", style=DIM), indent=4)
        if section.bar is not None:
            page.para(Text(_bar(page, section, row, BAR), style=CODE), indent=4)


def _aligned(column: Column, text: str, width: int) -> str:
    if column.is_number:
        return " " * (width - cell_len(text)) + text
    return padded(text, width)


def _style(column: Column) -> str:
    if column.kind in ("name", "code"):
        return CODE
    return DIM if column.kind == "ids" else ""


def _bar(page: Page, section: Section, row: Row, width: int) -> str:
    """A bar; whatever is not nothing has at least one cell."""
    part = section.part(row)
    return page.glyphs.solid * max(round(part * width), 1 if part > 0 else 0)
