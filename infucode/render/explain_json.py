"""An explanation as JSON, schema `infucode.explanation.v1`."""

from __future__ import annotations

from collections.abc import Iterable

from infucode.model.explanation import (
    CodeExplained,
    ExplainedLine,
    Explanation,
    Fate,
    RuleExplained,
    Sets,
)
from infucode.model.proof import Step
from infucode.render.json_view import (
    Json,
    ask_to_json,
    line_to_json,
    not_reported_to_json,
    policy_to_json,
    reason_to_json,
    step_to_json,
)

SCHEMA = "infucode.explanation.v1"


def explanation_to_json(found: Explanation) -> Json:
    """The answer to one question. `code_sets` are numbers from 1; none means every code set."""
    answer = found.answer
    if isinstance(answer, CodeExplained):
        body = _code(answer)
    elif isinstance(answer, RuleExplained):
        body = _rule(answer)
    else:
        body = _fate(answer)
    return {
        "schema": SCHEMA,
        "encounter": found.encounter,
        "policy": policy_to_json(found.policy),
        "outcome": found.outcome,
        "code_sets": found.total,
        **body,
    }


def _steps(steps: Iterable[Step]) -> list[Json]:
    return [step_to_json(step) for step in steps]


def _sets(sets: Sets) -> Json:
    return {"code_sets": list(sets)}


def _lines(lines: Iterable[ExplainedLine]) -> list[Json]:
    return [{**_sets(i.sets), **line_to_json(i.line), "proof": _steps(i.proof)} for i in lines]


def _code(answer: CodeExplained) -> Json:
    return {
        "asked": "line",
        "code": answer.code or None,
        "label": answer.label,
        "lines": _lines(answer.lines),
        "uses": list(answer.uses),
        "codes_on_claim": list(answer.others),
        "not_reported": [not_reported_to_json(item) for item in answer.not_reported],
    }


def _rule(answer: RuleExplained) -> Json:
    return {
        "asked": "rule",
        "rule": answer.id,
        "text": answer.text,
        "cite": answer.cite,
        "places": list(answer.places),
        "in_force": answer.in_force,
        "fired": [
            {**_sets(item.sets), "proof": step_to_json(item.step)} for item in answer.fired
        ],
        "nearly": [
            {
                **_sets(item.sets),
                "about": item.about,
                "held": _steps(item.held),
                "failed": step_to_json(item.failed),
                "because": _steps(item.because),
                "place": item.place,
            }
            for item in answer.nearly
        ],
    }


def _fate(answer: Fate) -> Json:
    return {
        "asked": "administration",
        "administration": None if answer.service else answer.id,
        "service": answer.id if answer.service else None,
        "lines": _lines(answer.lines),
        "not_reported": [
            {**_sets(item.sets), **not_reported_to_json(item.item), "proof": _steps(item.proof)}
            for item in answer.not_reported
        ],
        "asks": [ask_to_json(item) for item in answer.asks],
        "warnings": [reason_to_json(item) for item in answer.warnings],
    }
