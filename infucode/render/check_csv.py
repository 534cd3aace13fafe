"""Checked claims as a table: RFC 4180, a row for each line, violation, omission, question."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from infucode.model.claim import Earned, NotChecked, Violation
from infucode.model.encounter import Encounter
from infucode.model.solution import Ask
from infucode.render.check_content import ClaimAnswer, Claimed, claimed_lines, untold
from infucode.render.check_report import CheckResult
from infucode.render.csv_view import BETWEEN, EACH, safe_cell
from infucode.render.report import Refusal, clauses_of
from infucode.render.words import administration_words, service_words

COLUMNS = (
    "encounter", "file", "plan", "plan_version", "as_of", "overridden", "outcome", "record",
    "kind", "line", "state", "severity", "with_lines", "code", "label", "modifiers", "units",
    "charge", "date", "visit", "administrations", "services", "what", "rules", "citations",
    "clauses", "reason", "rulebook",
)  # fmt: skip

Row = dict[str, str]


def check_csv(results: Sequence[CheckResult]) -> str:
    """The table with its head, lines ended by CR LF.

    ``kind`` is ``line``, ``violation``, ``omitted``, ``undecided``, ``question``,
    ``not checked``, ``nothing`` (an answer without any of these) or ``refused`` (a file without
    an answer).
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for result in results:
        for row in _rows(result):
            writer.writerow({column: safe_cell(value) for column, value in row.items()})
    return out.getvalue()


def _rows(result: CheckResult) -> Iterator[Row]:
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


def _first_columns(answer: ClaimAnswer) -> Row:
    policy = answer.checked.policy
    return {
        "encounter": answer.encounter.id,
        "file": answer.file,
        "plan": policy.id,
        "plan_version": policy.version,
        "as_of": policy.as_of.isoformat(),
        "overridden": BETWEEN.join(f"{name}={value}" for name, value in policy.switches),
        "outcome": answer.checked.outcome,
        "record": answer.checked.record,
        "rulebook": policy.digest,
    }


def _told(answer: ClaimAnswer) -> Iterator[Row]:
    for claimed in claimed_lines(answer.encounter, answer.checked):
        own = _line(claimed)
        yield {**own, "kind": "line", "administrations": BETWEEN.join(claimed.origins)}
        for _, violation in claimed.violations:
            yield {**own, **_violation(violation, answer)}
        for reason in claimed.state.because:
            papers = _papers(reason.rule, reason.cite, answer)
            yield {**own, **papers, "kind": "undecided", "reason": reason.says}
        for ask in claimed.state.asks:
            yield {**own, **_ask(ask, answer.encounter)}
    for violation in answer.checked.violations:
        if violation.omitted is not None:
            omitted = _omitted(violation.omitted, answer.encounter)
            yield {**_violation(violation, answer), **omitted}
        elif not violation.lines:
            yield _violation(violation, answer)
    for item, whats in untold(answer.checked):
        yield _not_checked(item, whats, answer)


def _line(claimed: Claimed) -> Row:
    return {
        "line": claimed.line.id,
        "state": claimed.state.state,
        "code": claimed.line.code,
        "label": claimed.label,
        "modifiers": BETWEEN.join(claimed.line.modifiers),
        "units": claimed.cells["Units"],
        "charge": claimed.cells["Charge"],
        "date": claimed.cells["Date"],
        "visit": claimed.cells["Visit"],
    }


def _violation(item: Violation, answer: ClaimAnswer) -> Row:
    return {
        "kind": "violation",
        "severity": item.severity,
        "with_lines": BETWEEN.join(item.lines[1:]),
        "administrations": _named(item.administrations, answer.encounter),
        "reason": item.says,
        **_papers(item.rule, item.cite, answer),
    }


def _omitted(item: Earned, encounter: Encounter) -> Row:
    return {
        "kind": "omitted",
        "code": item.code,
        "label": item.label,
        "modifiers": BETWEEN.join(item.modifiers),
        "units": str(item.units),
        "charge": item.charge or "",
        "date": item.date.isoformat(),
        "visit": str(item.visit),
        "administrations": _named(item.administrations, encounter),
        "services": BETWEEN.join(service_words(id, encounter) for id in item.services),
    }


def _ask(ask: Ask, encounter: Encounter) -> Row:
    named = [ask.administration] if ask.administration is not None else []
    matters = [f"matters because: {ask.matters_because}"] if ask.matters_because else []
    return {
        "kind": "question",
        "what": ask.fact,
        "administrations": _named(named, encounter),
        "reason": EACH.join([ask.says, *matters]),
    }


def _not_checked(item: NotChecked, whats: Sequence[str], answer: ClaimAnswer) -> Row:
    papers = _papers(item.rule, item.cite, answer)
    return {
        "kind": "not checked",
        "what": BETWEEN.join(whats),
        "reason": item.why,
        **papers,
    }


def _papers(rule: str, cite: str, answer: ClaimAnswer) -> Row:
    clauses = BETWEEN.join(clauses_of([rule], answer.background))
    return {"rules": rule, "citations": cite, "clauses": clauses}


def _named(ids: Sequence[str], encounter: Encounter) -> str:
    return BETWEEN.join(administration_words(id, encounter) for id in ids)
