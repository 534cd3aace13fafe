"""`tables:` of a case: imported rows that its claim is checked against."""

from __future__ import annotations

from datetime import date as Date
from pathlib import Path

import pytest

from infucode.errors import DocumentError
from infucode.rulebook.where import policies_folder
from infucode.workbench.case_tables import CaseTables
from infucode.workbench.cases import Plans, load_cases, run_case

PLANS = Plans(policies_folder())
CLAIM = """\
- name: Two codes
  policy: medicare
  encounter:
    claim: facility
    place_of_service: "22"
    date: 2024-08-05
    administrations: []
    claim_lines: [{id: L1, code: "71046"}, {id: L2, code: "96375", units: 3}]
  tables: TABLES
  expect:
    check:
      violations: [VIOLATIONS]
"""
PAIR = '{pairs: [{first: "71046", second: "96375", modifier: never}], extract: [pairs]}'
LIMIT = '{units: [{code: "96375", most: 2, by: line}]}'


def differences(folder: Path, tables: str, violations: str) -> tuple[str, ...]:
    path = folder / "topic.yaml"
    text = CLAIM.replace("TABLES", tables).replace("VIOLATIONS", violations)
    path.write_text(text, encoding="utf-8")
    (case,) = load_cases([path], PLANS)
    return run_case(case, PLANS).differences


@pytest.mark.parametrize(
    ("tables", "rule"), [(PAIR, "claim.pair"), (LIMIT, "claim.most-units-line")]
)
def test_the_claim_is_checked_against_the_rows(tables: str, rule: str, tmp_path: Path) -> None:
    found = differences(tmp_path, tables, f"{{rule: {rule}, severity: deny, lines: [L2]}}")
    assert not [text for text in found if rule in text]
    without = differences(tmp_path, "null", f"{{rule: {rule}, severity: deny, lines: [L2]}}")
    assert [text for text in without if rule in text]


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ("{}", "no table is named here"),
        ('{pair: [{first: "71046"}]}', "did you mean `pairs`?"),
        ('{pairs: [{first: "71046", second: "96375"}]}', "`modifier` is missing from the pair"),
        ('{units: [{code: "96375", most: 2, by: day}]}', "`day` is not a word that this field"),
        ('{units: [{code: "96375", most: -1, by: line}]}', "`-1` is outside the range"),
        ("{units: [], extract: [pairs]}", "there is no table here `pairs`"),
    ],
)
def test_what_cannot_be_read_is_refused(tables: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        differences(tmp_path, tables, "")
    assert told in str(caught.value)


def test_tables_are_asked_about_claims(tmp_path: Path) -> None:
    text = CLAIM[: CLAIM.index("    claim_lines")]
    given = "[{id: a1, drug: d, category: therapeutic, route: im, technique: injection}]"
    text = text.replace("administrations: []", f"administrations: {given}")
    text += "  tables: {pairs: []}\n  expect: {lines: []}\n"
    path = tmp_path / "topic.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match="tables are asked about claims"):
        load_cases([path], PLANS)


def test_only_rows_of_the_codes_at_hand_answer() -> None:
    tables = CaseTables(("pairs", "units"), (), (("a", "b", 0),), (("a", 1, 2), ("c", 1, 2)))
    found = tables.slice(("a",), Date(2024, 8, 5), "facility")
    assert (found.ptp, [row.code for row in found.mue]) == ((), ["a"])
    assert found.answered("ptp") and found.answered("mue") and not found.answered("addon")
