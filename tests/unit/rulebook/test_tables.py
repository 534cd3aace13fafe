"""The tables carried over from Medicare's files: nothing twice or contradictory, all there."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

POLICIES = Path(__file__).resolve().parents[3] / "policies"
CLAIMS = ("professional", "facility")
FAMILY = re.compile(r"96[345]\d\d")
"""The administration codes themselves."""
SOLE = "96523"
Row = tuple[str, ...]


@cache
def texts() -> tuple[str, ...]:
    """The rule files of all layers, whether a plan has them or not."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted(POLICIES.glob("*/*.lp")))


@cache
def rows(table: str) -> tuple[Row, ...]:
    """Every row of a table in any layer, its arguments without their quotes."""
    row = re.compile(rf"^{table}\(([^()]*)\)\.$", re.MULTILINE)
    found = [match[1] for text in texts() for match in row.finditer(text)]
    return tuple(tuple(item.strip().strip('"') for item in text.split(",")) for text in found)


def pairs() -> tuple[Row, ...]:
    """Claim, column 1, column 2 and indicator, other services included."""
    return (*rows("edit_pair"), *rows("service_edit"))


def test_no_pair_stands_twice_or_with_two_indicators() -> None:
    keys = Counter(row[:3] for row in pairs())
    assert [key for key, number in keys.items() if number > 1] == []


def test_no_pair_stands_both_ways() -> None:
    keys = {row[:3] for row in pairs()}
    assert [key for key in keys if (key[0], key[2], key[1]) in keys] == []


def test_pairs_are_of_two_codes_and_a_known_indicator() -> None:
    for claim, first, second, indicator in pairs():
        assert claim in CLAIMS and first != second and indicator in ("0", "1")


@pytest.mark.parametrize(
    ("claim", "lifted", "never"), [("professional", 125, 44), ("facility", 127, 29)]
)
def test_the_pairs_within_the_family_are_as_many_as_in_the_source(
    claim: str, lifted: int, never: int
) -> None:
    inside = [
        indicator
        for of, first, second, indicator in rows("edit_pair")
        if of == claim and FAMILY.fullmatch(first) and FAMILY.fullmatch(second)
    ]
    assert Counter(inside) == {"1": lifted, "0": never}


def test_solve_knows_every_pair_that_a_modifier_lifts() -> None:
    """Its own rules lack only what is never earned there."""
    outside = (POLICIES / "ncci" / "tables-edits.lp").read_text(encoding="utf-8")
    for claim, first, second in re.findall(r'edit_pair\((\w+), "(\w+)", "(\w+)", 1\)', outside):
        never_earned = claim == "professional" and {"96376", "C8957"} & {first, second}
        assert second == SOLE or never_earned


def test_nothing_lifts_a_pump_and_its_refill() -> None:
    never = {row[1:3] for row in rows("edit_pair") if row[3] == "0" and row[2] != SOLE}
    inside = {key for key in never if all(map(FAMILY.fullmatch, key))}
    assert inside == {
        ("96406", "96405"),
        ("96416", "96521"),
        ("96416", "96522"),
        ("96425", "96521"),
        ("96425", "96522"),
    }


@pytest.mark.parametrize("table", ["most_units", "most_service_units"])
def test_each_code_has_one_limit_for_each_claim(table: str) -> None:
    keys = Counter(row[:2] for row in rows(table))
    assert set(keys.values()) == {1}
    assert {code for claim, code in keys if claim == CLAIMS[0]} == {
        code for claim, code in keys if claim == CLAIMS[1]
    }
    for _, _, units, adjudication in rows(table):
        assert 0 <= int(units) <= 99 and adjudication in ("2", "3")


def test_no_code_has_both_kinds_of_limit() -> None:
    administrations = {row[1] for row in rows("most_units")}
    assert not administrations & {row[1] for row in rows("most_service_units")}


LIMITS = {
    "96360": (1, 2), "96361": (8, 24), "96365": (1, 2), "96366": (8, 24), "96367": (4, 4),
    "96368": (1, 1), "96372": (4, 5), "96373": (2, 3), "96374": (1, 1), "96375": (6, 6),
    "96376": (0, 10), "96401": (3, 4), "96413": (1, 1), "96415": (8, 8), "96420": (1, 2),
    "96523": (1, 2), "99211": (1, 2),
}  # fmt: skip
"""Some limits as the rule map prints them: practitioner, hospital."""


def test_limits_are_those_of_the_source() -> None:
    known = {(row[0], row[1]): int(row[2]) for row in rows("most_units")}
    for code, expected in LIMITS.items():
        assert tuple(known[claim, code] for claim in CLAIMS) == expected


def test_absolute_limits_are_those_of_the_source() -> None:
    absolute = {row[1] for row in rows("most_units") if row[3] == "2"}
    assert absolute == {"96368", "96369", "96380", "96381", "96405", "96406", "G0498"}


def test_every_code_that_an_administration_can_earn_has_a_limit() -> None:
    earned = {row[-1] for name in ("initial_code", "sequential_code", "hour_code", "push_code",
                                   "role_code", "direct_code", "direct_hour_code")
              for row in rows(name)}  # fmt: skip
    limited = {row[1] for row in rows("most_units")}
    assert earned - limited == {"C8957"}, "the table of the quarter has no row for it"
