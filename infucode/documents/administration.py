"""One administration of the document, and the parts that only an administration has."""

from __future__ import annotations

from decimal import Decimal

from infucode.documents import readers, spans, words
from infucode.documents.readers import BOOLEAN, CODE, IDENTIFIER, decimal, text, whole, word
from infucode.documents.record import Record
from infucode.documents.times import Clock
from infucode.model.encounter import Administration, After, Container, Dose, Pump

_MINUTES = whole(1, words.MAX_MINUTES)
_GAP = whole(0, words.MAX_MINUTES)
_VISIT = whole(1, 99)
_LESIONS = whole(1, 999)
_COUNT = whole(1, 9999)
_SETUPS = whole(0, 999)
_NAME = text(words.MAX_NAME)
_NOTE = text(words.MAX_NOTE)
_ML = decimal("a positive number of at most 1,000,000", lambda n: 0 < n <= 1_000_000)
_AMOUNT = decimal("a number of 0 or more", lambda n: n >= 0)
_PER_UNIT = decimal("a positive number", lambda n: n > 0)
_SHORT = text(readers.MAX_ID)
_ZERO = Decimal(0)


def read_administration(at: Record, clock: Clock) -> Administration:
    """One item of ``administrations``; its problems are recorded, not raised."""
    administration = _fields(at, clock)
    _check_technique(at, administration.route)
    spans.check_run(at, administration, clock)
    at.done()
    return administration


def _fields(at: Record, clock: Clock) -> Administration:
    return Administration(
        id=at.required("id", IDENTIFIER, ""),
        drug=at.required("drug", _NAME, ""),
        hcpcs=at.optional("hcpcs", CODE),
        category=at.optional("category", word(words.CATEGORY)),
        route=at.required("route", word(words.ROUTE), "other"),
        technique=at.optional("technique", word(words.TECHNIQUE)),
        start=at.optional("start", clock.time),
        stop=at.optional("stop", clock.time),
        segments=spans.read_segments(at, clock),
        minutes=at.optional("minutes", _MINUTES),
        rate_ml_per_hour=at.optional("rate_ml_per_hour", _ML),
        volume_ml=at.optional("volume_ml", _ML),
        after=_after(at),
        concurrent_with=at.values("concurrent_with", IDENTIFIER, words.MAX_ITEMS, "ids"),
        access=at.defaulted("access", IDENTIFIER, "line-1"),
        bag=at.optional("bag", IDENTIFIER),
        visit=at.defaulted("visit", _VISIT, 1),
        purpose=at.defaulted("purpose", word(words.PURPOSE), "treatment"),
        indication=at.optional("indication", _NAME),
        attended=at.optional("attended", BOOLEAN),
        discontinued=at.optional("discontinued", BOOLEAN),
        sequential_reason=at.optional("sequential_reason", _NAME),
        intensity=at.values("intensity", word(words.INTENSITY), 5, "words"),
        via=at.optional("via", word(words.VIA)),
        lesions=at.optional("lesions", _LESIONS),
        pump=_pump(at),
        counseling=at.optional("counseling", BOOLEAN),
        dose_group=at.optional("dose_group", IDENTIFIER),
        supervision=at.optional("supervision", word(words.SUPERVISION)),
        supplied_by=at.defaulted("supplied_by", word(words.SUPPLIED_BY), "provider"),
        documentation=_documentation(at),
        dose=_dose(at),
        note=at.optional("note", _NOTE),
    )


def _check_technique(at: Record, route: str) -> None:
    needed = at.has("route") and route not in words.ROUTE_WITHOUT_TECHNIQUE
    if needed and not at.has("technique"):
        wants = word(words.TECHNIQUE).wants
        at.missing("technique", f"add `technique:` with {wants}; route `{route}` needs it")


def _after(at: Record) -> After | None:
    record = at.record("after", "the stated gap")
    if record is None:
        return None
    after = After(
        administration=record.required("administration", IDENTIFIER, ""),
        minutes=record.required("minutes", _GAP, 0),
    )
    record.done()
    return after


def _pump(at: Record) -> Pump | None:
    record = at.record("pump", "the pump")
    if record is None:
        return None
    pump = Pump(
        kind=record.optional("kind", word(words.PUMP_KIND)),
        supplied_by=record.optional("supplied_by", word(words.PUMP_SUPPLIED_BY)),
        planned_minutes=record.optional("planned_minutes", _MINUTES),
        extra_setups=record.optional("extra_setups", _SETUPS),
    )
    record.done()
    return pump


def _documentation(at: Record) -> tuple[tuple[str, bool], ...]:
    record = at.record("documentation", "the documentation")
    if record is None:
        return ()
    said: dict[str, bool] = {}
    for key in words.DOCUMENTATION:
        answer = record.optional(key, BOOLEAN)
        if answer is not None:
            said[key] = answer
        elif key in record.node.entries and not record.has(key):
            record.missing(key, f"write {BOOLEAN.wants}, or leave `{key}` out")
    record.done()
    return tuple(sorted(said.items()))


def _dose(at: Record) -> Dose | None:
    record = at.record("dose", "the dose")
    if record is None:
        return None
    dose = Dose(
        hcpcs=record.optional("hcpcs", CODE),
        administered=record.optional("administered", _AMOUNT),
        discarded=record.optional("discarded", _AMOUNT),
        per_unit=record.optional("per_unit", _PER_UNIT),
        unit=record.optional("unit", _SHORT),
        ndc=record.optional("ndc", _SHORT),
        containers=tuple(
            _container(item)
            for item in record.records(
                "containers", "the container", words.MAX_CONTAINERS, "containers"
            )
        ),
    )
    record.done()
    return dose


def _container(record: Record) -> Container:
    container = Container(
        size=record.required("size", _PER_UNIT, _ZERO),
        count=record.required("count", _COUNT, 1),
        kind=record.required("kind", word(words.CONTAINER_KIND), "single_dose"),
    )
    record.done()
    return container
