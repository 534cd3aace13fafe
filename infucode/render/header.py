"""What stands above an answer: which visit, its outcome and lines at a glance, setting, plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import Line, Solution
from infucode.render.code_sets import told_apart
from infucode.render.content import header_facts
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.render.words import counted, outcome_words

OUTCOME_STYLE = {"coded": "bold green", "ambiguous": "bold yellow", "blocked": "bold red"}
LEAD = 12
"""Columns of the names at the left."""
MOST = 12
"""Of more lines than these, those of one code are counted."""


def add_header(page: Page, encounter: Encounter, solution: Solution) -> None:
    """Visit and outcome first, so that one glance tells whether and what to bill."""
    facts = dict(header_facts(encounter, solution))
    del facts["Outcome"]
    _add(page, "Encounter", Text(page.data(facts.pop("Encounter")), style=STRONG))
    _add(page, "Outcome", _outcome(page, solution))
    short = _short(page, solution)
    if short.plain:
        _add(page, "Lines", short)
    for name, value in facts.items():
        _add(page, name, Text(page.data(value), style=DOUBT if name == "Overridden" else ""))


def _add(page: Page, name: str, value: Text) -> None:
    page.para(value, lead=Text(f"{name:<{LEAD}}", style=DIM))


def _outcome(page: Page, solution: Solution) -> Text:
    """The outcome in capitals, so that it is seen without colour, and what there is to read."""
    outcome, _, rest = page.data(outcome_words(solution)).partition(":")
    text = Text(outcome.upper(), style=OUTCOME_STYLE.get(solution.outcome, STRONG))
    always = {(item.administration, item.service) for item in solution.not_reported}
    some = [item for found in solution.code_sets for item in found.not_reported]
    missed = len(solution.not_reported)
    missed += len({(item.administration, item.service) for item in some} - always)
    parts = [rest.strip()] if rest else []
    if solution.outcome == "coded":
        parts.append(counted(sum(len(s.lines) for s in solution.code_sets), "line"))
    if solution.asks and solution.outcome != "blocked":
        parts.append(counted(len(solution.asks), "question"))
    parts += [f"{missed} not reported"] if missed else []
    parts += [counted(len(solution.warnings), "warning")] if solution.warnings else []
    return Text.assemble(text, f"  {', '.join(parts)}" if parts else "")


def _short(page: Page, solution: Solution) -> Text:
    """The lines that are settled, in claim order, as code, modifiers and units."""
    common, rest = told_apart(solution.code_sets)
    several = len(rest) > 1
    lines = [entry.line for entry in (common if several else [e for s in rest for e in s])]
    codes = _codes(page, lines)
    text = Text(", ").join(Text(code, style=CODE) for code in codes)
    if not several:
        blocked = solution.outcome == "blocked" and codes
        return Text.assemble(text, ", and what cannot be told yet" if blocked else "")
    differ = "what differs, below" if codes else "different in every code set, below"
    return Text.assemble(text, ", and " if codes else "", differ)


def _codes(page: Page, lines: Sequence[Line]) -> list[str]:
    names = ["-".join((line.code, *line.modifiers)) for line in lines]
    if len(lines) <= MOST:
        units = [f" {page.glyphs.times}{n.units}" if n.units > 1 else "" for n in lines]
        return [page.data(name) + unit for name, unit in zip(names, units, strict=True)]
    tally = Counter(names)
    return [
        page.data(name) + (f" on {counted(number, 'line')}" if number > 1 else "")
        for name, number in tally.items()
    ]
