"""The claim lines of an answer on the page."""

from __future__ import annotations

from collections.abc import Sequence

from infucode.model.encounter import Encounter
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
from infucode.render.html_beside import beside_html, withheld_html
from infucode.render.html_proof import proof_html
from infucode.render.html_said import by_set_html, held_html, paper_line
from infucode.render.markup import Markup, el, join
from infucode.render.proofs import steps_of
from infucode.render.report import Answer, lines_of
from infucode.render.told import Sets, Told


def claim_html(answer: Answer) -> Markup:
    """The lines that are settled, and where there are several code sets what differs."""
    solution = answer.solution
    lines = lines_of(solution)
    if len(solution.code_sets) < 2:
        return _only_set(answer, lines.settled)
    parts: list[Markup] = []
    if lines.settled:
        title = el("h2", "Certain lines ", el("small", "the same in every code set"))
        parts += [title, lines_table(lines.settled, answer)]
    parts.append(beside_html(solution, lines.rows, answer.encounter))
    if lines.differing:
        parts.append(el("h2", "Why the lines that differ ", el("small", why_note(solution))))
        parts.append(lines_table(lines.differing, answer))
    return join(parts)


def _only_set(answer: Answer, settled: Sequence[Told]) -> Markup:
    solution = answer.solution
    if not solution.code_sets:
        nothing = el("p", "none can be told yet", class_="quiet")
        return join(el("h2", "Claim lines"), nothing)
    code_set = solution.code_sets[0]
    title = el("h2", lines_title(solution.outcome))
    supposed = [
        el("p", f"{lead} {says}", class_="doubt") for lead, says in assumptions_of(code_set)
    ]
    body = lines_table(settled, answer)
    if not settled:
        body = el("p", "no line to report", class_="quiet")
    return join(title, supposed, body, withheld_html(code_set, answer.encounter))


def lines_table(blocks: Sequence[Told], answer: Answer) -> Markup:
    """The lines in claim order, beneath each kind why; with the numbers of the sets of each."""
    several = [name for name in APART if name in several_of(answer.solution)]
    modified = any(line.modifiers for told in blocks for line, _ in told.heads)
    titles = [("Code", None), *([("Mod", None)] if modified else []), ("Units", "number")]
    titles += [(name.title(), "apart") for name in several]
    head = [el("th", name, scope="col", class_=kind) for name, kind in titles]
    head.append(el("th", "Service", scope="col", class_="service"))
    bodies = [_block(told, several, modified, answer) for told in blocks]
    return el("table", el("thead", el("tr", head)), bodies, class_="lines")


def _block(told: Told, several: Sequence[str], modified: bool, answer: Answer) -> Markup:
    rows = [
        el("tr", _cells(line, sets, units, several, modified, answer.encounter))
        for line, sets, units in folded_heads(told.heads)
    ]
    why = _why(told, answer)
    columns = 3 + modified + len(several)
    body = el("tr", el("td", why, colspan=str(columns))) if why else None
    return el("tbody", rows, body)


def _cells(
    line: Line, sets: Sets, units: Said | None, several: Sequence[str], modified: bool,
    encounter: Encounter,
) -> list[Markup]:  # fmt: skip
    cells = [el("th", line.code, scope="row")]
    if modified:
        cells.append(el("td", " ".join(line.modifiers), class_="mod"))
    cells.append(el("td", str(line.units), class_="number"))
    cells += [el("td", apart_words(line, name, bare=True), class_="apart") for name in several]
    held = held_html(sets, f"up to {line.units} units, in " if units else "")
    where = ", ".join(p for p in (apart_words(line, name) for name in several) if p)
    label = el("span", line.label, class_="label") if line.label else None
    cells.append(
        el("td", label, " " if held else None, held,
           el("span", "; ".join(origins_of(line, encounter)), class_="says"),
           el("span", where, class_="where") if where else None,
           by_set_html(units, "units by set"))
    )  # fmt: skip
    return cells


def _why(told: Told, answer: Answer) -> Markup | None:
    made = []
    for cite, rule, sentences in by_rule(told.reasons):
        for number, said in enumerate(sentences, 1):
            papers = paper_line(cite, rule) if number == len(sentences) else None
            held, rows = held_html(said.sets), by_set_html(said, "by set")
            made.append(el("li", held, said.says, rows, " " if papers else None, papers))
    for hangs, sets in told.hangs_on:
        made.append(el("li", held_html(sets), hangs_words(hangs), class_="hangs doubt"))
    proofs = []
    for key, sets in told.proofs:
        where = f" in {sets_words(sets)}" if sets else ""
        proofs.append(proof_html(steps_of(answer.proofs, key), where))
    return join(el("ul", made, class_="why") if made else None, proofs) or None
