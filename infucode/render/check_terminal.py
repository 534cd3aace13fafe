"""A checked claim, as a person reads it: a mark for each line, beneath it what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from infucode.model.claim import Checked, NotChecked, Violation
from infucode.model.encounter import Encounter
from infucode.model.proof import Step
from infucode.model.solution import Ask
from infucode.render.check_content import (
    STATES,
    Claimed,
    Proofs,
    apart_of,
    check_facts,
    claimed_lines,
    general,
    omitted_in,
    omitted_name,
    omitted_when,
    omitted_words,
    tally,
    untold,
)
from infucode.render.claim_lines import WIDE
from infucode.render.header import LEAD
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.proof_tree import add_proof
from infucode.render.reasons import add_said, papers_text
from infucode.render.remedies_terminal import add_remedies
from infucode.render.shown import padded

INDENT = 2
BELOW = 4
MARKS = {
    "violates": ("✗", "x"),
    "review": ("!", "!"),
    "undecided": ("?", "?"),
    "stands": ("✓", "+"),
}
"""The mark of a line's state, and the same in plain characters."""
BAD, GOOD = "bold red", "green"
STATE_STYLE = {"violates": BAD, "review": DOUBT, "undecided": DOUBT, "stands": GOOD}
OUTCOME_STYLE = {"valid": "bold green", "violating": BAD}
SEVERITY_STYLE = {"deny": BAD, "review": DOUBT, "advise": "cyan"}
LONGEST_LABEL = 44
"""Cells of a service; what a line is for stands beside it where both have room."""
WIDEST = 14
"""Cells of a column; a longer value moves what stands behind it."""


def render_check(
    encounter: Encounter,
    checked: Checked,
    *,
    console: Console,
    proofs: Proofs | None = None,
    ascii_only: bool = False,
) -> None:
    """Prints the checked claim. ``proofs`` holds proof trees by violation or undecided line."""
    page = Page.on(console, ascii_only=ascii_only)
    add_check(page, encounter, checked, proofs)
    page.print(console)


def add_check(
    page: Page, encounter: Encounter, checked: Checked, proofs: Proofs | None = None
) -> None:
    """Adds the checked claim to a page."""
    _add_header(page, encounter, checked)
    _add_lines(page, encounter, checked, proofs or {})
    _add_omitted(page, encounter, checked, proofs or {})
    _add_general(page, checked, proofs or {})
    add_remedies(page, encounter, checked)
    _add_not_checked(page, checked)


def _add_header(page: Page, encounter: Encounter, checked: Checked) -> None:
    for name, value in check_facts(encounter, checked):
        body = Text(page.data(value), style=DOUBT if name == "Overridden" else "")
        if name == "Encounter":
            body.stylize(STRONG)
        if name == "Outcome":
            style = OUTCOME_STYLE.get(checked.outcome, "bold yellow")
            body = Text.assemble((page.data(value).upper(), style), f"  {tally(checked)}")
        page.para(body, lead=Text(f"{name:<{LEAD}}", style=DIM))


def _mark(page: Page, state: str) -> str:
    fancy, simple = MARKS[state]
    return f"{simple if page.ascii_only else fancy} {STATES[state][0]}"


def _add_lines(page: Page, encounter: Encounter, checked: Checked, proofs: Proofs) -> None:
    lines = claimed_lines(encounter, checked)
    page.heading("Claim lines")
    if not lines:
        page.para(Text("the claim has none", style=DIM), indent=INDENT)
        return
    titles = ["Line", "Code", *(["Mod"] if any(n.line.modifiers for n in lines) else []), "Units"]
    apart = apart_of(lines, encounter)
    if page.width >= WIDE:
        titles += apart
    cells = [[page.data(line.cells[title]) for title in titles] for line in lines]
    widths = [
        min(WIDEST, max(cell_len(title), *(cell_len(row[n]) for row in cells)))
        for n, title in enumerate(titles)
    ]
    state = max(cell_len(_mark(page, line.state.state)) for line in lines)
    labels = [cell_len(page.data(line.label)) for line in lines]
    label = max((n for n in labels if n <= LONGEST_LABEL), default=0)
    room = page.width - INDENT - state - sum(widths) - 2 * len(widths) - 2
    said = () if page.width >= WIDE else apart
    if any(label + 2 + cell_len(_origin(page, n, said)) > room for n in lines):
        label = 0
    if not page.narrow:
        _add_titles(page, titles, widths, state)
    for line, row in zip(lines, cells, strict=True):
        if page.narrow:
            _add_stacked(page, line, apart, state)
        else:
            _add_row(page, line, titles, row, widths, state, label, said)
        _add_below(page, line, proofs)


def _cell(title: str, text: str, width: int) -> str:
    if title in ("Units", "Charge"):
        return " " * max(0, width - cell_len(text)) + text
    return padded(text, width)


def _add_titles(page: Page, titles: Sequence[str], widths: Sequence[int], state: int) -> None:
    row = "  ".join(_cell(t, t, w) for t, w in zip(titles, widths, strict=True))
    lead = Text(f"{padded('State', state)}  {row}  ", style=DIM)
    page.para(Text("Service", style=DIM), indent=INDENT, lead=lead)


