"""Located problems for a person: place, message, the line with a caret, help."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from infucode.errors import Problem, ProblemsError
from infucode.render.page import DIM, STRONG, Page
from infucode.render.shown import cells_offset
from infucode.render.words import counted

TAB = "    "
ERROR = "bold red"
GUTTER = " | "


def render_problems(error: ProblemsError, console: Console, *, ascii_only: bool = False) -> None:
    """Prints every problem, one block each, and how many there are."""
    page = Page.on(console, ascii_only=ascii_only)
    for problem in error.problems:
        page.blank()
        add_problem(page, problem, Text("error: ", style=ERROR))
    page.blank()
    page.para(Text(counted(len(error.problems), "problem"), style=STRONG))
    page.print(console)


def add_problem(page: Page, problem: Problem, lead: Text) -> None:
    """One problem beneath a lead that says how grave it is."""
    text = Text.assemble((f"{page.data(problem.place)}: ", STRONG), page.data(problem.message))
    page.para(text, lead=lead)
    if problem.line and problem.source.strip():
        _add_source(page, problem)
    if problem.help:
        word = Text("help: ", style="bold green")
        page.para(Text(page.data(problem.help)), indent=2, lead=word)


def _add_source(page: Page, problem: Problem) -> None:
    """The line as it stands in the file, moved along where the caret would be out of sight."""
    source = problem.source.rstrip("\r\n")
    at = min(max(problem.column - 1, 0), len(source))
    before, after = _spread(page, source[:at]), _spread(page, source[at:])
    number = str(problem.line)
    gutter = Text(f"  {number}{GUTTER}", style=DIM)
    room = max(8, page.width - cell_len(gutter.plain) - 1)
    before, after = _window(before, after, room, page.glyphs.ellipsis)
    page.row(Text.assemble(gutter, before + after))
    if problem.column:
        lead = " " * (2 + len(number)) + GUTTER
        page.row(Text.assemble((lead, DIM), " " * cell_len(before), ("^", ERROR)))


def _spread(page: Page, source: str) -> str:
    """A stretch of the line with its tabs as spaces, and the rest fit to show."""
    return TAB.join(page.data(part) for part in source.split("\t"))


def _window(before: str, after: str, room: int, ellipsis: str) -> tuple[str, str]:
    """As much of the line as there is room for, with the caret's place within it."""
    if cell_len(before) + cell_len(after) <= room:
        return before, after
    wanted = min(cell_len(after), room // 2)
    if cell_len(before) + wanted > room:
        most = room - wanted - cell_len(ellipsis)
        start = len(before)
        while start and cell_len(before[start - 1 :]) <= most:
            start -= 1
        before = ellipsis + before[start:]
    left = room - cell_len(before)
    if cell_len(after) > left:
        after = after[: cells_offset(after, left - cell_len(ellipsis))] + ellipsis
    return before, after
