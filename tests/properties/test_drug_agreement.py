"""The rulebook and the plain-Python oracle agree on drug lines, waste and asks."""

from __future__ import annotations

import random

import pytest

from tests.oracle.drugs import DRUG_PLANS
from tests.properties.drug_agreement import BATCH, Comparison, drawn, smallest

EXAMPLES = 200


@pytest.mark.parametrize("plan", sorted(DRUG_PLANS))
def test_drawn_doses(plan: str) -> None:
    sides = Comparison(plan)
    source = random.Random(3)
    docs = drawn(EXAMPLES, 3)
    for begin in range(0, len(docs), BATCH):
        sides.compare(docs[begin : begin + BATCH], sides.drawn_switches(source))
    assert sides.lines > EXAMPLES // 2
    assert not sides.differences, f"\n{smallest(sides, sides.differences[0])}"
