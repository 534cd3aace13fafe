"""The report as a table for auditors: RFC 4180, one row for each line, gap and question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infucode.model.encounter import Encounter
from infucode.model.solution import Ask, CodeSet, Line, NotReported, Reason, Warned
from infucode.render.content import assumptions_of, hangs_words
from infucode.render.csv_rows import (
    BETWEEN,
    EACH,
    Row,
    csv_of,
    first_columns,
    named_in,
    question,
    rows_of,
)
from infucode.render.report import Answer, Result, clauses_of
from infucode.render.run import VASCULAR
from infucode.render.words import service_words

COLUMNS = (
    "encounter", "file", "plan", "plan_version", "as_of", "overridden", "outcome", "code_set",
    "assumption", "kind", "code", "label", "modifiers", "units", "charge", "date", "visit",
    "access", "administrations", "services", "part", "certain", "rules", "citations", "clauses",
    "reason", "hangs_on", "rulebook",
)  # fmt: skip

def csv_report(results: Sequence[Result]) -> str:
    """The table with its head, lines ended by CR LF.

    ``kind`` is ``line``, ``not reported``, ``question``, ``warning``, ``nothing`` (an answer
    without any of these) or ``refused`` (a file without an answer).
    """
    return csv_of(COLUMNS, rows_of(results, _first_columns, _told))


def _first_columns(answer: Answer) -> Row:
    solution = answer.solution
    return first_columns(answer.file, answer.encounter, solution.policy, solution.outcome)


def _told(answer: Answer) -> Iterator[Row]:
    solution, encounter = answer.solution, answer.encounter
    for number, code_set in enumerate(solution.code_sets, 1):
        where = {"code_set": str(number), "assumption": _supposed(code_set)}
        for line in code_set.lines:
            yield {**where, **_line(line, answer)}
        for item in code_set.not_reported:
            yield {**where, **_not_reported(item, answer)}
    for item in solution.not_reported:
        yield _not_reported(item, answer)
    for ask in solution.asks:
        yield _ask(ask, encounter)
    for warned in solution.warnings:
        yield {"kind": "warning", "reason": warned.says, **_papers([warned], answer)}


def _supposed(code_set: CodeSet) -> str:
    return BETWEEN.join(says for _, says in assumptions_of(code_set))


def _line(line: Line, answer: Answer) -> Row:
    encounter = answer.encounter
    return {
        "kind": "line",
        "code": line.code,
        "label": line.label,
        "modifiers": BETWEEN.join(line.modifiers),
        "units": str(line.units),
        "charge": line.charge or "",
        "date": line.date.isoformat(),
        "visit": str(line.visit),
        "access": line.access or "",
        "administrations": named_in(line.administrations, encounter),
        "services": BETWEEN.join(service_words(id, encounter) for id in line.services),
        "certain": "yes" if line.certain else "no",
        **_papers(line.because, answer),
        "reason": EACH.join(reason.says for reason in line.because),
        "hangs_on": BETWEEN.join(hangs_words(h).removeprefix("hangs on ") for h in line.hangs_on),
    }


def _not_reported(item: NotReported, answer: Answer) -> Row:
    encounter = answer.encounter
    named = [item.administration] if item.administration is not None else []
    service = service_words(item.service, encounter) if item.service is not None else ""
    return {
        "kind": "not reported",
        "administrations": named_in(named, encounter),
        "services": service,
        "part": item.part,
        "visit": _visit(item.administration, encounter),
        "access": _access(item.administration, encounter),
        "reason": item.says,
        **_papers([item], answer),
    }


def _ask(ask: Ask, encounter: Encounter) -> Row:
    return {
        **question(ask, encounter),
        "part": ask.fact,
        "visit": _visit(ask.administration, encounter),
        "access": _access(ask.administration, encounter),
    }


def _papers(items: Sequence[Reason | NotReported | Warned], answer: Answer) -> Row:
    rules = [item.rule for item in items]
    return {
        "rules": EACH.join(rules),
        "citations": EACH.join(item.cite for item in items),
        "clauses": BETWEEN.join(clauses_of(rules, answer.background)),
    }


def _visit(id: str | None, encounter: Encounter) -> str:
    return next((str(a.visit) for a in encounter.administrations if a.id == id), "")


def _access(id: str | None, encounter: Encounter) -> str:
    given = (a for a in encounter.administrations if a.id == id and a.route in VASCULAR)
    return next((item.access for item in given), "")
