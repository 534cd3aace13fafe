"""The page of the plans' differences: every witness differs as it is printed, none is missing."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from infucode import Policy
from infucode.batch.engine.answering import BatchPolicy, Wanted
from infucode.documents import encounter_from_data
from tests.docs.differences import PLANS, known, search, shown
from tests.docs.reference import POLICIES

KINDS = known()["kinds"]


@cache
def plan(name: str) -> BatchPolicy:
    return BatchPolicy(Policy.load(name, policies=POLICIES), Wanted())


def test_every_witness_differs_as_it_is_printed() -> None:
    """By what answers batches, which has no part in finding them."""
    for kind in KINDS:
        encounter = encounter_from_data(kind["document"])
        claims = [shown(plan(name).solve(encounter)) for name in PLANS]
        assert claims == kind["claims"], kind["document"]
        assert claims[0] != claims[1]


@pytest.mark.parametrize("place", [0, 1], ids=PLANS)
def test_what_is_printed_is_the_claim(place: int) -> None:
    """The lines of the administrations and services are together those of the claim."""
    summed = 0
    for kind in KINDS:
        outcome, sets = kind["claims"][place]
        if outcome != "coded" or any(
            item[place]["cannot_tell"] for item in kind["items"].values()
        ):
            continue
        summed += 1
        lines = [line for item in kind["items"].values() for line in item[place]["lines"]]
        assert units((line["code"], line["units"]) for line in lines) == units(
            (code, number) for code, number, *_ in sets[0]
        ), kind
    assert summed > len(KINDS) / 3


def units(lines: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for code, number in lines:
        found[code] += number
    return found


def test_no_kind_of_one_service_is_missing() -> None:
    """Looked for anew; those of two services take longer than a test should."""
    found = [counted_no_more(kind) for kind in search(POLICIES, 1)["kinds"]]
    small = [counted_no_more(kind) for kind in KINDS if kind["services"] == 1]
    assert found == small, "run `python -m tests.docs.reference`"
    assert len({(kind["space"], str(kind["rules"])) for kind in KINDS}) == len(KINDS)


def counted_no_more(kind: dict[str, Any]) -> dict[str, Any]:
    """A kind without how many encounters show it, which are of all sizes."""
    return {key: value for key, value in kind.items() if key != "encounters"}
