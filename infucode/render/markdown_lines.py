"""The claim lines of an answer as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from infucode.model.solution import Line
from infucode.render.content import (
    APART,
    apart_words,
    assumptions_of,
    hangs_words,
    lines_title,
    origins_of,
    sets_words,
    several_of,
    why_note,
)
from infucode.render.folded import Said, by_rule, folded_heads
from infucode.render.markdown_beside import beside_parts, held_words, said_words, withheld_words
from infucode.render.markdown_text import fenced, item, plain_text, table
from infucode.render.page import Page
from infucode.render.proof_tree import add_proof
from infucode.render.proofs import steps_of
from infucode.render.report import Answer, lines_of
from infucode.render.told import Sets, Told

PROOF_WIDTH = 96


def claim_parts(answer: Answer, head: str) -> list[str]:
    """The lines that are settled, and where there are several code sets what differs."""
    solution = answer.solution
    lines = lines_of(solution)
    if len(solution.code_sets) < 2:
        return _only_set(answer, lines.settled, head)
    parts = []
    if lines.settled:
        parts = [
            f"{head}# Certain lines",
            "The same in every code set.",
            *_lines(lines.settled, answer),
        ]
    parts += [f"{head}# Code sets side by side", "Only what differs."]
    parts += beside_parts(solution, lines.rows, answer.encounter)
    if lines.differing:
        said = why_note(solution)
        parts += [f"{head}# Why the lines that differ", f"{said[:1].upper()}{said[1:]}."]
        parts += _lines(lines.differing, answer)
    return parts


def _only_set(answer: Answer, settled: Sequence[Told], head: str) -> list[str]:
    solution = answer.solution
    if not solution.code_sets:
        return [f"{head}# Claim lines", "None can be told yet."]
    only = solution.code_sets[0]
    supposed = "\n".join(
        item(f"{lead} {plain_text(says)}") for lead, says in assumptions_of(only)
    )
    told = _lines(settled, answer) if settled else ["No line to report."]
    below = "\n".join(item(words) for words in withheld_words(only, answer.encounter))
    return [f"{head}# {lines_title(solution.outcome)}", supposed, *told, below]


def _lines(blocks: Sequence[Told], answer: Answer) -> list[str]:
    """The table of the lines, then the reasons of each kind."""
    several = [name for name in APART if name in several_of(answer.solution)]
    numbered = any(sets for told in blocks for _, sets in told.heads)
    titles = ["Code", "Mod", "Units", *(name.title() for name in several), "Service", "From"]
    rows = []
    for told in blocks:
        for line, sets, units in folded_heads(told.heads):
            row = [line.code, " ".join(line.modifiers), str(line.units)]
            row += [apart_words(line, name, bare=True) for name in several]
            row += [line.label, "; ".join(origins_of(line, answer.encounter))]
            row += [_in(line, sets, units)] if numbered else []
            rows.append([plain_text(cell) for cell in row])
    titles += ["In"] if numbered else []
    why = [part for told in blocks for part in _why(told, answer)]
    return [table(titles, rows, numbers="Units"), "\n".join(why)]


def _in(line: Line, sets: Sets, units: Said | None) -> str:
    if not sets or units is None:
        return sets_words(sets) if sets else ""
    by_set = "; ".join(units.told)
    return f"up to {line.units} units, in {sets_words(sets)}; units by set: {by_set}"


def _why(told: Told, answer: Answer) -> list[str]:
    """Why the lines of one kind are there; each reason once, with its code sets."""
    line = told.heads[0][0]
    name = f"**{plain_text('-'.join((line.code, *line.modifiers)))}**"
    named = dict.fromkeys(o for n, _ in told.heads for o in origins_of(n, answer.encounter))
    made = [item(f"{name} {plain_text('; '.join(named))}")]
    for cite, rule, sentences in by_rule(told.reasons):
        for number, said in enumerate(sentences, 1):
            papers = (cite, rule) if number == len(sentences) else ()
            made.append(item(said_words(said, papers), depth=1))
    for hangs, sets in told.hangs_on:
        made.append(item(f"*{held_words(sets)}{plain_text(hangs_words(hangs))}*", depth=1))
    for key, sets in told.proofs:
        for step in steps_of(answer.proofs, key):
            page = Page(PROOF_WIDTH)
            add_proof(page, step)
            drawn = fenced(text.plain for text in page.lines)
            made += [item(f"{held_words(sets)}proof:", depth=1), ""]
            made += [*(f"      {row}" for row in drawn.split("\n")), ""]
    return made
