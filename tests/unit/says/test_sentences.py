"""Each sentence of the policies, filled in a real case, stands in a file that was read."""

from __future__ import annotations

from functools import cache

import pytest

from infucode.rulebook.checks_papers import NEED_WORDS
from infucode.rulebook.papers import PLACEHOLDER
from infucode.rulebook.rules import Rule
from infucode.rulebook.where import policies_folder
from infucode.workbench.cases import Case, Plans, case_files, load_cases
from tests.unit.says.sentences import fits, place, read, speaking, told

PLANS = Plans(policies_folder())
FIELDS = [(plan, rule) for plan in PLANS.known for rule in speaking(PLANS.policy(plan))]


@cache
def cases() -> dict[str, Case]:
    return {place(case): case for case in load_cases(case_files(PLANS.folder), PLANS)}


UNHEARD = {
    "cpcp026": {
        "claim.most-units-line": "only imported tables may hold a limit of a single line",
        "claim.not-in-force": "the plan's first version is younger than the codes",
    },
    "medicare": {
        "claim.most-units-line": "as above",
        "claim.home": "this plan leaves no care at home to another policy",
        "claim.other-cover": "this plan judges every line of business",
    },
}
"""Rules that no case can make speak under a plan, and why."""


@pytest.mark.parametrize("plan", PLANS.known)
def test_every_rule_that_speaks_is_shown(plan: str) -> None:
    speaks = set(speaking(PLANS.policy(plan)))
    assert set(read(plan)) | set(UNHEARD[plan]) == speaks
    assert not set(read(plan)) & set(UNHEARD[plan])
    assert all(read(plan).values())


@pytest.mark.parametrize(("plan", "rule"), FIELDS)
def test_the_sentence_is_as_read(plan: str, rule: str) -> None:
    for case, shown in _by_case(plan, rule).items():
        assert case in cases(), f"{case} is gone: `python -m tests.unit.says` chooses another"
        given = set(told(PLANS, plan, cases()[case], case))
        for item in shown:
            said = [s for s in given if s.rule == rule]
            assert item in said, f"{item}\nsays now:\n" + "\n".join(map(str, said))


@pytest.mark.parametrize(("plan", "rule"), FIELDS)
def test_the_sentence_is_what_the_rule_says_with_its_numbers(plan: str, rule: str) -> None:
    template = speaking(PLANS.policy(plan))[rule]
    for item in read(plan).get(rule, []):
        assert fits(template, item.says), f"`{item.says}` does not fill `{template}`"
        numbers = [n for n in PLACEHOLDER.findall(template) if n in NUMBERED]
        assert len(numbers) <= sum(map(str.isdigit, item.says)), item.says


TOLD_ALONE = frozenset({"remark", "warning", "service_warning"})
"""Outcomes that change no line: that they are given shows in what is said only."""


def test_messages_that_can_be_wrong_unseen_are_held_by_a_case() -> None:
    held = {rule for case in cases().values() for rule, _ in case.says}
    rules = [rule for plan in PLANS.known for rule in PLANS.policy(plan).library.rules]
    wanted = {rule.papers.id for rule in rules if _can_be_wrong(rule)}
    unheard = set.intersection(*(set(own) for own in UNHEARD.values()))
    assert len(wanted) > 100
    missing = sorted(wanted - held - unheard)
    assert not missing, f"no case holds with `says:` what these say: {', '.join(missing)}"


def _can_be_wrong(rule: Rule) -> bool:
    """Whether it says two values, which may be changed over, or shows nowhere else."""
    kind = rule.clause.head.name
    values = set(PLACEHOLDER.findall(rule.papers.says))
    return kind in TOLD_ALONE or (kind in NEED_WORDS and len(values) > 1)


NUMBERED = {
    "Minutes", "Limit", "Total", "Hours", "Covered", "Lost", "Rank", "Units", "Number", "Offset",
    "Amount", "Step", "Held", "Left", "Stated", "Indicator", "Charge", "Place",
}  # fmt: skip
"""Placeholders that stand for a number."""


def _by_case(plan: str, rule: str) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for item in read(plan).get(rule, []):
        found.setdefault(item.case, []).append(item)
    return found
