"""Failed cases for a person: the difference, and the whole explained answer below it."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status
from rich.text import Text

from infucode.model.claim import Checked
from infucode.model.explanation import CodeExplained, RuleExplained
from infucode.model.solution import Solution
from infucode.model.why_not import WhyNot
from infucode.render.check_terminal import add_check
from infucode.render.explain_view import add_line, add_rule
from infucode.render.page import DIM, DOUBT, STRONG, Page
from infucode.render.terminal import add_solution
from infucode.render.why_not_view import add_misses
from infucode.workbench.case import Case

FAILED = "bold red"
PASSED = "bold green"
MOST_LINES = 2
"""So many lines of a code are explained."""
PLAIN_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Failure:
    """A case with what is wrong in its answer."""

    case: Case
    differences: tuple[str, ...]
    solution: Solution
    checked: Checked | None = None
    """Of a case with a claim."""
    told: tuple[CodeExplained | RuleExplained | WhyNot, ...] = ()
    """Why what is there is there, and what kept out what is not."""


def render_failure(failure: Failure, *, console: Console, ascii_only: bool = False) -> None:
    """Prints one failed case, with its explained answer at the console's width."""
    page = Page.on(console, ascii_only=ascii_only)
    case = failure.case
    page.para(Text(page.data(case.name), style=STRONG), lead=Text("failed: ", style=FAILED))
    page.para(Text(page.data(case.place), style=DIM), indent=2)
    if case.switches:
        switched = ", ".join(f"{name} = {value}" for name, value in case.switches)
        page.para(Text(page.data(f"{case.policy} with {switched}"), style=DIM), indent=2)
    for difference in failure.differences:
        lead = Text(f"{page.glyphs.bullet} ", style=DOUBT)
        page.para(Text(page.data(difference)), indent=2, lead=lead)
    if case.why:
        page.para(Text(page.data(case.why), style=DIM), indent=2, lead=Text("why: ", style=DIM))
    for item in failure.told:
        _add_told(page, case, item)
    page.blank()
    if failure.checked is not None:
        add_check(page, case.encounter, failure.checked)
        page.blank()
    expected = case.expected
    if failure.checked is None or (expected is not None and expected.outcome):
        add_solution(page, case.encounter, failure.solution)
        page.blank()
    page.row(Text(page.glyphs.rule * min(page.width, 40), style=DIM))
    page.print(console)


def _add_told(page: Page, case: Case, item: CodeExplained | RuleExplained | WhyNot) -> None:
    """Why a code is there or not, or why a rule is silent."""
    if isinstance(item, RuleExplained):
        page.heading(f"Where {page.data(item.id)} nearly fired" if not item.fired
                     else f"Where {page.data(item.id)} fired")  # fmt: skip
        add_rule(page, item)
    elif isinstance(item, WhyNot):
        page.heading(f"Why not {page.data(item.code)}")
        if item.misses:
            add_misses(page, case.encounter, item, False)
        elif not item.reported:
            page.para(Text("Nothing in this record comes near to it."), indent=2)
    else:
        page.heading(f"Why {page.data(item.code)}")
        for line in item.lines[:MOST_LINES]:
            add_line(page, case.encounter, line)


def failure_text(failure: Failure) -> str:
    """One failed case as plain text."""
    out = StringIO()
    render_failure(failure, console=Console(file=out, width=PLAIN_WIDTH), ascii_only=True)
    return out.getvalue()


def render_totals(passed: int, failed: int, *, console: Console) -> None:
    """Prints how many passed and failed, alone on a line."""
    text = Text(f"{passed} passed, {failed} failed", style=FAILED if failed else PASSED)
    console.print(text, soft_wrap=True)


class Progress:
    """On a terminal, how many cases have run; elsewhere nothing."""

    def __init__(self, console: Console, total: int) -> None:
        self._console, self._total, self._done = console, total, 0
        self._status: Status | None = None

    def __enter__(self) -> Self:
        self._show()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hide()

    def advance(self) -> None:
        """One more case has run."""
        self._done += 1
        self._show()

    def hide(self) -> None:
        """Clear the line before something else is printed."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _show(self) -> None:
        if not self._console.is_terminal:
            return
        text = Text(f"{self._done} of {self._total} cases")
        if self._status is None:
            self._status = self._console.status(text)
            self._status.start()
        else:
            self._status.update(text)
