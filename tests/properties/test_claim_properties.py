"""Claims, briefly: engine and claim oracle agree, solved claims stand, corruptions are found.

The long runs are `python -m tests.properties.claim_agreement`, `claim_solved` and
`claim_corruptions`.
"""

from __future__ import annotations

import pytest

from infucode import encounter_from_data
from infucode.model.claim import Violation
from tests.oracle.claims import CLAIM_PLANS
from tests.oracle.claims.claims_drawn import corrupted
from tests.oracle.claims.earned import earned_of
from tests.properties import claim_agreement, claim_corruptions, claim_sides, claim_solved

PLANS = sorted(CLAIM_PLANS)
FEW = 6
FIRST = 70_000


@pytest.mark.parametrize("kind", claim_agreement.KINDS)
@pytest.mark.parametrize("plan", PLANS)
def test_engine_and_oracle_agree(plan: str, kind: str) -> None:
    tally = claim_agreement.compared(plan, kind, FIRST, FIRST + FEW, plain=kind != "free")
    assert tally.compared > FEW / 3
    assert not tally.kinds, str(tally)


@pytest.mark.parametrize("plan", PLANS)
def test_solved_claims_stand(plan: str) -> None:
    """No deny, and no review without a warning of `solve`."""
    tally = claim_solved.run(plan, claim_solved.drawn(FIRST, FIRST + 2 * FEW))
    assert tally.claims > FEW
    assert not tally.kinds, str(tally)


@pytest.mark.parametrize("plan", PLANS)
def test_the_small_world_stands(plan: str) -> None:
    tally = claim_solved.run(plan, claim_solved.small(0, 44_000, 4_001))
    assert tally.claims > FEW / 2
    assert not tally.kinds, str(tally)


@pytest.mark.parametrize("plan", PLANS)
def test_corruptions_are_reported(plan: str) -> None:
    tally = claim_corruptions.compared(plan, FIRST, FIRST + 2 * FEW)
    assert tally.corruptions > FEW
    assert tally.reported + sum(tally.lawful.values()) >= tally.complete
    assert tally.reported_alone == tally.shown_alone > 0
    assert not tally.wrong, str(tally)


def test_a_corruption_that_changes_units_is_not_lawful() -> None:
    """What says that a claim is lawful can fail."""
    settings = CLAIM_PLANS["cpcp026"]
    told = 0
    for seed in range(FIRST, FIRST + 60):
        found = corrupted(seed, settings)
        earned = None if found is None else earned_of(found.before, settings)
        if found is None or earned is None or not earned.complete:
            continue
        same = claim_corruptions.why_lawful(found.before, settings, earned)
        assert same, "the claim as earned is lawful"
        if found.kind == "doubled" and "judge" not in same:
            told += 1
            assert not claim_corruptions.why_lawful(found.after, settings, earned)
    assert told


def test_a_review_is_announced_by_its_own_kind() -> None:
    review = Violation("claim.pair", "review", ("L1",), (), "", "")
    plan = claim_sides.policy("cpcp026")
    doc = {
        "id": "visit", "claim": "professional", "place_of_service": "11", "date": "2024-08-05",
        "administrations": [
            {"id": "a1", "drug": "drug A", "category": "therapeutic", "route": "iv",
             "technique": "push", "start": "10:00"}
        ],
        "services": [{"id": "s1", "code": "99213", "provider": "same"}],
    }  # fmt: skip
    solution = plan.solve(encounter_from_data(doc)).solution
    assert claim_solved.announced(review, {"L1": "99213"}, solution)
    assert not claim_solved.announced(review, {"L1": "99214"}, solution)
    other = Violation("claim.primary", "review", ("L1",), (), "", "")
    assert not claim_solved.announced(other, {"L1": "99213"}, solution)
