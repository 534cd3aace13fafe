"""What takes no initial slot: arteries, under the skin, cavities, lesions, pumps, refills."""

from __future__ import annotations

from collections.abc import Iterator

from .derive import Item, further
from .doses import CHEMO, Dose, Encounter
from .lines import Line, hour_days, start_day
from .scope import Outcome

STARTED_PUMPS = {"96416", "G0498", "96425", "C8957"}  # K6
FEW_LESIONS = 7  # K3


def aside_lines(enc: Encounter) -> Iterator[Line]:
    """The lines of everything outside the slots, but refills, flushes and office visits."""
    for dose in sorted(enc.doses, key=lambda d: d.seniority):
        if dose.kind in {"ia_push", "pump", "each"} and dose.code:
            enc.base[dose.id] = ("line", dose.code)
            yield _line(enc, dose, dose.code)
    yield from _once(enc)
    yield from _lesions(enc)
    yield from _arteries(enc)
    yield from _under_the_skin(enc)


def pump_codes(enc: Encounter) -> set[str]:
    """The codes of the prolonged pumps, which may be primaries of concurrent drugs (A4)."""
    return {str(dose.code) for dose in enc.doses if dose.kind == "pump"}


def refill_lines(enc: Encounter, lines: list[Line]) -> Iterator[Line]:
    """Refills, on dates on which no prolonged pump is started (K6)."""
    started = {line[3] for line in lines if line[0] in STARTED_PUMPS}
    for dose in (d for d in enc.doses if d.kind == "refill"):
        if start_day(enc, dose) in started:
            enc.base[dose.id] = ("withheld", "a prolonged pump is started that day")
            continue
        enc.base[dose.id] = ("line", str(dose.code))
        yield _line(enc, dose, str(dose.code))


def paid_lines(lines: list[Line]) -> list[Line]:
    """The lines but hours of chemotherapy on dates of a therapeutic pump: never paid so (N1)."""
    started = {line[3] for line in lines if line[0] == "C8957"}
    return [line for line in lines if line[0] != "96415" or line[3] not in started]


def flush_lines(enc: Encounter, taken: set[str]) -> Iterator[Line]:
    """Device flushes on dates of which nothing else is reported (K9), once a date."""
    first: dict[str, str] = {}
    doses = (d for d in enc.doses if d.kind == "device_flush")
    for dose in sorted(doses, key=lambda d: d.seniority):
        day = start_day(enc, dose)
        if day in taken:
            enc.base[dose.id] = ("withheld", "a device flush is reported alone or not at all")
        elif day in first:
            enc.base[dose.id] = ("merged", first[day])
        else:
            first[day] = dose.id
            enc.base[dose.id] = ("line", "96523")
            yield _line(enc, dose, "96523")


def _line(enc: Encounter, dose: Dose, code: str) -> Line:
    return (code, 1, (), start_day(enc, dose), dose.visit, None)


def _once(enc: Encounter) -> Iterator[Line]:
    """Cavities and the spine: each code once a date and visit."""
    first: dict[tuple[str | None, str, int], Dose] = {}
    for dose in sorted((d for d in enc.doses if d.kind == "once"), key=lambda d: d.seniority):
        key = (dose.code, start_day(enc, dose), dose.visit)
        if key in first:
            enc.base[dose.id] = ("merged", first[key].id)
            continue
        first[key] = dose
        enc.base[dose.id] = ("line", str(dose.code))
        yield _line(enc, dose, str(dose.code))


def _lesions(enc: Encounter) -> Iterator[Line]:
    """The lesions of a date and visit together choose one code; never both on a date (K3, N1)."""
    groups: dict[tuple[str, int], list[Dose]] = {}
    for dose in sorted((d for d in enc.doses if d.kind == "lesion"), key=lambda d: d.seniority):
        groups.setdefault((start_day(enc, dose), dose.visit), []).append(dose)
    counted = {
        key: [enc.doc["administrations"][d.index].get("lesions") for d in doses]
        for key, doses in groups.items()
    }
    totals = {key: sum(int(c) for c in counts if c) for key, counts in counted.items()}
    many = {day for (day, _), total in totals.items() if total > FEW_LESIONS}
    untold = {k[0] for k, n in totals.items() if n <= FEW_LESIONS and None in counted[k]}
    for key, doses in groups.items():
        counts, total = counted[key], totals[key]
        if None in counts and total <= FEW_LESIONS:  # what is not stated may make them more
            for dose in doses:
                enc.base[dose.id] = ("cannot_tell", "ask:lesions")
            continue
        if total <= FEW_LESIONS and key[0] in many:
            for dose in doses:
                enc.base[dose.id] = ("withheld", "96405 is never paid beside 96406 on a date")
            continue
        if total <= FEW_LESIONS and key[0] in untold:  # another visit may prove to have more
            for dose in doses:
                enc.base[dose.id] = ("cannot_tell", "other:lesions")
            continue
        code = "96405" if total <= FEW_LESIONS else "96406"
        for dose in doses[1:]:
            enc.base[dose.id] = ("merged", doses[0].id)
        enc.base[doses[0].id] = ("line", code)
        yield _line(enc, doses[0], code)


def _services(enc: Encounter, kind: str) -> Iterator[list[Dose]]:
    """The runs of one drug in one visit, first to last; further runs are merged."""
    groups: dict[tuple[frozenset[str], str, int], list[Dose]] = {}
    for dose in sorted((d for d in enc.doses if d.kind == kind), key=lambda d: d.seniority):
        groups.setdefault((dose.drugs, dose.family, dose.visit), []).append(dose)
    for doses in groups.values():
        for dose in doses[1:]:
            enc.base[dose.id] = ("merged", doses[0].id)
        yield doses


def _arteries(enc: Encounter) -> Iterator[Line]:
    """Chemotherapy by its hours; a longer therapeutic run has no code but the unlisted one."""
    for doses in _services(enc, "ia_run"):
        chemo = doses[0].family == CHEMO
        code = "96422" if chemo else "96379"
        enc.base[doses[0].id] = ("line", code)
        yield _line(enc, doses[0], code)
        if chemo:
            yield from _hours(enc, doses, "96423")


def _under_the_skin(enc: Encounter) -> Iterator[Line]:
    """One 96369 a date, with its hours and one further set-up; chemotherapy is unlisted."""
    days: set[str] = set()
    setups: set[str] = set()
    for doses in _services(enc, "sc_run"):
        head = doses[0]
        if head.family == CHEMO:
            enc.base[head.id] = ("line", "96549")
            yield _line(enc, head, "96549")
            continue
        if start_day(enc, head) in days:
            outcome: Outcome = ("withheld", "a subcutaneous infusion is already reported")
            enc.base[head.id] = outcome
            continue
        days.add(start_day(enc, head))
        enc.base[head.id] = ("line", "96369")
        yield _line(enc, head, "96369")
        yield from _hours(enc, doses, "96370")
        for dose in doses:
            pump = enc.doc["administrations"][dose.index].get("pump") or {}
            day = start_day(enc, dose)
            if pump.get("extra_setups") and day not in setups:
                setups.add(day)
                yield _line(enc, dose, "96371")


def _hours(enc: Encounter, doses: list[Dose], code: str) -> Iterator[Line]:
    parts = tuple((d.visit, d.timing.start, d.timing.spans) for d in doses)
    item = Item(doses[0], "first hour", code, parts)
    assert item.units == further(item.minutes)
    for (day, visit), units in hour_days(enc, item).items():
        if units:
            yield (code, units, (), day, visit, None)
