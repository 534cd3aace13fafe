"""The rulebook and the plain-Python oracle agree, encounter by encounter and code by code."""

from __future__ import annotations

import random
from functools import cache
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.plans import PLANS
from tests.oracle.worlds import small_world, triples
from tests.properties.agreement import Comparison, kinds
from tests.properties.shrinking import smallest
from tests.properties.sides import Doc

SMALL_PART = 2500
EVERY_TRIPLE = 23


@cache
def comparison(plan: str) -> Comparison:
    return Comparison(plan)


def check(sides: Comparison) -> None:
    """Nothing differs; a failure shows the smallest example of one difference."""
    found = sides.tally.differences
    assert sides.tally.compared > 0
    assert not found, f"{sides.tally}\n{smallest(sides, found[0])}"


def test_the_small_world() -> None:
    """A fixed part; `agreement --world small --plain` runs it in full."""
    sides = Comparison("cpcp026")
    sides.compare(random.Random(1).sample(list(small_world()), SMALL_PART))
    check(sides)


@pytest.mark.parametrize("plan", sorted(PLANS))
def test_triples_under_other_readings(plan: str) -> None:
    sides = Comparison(plan)
    source = random.Random(7)
    docs = list(islice(triples(), 0, None, EVERY_TRIPLE))
    for begin in range(0, len(docs), 100):
        sides.compare(docs[begin : begin + 100], sides.drawn_switches(source))
    check(sides)


@pytest.mark.parametrize("plan", sorted(PLANS))
@given(doc=kinds(), number=st.integers(0, 2**32))
@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_drawn_encounters(plan: str, doc: Doc, number: int) -> None:
    sides = comparison(plan)
    switches = sides.drawn_switches(random.Random(number))
    found = sides.difference(doc, switches)
    assert found is None, f"\n{found}"
