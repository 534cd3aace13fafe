"""The claim lines of an answer on the page, and its code sets side by side."""

from __future__ import annotations

from collections.abc import Sequence

from infucode.model.encounter import Encounter
from infucode.model.solution import CodeSet, Line, Solution
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
from infucode.render.html_proof import proof_html
from infucode.render.markup import Markup, el, join
from infucode.render.proofs import steps_of
from infucode.render.report import Answer, lines_of

BESIDE = 4
"""Code sets that stand side by side; further ones in a table below."""
APART = ("date", "visit", "access")


def claim_html(answer: Answer) -> Markup:
    """The lines that are settled, and where there are several code sets what differs."""
    solution, encounter = answer.solution, answer.encounter
    lines = lines_of(solution)
    if len(solution.code_sets) < 2:
        return _only_set(answer, lines.settled)
    parts: list[Markup] = []
    if lines.settled:
        title = el("h2", "Certain lines ", el("small", "the same in every code set"))
        parts += [title, lines_table([(entry, ()) for entry in lines.settled], answer)]
    title = el("h2", "Code sets side by side ", el("small", "only what differs"))
    parts.append(title)
    for first in range(0, len(solution.code_sets), BESIDE):
        chosen = range(first, min(first + BESIDE, len(solution.code_sets)))
        parts.append(_beside(solution, lines.rows, chosen, encounter))
    if lines.differing:
        parts.append(el("h2", "Why the lines that differ ", el("small", "each once")))
        parts.append(lines_table([(d.entry, d.sets) for d in lines.differing], answer))
    return join(parts)


def _only_set(answer: Answer, settled: Sequence[Entry]) -> Markup:
    solution = answer.solution
    if not solution.code_sets:
        nothing = el("p", "none can be told yet", class_="quiet")
        return join(el("h2", "Claim lines"), nothing)
    code_set = solution.code_sets[0]
    title = el("h2", lines_title(solution.outcome))
    supposed = [
        el("p", f"{lead} {says}", class_="doubt") for lead, says in assumptions_of(code_set)
    ]
    body = lines_table([(entry, ()) for entry in settled], answer)
    if not settled:
        body = el("p", "no line to report", class_="quiet")
    return join(title, supposed, body, _withheld(code_set, answer.encounter))


def _withheld(code_set: CodeSet, encounter: Encounter) -> Markup | None:
    """What only this code set does not report, with its papers."""
    if not code_set.not_reported:
        return None
    made = []
    for group in grouped(code_set.not_reported):
        papers = el("small", "; ".join(papers_of(group)), class_="papers")
        for item in group.members:
            subject = subject_of(item, encounter)
            says = el("span", item.says, class_="says")
            made.append(el("li", f"{group.title}: {subject}".removesuffix(": "), says, papers))
    return el("ul", made)


def lines_table(lines: Sequence[tuple[Entry, tuple[int, ...]]], answer: Answer) -> Markup:
    """The lines in claim order, beneath each why; with the numbers of the sets that hold it."""
    several = [name for name in APART if name in several_of(answer.solution)]
    modified = any(entry.line.modifiers for entry, _ in lines)
    titles = [("Code", None), *([("Mod", None)] if modified else []), ("Units", "number")]
    titles += [(name.title(), "apart") for name in several]
    head = [el("th", name, scope="col", class_=kind) for name, kind in titles]
    head.append(el("th", "Service", scope="col", class_="service"))
    bodies = [_line(entry, sets, several, modified, answer) for entry, sets in lines]
    return el("table", el("thead", el("tr", head)), bodies, class_="lines")


def _line(
    entry: Entry, sets: tuple[int, ...], several: Sequence[str], modified: bool, answer: Answer
) -> Markup:
    line = entry.line
    cells = [el("th", line.code, scope="rowgroup")]
    if modified:
        cells.append(el("td", " ".join(line.modifiers), class_="mod"))
    cells.append(el("td", str(line.units), class_="number"))
    cells += [el("td", _apart(line, name), class_="apart") for name in several]
    held = join(" ", el("span", sets_words(sets), class_="sets")) if sets else None
    origins = origins_of(line, answer.encounter)
    where = ", ".join(p for p in (_said_apart(line, name) for name in several) if p)
    cells.append(
        el("td", el("span", line.label, class_="label") if line.label else None, held,
           el("span", "; ".join(origins), class_="says"),
           el("span", where, class_="where") if where else None)
    )  # fmt: skip
    why = _why(entry, answer)
    body = el("tr", el("td", why, colspan=str(len(cells)))) if why else None
    return el("tbody", el("tr", cells), body)


def _why(entry: Entry, answer: Answer) -> Markup | None:
    made = []
    for reason, sets in entry.reasons:
        held = join(el("span", sets_words(sets), class_="sets"), " ") if sets else None
        rule = el("code", reason.rule) if reason.rule else None
        dot = " · " if reason.cite and reason.rule else None
        papers = el("span", reason.cite, dot, rule, class_="papers")
        made.append(el("li", held, reason.says, " ", papers if papers_of(reason) else None))
    made += [el("li", hangs_words(h), class_="hangs doubt") for h in entry.hangs_on]
    proof = proof_html(steps_of(answer.proofs, entry.key))
    return join(el("ul", made, class_="why") if made else None, proof) or None


def _apart(line: Line, name: str) -> str:
    value = {"date": line.date.isoformat(), "visit": str(line.visit), "access": line.access or ""}
    return value[name]


def _said_apart(line: Line, name: str) -> str:
    value = _apart(line, name)
    return f"visit {value}" if name == "visit" else value


def _beside(
    solution: Solution, rows: Sequence[Row], chosen: Sequence[int], encounter: Encounter
) -> Markup:
    head = [el("th", "Line", scope="col")]
    for index in chosen:
        said = [el("span", f"{lead} {says}", class_="says quiet")
                for lead, says in assumptions_of(solution.code_sets[index])]  # fmt: skip
        head.append(el("th", f"Code set {index + 1}", said, scope="col"))
    several = several_of(solution)
    body = [_beside_row(row, chosen, several, encounter) for row in rows]
    sets = [solution.code_sets[index] for index in chosen]
    if any(code_set.not_reported for code_set in sets):
        cells = [el("td", _withheld(code_set, encounter) or _dash()) for code_set in sets]
        body.append(el("tr", el("th", "Not reported", scope="row"), cells))
    table = el("table", el("thead", el("tr", head)), el("tbody", body), class_="beside")
    return el("div", table, class_="scroll", tabindex="0", role="region",
              aria_label="Code sets side by side")  # fmt: skip


def _beside_row(
    row: Row, chosen: Sequence[int], several: frozenset[str], encounter: Encounter
) -> Markup:
    line = row.line
    code = "-".join((line.code, *line.modifiers))
    where = ", ".join(p for p in (_said_apart(line, n) for n in APART if n in several) if p)
    title = el("th", el("b", code), el("span", line.label, class_="says"),
               el("span", where, class_="quiet") if where else None, scope="row")  # fmt: skip
    return el("tr", title, (el("td", _cell(row.cells[index], encounter)) for index in chosen))


def _cell(lines: Sequence[Line], encounter: Encounter) -> Markup:
    """Units, and what they came from; a dash where the set has no such line."""
    made = []
    for line in lines:
        origins = (el("li", origin) for origin in origins_of(line, encounter))
        units = el("b", f"{line.units} {'unit' if line.units == 1 else 'units'}")
        made.append(join(units, el("ul", origins)))
    return join(made) if made else _dash()


def _dash() -> Markup:
    return el("span", "–", class_="absent", aria_label="none", role="img")
