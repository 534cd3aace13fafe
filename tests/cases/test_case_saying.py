"""`says:` of a case: what rules say, filled in, is held word for word."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from infucode.errors import DocumentError
from infucode.rulebook.where import policies_folder
from infucode.workbench.cases import Plans, load_cases, run_case

PLANS = Plans(policies_folder())
FLUID = """\
encounter:
  claim: facility
  place_of_service: "22"
  date: 2024-08-05
  administrations:
    - {id: a1, drug: saline, category: hydration, route: iv, technique: infusion,
       start: "10:00", stop: "10:30"}
says:
"""
RULE = "cpt.hydration-minimum"
SAID = "saline 10:00: its visit and access have 30 counted minutes of hydration; 31 are needed."


def differences(folder: Path, says: str) -> tuple[str, ...]:
    path = folder / "topic.yaml"
    path.write_text(f"- name: Fluid\n{indent(FLUID + indent(says, '  '), '  ')}", "utf-8")
    (case,) = load_cases([path], PLANS)
    return run_case(case, PLANS).differences


@pytest.mark.parametrize("says", [
    f'{RULE}: "{SAID}"\n', f'{RULE}: ["{SAID}"]\n', "cpt.form-step-down: []\n",
])  # fmt: skip
def test_what_is_said_passes(says: str, tmp_path: Path) -> None:
    assert differences(tmp_path, says) == ()


def test_numbers_changed_over_are_told(tmp_path: Path) -> None:
    wrong = SAID.replace("30", "x").replace("31", "30").replace("x", "31")
    missing, beside = differences(tmp_path, f'{RULE}: "{wrong}"\n')
    assert missing == f"the rule {RULE} is to say `{wrong}`; it says `{SAID}`"
    assert beside == f"the rule {RULE} says `{SAID}`; it is not to"


def test_a_rule_that_is_to_say_nothing(tmp_path: Path) -> None:
    assert differences(tmp_path, f"{RULE}: []\n") == (
        f"the rule {RULE} says `{SAID}`; it is not to",
    )


@pytest.mark.parametrize(("says", "told"), [
    ("cpt.hydration-minimun: x\n", "cpt.hydration-minimum"), ("{}\n", "no rule is named here"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused(says: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        differences(tmp_path, says)
    assert told in str(caught.value)
