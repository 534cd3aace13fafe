"""The answer to ``check`` as JSON: section 3 of the contract."""

from __future__ import annotations

from collections.abc import Iterator

from infucode.model.claim import Checked, NotChecked, Violation
from infucode.render.check_content import Proofs
from infucode.render.json_view import Json, policy_to_json, step_to_json
from infucode.render.remedies_json import remedies_to_json

SCHEMA = "infucode.check.v1"


def checked_to_json(checked: Checked, *, proofs: Proofs | None = None) -> Json:
    """The checked claim in the contract's schema.

    With ``proofs`` each violation and each undecided line has a ``proof``.
    """
    lines = [{"line": line.line, "state": line.state} for line in checked.lines]
    violations = [_violation(item) for item in checked.violations]
    if proofs is not None:
        for line in lines:
            _prove(line, line["line"], proofs)
        for number, made in enumerate(violations):
            _prove(made, number, proofs)
    return {
        "schema": SCHEMA,
        "encounter": checked.encounter,
        "policy": policy_to_json(checked.policy),
        "outcome": checked.outcome,
        "lines": lines,
        "violations": violations,
        **remedies_to_json(checked.remedies),
        "not_checked": [*map(_not_checked, checked.not_checked), *_asked(checked)],
    }


def _violation(item: Violation) -> Json:
    return {
        "rule": item.rule,
        "severity": item.severity,
        "lines": list(item.lines),
        "administrations": list(item.administrations),
        "says": item.says,
        "cite": item.cite,
    }


def _not_checked(item: NotChecked) -> Json:
    return {"what": item.what, "why": item.why}


def _asked(checked: Checked) -> Iterator[Json]:
    """The questions of the record that would decide a line."""
    for line in checked.lines:
        for ask in line.asks:
            yield {"what": line.line, "why": f"the record leaves open: {ask.says}"}


def _prove(made: Json, about: int | str, proofs: Proofs) -> None:
    if about in proofs:
        made["proof"] = [step_to_json(step) for step in proofs[about]]
