"""The comparison with published tables finds a row that is not as the rulebook has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from infucode import Policy
from tests.official.asking import asked_pairs, asked_primaries, asked_units
from tests.official.claims import Judge

PAIRS = "column1,column2,mi_practitioner,mi_outpatient_hospital\n"
UNITS = "code,prac_mue,prac_mai,oph_mue,oph_mai\n"
ADDONS = "addon,primary,eff,del,note\n"


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(Policy.load("medicare"))


def verdicts(asked: object) -> dict[str, str]:
    assert hasattr(asked, "__iter__")
    return {f"{group}: {finding.row}": finding.verdict for group, finding in asked}


def test_a_pair_is_asked_on_all_its_sides(judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "ptp_internal.csv").write_text(PAIRS + "96365,96372,1,0\n", encoding="utf-8")
    found = verdicts(asked_pairs(judge, tmp_path))
    assert [verdict for key, verdict in found.items() if "professional" in key] == [
        "as published",
        "as published",
    ]
    assert found["pairs, facility, indicator 0, bare: facility 96365 96372 "] == "as published"
    lifted = "pairs, facility, indicator 0, with the modifier: facility 96365 96372 59"
    assert found[lifted] == "WRONG"


def test_a_pair_that_is_not_published_is_noticed(judge: Judge, tmp_path: Path) -> None:
    text = PAIRS + "96365,96372,1,1\n96374,96377,1,1\n"
    (tmp_path / "ptp_internal.csv").write_text(text, encoding="utf-8")
    found = verdicts(asked_pairs(judge, tmp_path))
    assert found["no pair, professional, inside: professional 96365 96374"] == "WRONG"
    assert found["no pair, professional, inside: professional 96372 96377"] == "as published"


def test_units_are_asked_on_both_sides(judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "mue.csv").write_text(UNITS + "96375,6,3,5,3\n", encoding="utf-8")
    found = verdicts(asked_units(judge, tmp_path))
    wrong = [key for key, verdict in found.items() if verdict == "WRONG"]
    assert wrong == ["units, facility, indicator 3, one more: facility 96375 6 of 5"]


def test_primaries_are_asked_both_ways(judge: Judge, tmp_path: Path) -> None:
    rows = "96415,96413,2013091,,\n96366,96365,2013091,,\n96366,96413,2013091,,\n"
    (tmp_path / "aoc.csv").write_text(ADDONS + rows, encoding="utf-8")
    found = verdicts(asked_primaries(judge, tmp_path))
    assert found["add-ons, facility, lawful: facility 96415 beside 96413"] == "as published"
    assert found["add-ons, facility, none: facility 96415 beside 96365"] == "as published"
    assert found["add-ons, facility, lawful: facility 96366 beside 96413"] == "as published"


def test_a_folder_without_tables_is_refused(judge: Judge, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no file ptp"):
        list(asked_pairs(judge, tmp_path))
