"""Checked claims as a table: RFC 4180, a row for each line, violation, omission, question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infucode.model.claim import Earned, NotChecked, Violation
from infucode.model.encounter import Encounter
from infucode.render.check_content import ClaimAnswer, Claimed, claimed_lines, untold
from infucode.render.check_report import CheckResult
from infucode.render.csv_rows import (
    BETWEEN,
    Row,
    csv_of,
    first_columns,
    named_in,
    question,
    rows_of,
)
from infucode.render.remedies_csv import remedies_rows
from infucode.render.report import clauses_of
from infucode.render.words import service_words

COLUMNS = (
    "encounter", "file", "plan", "plan_version", "as_of", "overridden", "outcome", "record",
    "kind", "line", "state", "severity", "with_lines", "code", "label", "modifiers", "units",
    "charge", "date", "visit", "administrations", "services", "what", "rules", "citations",
    "clauses", "reason", "rulebook", "repair", "edit",
)  # fmt: skip


def check_csv(results: Sequence[CheckResult]) -> str:
    """The table with its head, lines ended by CR LF.

    ``kind`` is ``line``, ``violation``, ``omitted``, ``undecided``, ``question``, ``conflict``,
    ``edit`` (of a numbered repair), ``needed``, ``cut off``, ``not checked``, ``nothing`` (an
    answer without any of these) or ``refused`` (a file without an answer).
    """
    return csv_of(COLUMNS, rows_of(results, _first_columns, _told))


def _first_columns(answer: ClaimAnswer) -> Row:
    checked = answer.checked
    own = first_columns(answer.file, answer.encounter, checked.policy, checked.outcome)
    return {**own, "record": checked.record}


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
            yield {**own, **question(ask, answer.encounter), "what": ask.fact}
    for violation in answer.checked.violations:
        if violation.omitted is not None:
            omitted = _omitted(violation.omitted, answer.encounter)
            yield {**_violation(violation, answer), **omitted}
        elif not violation.lines:
            yield _violation(violation, answer)
    yield from remedies_rows(answer.checked)
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
        "administrations": named_in(item.administrations, answer.encounter),
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
        "administrations": named_in(item.administrations, encounter),
        "services": BETWEEN.join(service_words(id, encounter) for id in item.services),
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
