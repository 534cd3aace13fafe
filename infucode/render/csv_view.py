"""The report as a table for auditors: RFC 4180, one row for each line, gap and question."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from infucode.model.encounter import Encounter
from infucode.model.solution import Ask, CodeSet, Line, NotReported, Reason, Warned
from infucode.render.content import assumptions_of, hangs_words
from infucode.render.report import Answer, Refusal, Result, clauses_of
from infucode.render.run import VASCULAR
from infucode.render.shown import shown
from infucode.render.words import administration_words, service_words

COLUMNS = (
    "encounter", "file", "plan", "plan_version", "as_of", "overridden", "outcome", "code_set",
    "assumption", "kind", "code", "label", "modifiers", "units", "charge", "date", "visit",
    "access", "administrations", "services", "part", "certain", "rules", "citations", "clauses",
    "reason", "hangs_on", "rulebook",
)  # fmt: skip
FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
"""A cell that begins with one of these, plain or full-width, is run by a spreadsheet."""
BETWEEN = "; "
EACH = " | "
"""Between the rules, citations and reasons of one line, which stand in the same order."""

Row = dict[str, str]


def csv_report(results: Sequence[Result]) -> str:
    """The table with its head, lines ended by CR LF.

    ``kind`` is ``line``, ``not reported``, ``question``, ``warning``, ``nothing`` (an answer
    without any of these) or ``refused`` (a file without an answer).
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for result in results:
        for row in _rows(result):
            writer.writerow({column: safe_cell(value) for column, value in row.items()})
    return out.getvalue()


def safe_cell(data: str) -> str:
    """Foreign text as one line that no spreadsheet takes for a formula."""
    text = shown(data)
    return f"'{text}" if text.lstrip(" ")[:1] in FORMULA and text.strip(" ") else text


def _rows(result: Result) -> Iterator[Row]:
    if isinstance(result, Refusal):
        yield {"file": result.file, "outcome": "no answer", "kind": "refused",
               "reason": EACH.join(result.reasons)}  # fmt: skip
        return
    first, found = _first_columns(result), False
    for row in _told(result):
        found = True
        yield {**first, **row}
    if not found:
        yield {**first, "kind": "nothing"}


def _first_columns(answer: Answer) -> Row:
    policy = answer.solution.policy
    return {
        "encounter": answer.encounter.id,
        "file": answer.file,
        "plan": policy.id,
        "plan_version": policy.version,
        "as_of": policy.as_of.isoformat(),
        "overridden": BETWEEN.join(f"{name}={value}" for name, value in policy.switches),
        "outcome": answer.solution.outcome,
        "rulebook": policy.digest,
    }


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
        "administrations": _named(line.administrations, encounter),
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
        "administrations": _named(named, encounter),
        "services": service,
        "part": item.part,
        "visit": _visit(item.administration, encounter),
        "access": _access(item.administration, encounter),
        "reason": item.says,
        **_papers([item], answer),
    }


def _ask(ask: Ask, encounter: Encounter) -> Row:
    named = [ask.administration] if ask.administration is not None else []
    matters = [f"matters because: {ask.matters_because}"] if ask.matters_because else []
    return {
        "kind": "question",
        "administrations": _named(named, encounter),
        "part": ask.fact,
        "visit": _visit(ask.administration, encounter),
        "access": _access(ask.administration, encounter),
        "reason": EACH.join([ask.says, *matters]),
    }


def _papers(items: Sequence[Reason | NotReported | Warned], answer: Answer) -> Row:
    rules = [item.rule for item in items]
    return {
        "rules": EACH.join(rules),
        "citations": EACH.join(item.cite for item in items),
        "clauses": BETWEEN.join(clauses_of(rules, answer.background)),
    }


def _named(ids: Sequence[str], encounter: Encounter) -> str:
    return BETWEEN.join(administration_words(id, encounter) for id in ids)


def _visit(id: str | None, encounter: Encounter) -> str:
    return next((str(a.visit) for a in encounter.administrations if a.id == id), "")


def _access(id: str | None, encounter: Encounter) -> str:
    given = (a for a in encounter.administrations if a.id == id and a.route in VASCULAR)
    return next((item.access for item in given), "")
