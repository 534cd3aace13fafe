"""Imported rows beside the own ones, and limits of a line, which no own table has."""

from __future__ import annotations

from datetime import date as Date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infucode import Policy, encounter_from_data
from infucode.tables import AddOn, Edition, Mue, Quarter, Slice, Used

POLICIES = Path(__file__).resolve().parents[3] / "policies"
DAY = Date(2024, 8, 5)
LIMIT = "claim.most-units-line"
REVIEW = "claim.most-units-review"
TWO_PUSHES: list[dict[str, Any]] = [
    {"id": "a1", "drug": "ceftriaxone", "category": "therapeutic", "route": "iv",
     "technique": "infusion", "start": "10:00", "stop": "11:00"},
    {"id": "a2", "drug": "ondansetron", "category": "therapeutic", "route": "iv",
     "technique": "push", "start": "11:10"},
    {"id": "a3", "drug": "famotidine", "category": "therapeutic", "route": "iv",
     "technique": "push", "start": "11:20"},
]  # fmt: skip


def held(kind: str, *, extract: bool = False, **rows: Any) -> Slice:
    """What is held of one kind for the quarter."""
    edition = Edition(kind, "facility", Quarter(2024, 3), 1, (), "", "", extract)
    return Slice("facility", DAY, used=(Used(kind, edition, "exact", "held"),), **rows)


def checked(lines: str, slice: Slice, given: list[dict[str, Any]] | None = None) -> Any:
    """The check of lines such as `96365 96375x2`, ids L1, L2 and so on."""

    class Shelf:
        folder = Path()

        def slice(self, *asked: object) -> Slice:
            return slice

    claimed = [
        {"id": f"L{n}", "code": code, "units": int(units or 1)}
        for n, (code, _, units) in enumerate((x.partition("x") for x in lines.split()), 1)
    ]
    data = {"id": "e", "claim": "facility", "place_of_service": "22", "date": DAY.isoformat(),
            "administrations": given or [], "claim_lines": claimed}  # fmt: skip
    shelf: Any = Shelf()
    return policy().check(encounter_from_data(data), tables=shelf).checked


@cache
def policy() -> Policy:
    return Policy.load("medicare", policies=POLICIES)


def told(answer: Any, rule: str) -> set[tuple[str, str]]:
    """Severity and line of what a rule found."""
    return {(v.severity, v.lines[0]) for v in answer.violations if v.rule == rule}


@pytest.mark.parametrize(
    ("lines", "limit", "review"),
    [
        ("96365 96375", set(), set()),
        ("96365 96375x2", set(), {("review", "L2")}),
        ("96365 96375x3", {("deny", "L2")}, set()),
        ("96365 96375 96375x2", set(), {("review", "L3")}),
        ("96365 96375x2 J2405x2", set(), {("review", "L2")}),
    ],
)
def test_a_limit_of_a_line_goes_to_review_where_the_record_earns_its_units(
    lines: str, limit: set[tuple[str, str]], review: set[tuple[str, str]]
) -> None:
    """The record earns 2 units; at most 1 is likely on a line."""
    answer = checked(lines, held("mue", mue=(Mue("96375", 1, 1, ""),)), TWO_PUSHES)
    assert told(answer, LIMIT) == limit
    assert told(answer, REVIEW) == review


def test_a_limit_of_a_line_says_nothing_of_the_date() -> None:
    answer = checked("96365 96375x2 96375x2", held("mue", mue=(Mue("96375", 2, 1, ""),)))
    assert told(answer, LIMIT) == set()
    assert [line.state for line in answer.lines] == ["undecided"] * 3


def test_a_limit_of_an_extract_goes_before_the_own_one() -> None:
    more = held("mue", extract=True, mue=(Mue("96367", 9, 3, ""),))
    answer = checked("96365 96367x5 96375x7", more)
    assert told(answer, "claim.most-units-clinical") == {("deny", "L3")}


def test_an_edition_of_limits_leaves_none_of_the_own_ones_for_drugs() -> None:
    answer = checked("J2357x130", held("mue"))
    assert told(answer, "claim.most-units-clinical") == set()


def test_a_list_of_an_extract_goes_before_the_own_one() -> None:
    lists = held("addon", extract=True, addons=(AddOn("96417", 1, ("96409",)),))
    answer = checked("96413 96417 96415", lists)
    assert told(answer, "claim.primary") == {("deny", "L2")}


def test_beside_an_edition_of_pairs_none_is_said_to_be_missing() -> None:
    rule = "claim.pairs-not-held"
    with_pairs, without = checked("71046", held("ptp")), checked("71046", held("mue"))
    assert rule not in {item.rule for item in with_pairs.not_checked}
    assert rule in {item.rule for item in without.not_checked}
