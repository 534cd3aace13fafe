"""The classes of an unknown stop are those that trying every minute gives."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infucode import Encounter, Policy, encounter_from_data
from infucode.engine.facts import facts_of
from infucode.questions.completions import Search, complete

EXAMPLES = int(os.environ.get("INFUCODE_COMPLETIONS", "5"))
DRUGS = ("ceftriaxone", "vancomycin", "morphine")


def clock(minute: int) -> str:
    """Minutes from midnight as HH:MM."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


@st.composite
def encounters(draw: st.DrawFn) -> dict[str, object]:
    """A facility visit with one infusion whose stop is missing, and one to four neighbours."""
    rows: list[dict[str, object]] = [
        {
            "id": "open",
            "drug": draw(st.sampled_from(DRUGS)),
            "category": draw(st.sampled_from(["therapeutic", "hydration", "chemotherapy"])),
            "route": "iv",
            "technique": "infusion",
            "start": clock(draw(st.integers(600, 700))),
        }
    ]
    for number in range(draw(st.integers(1, 4))):
        start = draw(st.integers(580, 840))
        kind = draw(st.sampled_from(["infusion", "push", "hydration"]))
        row: dict[str, object] = {
            "id": f"n{number}",
            "drug": draw(st.sampled_from(DRUGS)),
            "category": "therapeutic",
            "route": "iv",
            "technique": "push",
            "start": clock(start),
        }
        if kind != "push":
            row["technique"] = "infusion"
            row["stop"] = clock(start + draw(st.sampled_from([15, 16, 31, 40, 60, 91, 130])))
        if kind == "hydration":
            row.update(category="hydration", drug="saline")
        rows.append(row)
    return {
        "id": "e",
        "claim": "facility",
        "place_of_service": "22",
        "date": "2024-08-05",
        "ends": "16:40",
        "administrations": rows,
    }


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load("cpcp026")


def _claims(policy: Policy, encounter: Encounter) -> None:
    program = policy.program(policy.rulebook(encounter.date))
    facts = facts_of(encounter, policy.library.vocabulary)
    found = complete(program, encounter, facts)
    search = Search(program, encounter, facts)
    start = encounter.administration("open").start
    assert start is not None and encounter.ends is not None
    minutes = range(start + 1, encounter.ends + 1)
    search.stop_answers({"open": minute} for minute in minutes)
    by_class = {
        minute: world.answer.claim
        for world in found.worlds
        for minute in range(world.stops["open"].first, world.stops["open"].last + 1)
    }
    assert set(by_class) == set(minutes)
    wrong = [m for m in minutes if by_class[m] != search.at({"open": m}).claim]
    assert not wrong, [clock(m) for m in wrong]


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(data=encounters())
def test_classes_hold_for_every_minute(policy: Policy, data: dict[str, object]) -> None:
    _claims(policy, encounter_from_data(data))
