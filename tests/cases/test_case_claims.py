"""Cases about claims: what they expect of a check, what fails them, what is refused."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from textwrap import dedent, indent

import pytest
from rich.console import Console

from infucode.errors import DocumentError
from infucode.workbench.cases import CaseResult, Plans, load_cases, run_case, run_cases
from infucode.workbench.mutation_cases import case_subjects
from tests.unit.questions.claim_rules import small_folder

CLAIM = """\
encounter:
  claim: facility
  place_of_service: "22"
  date: 2024-08-05
  administrations:
    - {id: a1, drug: drug A, category: therapeutic, route: iv, technique: infusion, minutes: 40}
    - {id: a2, drug: drug B, category: therapeutic, route: im, technique: injection}
  claim_lines:
    - {id: L1, code: "96365", units: 2}
    - {id: L2, code: "96365"}
    - {id: L3, code: "96366", modifiers: ["59"]}
"""
RIGHT = """\
expect:
  check:
    outcome: violating
    lines: {L1: violates, L2: violates, L3: violates}
    violations:
      - {rule: claim.small-units, severity: deny, lines: [L1]}
      - {rule: claim.small-twice, severity: deny, lines: [L1, L2]}
      - {rule: claim.small-unsupported, lines: [L3]}
    omitted: ["96372"]
fires: [claim.small-units, cpt.form-infusion]
silent: [claim.small-unfit]
"""


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Plans:
    return Plans(small_folder(tmp_path_factory.mktemp("small")))


def written(folder: Path, rest: str, encounter: str = CLAIM) -> Path:
    path = folder / "topic.yaml"
    body = indent(encounter + dedent(rest), "  ")
    path.write_text(f"- name: A claim\n{body}", encoding="utf-8")
    return path


def result(folder: Path, plans: Plans, rest: str, encounter: str = CLAIM) -> CaseResult:
    (case,) = load_cases([written(folder, rest, encounter)], plans)
    return run_case(case, plans)


def test_a_case_that_holds_passes(tmp_path: Path, plans: Plans) -> None:
    found = result(tmp_path, plans, RIGHT)
    assert found.differences == () and found.judged is not None


@pytest.mark.parametrize(("right", "wrong", "told"), [
    ("outcome: violating", "outcome: review", "the check says violating; review is expected"),
    ("L1: violates, L2", "L1: stands, L2",
     "L1 is violates (claim.small-units); stands is expected"),
    ("L1: violates, ", "",
     "L1 is violates (claim.small-units); the case does not name it"),
    ("      - {rule: claim.small-twice, severity: deny, lines: [L1, L2]}\n", "",
     "deny claim.small-twice of L2, L1 is found; it is not expected"),
    ("lines: [L1]", "lines: [L2]",
     "deny claim.small-units of L2 is to be found; found: deny claim.small-units of L1, "),
    ("severity: deny, lines: [L1]", "severity: review, lines: [L1]",
     "review claim.small-units of L1 is to be found"),
    ('omitted: ["96372"]', "omitted: []", "96372-59 x1 is omitted; it is not expected"),
    ('omitted: ["96372"]', 'omitted: ["96372", "96375"]',
     "96375 is to be omitted; omitted: 96372-59 x1"),
    ('omitted: ["96372"]', 'omitted: [{code: "96372", units: 2}]', "96372 is to be omitted"),
    ("fires: [claim.small-units,", "fires: [claim.small-fewer,",
     "the rule claim.small-fewer is to fire and did not"),
    ("silent: [claim.small-unfit]", "silent: [claim.small-twice]",
     "the rule claim.small-twice is to be silent and fired"),
])
def test_every_difference_is_told(
    right: str, wrong: str, told: str, tmp_path: Path, plans: Plans
) -> None:
    assert right in RIGHT
    found = result(tmp_path, plans, RIGHT.replace(right, wrong))
    assert any(text.startswith(told) for text in found.differences), found.differences


def test_an_outcome_alone_does_not_hide_what_denies(tmp_path: Path, plans: Plans) -> None:
    found = result(tmp_path, plans, "expect:\n  check: {outcome: violating}\n")
    assert any("the case names no line and no violation" in text for text in found.differences)


def test_record_and_claim_may_be_expected_together(tmp_path: Path, plans: Plans) -> None:
    lines = "  lines: [{code: '96365', units: 1}, {code: '96372', units: 1}]\n"
    assert result(tmp_path, plans, RIGHT.replace("expect:\n", f"expect:\n{lines}")).passed
    wrong = lines.replace("units: 1}]", "units: 2}]")
    found = result(tmp_path, plans, RIGHT.replace("expect:\n", f"expect:\n{wrong}"))
    assert found.differences == ("96372: 2 units expected, 1 reported",)


@pytest.mark.parametrize(("rest", "told"), [
    ("expect:\n  check: {}\n", "nothing is expected of the check"),
    ("expect:\n  check: {lines: {L9: stands}}\n", "there is no claim line `L9`"),
    ("expect:\n  check: {lines: {L1: fine}}\n", "fine"),
    ("expect:\n  check: {outcom: valid}\n", "unknown key `outcom`"),
    ("expect:\n  check: {violations: [{rule: claim.smal}]}\n", "the plan has no rule"),
    ("expect:\n  check: {violations: [{rule: claim.small-units, lines: [L8]}]}\n",
     "there is no claim line `L8`"),
])
def test_what_cannot_be_meant_is_refused(
    rest: str, told: str, tmp_path: Path, plans: Plans
) -> None:
    with pytest.raises(DocumentError) as caught:
        load_cases([written(tmp_path, rest)], plans)
    assert told in str(caught.value)


def test_a_check_needs_a_claim(tmp_path: Path, plans: Plans) -> None:
    bare = CLAIM[: CLAIM.index("  claim_lines")]
    with pytest.raises(DocumentError, match="the encounter has no claim to check"):
        load_cases([written(tmp_path, "expect:\n  check: {outcome: valid}\n", bare)], plans)


def test_a_failed_case_shows_the_checked_claim(tmp_path: Path, plans: Plans) -> None:
    file = written(tmp_path, RIGHT.replace("outcome: violating", "outcome: valid"))
    out = StringIO()
    code = run_cases(
        plans.folder, select=None, files=[file], console=Console(file=out, width=100)
    )
    assert code == 1
    text = out.getvalue()
    assert "the check says violating; valid is expected" in text
    assert "Outcome     VIOLATING" in text and "The record does not earn L3 (96366-59)." in text
    assert "Timeline" not in text


def test_a_claim_gives_a_mutant_the_facts_of_both_steps(tmp_path: Path, plans: Plans) -> None:
    (case,) = load_cases([written(tmp_path, RIGHT)], plans)
    (subject,) = case_subjects([case], plans)
    stated = [{signature for signature, _ in facts.signed} for facts in subject.worlds]
    assert ("administration", 1) in stated[0] and ("claim_line", 1) in stated[-1]
    assert subject.judge(plans.policy("cpcp026")) is None
