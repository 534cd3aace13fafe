"""The whole answer to ``solve``, as a person reads it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import Solution
from infucode.render.alternatives import side_by_side
from infucode.render.beside import add_side_by_side, add_suppositions
from infucode.render.claim_lines import add_lines, columns_of
from infucode.render.code_sets import told_apart
from infucode.render.content import assumptions_of, lines_title, why_note
from infucode.render.header import add_header
from infucode.render.page import DIM, DOUBT, Page
from infucode.render.proofs import Proofs
from infucode.render.remarks import add_asks, add_not_reported, add_warnings
from infucode.render.timeline import add_timeline
from infucode.render.told import told_alone, told_kinds, withheld


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
    add_header(page, encounter, solution)
    add_timeline(page, encounter, solution)
    if len(solution.code_sets) > 1:
        _add_code_sets(page, encounter, solution, proofs)
    else:
        _add_only_set(page, encounter, solution, proofs)
    missed = withheld(solution.not_reported, solution.code_sets)
    if missed:
        page.heading("Not reported")
        add_not_reported(page, missed, encounter)
    add_asks(page, solution, encounter)
    add_warnings(page, solution.warnings)


def _add_only_set(
    page: Page, encounter: Encounter, solution: Solution, proofs: Proofs | None
) -> None:
    if not solution.code_sets:
        page.heading("Claim lines")
        page.para(Text("none can be told yet", style=DIM), indent=2)
        return
    page.heading(lines_title(solution.outcome))
    for lead, says in assumptions_of(solution.code_sets[0]):
        page.para(Text(page.data(says)), indent=2, lead=Text(f"{lead} ", style=DOUBT))
    _, rest = told_apart(solution.code_sets)
    if not rest[0]:
        page.para(Text("no line to report", style=DIM), indent=2)
        return
    blocks = [told_alone(entry) for entry in rest[0]]
    add_lines(page, blocks, columns_of(page, encounter, solution), encounter, proofs)


def _add_code_sets(
    page: Page, encounter: Encounter, solution: Solution, proofs: Proofs | None
) -> None:
    """What is common once, then the sets side by side, then why what differs is there."""
    columns = columns_of(page, encounter, solution)
    common, rest = told_apart(solution.code_sets)
    if common:
        page.heading("Certain lines", "the same in every code set")
        add_lines(page, [told_alone(entry) for entry in common], columns, encounter, proofs)
    page.heading("Code sets side by side", "only what differs")
    add_suppositions(page, solution.code_sets)
    page.blank()
    add_side_by_side(page, side_by_side(rest), solution, encounter)
    kinds = told_kinds(rest)
    if kinds:
        page.heading("Why the lines that differ", why_note(solution))
        add_lines(page, kinds, columns, encounter, proofs)
