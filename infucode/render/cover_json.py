"""Coverage for programs."""

from __future__ import annotations

from typing import Any

from infucode.model.cover import Covered, CoveredCondition, CoveredRule, Share
from infucode.render.cover_words import GROUPS
from infucode.render.json_view import dumps

SCHEMA = "infucode.cover.v1"


def cover_to_json(covered: Covered, extra: dict[str, Any] | None = None) -> str:
    """Everything; ``extra`` stands beside it."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "folder": covered.folder,
        "cases": covered.cases,
        "failed": list(covered.failed),
        "total": _share(covered.total),
        "never_fired": list(covered.never_fired),
        "never_silent": list(covered.never_silent),
        "for_reports": list(covered.for_reports),
        "clauses": {
            "of": covered.clauses,
            "without_rule": [
                {"id": c.id, "gist": c.gist, "reason": c.reason or None} for c in covered.lost
            ],
        },
        "by": {group: [_share(s) for s in covered.shares(group)] for group in GROUPS},
        "rules": [_rule(rule) for rule in covered.rules],
    }
    return dumps(data | (extra or {}))


def _share(share: Share) -> dict[str, Any]:
    percent = round(share.percent, 2)
    return {
        "name": share.name, "shown": share.shown, "of": share.of, "percent": percent,
        "settled": share.settled, "reasoned": share.reasoned,
    }  # fmt: skip


def _rule(rule: CoveredRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "file": rule.file,
        "line": rule.line,
        "head": rule.text[slice(*rule.head)].strip(),
        "fires_alone_in": rule.fires,
        "clauses": list(rule.clauses),
        "sources": list(rule.sources),
        "conditions": [_condition(condition) for condition in rule.conditions],
    }


def _condition(condition: CoveredCondition) -> dict[str, Any]:
    return {
        "text": condition.text,
        "can_fail": bool(condition.sights),
        "sights": [
            {"kind": s.kind, "of": s.text, "case": s.case, "settled": s.settled or None,
             "reason": s.reason or None}
            for s in condition.sights
        ],
    }
