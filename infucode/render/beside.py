"""Code sets side by side in the terminal: a column for each, a row for each line that differs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import CodeSet, Line, Solution
from infucode.render.alternatives import Row
from infucode.render.content import APART, assumptions_of, sets_words
from infucode.render.grid import GAP, Cell, Grid, add_folded, add_grid
from infucode.render.page import DIM, DOUBT, Page
from infucode.render.shown import padded
from infucode.render.told import stems, suppositions, telling
from infucode.render.words import brief_words

INDENT = 2
BELOW = 5
"""Where the endings of a supposition begin, behind its `if`."""
LEAST, MOST = 14, 26
"""Cells of a column that names what earned the line."""
TOLD_WHOLE = 4
"""Up to so many code sets, all that one supposes stands together."""
NOTHING = "nothing further is supposed"


def add_suppositions(page: Page, code_sets: Sequence[CodeSet]) -> None:
    """What each code set supposes; of many sets every sentence once, with its sets."""
    if len(code_sets) <= TOLD_WHOLE:
        everywhere = set.intersection(*(set(found.assuming) for found in code_sets))
        for number, code_set in enumerate(code_sets, 1):
            own = CodeSet(tuple(a for a in code_set.assuming if a not in everywhere), ())
            said = ", ".join(f"{lead} {says}" for lead, says in assumptions_of(own))
            lead = Text(f"set {number}  ", style=DOUBT)
            page.para(Text(page.data(said or NOTHING)), indent=INDENT, lead=lead)
        for assumption in dict.fromkeys(a for a in code_sets[0].assuming if a in everywhere):
            lead = Text("in every set, if ", style=DIM)
            page.para(Text(page.data(assumption.says)), indent=INDENT, lead=lead)
        return
    for stem, endings in stems(suppositions(code_sets)):
        lead = Text("if ", style=DIM)
        if len(endings) == 1:
            body = Text.assemble(page.data(stem), (f"  {sets_words(endings[0][1])}", DOUBT))
            page.para(body, indent=INDENT, lead=lead)
            continue
        page.para(Text(page.data(stem)), indent=INDENT, lead=lead)
        page.flow(
            [f"{sets_words(sets)}: {page.data(ending)}" for ending, sets in endings],
            indent=BELOW, style=DOUBT,
        )  # fmt: skip
    bare = tuple(n for n, found in enumerate(code_sets, 1) if not found.assuming)
    if bare:
        page.para(Text.assemble(NOTHING, (f"  {sets_words(bare)}", DOUBT)), indent=INDENT)


def add_side_by_side(
    page: Page, rows: Sequence[Row], solution: Solution, encounter: Encounter
) -> None:
    """The table: what earned each line in its cell where that has room, else units only."""
    if not rows:
        return
    table = _Table(page, rows, solution, encounter)
    room = page.width - INDENT
    for timed in (True, False):
        grid = table.named(timed=timed)
        widths = [min(MOST, width) for width in grid.widths()]
        if grid.spare(widths, room) >= 0:
            add_grid(page, table.labelled(grid, widths, room), widths, indent=INDENT)
            return
    share = (room - grid.name) // len(widths) - GAP
    if share >= LEAST:
        add_grid(page, grid, [min(width, share) for width in widths], indent=INDENT)
    else:
        add_folded(page, table.bare(), indent=INDENT)


class _Table:
    """The rows of what differs, as texts for a grid."""

    def __init__(
        self, page: Page, rows: Sequence[Row], solution: Solution, encounter: Encounter
    ) -> None:
        self._page, self._rows, self._encounter = page, rows, encounter
        self._sets = solution.code_sets
        lines = [row.line for row in rows]
        self._apart = {n for n in APART if len({getattr(line, n) for line in lines}) > 1}
        self._none = "-" if page.ascii_only else "–"

    def named(self, *, timed: bool) -> Grid:
        """Each cell holds the units and what they came from, where ``timed`` with its start."""
        made = [
            (self._name(row.line), [self._earned(lines, timed) for lines in row.cells])
            for row in self._rows
        ]
        return Grid(self._titles(), made, self._none)

    def labelled(self, grid: Grid, widths: Sequence[int], room: int) -> Grid:
        """The grid with the service beside each code, if there is room for it."""
        labels = [self._page.data(row.line.label) for row in self._rows]
        if grid.spare(widths, room) < GAP + max(cell_len(label) for label in labels):
            return grid
        wide = max(cell_len(name[0]) for name, _ in grid.rows)
        rows = [
            ([f"{padded(name[0], wide)}  {label}", *name[1:]], cells)
            for (name, cells), label in zip(grid.rows, labels, strict=True)
        ]
        return Grid(grid.titles, rows, grid.none)

    def bare(self) -> Grid:
        """A row for each line and what earned it; each cell holds the units alone."""
        made: list[tuple[Cell, list[Cell]]] = []
        wide = max(cell_len(self._name(row.line)[0]) for row in self._rows)
        for row in self._rows:
            code, *where = self._name(row.line)
            for origin in dict.fromkeys(_from(line) for cell in row.cells for line in cell):
                names = [self._page.data(brief_words(id, self._encounter)) for id in origin]
                units = [
                    "+".join(str(line.units) for line in cell if _from(line) == origin)
                    for cell in row.cells
                ]
                name = f"{padded(code, wide)}  {', '.join([*names, *where])}".rstrip()
                made.append(([name], [[unit or self._none] for unit in units]))
        return Grid([[str(n)] for n in range(1, len(self._sets) + 1)], made, self._none)

    def _titles(self) -> list[Cell]:
        """The number of each code set, and what it supposes where that is one fact for all."""
        titles = [[f"set {number}"] for number in range(1, len(self._sets) + 1)]
        facts = telling(self._sets)
        if len(facts) == 1:
            for title, value in zip(titles, facts[0], strict=True):
                title.append(self._page.data(value))
        return titles

    def _earned(self, lines: Sequence[Line], timed: bool) -> Cell:
        said = []
        for line in lines:
            lead = f"{line.units}{self._page.glyphs.times} "
            names = [brief_words(id, self._encounter, timed=timed) for id in _from(line)]
            names += [line.charge] if line.charge is not None else []
            for index, name in enumerate(names or [""]):
                before = " " * len(lead) if index else lead
                said.append((before + self._page.data(name)).rstrip())
        return said or [self._none]

    def _name(self, line: Line) -> Cell:
        where = {
            "date": line.date.isoformat(),
            "visit": f"visit {line.visit}",
            "access": line.access or "",
        }
        code = "-".join((line.code, *line.modifiers))
        found = [code, *(where[name] for name in where if name in self._apart)]
        return [self._page.data(text) for text in found if text or text is code]


def _from(line: Line) -> tuple[str, ...]:
    return (*line.administrations, *line.services)
