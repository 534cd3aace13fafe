"""The claim lines: a row of columns for each, beneath it why, what it hangs on, its proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import Line, Solution
from infucode.render.content import apart_in, origins_of, sets_words
from infucode.render.folded import folded_heads
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.proof_tree import add_proof
from infucode.render.proofs import Proofs, steps_of
from infucode.render.reasons import add_by_set, add_hangs, add_reasons
from infucode.render.shown import padded
from infucode.render.told import Told

INDENT = 2
BELOW = 4
"""Where all that stands below a line begins, whatever its columns."""
WIDE = 100
"""From this width on, date, visit and access have columns of their own."""
LONGEST_LABEL = 44
"""Cells of a service; what a line came from stands beside it where both have room."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns the lines need, and how wide each is, for all code sets alike."""

    titles: tuple[str, ...]
    widths: tuple[int, ...]
    several: frozenset[str]
    """Of date, visit and access, those that differ between lines."""
    label: int
    """Cells of the service; nothing stands beside a longer one."""

    @property
    def hang(self) -> int:
        """Where the label begins."""
        return INDENT + sum(self.widths) + 2 * len(self.widths)


def columns_of(page: Page, encounter: Encounter, solution: Solution) -> Columns:
    """The columns that hold every line of the solution."""
    lines = [line for code_set in solution.code_sets for line in code_set.lines]
    several = apart_in(encounter, solution)
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
    labels = [cell_len(page.data(line.label)) for line in lines]
    label = max([len("Service"), *(n for n in labels if n <= LONGEST_LABEL)])
    return Columns(tuple(titles), tuple(widths), several, label)


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
    blocks: Sequence[Told],
    columns: Columns,
    encounter: Encounter,
    proofs: Proofs | None,
) -> None:
    """Each line with what it came from, why, what it hangs on and, on request, its proof."""
    if not page.narrow:
        _add_titles(page, columns)
    for told in blocks:
        _add_heads(page, told, columns, encounter)
        add_reasons(page, told.reasons, indent=BELOW)
        add_hangs(page, told.hangs_on, indent=BELOW)
        for key, sets in told.proofs:
            steps = steps_of(proofs, key)
            if sets and steps:
                page.para(Text(f"proof in {sets_words(sets)}", style=DOUBT), indent=BELOW)
            for step in steps:
                add_proof(page, step, indent=BELOW)


def _add_titles(page: Page, columns: Columns) -> None:
    titles = Text("  ").join(
        Text(f"{title:>{width}}" if title == "Units" else f"{title:{width}}", style=DIM)
        for title, width in zip(columns.titles, columns.widths, strict=True)
    )
    page.para(Text("Service", style=DIM), indent=INDENT, lead=titles + Text("  "))


def _add_heads(page: Page, told: Told, columns: Columns, encounter: Encounter) -> None:
    """The lines of one kind: the service once, what they came from once where it is the same."""
    heads = folded_heads(told.heads)
    origins = [_origin(page, line, columns, encounter) for line, _, _ in heads]
    same = len({origin.plain for origin in origins}) == 1
    last = len(origins) - 1
    for number, ((line, sets, units), origin) in enumerate(zip(heads, origins, strict=True)):
        label = Text(page.data(line.label) if number == 0 else "", style=STRONG)
        if same and number < last:
            origin = Text()
        elif not label.plain and not sets:
            label, origin = origin, Text()
        lead = _stacked(page, line) if page.narrow else _row(page, line, columns)
        if sets:
            most = f"up to {line.units} units, " if units else ""
            mark = Text(f"{most}in {sets_words(sets)}", style=f"not bold {DOUBT}")
            room = page.width - INDENT - cell_len(lead.plain)
            if not label.plain or cell_len(label.plain) + 2 + cell_len(mark.plain) <= room:
                label = Text.assemble(label, "  " if label.plain else "", mark)
            else:
                origin = Text.assemble(mark, "  " if origin.plain else "", origin)
        _add_head(page, lead, label, origin, columns)
        if units:
            add_by_set(page, units, "units by set", indent=BELOW)


def _add_head(page: Page, lead: Text, label: Text, origin: Text, columns: Columns) -> None:
    """One line, what it came from beside it where both have room, else below it."""
    beside = padded("", max(0, columns.label - cell_len(label.plain)) + 2)
    whole = Text.assemble(" " * INDENT, lead, label, beside, origin)
    if origin and not page.narrow and cell_len(whole.plain) <= page.width:
        page.row(whole)
        return
    page.para(label, indent=INDENT, lead=lead)
    if origin:
        page.para(origin, indent=BELOW)


def _row(page: Page, line: Line, columns: Columns) -> Text:
    lead = Text()
    for title, width in zip(columns.titles, columns.widths, strict=True):
        cell = _cell(page, line, title)
        cell = " " * (width - cell_len(cell)) + cell if title == "Units" else padded(cell, width)
        lead.append(cell, style=CODE if title in ("Code", "Mod") else "")
        lead.append("  ")
    return lead


def _stacked(page: Page, line: Line) -> Text:
    head = Text(_cell(page, line, "Code"), style=CODE)
    for modifier in line.modifiers:
        head.append(f" -{page.data(modifier)}")
    head.append(f" {page.glyphs.times}{line.units}  ", style="not bold default")
    return head


def _origin(page: Page, line: Line, columns: Columns, encounter: Encounter) -> Text:
    """What the line came from: date, visit, access, administrations, services, charge."""
    where = []
    for title in ("Date", "Visit", "Access"):
        if title.lower() in columns.several and title not in columns.titles:
            cell = _cell(page, line, title)
            where.append(f"visit {cell}" if title == "Visit" else cell)
    parts = [page.data(origin) for origin in origins_of(line, encounter)]
    said = [", ".join(p for p in where if p), "; ".join(parts)]
    return Text(": ".join(s for s in said if s))
