"""Facts of a space as an encounter that a document could state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Date
from decimal import Decimal
from typing import Any

from infucode.errors import InternalError
from infucode.model.encounter import (
    Access,
    Administration,
    After,
    Container,
    Dose,
    Encounter,
    Pump,
    Service,
)
from infucode.passes.values import TEXT_MARK, Row
from infucode.rulebook.language import Signature

Rows = Mapping[Row, None]
Items = dict[str, dict[str, Any]]
Rest = dict[str, list[Row]]
STAY = (
    "claim",
    "place_of_service",
    "type_of_bill",
    "line_of_business",
    "provider_type",
)
FIELDS = {
    "drug_text": "drug",
    "stated_minutes": "minutes",
    **{
        name: name
        for name in (
            "category",
            "route",
            "technique",
            "start",
            "stop",
            "access",
            "visit",
            "purpose",
            "supervision",
            "supplied_by",
            "via",
        )
    },
}
IMPLIED = ("administration", "document_order", "id_order", "access_order", "midnight")
SERVICE = {
    "service_code": "code",
    "service_provider": "provider",
    "service_day": "day",
    "service_visit": "visit",
    "service_units": "units",
}
PUMP = {"pump_kind": "kind", "pump_supplied_by": "supplied_by", "pump_minutes": "planned_minutes"}
DOSE = {
    "dose_code": "hcpcs", "dose_given": "administered", "dose_step": "per_unit",
    "dose_discarded": "discarded",
}  # fmt: skip
DRUGS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")


def encounter_of(given: Mapping[Signature, Rows], day: Date) -> Encounter:
    """The encounter whose facts these are. Raises InternalError for what no document states."""
    stay: dict[str, Any] = {}
    items: Items = {}
    accesses: Items = {}
    services: Items = {}
    pumps: Items = {}
    doses: Items = {}
    rest: Rest = {}
    order = sorted(given["document_order", 2], key=lambda row: row[1])
    for row in order:
        items[str(row[0])] = {"id": id_of(row[0])}
    for row in sorted(given.get(("access_order", 2), {}), key=lambda row: row[1]):
        accesses[str(row[0])] = {"id": id_of(row[0])}
    for (name, _), rows in given.items():
        if name in STAY:
            stay[name] = _plain(next(iter(rows))[0])
        elif name in FIELDS:
            for id, value in rows:
                items[str(id)][FIELDS[name]] = _value(name, value)
        elif name in PUMP:
            for id, value in rows:
                pumps.setdefault(str(id), {})[PUMP[name]] = _plain(value)
        elif name in DOSE:
            for id, value in rows:
                own = doses.setdefault(str(id), {})
                own[DOSE[name]] = Decimal(value) if isinstance(value, int) else _plain(value)
        elif name in SERVICE:
            for id, value in rows:
                services.setdefault(str(id), {"id": id_of(id)})[SERVICE[name]] = _plain(value)
        elif name == "access_reason":
            for id, value in rows:
                accesses[str(id)]["reason"] = _plain(value)
        elif name not in IMPLIED:
            rest[name] = list(rows)
    _add_services(rest, services)
    for id, pump in pumps.items():
        items[id]["pump"] = Pump(**pump)
    _add_doses(rest, doses, items)
    _add_details(rest, items)
    reasons = tuple(id_of(row[0]) for row in rest.pop("primary_reason", ()))
    if rest:
        raise InternalError(f"a space states `{next(iter(rest))}`, which this does not write")
    return Encounter(
        id="found",
        date=day,
        administrations=tuple(Administration(**item) for item in items.values()),
        accesses=tuple(Access(**access) for access in accesses.values()),
        primary_reason=reasons,
        services=tuple(Service(**service) for service in services.values()),
        **stay,
    )


def _add_services(rest: Rest, services: Items) -> None:
    rest.pop("service", None)
    for id, mark in rest.pop("service_modifier", ()):
        own = services[str(id)]
        own["modifiers"] = (*own.get("modifiers", ()), _plain(mark))
    for id, word in rest.pop("separately_identifiable", ()):
        services[str(id)]["separately_identifiable"] = word == "yes"


def _add_doses(rest: Rest, doses: Items, items: Items) -> None:
    for (id,) in rest.pop("dose_stated", ()):
        doses.setdefault(str(id), {})
    for id, _, size, count, kind in sorted(rest.pop("container", ()), key=lambda row: row[1]):
        dose = doses[str(id)]
        opened = Container(Decimal(int(size)), int(count), str(kind))
        dose["containers"] = (*dose.get("containers", ()), opened)
    for id, dose in doses.items():
        items[id]["dose"] = Dose(**dose)


def _add_details(rest: Rest, items: Items) -> None:
    for id, other in rest.pop("concurrent_with", ()):
        own = items[str(id)]
        own["concurrent_with"] = (*own.get("concurrent_with", ()), id_of(other))
    for id, minutes in rest.pop("flow_minutes", ()):
        items[str(id)] |= {"volume_ml": Decimal(int(minutes)), "rate_ml_per_hour": Decimal(60)}
    for id, earlier, minutes in rest.pop("stated_gap", ()):
        items[str(id)]["after"] = After(id_of(earlier), int(minutes))
    for id, element, done in rest.pop("documented", ()):
        own = items[str(id)]
        own["documentation"] = (*own.get("documentation", ()), (str(element), done == "yes"))


def id_of(value: object) -> str:
    """The id that a document gives what a space calls `a0` or `x0`: `a1`, `line-1`."""
    kind, number = str(value)[0], int(str(value)[1:])
    return f"line-{number + 1}" if kind == "x" else f"{kind}{number + 1}"


def fact_id(id: str) -> str:
    """What a space calls the id of a document."""
    line = id.startswith("line-")
    return f"x{int(id[5:]) - 1}" if line else f"{id[0]}{int(id[1:]) - 1}"


def _value(name: str, value: object) -> object:
    if name == "drug_text":
        return DRUGS[int(str(value)[1:])]
    return id_of(value) if name == "access" else _plain(value)


def _plain(value: object) -> Any:
    return (
        value[len(TEXT_MARK) :]
        if isinstance(value, str) and value.startswith(TEXT_MARK)
        else value
    )
