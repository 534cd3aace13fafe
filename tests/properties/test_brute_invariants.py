"""Invariants: rules and plain Python agree over the small world, on sound and on faulty policies.

A part of it; `python -m tests.properties.brute_invariants` looks at the whole.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from infucode.documents.dump import encounter_to_data
from tests.oracle.plans import PLANS
from tests.oracle.worlds import small_world
from tests.properties.brute_invariants import (
    CLAIM_ONLY,
    Engine,
    against_claim,
    against_oracle,
    broken_by,
    oracle_says,
)
from tests.unit.space.test_prove import PLANTED, Planted, planted, prover

EVERY = {"cpcp026": 301, "medicare": 577}
FAULTS = [fault for fault in PLANTED if fault.invariant in CLAIM_ONLY]


@pytest.mark.parametrize("plan", sorted(PLANS))
def test_the_oracle_breaks_what_the_rules_call_broken(plan: str) -> None:
    tally = against_oracle(Engine(plan), islice(small_world(), 0, None, EVERY[plan]), plan)
    assert tally.differences == []
    assert tally.compared > 50
    assert tally.broken.keys() == {"one-code-set"}
    """Some leave a fact out, and cannot be coded; of claims nothing is broken."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.invariant)
def test_a_planted_fault_is_found_where_plain_python_finds_it(
    fault: Planted, tmp_path: Path
) -> None:
    """Of the small world, and of the smallest encounter that `prove` finds; there the oracle,
    which knows no fault, sees none."""
    with planted(tmp_path, fault) as folder:
        engine = Engine("cpcp026", folder)
        docs = list(islice(small_world(), 20_000, 40_000, 1201))
        tally = against_claim(engine, docs, "cpcp026")
        assert tally.differences == []
        (verdict,) = prover(folder, fault.space, f"invariant.{fault.invariant}").run(2)
        assert verdict.broken is not None
        doc = encounter_to_data(verdict.broken.encounter)
        said, claim = engine.says(doc)
        assert fault.invariant in said
        assert fault.invariant in broken_by(claim, facility=doc["claim"] == "facility")
        assert fault.invariant not in oracle_says(doc, "cpcp026")
