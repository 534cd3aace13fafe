"""The rulebook and the plain-Python oracle agree, encounter by encounter and code by code."""

from __future__ import annotations

import random
from itertools import islice

import pytest

from tests.oracle.plans import PLANS
from tests.oracle.worlds import small_world, triples
from tests.properties.agreement import Comparison, drawn_one
from tests.properties.shrinking import smallest

SMALL_PART = 2500
EVERY_TRIPLE = 23


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


DRAWN = 300


@pytest.mark.parametrize("plan", sorted(PLANS))
def test_drawn_encounters(plan: str) -> None:
    """The first seeds; long runs are `python -m tests.properties.agreement`."""
    sides = Comparison(plan)
    source = random.Random(plan)
    for begin in range(0, DRAWN, 25):
        docs = [drawn_one(seed) for seed in range(begin, begin + 25)]
        sides.compare(docs, sides.drawn_switches(source))
    check(sides)
