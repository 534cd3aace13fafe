"""The answer to `unlock` as JSON, schema `infucode.unlock.v1`."""

from __future__ import annotations

from infucode.model.unlock import Unlocked
from infucode.render.json_view import Json, policy_to_json, reason_to_json

SCHEMA = "infucode.unlock.v1"


def unlocked_to_json(found: Unlocked, log: str) -> Json:
    """The whole answer; `values` are what was found to do, and no part of a question."""
    return {
        "schema": SCHEMA,
        "encounter": found.encounter,
        "policy": policy_to_json(found.policy),
        "outcome": found.outcome,
        "code": found.code,
        "label": found.label,
        "state": found.state,
        "sets": [
            {
                "queries": [
                    {
                        "fact": query.fact,
                        "about": query.about or None,
                        "status": "absent",
                        "asks": query.asks,
                        "values": list(query.values),
                    }
                    for query in item.queries
                ],
                "because": [reason_to_json(reason) for reason in item.because],
            }
            for item in found.sets
        ],
        "sought": {
            "most_facts": found.most,
            "size": found.size,
            "absent_facts": found.open_facts,
            "tried": found.tried,
            "complete": found.complete,
        },
        "core": [
            {"fact": item.fact, "about": item.about or None, "status": "documented",
             "says": item.says}
            for item in found.core
        ],
        "core_smallest": found.core_smallest,
        "uses": list(found.uses),
        "log": log,
    }  # fmt: skip
