"""Code sets side by side as Markdown: a column for each, or of many a row for each."""

from __future__ import annotations

from collections.abc import Sequence

from infucode.model.encounter import Encounter
from infucode.model.solution import CodeSet, Line, Solution
from infucode.render.alternatives import Row
from infucode.render.content import (
    APART,
    apart_words,
    assumptions_of,
    by_subject,
    grouped,
    origins_of,
    papers_of,
    sets_words,
    several_of,
    subject_of,
)
from infucode.render.folded import Said, folded
from infucode.render.markdown_text import item, plain_text, table
from infucode.render.told import Sets, withheld

BESIDE = 4
"""Up to so many code sets stand side by side; of more, each has a row."""


def beside_parts(solution: Solution, rows: Sequence[Row], encounter: Encounter) -> list[str]:
    """What differs between the code sets, and what only some of them do not report."""
    several = several_of(solution)
    if len(solution.code_sets) <= BESIDE:
        return [_by_column(solution.code_sets, rows, several, encounter)]
    return [_by_row(solution.code_sets, rows, several, encounter), _below(solution, encounter)]


def held_words(sets: Sets) -> str:
    """``sets 1-2: ``, empty where nothing is told apart."""
    return f"{sets_words(sets)}: " if sets else ""


def said_words(said: Said, papers: Sequence[str]) -> str:
    """A sentence after its code sets, before its papers; the numbers of each set behind it."""
    by_set = f" (by set: {'; '.join(said.told)})" if said.by_set else ""
    source = "; ".join(plain_text(paper) for paper in papers if paper)
    cited = f" \\[{source}\\]" if source else ""
    return f"{held_words(said.sets)}{plain_text(said.says)}{by_set}{cited}"


def withheld_words(code_set: CodeSet, encounter: Encounter) -> list[str]:
    """What only this code set does not report."""
    made = []
    for group in grouped(code_set.not_reported):
        papers = "; ".join(plain_text(paper) for paper in papers_of(group))
        for member in group.members:
            parts = (group.title, subject_of(member, encounter), member.says)
            words = ": ".join(plain_text(part) for part in parts if part)
            made.append(f"{words} \\[{papers}\\]" if papers else words)
    return made


def _by_column(
    code_sets: Sequence[CodeSet], rows: Sequence[Row], several: frozenset[str],
    encounter: Encounter,
) -> str:  # fmt: skip
    titles = ["Line"]
    for number, code_set in enumerate(code_sets, 1):
        supposed = _supposed(code_set)
        titles.append(f"Set {number}" + (f": {supposed}" if supposed else ""))
    body = [
        [_name(row.line, several), *(_cell(lines, encounter) for lines in row.cells)]
        for row in rows
    ]
    below = [" <br> ".join(withheld_words(found, encounter)) for found in code_sets]
    if any(below):
        body.append(["not reported", *(words or "–" for words in below)])
    return table(titles, body)


def _by_row(
    code_sets: Sequence[CodeSet], rows: Sequence[Row], several: frozenset[str],
    encounter: Encounter,
) -> str:  # fmt: skip
    titles = ["Set", "Supposed", *(_name(row.line, several) for row in rows)]
    body = [
        [str(index + 1), _supposed(code_set) or "–",
         *(_cell(row.cells[index], encounter) for row in rows)]
        for index, code_set in enumerate(code_sets)
    ]  # fmt: skip
    return table(titles, body)


def _below(solution: Solution, encounter: Encounter) -> str:
    """What only some of many code sets do not report: each sentence once."""
    held = dict(withheld((), solution.code_sets))
    made = []
    for group in grouped(held):
        for subject, members in by_subject(group, encounter).items():
            lead = ": ".join(part for part in (group.title, subject) if part)
            for said in folded((member.says, held[member]) for member in members):
                words = said_words(said, (group.cite, group.rule))
                made.append(item(f"not reported, {plain_text(lead)}: {words}"))
    return "\n".join(made)


def _supposed(code_set: CodeSet) -> str:
    return plain_text(" ".join(f"{lead} {says}" for lead, says in assumptions_of(code_set)))


def _name(line: Line, several: frozenset[str]) -> str:
    code = plain_text("-".join((line.code, *line.modifiers)))
    where = [apart_words(line, name, bare=True) for name in APART if name in several]
    return f"**{code}** {plain_text(', '.join(n for n in (line.label, *where) if n))}"


def _cell(lines: Sequence[Line], encounter: Encounter) -> str:
    said = [f"{line.units} × {'; '.join(origins_of(line, encounter))}" for line in lines]
    return " <br> ".join(plain_text(words) for words in said) or "–"
