"""What lint found, for a person."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from infucode.model.lint import Finding, Linted
from infucode.render.errors_view import ERROR, add_problem
from infucode.render.page import DIM, STRONG, Page
from infucode.render.words import counted

STYLES = {"error": ERROR, "warning": "bold yellow", "info": "bold cyan"}


def render_linted(linted: Linted, console: Console, *, ascii_only: bool = False) -> None:
    """Every finding with its line, then how many there are of each kind."""
    page = Page.on(console, ascii_only=ascii_only)
    for finding in linted.findings:
        lead = f"{finding.severity}[{finding.check}]: "
        add_problem(page, finding.problem, Text(lead, style=STYLES[finding.severity]))
        page.blank()
    page.para(Text(summary(linted), style=STRONG))
    if any(finding.edit for finding in linted.findings):
        page.para(Text("`--fix` mends what can be mended safely", style=DIM))
    page.print(console)


def summary(linted: Linted) -> str:
    """How much was read, how much was found."""
    found = [
        counted(linted.number(severity), severity)
        for severity in ("error", "warning")
        if linted.number(severity)
    ]
    notes = linted.number("info")
    found += [f"{notes} of information"] if notes else []
    found += [f"{len(linted.allowed)} allowed in lint.toml"] if linted.allowed else []
    read = f"{counted(linted.rules, 'rule')} in {counted(linted.files, 'file')}"
    return f"{', '.join(found) if found else 'nothing found'}; {read}, {linted.checks} checks"


def render_mended(mended: list[Finding], console: Console) -> None:
    """What `--fix` mended, one line each."""
    for finding in mended:
        text = f"mended {finding.problem.place}: {finding.problem.message}"
        console.print(text, markup=False, soft_wrap=True)
