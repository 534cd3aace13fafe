"""The answer to ``solve`` as JSON: section 2 of the contract."""

from __future__ import annotations

import json
import re
from typing import Any

from infucode.model.proof import Step
from infucode.model.solution import (
    Ask,
    Assumption,
    CodeSet,
    HangsOn,
    Line,
    NotReported,
    PolicyRef,
    Reason,
    Solution,
    Warned,
)
from infucode.render.proofs import Proofs, steps_of

SCHEMA = "infucode.solution.v1"

_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Legal in JSON, but able to act on a terminal or impossible to write as UTF-8."""

Json = dict[str, Any]


def dumps(value: object, *, compact: bool = False) -> str:
    """The value as UTF-8 readable JSON with a final newline; equal values give equal text.

    ``compact`` sets it on one line, for NDJSON.
    """
    separators = (",", ":") if compact else None
    text = json.dumps(
        value, ensure_ascii=False, indent=None if compact else 2, separators=separators,
        allow_nan=False,
    )  # fmt: skip
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n"


def solution_to_json(solution: Solution, *, proofs: Proofs | None = None) -> Json:
    """The solution in the contract's schema; with ``proofs`` each line has a ``proof``."""
    return {
        "schema": SCHEMA,
        "encounter": solution.encounter,
        "policy": policy_to_json(solution.policy),
        "outcome": solution.outcome,
        "code_sets": [
            _code_set(code_set, index, proofs)
            for index, code_set in enumerate(solution.code_sets)
        ],
        "not_reported": [not_reported_to_json(item) for item in solution.not_reported],
        "asks": [ask_to_json(item) for item in solution.asks],
        "warnings": [_warned(item) for item in solution.warnings],
    }


def policy_to_json(policy: PolicyRef) -> Json:
    """Exactly which rules gave an answer."""
    return {
        "id": policy.id,
        "title": policy.title,
        "version": policy.version,
        "as_of": policy.as_of.isoformat(),
        "digest": policy.digest,
        "switches": dict(policy.switches),
    }


def _code_set(code_set: CodeSet, index: int, proofs: Proofs | None) -> Json:
    lines = []
    for number, line in enumerate(code_set.lines):
        lines.append(line_to_json(line))
        if proofs is not None:
            lines[-1]["proof"] = [step_to_json(s) for s in steps_of(proofs, (index, number))]
    return {
        "assuming": [_assumption(item) for item in code_set.assuming],
        "lines": lines,
        "not_reported": [not_reported_to_json(item) for item in code_set.not_reported],
    }


def line_to_json(line: Line) -> Json:
    """A line, without its proof."""
    return {
        "code": line.code,
        "label": line.label,
        "units": line.units,
        "modifiers": list(line.modifiers),
        "date": line.date.isoformat(),
        "visit": line.visit,
        "access": line.access,
        "administrations": list(line.administrations),
        "services": list(line.services),
        "charge": line.charge,
        "certain": line.certain,
        "because": [reason_to_json(item) for item in line.because],
        "hangs_on": [_hangs_on(item) for item in line.hangs_on],
    }


def reason_to_json(item: Reason | Warned) -> Json:
    """A rule in words, and where it comes from."""
    return {"rule": item.rule, "says": item.says, "cite": item.cite}


_warned = reason_to_json


def _hangs_on(item: HangsOn) -> Json:
    return {
        "switch": item.switch,
        "value": item.value,
        "basis": item.basis,
        "other": list(item.other),
    }


def _assumption(item: Assumption) -> Json:
    return {
        "fact": item.fact,
        "administration": item.administration,
        "value": item.value,
        "says": item.says,
    }


def not_reported_to_json(item: NotReported) -> Json:
    """Something that is not reported."""
    return {
        "administration": item.administration,
        "service": item.service,
        "part": item.part,
        "rule": item.rule,
        "says": item.says,
        "cite": item.cite,
    }


def ask_to_json(item: Ask) -> Json:
    """A question."""
    return {
        "fact": item.fact,
        "administration": item.administration,
        "says": item.says,
        "matters_because": item.matters_because,
    }


def step_to_json(root: Step) -> Json:
    """A proof tree; fields that say nothing are left out. Built without recursion."""
    top = _step(root)
    pending = [(root, top)]
    while pending:
        step, made = pending.pop()
        if step.children:
            made["children"] = [_step(child) for child in step.children]
            pending += zip(step.children, made["children"], strict=True)
    return top


def _step(step: Step) -> Json:
    made: Json = {"kind": step.kind, "text": step.text}
    for name in ("says", "rule", "place", "cite", "basis"):
        if getattr(step, name):
            made[name] = getattr(step, name)
    if step.bindings:
        made["bindings"] = dict(step.bindings)
    if step.alternatives:
        made["alternatives"] = step.alternatives
    if step.number:
        made["number"] = step.number
    return made
