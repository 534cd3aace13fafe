from __future__ import annotations

from datetime import date as Date

import pytest

from infucode.render.clock import DAY, clock, clock_range

DATE = Date(2024, 12, 31)


@pytest.mark.parametrize(
    ("minute", "dated", "expected"),
    [
        (605, False, "10:05"),
        (0, False, "00:00"),
        (DAY, False, "00:00 (+1d)"),
        (DAY + 10, False, "00:10 (+1d)"),
        (DAY + 10, True, "01-01 00:10"),
        (-5, False, "23:55 (-1d)"),
    ],
)
def test_clock(minute: int, dated: bool, expected: str) -> None:
    assert clock(minute, DATE, dated=dated) == expected


@pytest.mark.parametrize(
    ("start", "stop", "dated", "expected"),
    [
        (605, 665, False, "10:05-11:05"),
        (605, None, False, "10:05-?"),
        (1430, DAY + 10, False, "23:50-00:10 (+1d)"),
        (DAY + 5, DAY + 10, False, "00:05-00:10 (+1d)"),
        (605, 665, True, "12-31 10:05-11:05"),
        (1430, DAY + 10, True, "12-31 23:50 to 01-01 00:10"),
    ],
)
def test_range(start: int, stop: int | None, dated: bool, expected: str) -> None:
    assert clock_range(start, stop, DATE, dated=dated) == expected


def test_a_day_beyond_the_calendar_is_counted() -> None:
    assert clock(DAY, Date.max, dated=True) == "12-31+1d 00:00"
