"""Every case beside the policies holds, and every rule and every switch has its cases."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

from infucode.errors import ProblemsError
from infucode.rulebook.where import policies_folder
from infucode.workbench.cases import Case, Plans, case_files, load_cases, run_case
from infucode.workbench.cover.covering import for_reports
from infucode.workbench.lint.subject import Subject

POLICIES = policies_folder(Path(__file__).resolve().parents[2] / "policies")
PLANS = Plans(POLICIES)


@lru_cache(maxsize=1)
def unread_tables() -> frozenset[str]:
    """The ids that no case can make fire, as the rules show: no rule reads them."""
    libraries = tuple(PLANS.policy(plan).library for plan in PLANS.known)
    return for_reports(Subject(POLICIES, libraries, ()))


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
    assert sorted(PLANS.rules(plan) - fired - unread_tables() - PLANS.dormant(plan)) == []


@pytest.mark.parametrize("plan", PLANS.known)
def test_every_rule_has_a_case_where_it_is_silent(plan: str) -> None:
    silent = {rule for case in cases() for rule in case.silent}
    assert sorted(PLANS.rules(plan) - silent - unread_tables() - PLANS.dormant(plan)) == []


def test_only_the_labels_are_of_a_table_that_no_rule_reads() -> None:
    assert unread_tables() == {"cpt.code-labels"}


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
