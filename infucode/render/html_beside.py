"""Code sets side by side on the page: a column for each, or of many a row for each."""

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
    several_of,
    subject_of,
)
from infucode.render.folded import folded
from infucode.render.html_said import by_set_html, held_html, paper_line
from infucode.render.markup import Markup, el, join
from infucode.render.told import withheld

BESIDE = 4
"""Up to so many code sets stand side by side; of more, each has a row."""
ACROSS = 6
"""Of more kinds of lines than these a row has no room: columns then, some sets at a time."""


def beside_html(solution: Solution, rows: Sequence[Row], encounter: Encounter) -> Markup:
    """What differs between the code sets, and what only some of them do not report."""
    title = el("h2", "Code sets side by side ", el("small", "only what differs"))
    every = range(len(solution.code_sets))
    if len(every) > BESIDE and len(rows) <= ACROSS:
        below = _withheld_below(solution, encounter)
        return join(title, _by_row(solution, rows, encounter), below)
    tables = [
        _by_column(solution, rows, every[first : first + BESIDE], encounter)
        for first in every[::BESIDE]
    ]
    return join(title, tables)


def withheld_html(code_set: CodeSet, encounter: Encounter) -> Markup | None:
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


def _withheld_below(solution: Solution, encounter: Encounter) -> Markup | None:
    """What only some of many code sets do not report: each sentence once."""
    held = dict(withheld((), solution.code_sets))
    made = []
    for group in grouped(held):
        for subject, members in by_subject(group, encounter).items():
            for said in folded((item.says, held[item]) for item in members):
                title = f"{group.title}: {subject}".removesuffix(": ")
                says = el("span", said.says, class_="says")
                papers = paper_line(group.cite, group.rule)
                rows = by_set_html(said, "by set")
                made.append(el("li", held_html(said.sets), title, says, rows, papers))
    if not made:
        return None
    return join(el("h3", "Not reported in some sets"), el("ul", made, class_="remarks"))


def _by_row(solution: Solution, rows: Sequence[Row], encounter: Encounter) -> Markup:
    several = several_of(solution)
    head = [el("th", name, scope="col") for name in ("Code set", "Supposed")]
    head += [el("th", *_name(row.line, several), scope="col") for row in rows]
    body = []
    for index, code_set in enumerate(solution.code_sets):
        said = [el("span", f"{lead} {says}", class_="says quiet")
                for lead, says in assumptions_of(code_set)]  # fmt: skip
        cells = [el("td", _cell(row.cells[index], encounter)) for row in rows]
        number = el("th", str(index + 1), scope="row")
        body.append(el("tr", number, el("td", said or _dash()), cells))
    return _table(head, body)


def _by_column(
    solution: Solution, rows: Sequence[Row], chosen: Sequence[int], encounter: Encounter
) -> Markup:
    head = [el("th", "Line", scope="col")]
    for index in chosen:
        said = [el("span", f"{lead} {says}", class_="says quiet")
                for lead, says in assumptions_of(solution.code_sets[index])]  # fmt: skip
        head.append(el("th", f"Code set {index + 1}", said, scope="col"))
    several = several_of(solution)
    body = []
    for row in rows:
        title = el("th", *_name(row.line, several), scope="row")
        body.append(el("tr", title, (el("td", _cell(row.cells[i], encounter)) for i in chosen)))
    sets = [solution.code_sets[index] for index in chosen]
    if any(code_set.not_reported for code_set in sets):
        cells = [el("td", withheld_html(code_set, encounter) or _dash()) for code_set in sets]
        body.append(el("tr", el("th", "Not reported", scope="row"), cells))
    return _table(head, body)


def _table(head: Sequence[Markup], body: Sequence[Markup]) -> Markup:
    table = el("table", el("thead", el("tr", head)), el("tbody", body), class_="beside")
    return el("div", table, class_="scroll", tabindex="0", role="region",
              aria_label="Code sets side by side")  # fmt: skip


def _name(line: Line, several: frozenset[str]) -> list[Markup]:
    """Code, service, and where and when as far as lines differ in it."""
    where = ", ".join(p for p in (apart_words(line, n) for n in APART if n in several) if p)
    made = [el("b", "-".join((line.code, *line.modifiers)))]
    made.append(el("span", line.label, class_="says"))
    return [*made, el("span", where, class_="quiet")] if where else made


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
