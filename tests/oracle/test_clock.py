"""The arithmetic on runs of minutes, against plain sets of minutes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .clock import Span, instant, measure, merge, overlap, subtract

BASE = dt.date(2024, 8, 5)
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5)


def held(spans: list[Span]) -> set[int]:
    """Every minute of the spans, one by one."""
    return {minute for start, stop in spans for minute in range(start, stop)}


@given(SPANS, SPANS)
def test_spans_are_sets_of_minutes(one: list[Span], two: list[Span]) -> None:
    assert held(list(merge(one))) == held(one)
    assert measure(one) == len(held(one))
    assert held(list(subtract(one, two))) == held(one) - held(two)
    assert overlap(one, two) == len(held(one) & held(two))


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("00:00", 0),
        ("10:05", 605),
        ("24:00", 1440),
        ("2024-08-06T01:30", 1530),
        ("2024-08-06T01:30:59", 1530),
        ("2024-08-06T01:30-05:00", 1530),
        (dt.datetime(2024, 8, 6, 1, 30), 1530),
    ],
)
def test_contract_times(text: object, minute: int) -> None:
    assert instant(text, BASE) == minute
