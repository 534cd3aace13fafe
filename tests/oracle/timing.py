"""When each administration ran: clock times, stated durations, stated gaps, list order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from .clock import Spans, first_date, instant, measure, merge

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Timing:
    """One administration on the clock; `minutes` is None where no duration is known."""

    start: int
    end: int
    spans: Spans
    minutes: int | None
    stop_missing: bool = False
    timeless: bool = False


def derived_minutes(admin: Facts) -> int | None:
    """Whole minutes from volume and rate, where both are given."""
    rate, volume = admin.get("rate_ml_per_hour"), admin.get("volume_ml")
    if not rate or volume is None:
        return None
    return int(volume * 60 // rate)


def is_drip(admin: Facts) -> bool:
    """The administration is charted as an infusion, by a pump or not."""
    return admin.get("technique") in {"infusion", "pump"}


def has_stop(admin: Facts) -> bool:
    """A stop, a duration or whole segments are recorded."""
    return any(admin.get(key) is not None for key in ("stop", "minutes")) or bool(
        admin.get("segments")
    )


def lacks_stop(admin: Facts, settings: dict[str, str]) -> bool:
    """An infusion that starts on the clock and whose end is neither stated nor derived."""
    if not is_drip(admin) or admin.get("start") is None or has_stop(admin):
        return False
    return settings["missing_stop"] != "derive" or derived_minutes(admin) is None


def stated_minutes(admin: Facts, settings: dict[str, str]) -> int | None:
    """A duration given without a stop, or derived where that is allowed."""
    if admin.get("minutes") is not None:
        return int(admin["minutes"])
    if not is_drip(admin):
        return None
    if admin.get("start") is None or settings["missing_stop"] == "derive":
        return derived_minutes(admin)
    return None


def clocked(admin: Facts, base: dt.date, settings: dict[str, str]) -> Timing | None:
    """The timing of an administration that has clock times, else None."""
    if admin.get("segments"):
        spans = [(instant(s["start"], base), instant(s["stop"], base)) for s in admin["segments"]]
        held = merge(spans)
        return Timing(held[0][0], held[-1][1], held, measure(held))
    if admin.get("start") is None:
        return None
    start = instant(admin["start"], base)
    if admin.get("stop") is not None:
        end = instant(admin["stop"], base)
        return Timing(start, end, merge([(start, end)]), end - start)
    return _from_start(admin, start, settings)


def _from_start(admin: Facts, start: int, settings: dict[str, str]) -> Timing:
    minutes = stated_minutes(admin, settings)
    if minutes is not None:
        return Timing(start, start + minutes, merge([(start, start + minutes)]), minutes)
    assumed = int(admin.get("assumed_minutes") or 0)
    return Timing(
        start,
        start + assumed,
        merge([(start, start + assumed)]),
        None,
        stop_missing=lacks_stop(admin, settings),
    )


def timings(doc: Facts, settings: dict[str, str]) -> dict[str, Timing]:
    """The timing of every administration; without a clock they follow in list order."""
    base = first_date(doc)
    placed: dict[str, Timing] = {}
    cursor = 0
    for admin in doc["administrations"]:
        timing = clocked(admin, base, settings)
        if timing is None:
            start = _listed_start(doc, admin, placed, cursor)
            timing = _unclocked(admin, start, settings)
        placed[admin["id"]] = timing
        cursor = max(cursor, timing.end)
    return placed


def _unclocked(admin: Facts, start: int, settings: dict[str, str]) -> Timing:
    minutes = stated_minutes(admin, settings)
    end = start + (minutes or 0)
    return Timing(start, end, merge([(start, end)]), minutes, timeless=minutes is None)


def _listed_start(doc: Facts, admin: Facts, placed: dict[str, Timing], cursor: int) -> int:
    after = admin.get("after")
    if after and after["administration"] in placed:
        return placed[after["administration"]].end + int(after["minutes"])
    partners = set(admin.get("concurrent_with") or ())
    partners |= {
        a["id"] for a in doc["administrations"] if admin["id"] in (a.get("concurrent_with") or ())
    }
    starts = [placed[p].start for p in partners if p in placed]
    return min(starts) if starts else cursor
