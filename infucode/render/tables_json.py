"""The imported tables as JSON data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from infucode.tables.editions import Edition
from infucode.tables.looking import Cover, Looked
from infucode.tables.rows import Missing, PtpEdit, Used


def edition_data(edition: Edition) -> dict[str, Any]:
    """An edition with its name."""
    return {"name": edition.name, **edition.plain()}


def tables_data(
    folder: str,
    editions: Sequence[Edition],
    damage: Sequence[tuple[str, str]],
    covers: Sequence[Cover],
) -> dict[str, Any]:
    """What `tables list` tells."""
    return {
        "schema": "infucode.tables.v1",
        "folder": folder,
        "editions": [edition_data(edition) for edition in editions],
        "damaged": [{"name": name, "why": why} for name, why in damage],
        "answers": [
            {"quarter": str(cover.quarter), "claim": cover.claim, **answer_data(answer)}
            for cover in covers
            for answer in cover.answers
        ],
    }


def answer_data(answer: Used | Missing) -> dict[str, Any]:
    """An edition that answers, or the lack of one."""
    if isinstance(answer, Missing):
        return {"kind": answer.kind, "edition": None, "basis": None, "says": answer.says}
    return {
        "kind": answer.kind,
        "edition": answer.edition.name,
        "basis": answer.basis,
        "says": answer.says,
    }


def imported_data(found: Sequence[tuple[str, Edition]], notes: Sequence[str]) -> dict[str, Any]:
    """What `tables import` tells."""
    return {
        "schema": "infucode.tables-import.v1",
        "editions": [{"state": state, **edition_data(edition)} for state, edition in found],
        "left_aside": list(notes),
    }


def looked_data(looks: Sequence[Looked]) -> dict[str, Any]:
    """What `tables show` tells."""
    return {"schema": "infucode.tables-show.v1", "claims": [_look(look) for look in looks]}


def _look(look: Looked) -> dict[str, Any]:
    found = look.slice
    answers: list[Used | Missing] = [*found.used, *found.missing]
    return {
        "claim": found.claim,
        "date": found.date.isoformat(),
        "codes": list(look.codes),
        "ptp": [_edit(edit) for edit in look.pairs],
        "ptp_not_in_force": [_edit(edit) for edit in look.past],
        "mue": [
            {
                "code": mue.code,
                "units": mue.units,
                "indicator": mue.indicator,
                "rationale": mue.rationale,
            }
            for mue in found.mue
        ],
        "addons": [
            {
                "code": addon.code,
                "type": addon.type,
                "primaries": list(addon.primaries),
                "elsewhere": list(addon.elsewhere),
                "notes": list(addon.notes),
            }
            for addon in found.addons
        ],
        "answers": [answer_data(answer) for answer in answers],
    }


def _edit(edit: PtpEdit) -> dict[str, Any]:
    return {
        "column1": edit.column1,
        "column2": edit.column2,
        "indicator": edit.indicator,
        "effective": edit.effective.isoformat(),
        "deleted": edit.deleted.isoformat() if edit.deleted else None,
        "rationale": edit.rationale,
    }
