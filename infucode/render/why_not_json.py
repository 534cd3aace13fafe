"""The answer to `why-not` as JSON, schema `infucode.why_not.v1`."""

from __future__ import annotations

from infucode.model.why_not import Lack, WhyNot
from infucode.render.json_view import Json, line_to_json, policy_to_json, step_to_json

SCHEMA = "infucode.why_not.v1"


def why_not_to_json(found: WhyNot) -> Json:
    """The whole answer. `code_sets` are numbers from 1; none means every code set."""
    return {
        "schema": SCHEMA,
        "encounter": found.encounter,
        "policy": policy_to_json(found.policy),
        "outcome": found.outcome,
        "code_sets": found.total,
        "code": found.code,
        "label": found.label,
        "reported": [
            {"code_sets": list(item.sets), **line_to_json(item.line)} for item in found.reported
        ],
        "misses": [
            {
                "code_sets": list(miss.sets),
                "administration": miss.administration,
                "service": miss.service,
                "became": miss.became,
                "lacks": [_lack(lack) for lack in miss.lacks],
            }
            for miss in found.misses
        ],
        "uses": list(found.uses),
        "codes_on_claim": list(found.others),
    }


def _lack(lack: Lack) -> Json:
    return {
        "kind": lack.kind,
        "says": lack.says,
        "rule": lack.rule,
        "text": lack.text,
        "cite": lack.cite,
        "place": lack.place,
        "because": [step_to_json(step) for step in lack.because],
        "facts": [{"fact": fact, "about": about or None} for fact, about in lack.fields],
    }
