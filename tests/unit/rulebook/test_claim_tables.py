"""The tables and the imported rows of the check of claims, through the shipped rules."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date as Date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infucode import Policy, encounter_from_data
from infucode.tables import AddOn, Edition, Mue, PtpEdit, Quarter, Slice, Used

POLICIES = Path(__file__).resolve().parents[3] / "policies"
DAY = Date(2024, 8, 5)
Pair = tuple[str, str, str, str]
Line = dict[str, Any]


def table(layer: str, name: str) -> list[tuple[str, ...]]:
    """The rows of a table in one layer, their arguments without quotes."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in (POLICIES / layer).glob("*.lp"))
    found: list[str] = re.findall(rf"^{name}\((.*)\)\.$", text, re.MULTILINE)
    return [tuple(a or b for a, b in re.findall(r'"([^"]*)"|(\w+)', row)) for row in found]


@cache
def grouped() -> tuple[Pair, ...]:
    """Every pair that two groups make: claim, column 1, column 2, indicator."""
    members: dict[str, list[str]] = {}
    for group, code in table("ncci", "pair_group"):
        members.setdefault(group, []).append(code)
    return tuple(
        (claim, a, b, indicator)
        for claim, first, second, indicator in table("ncci", "group_edit")
        for a in members[first]
        for b in members[second]
    )


def other_rows() -> list[Pair]:
    barred = [(c, code, visit, "0") for c, visit, code in table("cpt", "visit_barred_beside")]
    pairs = [
        *table("cpt", "edit_pair"), *table("ncci", "edit_pair"), *table("cpt", "service_edit")
    ]  # fmt: skip
    return [*barred, *((c, a, b, i) for c, a, b, i in pairs)]


def test_each_group_is_used_and_holds_each_code_once() -> None:
    named = Counter(table("ncci", "pair_group"))
    assert set(named.values()) == {1}
    used = {group for row in table("ncci", "group_edit") for group in row[1:3]}
    assert used == {group for group, _ in named}


def test_no_pair_stands_twice_or_both_ways() -> None:
    keys = Counter(pair[:3] for pair in (*grouped(), *other_rows()))
    assert [key for key, number in keys.items() if number > 1] == []
    assert [k for k in keys if (k[0], k[2], k[1]) in keys] == []


def test_the_pairs_are_as_many_as_in_the_source() -> None:
    """Within the family and with the other services that were taken from the quarter."""
    every = (*grouped(), *other_rows())
    assert Counter((claim, indicator) for claim, _, _, indicator in every) == {
        ("professional", "1"): 670,
        ("professional", "0"): 203,
        ("facility", "1"): 610,
        ("facility", "0"): 41,
    }


def checked(lines: list[Line], claim: str, held: Slice | None = None) -> Any:
    class Shelf:
        folder = Path()

        def slice(self, *asked: object) -> Slice | None:
            return held

    place = {"facility": "22", "professional": "11"}[claim]
    encounter = encounter_from_data(
        {"id": "e", "claim": claim, "place_of_service": place, "date": DAY.isoformat(),
         "administrations": [], "claim_lines": lines}
    )  # fmt: skip
    shelf: Any = Shelf() if held is not None else None
    return policy().check(encounter, tables=shelf).checked


@cache
def policy() -> Policy:
    return Policy.load("medicare", policies=POLICIES)


def denied(answer: Any, rule: str) -> set[str]:
    return {v.lines[0] for v in answer.violations if v.rule == rule and v.severity == "deny"}


@pytest.mark.parametrize("pair", grouped()[::7], ids=":".join)
def test_a_pair_of_two_groups_denies_its_second_column(pair: Pair) -> None:
    claim, first, second, _ = pair
    answer = checked([{"id": "L1", "code": first}, {"id": "L2", "code": second}], claim)
    alone = denied(answer, "claim.facility-only")
    assert alone or "L2" in denied(answer, "claim.pair")
    assert "L1" not in denied(answer, "claim.pair")


def held(*kinds: str, extract: bool = False, **rows: Any) -> Slice:
    quarter = Quarter(2024, 3)
    editions = (Edition(kind, "facility", quarter, 1, (), "", "", extract) for kind in kinds)
    used = tuple(Used(e.kind, e, "exact", "held") for e in editions)
    return Slice("facility", DAY, used=used, **rows)


PUSHES: list[Line] = [{"id": "L1", "code": "96413"}, {"id": "L2", "code": "96374"}]


def edit(first: str, second: str, indicator: int) -> PtpEdit:
    return PtpEdit(first, second, indicator, DAY, None, "")


def test_an_edition_of_pairs_takes_the_place_of_the_own_rows() -> None:
    assert denied(checked(PUSHES, "facility"), "claim.pair") == {"L2"}
    assert denied(checked(PUSHES, "facility", held("ptp")), "claim.pair") == set()
    other = held("ptp", ptp=(edit("96374", "96413", 0),))
    assert denied(checked(PUSHES, "facility", other), "claim.pair") == {"L1"}


def test_a_withdrawn_pair_denies_nothing() -> None:
    withdrawn = held("ptp", ptp=(edit("96413", "96374", 9),))
    assert denied(checked(PUSHES, "facility", withdrawn), "claim.pair") == set()


def test_rows_of_an_extract_stand_beside_the_own_ones_and_before_them() -> None:
    lines: list[Line] = [*PUSHES, {"id": "L3", "code": "71046"}]
    extract = held("ptp", extract=True, ptp=(edit("96413", "71046", 0),))
    assert denied(checked(lines, "facility", extract), "claim.pair") == {"L2", "L3"}
    extract = held("ptp", extract=True, ptp=(edit("96413", "96374", 9),))
    assert denied(checked(PUSHES, "facility", extract), "claim.pair") == set()


@pytest.mark.parametrize(("units", "wanted"), [(2, set()), (3, {"L1"})])
def test_a_limit_of_a_line_holds_for_each_line(units: int, wanted: set[str]) -> None:
    limits = held("mue", mue=(Mue("96379", 2, 1, ""),))
    lines: list[Line] = [
        {"id": "L1", "code": "96379", "units": units, "description": "x"},
        {"id": "L2", "code": "96379", "units": 2, "description": "x"},
    ]
    answer = checked(lines, "facility", limits)
    assert denied(answer, "claim.most-units-line") == wanted
    assert not denied(answer, "claim.most-units-clinical")


def test_an_edition_of_limits_takes_the_place_of_the_own_rows() -> None:
    lines: list[Line] = [{"id": "L1", "code": "96413"}, {"id": "L2", "code": "96417", "units": 4}]
    assert denied(checked(lines, "facility"), "claim.most-units-clinical") == {"L2"}
    none = checked(lines, "facility", held("mue"))
    assert denied(none, "claim.most-units-clinical") == set()
    assert {n.what for n in none.not_checked if n.rule == "claim.units-not-held"} == {
        "96413", "96417",
    }  # fmt: skip
    two = held("mue", mue=(Mue("96417", 3, 2, ""),))
    assert denied(checked(lines, "facility", two), "claim.most-units-day") == {"L2"}


def test_an_edition_of_primaries_takes_the_place_of_the_own_lists() -> None:
    lines: list[Line] = [{"id": "L1", "code": "96413"}, {"id": "L2", "code": "96417"}]
    assert denied(checked(lines, "facility"), "claim.primary") == set()
    lists = held("addon", addons=(AddOn("96417", 1, ("96409",)),))
    assert denied(checked(lines, "facility", lists), "claim.primary") == {"L2"}
    assert denied(checked(lines[1:], "facility", held("addon")), "claim.primary") == set()
