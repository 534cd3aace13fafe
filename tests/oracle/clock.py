"""Whole minutes since midnight of the encounter's first date, and arithmetic on runs of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

DAY = 1440

Span = tuple[int, int]
Spans = tuple[Span, ...]


def first_date(doc: dict[str, Any]) -> dt.date:
    """The `date` of the document."""
    return dt.date.fromisoformat(str(doc["date"])[:10])


def instant(value: object, base: dt.date) -> int:
    """A contract time as minutes since midnight of `base`; seconds and offsets are cut off."""
    text = value.isoformat() if isinstance(value, dt.datetime) else str(value)
    day, _, clock = text.rpartition("T")
    if not day and " " in text:
        day, _, clock = text.partition(" ")
    found = re.match(r"(\d{1,2}):(\d{2})", clock)
    if found is None:
        raise ValueError(f"not a time: {value!r}")
    days = (dt.date.fromisoformat(day) - base).days if day else 0
    return days * DAY + int(found[1]) * 60 + int(found[2])


def day_of(minute: int, base: dt.date) -> str:
    """The calendar day in which a minute lies, as YYYY-MM-DD."""
    return (base + dt.timedelta(days=minute // DAY)).isoformat()


def merge(spans: Iterable[Span]) -> Spans:
    """The same minutes as sorted spans that neither touch nor overlap."""
    out: list[Span] = []
    for start, stop in sorted(span for span in spans if span[0] < span[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], stop))
        else:
            out.append((start, stop))
    return tuple(out)


def subtract(spans: Iterable[Span], off: Iterable[Span]) -> Spans:
    """The minutes of `spans` that lie in none of `off`."""
    rest = list(merge(spans))
    for cut_start, cut_stop in merge(off):
        rest = [
            piece
            for start, stop in rest
            for piece in ((start, min(stop, cut_start)), (max(start, cut_stop), stop))
            if piece[0] < piece[1]
        ]
    return merge(rest)


def measure(spans: Iterable[Span]) -> int:
    """How many minutes the spans hold, shared minutes once."""
    return sum(stop - start for start, stop in merge(spans))


def overlap(spans: Iterable[Span], other: Iterable[Span]) -> int:
    """How many minutes of `spans` lie in `other`."""
    held = merge(spans)
    return measure(held) - measure(subtract(held, other))
