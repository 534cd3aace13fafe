"""A record with absent facts filled in, as the document would state them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import clingo

from infucode.engine.facts import Names, dose_scale
from infucode.errors import InternalError
from infucode.model.encounter import Access, Administration, Dose, Encounter, Pump
from infucode.questions.unlock_evidence import Field

Value = str | int
Chosen = Iterable[tuple[Field, Value]]
STATED = "stated"
"""What stands for a text of which the rules only know that it is there."""


def _plain(name: str) -> Callable[[Administration, Value, int], Administration]:
    def put(item: Administration, value: Value, _scale: int) -> Administration:
        return replace(item, **{name: value})  # type: ignore[arg-type]

    return put


def _flag(name: str) -> Callable[[Administration, Value, int], Administration]:
    def put(item: Administration, value: Value, _scale: int) -> Administration:
        return replace(item, **{name: value == "yes"})  # type: ignore[arg-type]

    return put


def _text(name: str) -> Callable[[Administration, Value, int], Administration]:
    def put(item: Administration, _value: Value, _scale: int) -> Administration:
        return replace(item, **{name: STATED})  # type: ignore[arg-type]

    return put


def _pump(name: str) -> Callable[[Administration, Value, int], Administration]:
    def put(item: Administration, value: Value, _scale: int) -> Administration:
        known: dict[str, Any] = {name: value}
        return replace(item, pump=replace(item.pump or Pump(), **known))

    return put


def _dose(name: str) -> Callable[[Administration, Value, int], Administration]:
    def put(item: Administration, value: Value, scale: int) -> Administration:
        known: dict[str, Any] = {name: Decimal(value) / scale}
        return replace(item, dose=replace(item.dose or Dose(), **known))

    return put


def _factor(item: Administration, value: Value, _scale: int) -> Administration:
    return replace(item, intensity=(*item.intensity, str(value)))


PUT: Mapping[str, Callable[[Administration, Value, int], Administration]] = {
    "stop": _plain("stop"),
    "start": _plain("start"),
    "stated_minutes": _plain("minutes"),
    "technique": _plain("technique"),
    "category": _plain("category"),
    "via": _plain("via"),
    "lesions": _plain("lesions"),
    "supervision": _plain("supervision"),
    "attended": _flag("attended"),
    "counseling": _flag("counseling"),
    "discontinued": _flag("discontinued"),
    "indication_stated": _text("indication"),
    "sequential_reason_stated": _text("sequential_reason"),
    "intensity": _factor,
    "pump_kind": _pump("kind"),
    "pump_supplied_by": _pump("supplied_by"),
    "pump_minutes": _pump("planned_minutes"),
    "pump_setups": _pump("extra_setups"),
    "dose_given": _dose("administered"),
    "dose_step": _dose("per_unit"),
    "dose_discarded": _dose("discarded"),
}
"""How each input of an administration is stated in the document."""


def completed(encounter: Encounter, chosen: Chosen, names: Names) -> Encounter:
    """The document with these facts in it; nothing that it states is changed."""
    scale = dose_scale(encounter)
    for field, value in chosen:
        encounter = _with(encounter, field, value, names, scale)
    return encounter


def _with(
    encounter: Encounter, field: Field, value: Value, names: Names, scale: int
) -> Encounter:
    name = field.signature[0]
    if name == "primary_reason":
        id = names.values[clingo.Function(str(value))]
        return replace(encounter, primary_reason=(*encounter.primary_reason, id))
    if name == "access_reason":
        others = tuple(item for item in encounter.accesses if item.id != field.id)
        own = next((item for item in encounter.accesses if item.id == field.id), Access(field.id))
        return replace(encounter, accesses=(*others, replace(own, reason=str(value))))
    if name in ("service_provider", "separately_identifiable"):
        known: dict[str, Any] = (
            {"provider": value} if name == "service_provider"
            else {"separately_identifiable": value == "yes"}
        )  # fmt: skip
        services = tuple(
            replace(item, **known) if item.id == field.id else item for item in encounter.services
        )
        return replace(encounter, services=services)
    put = PUT.get(name)
    if put is None:
        raise InternalError(f"`{name}` is declared as evidence, and no field of a document is it")
    items = tuple(
        put(item, value, scale) if item.id == field.id else item
        for item in encounter.administrations
    )
    return replace(encounter, administrations=items)
