"""Minutes from the first midnight, written as a person writes them."""

from __future__ import annotations

import re
from datetime import date as Date
from datetime import timedelta

DAY = 24 * 60
_DATED = re.compile(r"(\d\d-\d\d)T(\d\d:\d\d)")
_RANGE = re.compile(r"(\d\d:\d\d)-(?=\d\d-\d\dT)|(\d\d-\d\d)T(\d\d:\d\d)-\2T")


def clock(minute: int, date: Date, *, dated: bool = False) -> str:
    """``10:05``, on the next day ``00:10 (+1d)``, or ``08-06 00:10`` where ``dated``."""
    day, rest = divmod(minute, DAY)
    time = f"{rest // 60:02d}:{rest % 60:02d}"
    if dated:
        return f"{month_day(day, date)} {time}"
    return f"{time} ({day:+d}d)" if day else time


def clock_range(start: int, stop: int | None, date: Date, *, dated: bool = False) -> str:
    """``10:05-11:10``, or ``08-05 20:00 to 08-06 04:00``; ``?`` for no end.

    The day is written once where both ends share it.
    """
    first = clock(start, date, dated=dated)
    if stop is None:
        return f"{first}-?"
    same = start // DAY == stop // DAY
    if same and dated:
        return f"{first}-{clock(stop % DAY, date)}"
    if same and start >= DAY:
        return f"{clock(start % DAY, date)}-{clock(stop, date)}"
    return f"{first}{' to ' if dated else '-'}{clock(stop, date, dated=dated)}"


def month_day(day: int, date: Date) -> str:
    """``08-06``: the day that is ``day`` days after ``date``."""
    try:
        return (date + timedelta(days=day)).isoformat()[5:]
    except OverflowError:
        return f"{date.isoformat()[5:]}{day:+d}d"


def range_words(value: str) -> str:
    """``23:06 to 08-06 00:05``, ``08-06 00:06-01:05``: a range of an assumption as it is said."""
    once = _RANGE.sub(lambda m: f"{m[1]} to " if m[1] else f"{m[2]}T{m[3]}-", value)
    return _DATED.sub(r"\1 \2", once)
