"""Changes of cases: what they state otherwise, and which are tried for a condition."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from infucode.documents import encounter_from_data
from infucode.model.encounter import Encounter
from infucode.space.changes import Changes, Reads
from infucode.space.generate import Generator
from infucode.workbench.case import Case
from infucode.workbench.cases import case_files, load_cases
from infucode.workbench.cover.covering import sights
from infucode.workbench.plans import Plans
from tests.unit.workbench.small import case as written
from tests.unit.workbench.small import small_folder

CLAIM = {
    "id": "claim", "claim": "facility", "place_of_service": "22", "date": "2024-08-05",
    "administrations": [
        {"id": "a1", "drug": "drug A", "category": "therapeutic", "route": "iv",
         "technique": "push", "start": "10:00",
         "dose": {"hcpcs": "J1745", "administered": 20, "per_unit": 10, "unit": "mg",
                  "containers": [{"size": 30, "count": 1, "kind": "single_dose"}]}},
    ],
    "services": [{"id": "s1", "code": "99213", "provider": "same"}],
    "claim_lines": [{"id": "L1", "code": "96374", "modifiers": ["59"]}],
}  # fmt: skip


def claim() -> Encounter:
    return encounter_from_data(CLAIM)


@pytest.fixture(scope="module")
def changes() -> Changes:
    other = replace(
        claim(), claim_lines=(replace(claim().claim_lines[0], code="96372", modifiers=("25",)),)
    )
    return Changes([Case("c", "c", 0, "cpcp026", item) for item in (claim(), other)])


@pytest.mark.parametrize(
    ("change", "stated"),
    [
        ("L1 a day later", {"line_day"}),
        ("L1 of visit 2", {"line_visit"}),
        ("96372 on L1", {"line_code"}),
        ("modifier 25 on L1", {"line_modifier"}),
        ("no 59 on L1", {"line_modifier"}),
        ("0 units on L1", {"line_units", "line_units_unfit"}),
        ("a charge of 0 on L1", {"line_charge", "line_free"}),
        ("s1 by other", {"service_provider"}),
        ("s1 a day later", {"service_day"}),
        ("`discarded` = None of a1", None),
        ("`administered` = 30 of a1", {"dose_given"}),
        ("a container less of a1", {"container"}),
        ("a1 of another drug", {"drug_text"}),
    ],
)
def test_a_change_tells_what_it_states_otherwise(
    change: str, stated: set[str] | None, changes: Changes
) -> None:
    """What states nothing else is no change."""
    found = {item.change: item.inputs for item in changes.weighed(claim())}
    assert found.get(change) == (None if stated is None else frozenset(stated))


def test_every_change_is_a_sound_document_and_comes_once(changes: Changes) -> None:
    found = list(changes.weighed(claim()))
    names = [item.change for item in found]
    assert len(names) == len({*names})
    assert {"L1 twice", "s1 left out", "a1 twice", "a1 again later"} <= {*names}
    for item in found:
        lines = item.encounter.claim_lines
        assert len({line.id for line in lines}) == len(lines)
        assert all(line.units is None or line.units >= Decimal(0) for line in lines)


def test_inputs_are_as_far_as_there_are_rules_between(tmp_path: Path) -> None:
    plans = Plans(small_folder(tmp_path))
    rules = plans.policy("cpcp026").library.rules
    reads = Reads(rule.clause for rule in rules)
    assert dict(reads.distances([("long", 1)])) == {
        "long": 0, "route": 1, "stated_minutes": 1, "value": 1, "attended": 1,
    }  # fmt: skip
    assert reads.distances([("withheld", 3)])["route"] == 2


TWO = """\
% What takes two changes. Gives: line, withheld.

%@ id: small.long
%@ cite: infucode small
%@ text: A run by vein has a line.
%@ says: {Administration} has a line.
line("small.long", Administration, delivery, "96365", 1, 0) :- route(Administration, iv).

%@ id: small.odd
%@ cite: infucode small
%@ text: What nobody watched and was broken off is not reported.
%@ says: {Administration} is odd.
withheld("small.odd", Administration, delivery) :-
    attended(Administration, no), discontinued(Administration, yes).
"""


def test_two_changes_at_once_show_what_none_does_alone(tmp_path: Path) -> None:
    folder = small_folder(tmp_path, TWO)
    text = written("A plain run", 40, rest="  silent: [small.odd]\n")
    (folder / "small" / "cases" / "runs.yaml").write_text(text, encoding="utf-8")
    plans = Plans(folder)
    cases = load_cases(case_files(folder), plans)
    found = Generator(sights(cases, plans), cases, plans, ["small.odd"]).run([], 0)
    shown = {(key[1], key[2]): p.tried.change for p in found.proposals for key in p.keys}
    both = {"`attended` of a1 = False, `discontinued` of a1 = True",
            "`discontinued` of a1 = True, `attended` of a1 = False"}  # fmt: skip
    assert shown.keys() == {(0, "true"), (1, "true"), (0, "false"), (1, "false")}
    assert shown[0, "true"] in both
    assert shown[0, "false"] == "`discontinued` of a1 = True"
    assert found.unreached == []
    assert f"{found.changes:,} changes of 1 cases, one or two at once" in found.said
