"""The page of a rule as JSON data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from infucode.render.manual_content import Condition, RuleEntry
from infucode.render.rules_view import papers_of

SCHEMA = "infucode.rule.v1"


def rule_entry_data(entry: RuleEntry) -> dict[str, Any]:
    """Every part of the page, under the names of the terminal view."""
    detail = entry.detail
    return {
        "schema": SCHEMA,
        "id": entry.id,
        "text": detail.text,
        "papers": {name: value for name, value in papers_of(detail) if name and value},
        "matters": entry.matters,
        "source": {"title": detail.source_title, "url": detail.source_url},
        "file": entry.file,
        "plans": list(entry.plans),
        "logic": [
            {
                "gives": logic.gives,
                "outcome": logic.outcome,
                "means": logic.gloss,
                "conditions": [_condition(condition) for condition in logic.conditions],
                "source": logic.source,
                "place": logic.place,
            }
            for logic in entry.logic
        ],
        "tables": [asdict(rows) for rows in entry.tables],
        "settings": [asdict(setting) for setting in entry.settings],
        "beats": [asdict(rule) for rule in entry.beats],
        "beaten_by": [asdict(rule) for rule in entry.beaten_by],
        "reads": [asdict(rule) for rule in entry.reads],
        "read_by": [asdict(rule) for rule in entry.read_by],
        "clauses": [asdict(clause) for clause in entry.clauses],
        "cases": [asdict(example) for example in entry.examples],
    }


def _condition(condition: Condition) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": condition.kind, "text": condition.text}
    if condition.gloss:
        found["means"] = condition.gloss
    if condition.rules:
        found["rules"] = list(condition.rules)
    if condition.below:
        found["where"] = [_condition(below) for below in condition.below]
    return found