def _add_row(
    page: Page,
    line: Claimed,
    titles: Sequence[str],
    row: Sequence[str],
    widths: Sequence[int],
    state: int,
    beside: int,
    apart: Sequence[str],
) -> None:
    lead = Text(padded(_mark(page, line.state.state), state), STATE_STYLE[line.state.state])
    for title, text, width in zip(titles, row, widths, strict=True):
        lead.append("  ", style="not bold default")
        style = CODE if title in ("Code", "Mod") else "not bold default"
        lead.append(_cell(title, text, width), style=style)
    lead.append("  ", style="not bold default")
    label, origin = page.data(line.label), _origin(page, line, apart)
    body = Text.assemble((label, STRONG), " " * max(0, beside - cell_len(label)), "  ", origin)
    if origin and cell_len(lead.plain) + INDENT + cell_len(body.plain) <= page.width:
        page.row(Text.assemble(" " * INDENT, lead, body))
        return
    page.para(Text(label, style=STRONG), indent=INDENT, lead=lead)
    if origin:
        page.para(Text(origin), indent=BELOW)


def _origin(page: Page, line: Claimed, apart: Sequence[str]) -> str:
    """Date, visit and charge where they have no columns, and what the line is for."""
    said = [
        line.cells[name] if name == "Date" else f"{name.lower()} {line.cells[name]}"
        for name in apart
        if line.cells[name]
    ]
    parts = [", ".join(said), "; ".join(line.origins)]
    return page.data(": ".join(part for part in parts if part))


def _add_stacked(page: Page, line: Claimed, apart: Sequence[str], state: int) -> None:
    """The line where columns have no room: state, id and code, the rest below."""
    mark = Text(padded(_mark(page, line.state.state), state), STATE_STYLE[line.state.state])
    units = f" {page.glyphs.times}{page.data(line.cells['Units'])}"
    body = Text.assemble(
        (page.data(line.line.id), "not bold default"), "  ", (page.data(line.name), CODE), units
    )
    page.para(body, indent=INDENT, lead=Text.assemble(mark, "  "))
    for text in (page.data(line.label), _origin(page, line, apart)):
        if text:
            page.para(Text(text), indent=BELOW)


def _add_below(page: Page, line: Claimed, proofs: Proofs) -> None:
    for at, (number, violation) in enumerate(line.violations):
        steps = proofs.get(number, ())
        after = line.violations[at + 1 : at + 2]
        again = any(_kin(violation) == _kin(other) for _, other in after) and not steps
        _add_violation(page, violation, steps, papered=not again)
    for reason in line.state.because:
        papers = papers_text(page, reason.cite, reason.rule)
        lead = Text("undecided  ", style=DOUBT)
        add_said(page, Text(page.data(reason.says)), papers, indent=BELOW, lead=lead)
    _add_proofs(page, proofs.get(line.line.id, ()))
    for ask in line.state.asks:
        _add_ask(page, ask)


def _kin(violation: Violation) -> tuple[str, str, str]:
    """What those have in common whose papers stand once, after the last of them."""
    return violation.severity, violation.rule, violation.cite


def _add_violation(
    page: Page, violation: Violation, steps: Sequence[Step], *, papered: bool = True
) -> None:
    lead = Text(f"{violation.severity:<6}  ", style=SEVERITY_STYLE[violation.severity])
    says = page.data(violation.says)
    papers = _papers(page, violation) if papered else Text()
    add_said(page, Text(says), papers, indent=BELOW, lead=lead)
    _add_proofs(page, steps)


def _papers(page: Page, item: Violation | NotChecked) -> Text:
    return papers_text(page, item.cite, item.rule)


def _add_proofs(page: Page, steps: Sequence[Step]) -> None:
    for step in steps:
        add_proof(page, step, indent=BELOW + 2)


def _add_ask(page: Page, ask: Ask) -> None:
    page.para(Text(page.data(ask.says), STRONG), indent=BELOW, lead=Text("ask  ", style=DOUBT))
    if ask.matters_because:
        said = f"matters because: {page.data(ask.matters_because)}"
        page.para(Text(said), indent=BELOW + 5)


def _add_omitted(page: Page, encounter: Encounter, checked: Checked, proofs: Proofs) -> None:
    found = omitted_in(checked)
    if not found:
        return
    page.heading("Omitted", "earned by the record and not claimed")
    for number, violation, item in found:
        units = f" {page.glyphs.times}{item.units}"
        said = [item.label, omitted_when(item, encounter)]
        origin = "; ".join(omitted_words(item, encounter))
        name = Text.assemble((page.data(omitted_name(item)), CODE), f"{units}  ")
        parts = [page.data(part) for part in (*said, origin) if part]
        page.para(Text("  ".join(parts)), indent=INDENT, lead=name)
        _add_violation(page, violation, proofs.get(number, ()))


def _add_general(page: Page, checked: Checked, proofs: Proofs) -> None:
    found = general(checked)
    if not found:
        return
    page.heading("About the claim")
    for number, violation in found:
        _add_violation(page, violation, proofs.get(number, ()))


def _add_not_checked(page: Page, checked: Checked) -> None:
    found = untold(checked)
    if not found:
        return
    page.heading("Not checked")
    bullet = Text(f"{page.glyphs.bullet} ", style=DIM)
    for item, whats in found:
        what = page.data(", ".join(whats))
        said = Text.assemble((what, STRONG), ": ", page.data(item.why))
        add_said(page, said, _papers(page, item), indent=INDENT, lead=bullet)
