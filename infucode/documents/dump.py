"""An ``Encounter`` as plain data that reads back as an equal one."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta
from decimal import Decimal
from typing import Any

from infucode.documents.times import DAY
from infucode.model.encounter import Administration, ClaimLine, Dose, Encounter, Pump, Service

_PLAIN = (
    "id",
    "drug",
    "hcpcs",
    "category",
    "route",
    "technique",
    "minutes",
    "rate_ml_per_hour",
    "volume_ml",
    "concurrent_with",
    "access",
    "bag",
    "visit",
    "purpose",
    "indication",
    "attended",
    "discontinued",
    "sequential_reason",
    "intensity",
    "via",
    "lesions",
    "counseling",
    "dose_group",
    "supervision",
    "supplied_by",
    "note",
)
_HEAD = (
    "id",
    "claim",
    "type_of_bill",
    "place_of_service",
    "line_of_business",
    "provider_type",
    "date",
    "policy",
    "patient_age_years",
    "observation",
)


def encounter_to_data(encounter: Encounter) -> dict[str, Any]:
    """Plain data as JSON and YAML hold it, in the contract's order; what is absent stays out.

    ``encounter_from_data`` of it gives an equal encounter.
    """
    date = encounter.date
    data = _fields(encounter, _HEAD)
    _put(data, "ends", _moment(encounter.ends, date))
    _put(data, "primary_reason", _plain(encounter.primary_reason))
    data["administrations"] = [_administration(item, date) for item in encounter.administrations]
    _put(data, "accesses", [_fields(a, a.__slots__) for a in encounter.accesses])
    _put(data, "services", [_dated(item, date) for item in encounter.services])
    _put(data, "claim_lines", [_dated(item, date) for item in encounter.claim_lines])
    if encounter.claim_stated:
        data.setdefault("claim_lines", [])
    _put(data, "switches", dict(encounter.switches))
    return data


def _administration(item: Administration, date: Date) -> dict[str, Any]:
    data = _fields(item, _PLAIN)
    _put(data, "start", _moment(item.start, date))
    _put(data, "stop", _moment(item.stop, date))
    segments = [
        {"start": moment(start, date), "stop": moment(stop, date)}
        for start, stop in item.segments
    ]
    _put(data, "segments", segments)
    if item.after is not None:
        data["after"] = _fields(item.after, ("administration", "minutes"))
    if item.pump is not None:
        data["pump"] = _fields(item.pump, Pump.__slots__)
    _put(data, "documentation", dict(item.documentation))
    if item.dose is not None:
        data["dose"] = _dose(item.dose)
    return data


def _dose(dose: Dose) -> dict[str, Any]:
    data = _fields(dose, [name for name in Dose.__slots__ if name != "containers"])
    containers = [_fields(item, ("size", "count", "kind")) for item in dose.containers]
    _put(data, "containers", containers)
    return data


def _dated(item: Service | ClaimLine, date: Date) -> dict[str, Any]:
    data = _fields(item, [name for name in item.__slots__ if name != "day"])
    if item.day is not None:
        data["date"] = (date + timedelta(days=item.day)).isoformat()
    return data


def _fields(item: object, names: tuple[str, ...] | list[str]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name in names:
        _put(data, name, _plain(getattr(item, name)))
    return data


def _put(data: dict[str, Any], key: str, value: object) -> None:
    if value is not None and value != [] and value != {}:
        data[key] = value


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _moment(minute: int | None, date: Date) -> str | None:
    return None if minute is None else moment(minute, date)


def moment(minute: int, date: Date) -> str:
    """``HH:MM`` on the first date, else with the date."""
    clock = f"{minute % DAY // 60:02}:{minute % 60:02}"
    if minute < DAY:
        return clock
    return f"{(date + timedelta(days=minute // DAY)).isoformat()}T{clock}"
