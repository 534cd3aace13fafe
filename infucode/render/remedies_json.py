"""Conflicts and repairs as JSON: section 3 of the contract."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta
from decimal import Decimal

from infucode.model.claim import Cap, Edit, Remedies, Repair
from infucode.model.encounter import ClaimLine
from infucode.render.json_view import Json

FIELDS = ("code", "units", "modifiers", "date", "visit", "administrations", "charge",
          "description", "ndc")  # fmt: skip


def remedies_to_json(remedies: Remedies | None) -> Json:
    """``conflicts``, ``repairs`` and ``caps``: the limits that were reached."""
    found = remedies or Remedies()
    return {
        "conflicts": [
            {"lines": list(item.lines), "rules": list(item.rules)} for item in found.conflicts
        ],
        "repairs": [_repair(item, found.begins) for item in found.repairs],
        "caps": [_cap(item) for item in found.caps],
    }


def _repair(item: Repair, begins: Date) -> Json:
    return {
        "edits": [_edit(edit, begins) for edit in item.edits],
        "needs": list(item.needs),
        "lines": [line_to_json(line, begins) for line in item.lines],
        "outcome": item.outcome,
    }


def _edit(edit: Edit, begins: Date) -> Json:
    return {"op": edit.op, "line": edit.line, "to": _to(edit, begins), "says": edit.says}


def _to(edit: Edit, begins: Date) -> Json:
    """The fields that become others; for a new line all of it."""
    if edit.after is None:
        return {}
    after = line_to_json(edit.after, begins)
    if edit.before is None:
        return after
    before = line_to_json(edit.before, begins)
    changed = [name for name in FIELDS if name in after and after[name] != before.get(name)]
    return {name: after[name] for name in changed}


def line_to_json(line: ClaimLine, begins: Date) -> Json:
    """A claim line as a document holds it. ``begins`` is the document's date."""
    made: Json = {"id": line.id, "code": line.code}
    made["units"] = 1 if line.units is None else _number(line.units)
    made["modifiers"] = list(line.modifiers)
    if begins != Date.min:
        made["date"] = (begins + timedelta(days=line.day or 0)).isoformat()
    if line.visit is not None:
        made["visit"] = line.visit
    if line.administrations:
        made["administrations"] = list(line.administrations)
    if line.charge is not None:
        made["charge"] = f"{line.charge:f}"
    if line.description is not None:
        made["description"] = line.description
    if line.ndc is not None:
        made["ndc"] = line.ndc
    return made


def _number(units: Decimal) -> int | str:
    """A whole number as one, any other as text: exact."""
    return int(units) if units == units.to_integral_value() else f"{units:f}"


def _cap(item: Cap) -> Json:
    return {"what": item.what, "count": item.count, "says": item.says}
