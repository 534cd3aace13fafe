"""The claim lines: a row of columns for each, its reasons and its proof below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import Line, Solution
from infucode.render.code_sets import Entry
from infucode.render.content import hangs_words, origins_of, sets_words, several_of
from infucode.render.page import CODE, DIM, DOUBT, Page
from infucode.render.proof_tree import add_proof
from infucode.render.proofs import Proofs, steps_of
from infucode.render.shown import padded
from infucode.render.words import source_words

INDENT = 2
WIDE = 100
"""From this width on, date, visit and access have columns of their own."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns the lines need, and how wide each is, for all code sets alike."""

    titles: tuple[str, ...]
    widths: tuple[int, ...]
    several: frozenset[str]
    """Of date, visit and access, those that differ between lines."""

    @property
    def hang(self) -> int:
        """Where the label, and all that stands below it, begins."""
        return INDENT + sum(self.widths) + 2 * len(self.widths)


def columns_of(page: Page, solution: Solution) -> Columns:
    """The columns that hold every line of the solution."""
    lines = [line for code_set in solution.code_sets for line in code_set.lines]
    several = several_of(solution)
    titles = ["Code"]
    if any(line.modifiers for line in lines):
        titles.append("Mod")
    titles.append("Units")
    if page.width >= WIDE:
        titles += [name.title() for name in ("date", "visit", "access") if name in several]
    widths = [
        min(14, max([len(title), *(cell_len(_cell(page, line, title)) for line in lines)]))
        for title in titles
    ]
    return Columns(tuple(titles), tuple(widths), several)


def _cell(page: Page, line: Line, title: str) -> str:
    value = {
        "Code": line.code,
        "Mod": " ".join(line.modifiers),
        "Units": str(line.units),
        "Date": line.date.isoformat(),
        "Visit": str(line.visit),
        "Access": line.access or "",
    }[title]
    return page.data(value)


def add_lines(
    page: Page,
    entries: Sequence[Entry],
    columns: Columns,
    encounter: Encounter,
    proofs: Proofs | None,
) -> None:
    """Each line with what it came from, why, what it hangs on and, on request, its proof."""
    if not page.narrow:
        titles = Text("  ").join(
            Text(f"{title:>{width}}" if title == "Units" else f"{title:{width}}", style=DIM)
            for title, width in zip(columns.titles, columns.widths, strict=True)
        )
        page.para(Text("Service", style=DIM), indent=INDENT, lead=titles + Text("  "))
    for entry in entries:
        _add_head(page, entry.line, columns)
        indent = 2 * INDENT if page.narrow else columns.hang
        _add_origin(page, entry.line, columns, encounter, indent)
        for reason, sets in entry.reasons:
            says = Text(page.data(reason.says) + " ")
            if sets:
                says = Text.assemble((f"{sets_words(sets)}: ", DOUBT), says)
            says.append(page.data(source_words(reason)), style=DIM)
            page.para(says, indent=indent, lead=Text(f"{page.glyphs.bullet} ", style=DIM))
        for hangs in entry.hangs_on:
            page.para(Text(page.data(hangs_words(hangs)), style=DOUBT), indent=indent)
        for step in steps_of(proofs, entry.key):
            add_proof(page, step, indent=2 * INDENT)


def _add_head(page: Page, line: Line, columns: Columns) -> None:
    if page.narrow:
        _add_stacked_head(page, line)
        return
    lead = Text()
    for title, width in zip(columns.titles, columns.widths, strict=True):
        cell = _cell(page, line, title)
        cell = " " * (width - cell_len(cell)) + cell if title == "Units" else padded(cell, width)
        lead.append(cell, style=CODE if title in ("Code", "Mod") else "")
        lead.append("  ")
    page.para(Text(page.data(line.label)), indent=INDENT, lead=lead)


def _add_stacked_head(page: Page, line: Line) -> None:
    head = Text(_cell(page, line, "Code"), style=CODE)
    for modifier in line.modifiers:
        head.append(f" -{page.data(modifier)}")
    head.append(f"  {page.glyphs.times} {line.units}", style="not bold default")
    page.para(head, indent=INDENT)
    page.para(Text(page.data(line.label)), indent=2 * INDENT)


def _add_origin(
    page: Page, line: Line, columns: Columns, encounter: Encounter, indent: int
) -> None:
    """What the line came from: date, visit, access, administrations, services, charge."""
    where = []
    for title in ("Date", "Visit", "Access"):
        if title.lower() in columns.several and title not in columns.titles:
            cell = _cell(page, line, title)
            where.append(f"visit {cell}" if title == "Visit" else cell)
    parts = [page.data(origin) for origin in origins_of(line, encounter)]
    said = [", ".join(p for p in where if p), "; ".join(parts)]
    page.para(Text(": ".join(s for s in said if s)), indent=indent)
