"""Every case beside the policies holds, and every rule and every switch has its cases."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

from infucode.errors import ProblemsError
from infucode.rulebook.where import policies_folder
from infucode.workbench.cases import Case, Plans, case_files, load_cases, run_case

POLICIES = policies_folder(Path(__file__).resolve().parents[2] / "policies")
PLANS = Plans(POLICIES)

NEVER_SEEN_TO_FIRE = {
    "cpt.code-labels": "labels are read by the program; no rule reads them",
    "ncci.edits-professional": "all hold a code that only facilities report, denied before pairs",
}
"""Rules without a firing case, and why."""

NEVER_SILENT = {rule: NEVER_SEEN_TO_FIRE[rule] for rule in ("cpt.code-labels",)}
"""Rules without a silent case, and why."""


@lru_cache(maxsize=1)
def cases() -> tuple[Case, ...]:
    """Every case; none where a file is broken, which `test_case_files_are_sound` then tells."""
    try:
        return tuple(load_cases(case_files(POLICIES), PLANS))
    except ProblemsError:
        return ()


def readable(case: Case) -> str:
    """Layer, topic and name, such as `cpt/time/a-drip-of-15-minutes-is-a-push`."""
    path = Path(case.file)
    name = re.sub("[^a-z0-9]+", "-", case.name.lower()).strip("-")
    return f"{path.parts[-3]}/{path.stem}/{name}"


def test_case_files_are_sound() -> None:
    assert len(load_cases(case_files(POLICIES), PLANS)) == len(cases()) > 0


@pytest.mark.parametrize("case", cases(), ids=readable)
def test_case(case: Case) -> None:
    result = run_case(case, PLANS)
    assert result.passed, f"{case.place}: " + "; ".join(result.differences)
    assert result.solved.confirmed(), f"{case.place}: the replay does not confirm the answer"


def test_names_are_unique_in_their_layer_and_topic() -> None:
    ids = [readable(case) for case in cases()]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("plan", PLANS.known)
def test_every_rule_has_a_case_where_it_fires(plan: str) -> None:
    fired = {rule for case in cases() for rule in case.fires}
    assert sorted(PLANS.rules(plan) - fired - set(NEVER_SEEN_TO_FIRE) - given_by_date(plan)) == []


@pytest.mark.parametrize("plan", PLANS.known)
def test_every_rule_has_a_case_where_it_is_silent(plan: str) -> None:
    silent = {rule for case in cases() for rule in case.silent}
    assert sorted(PLANS.rules(plan) - silent - set(NEVER_SILENT) - given_by_date(plan)) == []


def given_by_date(plan: str) -> set[str]:
    """Notices of a plan none of whose versions is superseded: no date brings them about."""
    profile = PLANS.policy(plan).library.profile
    if any(version.superseded for version in profile.versions):
        return set()
    return {profile.notices["superseded"].rule}


def test_exceptions_are_still_needed() -> None:
    fired = {rule for case in cases() for rule in case.fires}
    silent = {rule for case in cases() for rule in case.silent}
    assert fired & set(NEVER_SEEN_TO_FIRE) == set()
    assert silent & set(NEVER_SILENT) == set()


def test_every_value_of_every_switch_is_used() -> None:
    library = PLANS.policy(PLANS.known[0]).library
    used: dict[str, set[str]] = {name: set() for name in library.switches}
    for case in cases():
        for setting in PLANS.policy(case.policy).library.profile.settings:
            used[setting.name].add(setting.value)
        for name, value in (*case.encounter.switches, *case.switches):
            used[name].add(value)
    unused = {
        name: sorted(set(switch.values) - used[name])
        for name, switch in library.switches.items()
        if set(switch.values) - used[name]
    }
    assert unused == {}
