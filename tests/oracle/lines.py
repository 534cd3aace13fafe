"""Items and injections written out as dated claim lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .clock import day_of, first_date, measure
from .derive import Item, further
from .doses import CHEMO, Dose, Encounter
from .scope import FACILITY_POS
from .slots import Slot

__all__ = ["FACILITY_POS", "Line"]

Line = tuple[str, int, tuple[str, ...], str, int, str | None]
LATE = {  # B5: minutes of an additional hour that have passed at what dates it
    "start": None,  # the start of the run
    "hour": 0,  # the hour begins
    "split": 30,  # with its 31st minute the unit has accrued (T3)
}
REPEATED: dict[str, tuple[str, ...]] = {  # Y3
    "line_59": ("59",),
    "line_xs": ("XS",),
    "line_76": ("76",),
    "units": (),
}
VISIT_CODES = {
    *("99202", "99203", "99204", "99205", "99211", "99212", "99213", "99214", "99215"),
    *("99221", "99222", "99223", "99231", "99232", "99233", "99238", "99239", "G0463"),
    *("99281", "99282", "99283", "99284", "99285", "99291"),
}


def start_day(enc: Encounter, dose: Dose) -> str:
    """The day on which a dose began."""
    return day_of(dose.timing.start, first_date(enc.doc))


def hour_days(enc: Encounter, item: Item) -> dict[tuple[str, int], int]:
    """The units of the hour code, by day and visit (B5).

    A unit is that of the visit whose run brings it, run after run; dating moves its day alone.
    """
    base = first_date(enc.doc)
    late = LATE[enc.settings["midnight_dating"]]
    out: Counter[tuple[str, int]] = Counter()
    out[start_day(enc, item.dose), item.dose.visit] += item.opening
    counted = [] if late is None else _counted(item)
    passed = number = 0
    for visit, minute, spans in item.parts:
        passed += measure(spans)
        while number < further(passed):
            number += 1
            at = minute if late is None else counted[60 * number + late]
            out[day_of(at, base), visit] += 1
    return out


def _counted(item: Item) -> list[int]:
    """The counted minutes of all runs as the clock goes; one that two runs share comes twice."""
    runs = (span for *_, spans in item.parts for span in spans)
    return sorted(minute for start, stop in runs for minute in range(start, stop))


def limit_concurrent(enc: Encounter, slots: list[Slot]) -> None:
    """Keep the first concurrent service of each date; nothing is earned by a further one."""
    every = [(item, slot) for slot in slots for item in slot.found if item.concurrent]
    every.sort(key=lambda pair: pair[0].dose.seniority)
    seen: set[str] = set()
    for item, slot in every:
        day = start_day(enc, item.dose)
        if day in seen:
            slot.found.remove(item)
            enc.base[item.dose.id] = ("withheld", "a concurrent service is already reported")
        seen.add(day)


def slot_lines(enc: Encounter, slot: Slot) -> Iterator[Line]:
    """The lines of one slot; settles the base outcome of its doses."""
    for item in slot.found:
        dose = item.dose
        enc.base.setdefault(dose.id, ("line", item.base_code))
        if item.code is not None:
            mark = slot.modifiers if item.initial and slot.modifiers else item.modifiers
            yield (item.code, 1, mark, start_day(enc, dose), dose.visit, slot.line_access)
        if item.hours is not None:
            for (day, visit), units in hour_days(enc, item).items():
                if units:
                    yield (item.hours, units, slot.second, day, visit, slot.line_access)


def visit_dates(enc: Encounter) -> set[str]:
    """The dates on which the same provider gave a visit that stands and so denies 96372 (S87).

    A hospital is no rendering provider, and a professional 99211 falls itself (E2).
    """
    if enc.facility:
        return set()
    default = str(first_date(enc.doc))
    return {
        str(s.get("date", default))[:10]
        for s in enc.doc.get("services") or ()
        if s["code"] in VISIT_CODES - {"99211"} and s.get("provider") == "same"
    }


def shot_lines(enc: Encounter) -> Iterator[Line]:
    """The lines of SC and IM injections."""
    shots = sorted((d for d in enc.doses if d.kind == "shot"), key=_shot_order)
    chemo = [d for d in shots if d.family == CHEMO]
    for dose in chemo:
        code = "96402" if dose.hormonal else "96401"
        enc.base[dose.id] = ("line", code)
        yield (code, 1, (), start_day(enc, dose), dose.visit, None)
    denied = visit_dates(enc) if enc.settings["em_with_96372"] == "deny_injection" else set()
    seen: set[str] = set()
    for dose in (d for d in shots if d.family != CHEMO):
        day = start_day(enc, dose)
        if day in denied:
            enc.base[dose.id] = ("withheld", "visit by the same provider that day")
            continue
        enc.base[dose.id] = ("line", "96372")
        repeat = REPEATED[enc.settings["repeat_96372"]] if day in seen else ()
        yield ("96372", 1, repeat, day, dose.visit, None)
        seen.add(day)


def _shot_order(dose: Dose) -> tuple[int, int]:
    return (dose.timing.start, dose.index)


def summed(enc: Encounter, lines: list[Line]) -> list[Line]:
    """Units of equal lines added up; repeat injections stay one per line where the plan says."""
    apart = enc.settings["repeat_96372"] != "units"
    out = [line for line in lines if apart and line[0] == "96372"]
    units: Counter[tuple[str, tuple[str, ...], str, int, str | None]] = Counter()
    for code, count, marks, day, visit, access in lines:
        if not (apart and code == "96372"):
            units[(code, marks, day, visit, access)] += count
    out += [(code, n, m, day, visit, acc) for (code, m, day, visit, acc), n in units.items()]
    return sorted(out, key=lambda line: (*line[:5], line[5] or ""))
