"""The claim lines of an answer as Markdown, and its code sets side by side."""

from __future__ import annotations

from collections.abc import Sequence

from infucode.model.encounter import Encounter
from infucode.model.solution import CodeSet, Line
from infucode.render.alternatives import Row
from infucode.render.code_sets import Entry
from infucode.render.content import (
    assumptions_of,
    grouped,
    hangs_words,
    lines_title,
    origins_of,
    papers_of,
    sets_words,
    several_of,
    subject_of,
)
from infucode.render.markdown_text import fenced, item, plain_text, table
from infucode.render.page import Page
from infucode.render.proof_tree import add_proof
from infucode.render.proofs import steps_of
from infucode.render.report import Answer, lines_of

PROOF_WIDTH = 96
Told = Sequence[tuple[Entry, tuple[int, ...]]]


def claim_parts(answer: Answer, head: str) -> list[str]:
    """The lines that are settled, and where there are several code sets what differs."""
    solution = answer.solution
    lines = lines_of(solution)
    settled = [(entry, ()) for entry in lines.settled]
    if len(solution.code_sets) < 2:
        return _only_set(answer, settled, head)
    parts = []
    if settled:
        parts = [
            f"{head}# Certain lines",
            "The same in every code set.",
            *_lines(settled, answer),
        ]
    parts += [f"{head}# Code sets side by side", "Only what differs."]
    parts.append(_beside(lines.rows, solution.code_sets, answer))
    if lines.differing:
        parts.append(f"{head}# Why the lines that differ")
        parts += _lines([(d.entry, d.sets) for d in lines.differing], answer)
    return parts


def _only_set(answer: Answer, settled: Told, head: str) -> list[str]:
    solution = answer.solution
    if not solution.code_sets:
        return [f"{head}# Claim lines", "None can be told yet."]
    only = solution.code_sets[0]
    supposed = "\n".join(
        item(f"{lead} {plain_text(says)}") for lead, says in assumptions_of(only)
    )
    told = _lines(settled, answer) if settled else ["No line to report."]
    withheld = "\n".join(item(words) for words in _withheld(only, answer.encounter))
    return [f"{head}# {lines_title(solution.outcome)}", supposed, *told, withheld]


def _lines(told: Told, answer: Answer) -> list[str]:
    """The table of the lines, then the reasons of each."""
    several = [n for n in ("date", "visit", "access") if n in several_of(answer.solution)]
    numbered = any(sets for _, sets in told)
    titles = ["Code", "Mod", "Units", *(name.title() for name in several), "Service", "From"]
    rows = []
    for entry, sets in told:
        line = entry.line
        row = [line.code, " ".join(line.modifiers), str(line.units)]
        row += [_apart(line, name) for name in several]
        row += [line.label, "; ".join(origins_of(line, answer.encounter))]
        row += [sets_words(sets)] if numbered else []
        rows.append([plain_text(cell) for cell in row])
    titles += ["In"] if numbered else []
    why = [part for entry, sets in told for part in _why(entry, sets, answer)]
    return [table(titles, rows, numbers="Units"), "\n".join(why)]


def _apart(line: Line, name: str) -> str:
    return {"date": line.date.isoformat(), "visit": str(line.visit)}.get(name, line.access or "")


def _why(entry: Entry, sets: tuple[int, ...], answer: Answer) -> list[str]:
    line = entry.line
    name = f"**{plain_text('-'.join((line.code, *line.modifiers)))}**"
    origins = plain_text("; ".join(origins_of(line, answer.encounter)))
    held = f" ({sets_words(sets)})" if sets else ""
    made = [item(f"{name} {origins}{held}")]
    for reason, where in entry.reasons:
        lead = f"{sets_words(where)}: " if where else ""
        papers = "; ".join(plain_text(paper) for paper in papers_of(reason))
        source = f" \\[{papers}\\]" if papers else ""
        made.append(item(lead + plain_text(reason.says) + source, depth=1))
    made += [item(f"*{plain_text(hangs_words(h))}*", depth=1) for h in entry.hangs_on]
    for step in steps_of(answer.proofs, entry.key):
        page = Page(PROOF_WIDTH)
        add_proof(page, step)
        drawn = fenced(text.plain for text in page.lines)
        made += [item("proof:", depth=1), "", *(f"      {row}" for row in drawn.split("\n")), ""]
    return made


def _beside(rows: Sequence[Row], code_sets: Sequence[CodeSet], answer: Answer) -> str:
    titles = ["Line"]
    for number, code_set in enumerate(code_sets, 1):
        supposed = " ".join(f"{lead} {says}" for lead, says in assumptions_of(code_set))
        titles.append(f"Set {number}" + (f": {plain_text(supposed)}" if supposed else ""))
    several = [n for n in ("date", "visit", "access") if n in several_of(answer.solution)]
    body = []
    for row in rows:
        code = plain_text("-".join((row.line.code, *row.line.modifiers)))
        named = [row.line.label, *(_apart(row.line, name) for name in several)]
        cells = [_cell(lines, answer.encounter) for lines in row.cells]
        body.append([f"**{code}** {plain_text(', '.join(n for n in named if n))}", *cells])
    withheld = [" <br> ".join(_withheld(found, answer.encounter)) for found in code_sets]
    if any(withheld):
        body.append(["not reported", *(words or "–" for words in withheld)])
    return table(titles, body)


def _cell(lines: Sequence[Line], encounter: Encounter) -> str:
    said = [f"{line.units} × {'; '.join(origins_of(line, encounter))}" for line in lines]
    return " <br> ".join(plain_text(words) for words in said) or "–"


def _withheld(code_set: CodeSet, encounter: Encounter) -> list[str]:
    """What only this code set does not report."""
    made = []
    for group in grouped(code_set.not_reported):
        papers = "; ".join(plain_text(paper) for paper in papers_of(group))
        for member in group.members:
            parts = (group.title, subject_of(member, encounter), member.says)
            words = ": ".join(plain_text(part) for part in parts if part)
            made.append(f"{words} \\[{papers}\\]" if papers else words)
    return made
