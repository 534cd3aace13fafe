"""The whole answer to ``solve``, as a person reads it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import CodeSet, Solution
from infucode.render.claim_lines import Columns, add_lines, columns_of
from infucode.render.code_sets import Entry, told_apart
from infucode.render.content import assumptions_of, header_facts, lines_title
from infucode.render.page import DIM, DOUBT, STRONG, Page
from infucode.render.proofs import Proofs
from infucode.render.remarks import add_asks, add_not_reported, add_warnings
from infucode.render.timeline import add_timeline

OUTCOME_STYLE = {"coded": "bold green", "ambiguous": "bold yellow", "blocked": "bold red"}


def render_solution(
    encounter: Encounter,
    solution: Solution,
    *,
    console: Console,
    proofs: Proofs | None = None,
    ascii_only: bool = False,
) -> None:
    """Prints the answer: header, timeline, claim lines with reasons, and what is left open.

    ``proofs`` holds the proof tree (or trees) of a line under the index of its code set and
    its own index within that set.
    """
    page = Page.on(console, ascii_only=ascii_only)
    add_solution(page, encounter, solution, proofs)
    page.print(console)


def add_solution(
    page: Page, encounter: Encounter, solution: Solution, proofs: Proofs | None = None
) -> None:
    """Adds the answer to a page."""
    _add_header(page, encounter, solution)
    add_timeline(page, encounter, solution)
    _add_code_sets(page, encounter, solution, proofs)
    if solution.not_reported:
        page.heading("Not reported")
        add_not_reported(page, solution.not_reported, encounter)
    add_asks(page, solution.asks, encounter)
    add_warnings(page, solution.warnings)


def _add_header(page: Page, encounter: Encounter, solution: Solution) -> None:
    styles = {
        "Encounter": STRONG,
        "Overridden": DOUBT,
        "Outcome": OUTCOME_STYLE.get(solution.outcome, STRONG),
    }
    for name, value in header_facts(encounter, solution):
        style = styles.get(name, "")
        page.para(Text(page.data(value), style=style), lead=Text(f"{name:<12}", style=DIM))


def _add_code_sets(
    page: Page, encounter: Encounter, solution: Solution, proofs: Proofs | None
) -> None:
    columns = columns_of(page, solution)
    common, rest = told_apart(solution.code_sets)
    if common:
        page.heading("Certain lines", "the same in every code set")
        add_lines(page, common, columns, encounter, proofs)
    total = len(solution.code_sets)
    if not total:
        page.heading("Claim lines")
        page.para(Text("none can be told yet", style=DIM), indent=2)
    for number, (code_set, entries) in enumerate(zip(solution.code_sets, rest, strict=True), 1):
        _add_set_heading(page, code_set, number, total, solution.outcome)
        _add_set(page, code_set, entries, columns, encounter, proofs, bool(common))


def _add_set_heading(
    page: Page, code_set: CodeSet, number: int, total: int, outcome: str
) -> None:
    if total > 1:
        page.heading(f"Code set {number} of {total}")
    else:
        page.heading(lines_title(outcome))
    for lead, says in assumptions_of(code_set):
        page.para(Text(page.data(says)), indent=2, lead=Text(f"{lead} ", style=DOUBT))


def _add_set(
    page: Page,
    code_set: CodeSet,
    entries: list[Entry],
    columns: Columns,
    encounter: Encounter,
    proofs: Proofs | None,
    beside: bool,
) -> None:
    if entries:
        add_lines(page, entries, columns, encounter, proofs)
    else:
        nothing = "no further line" if beside else "no line to report"
        page.para(Text(nothing, style=DIM), indent=2)
    if code_set.not_reported:
        page.para(Text("not reported in this code set", style=STRONG), indent=2)
        add_not_reported(page, code_set.not_reported, encounter)
