"""No message of any case, example or encounter of the small world shows a raw name."""

from __future__ import annotations

from itertools import islice

import pytest

from infucode import load_encounter
from infucode.documents import encounter_from_data
from infucode.model.encounter import Encounter
from infucode.model.solution import Solution
from infucode.rulebook.where import examples_folder, policies_folder
from infucode.workbench.cases import Plans, case_files, load_cases
from tests.oracle.small import small_world
from tests.unit.says.flaws import flaws, messages

PLANS = Plans(policies_folder())
STEP = 200
"""Of so many encounters one is read; `python -m tests.unit.says --small` reads all."""


def found(solution: Solution, encounter: Encounter) -> list[str]:
    return [
        f"{encounter.id}, {where}: {flaw}\n    {message}"
        for where, message in messages(solution)
        for flaw in flaws(message, encounter)
    ]


@pytest.mark.parametrize("plan", PLANS.known)
def test_messages_of_the_small_world_are_in_plain_words(plan: str) -> None:
    policy, bad, number = PLANS.policy(plan), [], 0
    for document in islice(small_world(), 0, None, STEP):
        encounter = encounter_from_data(document)
        bad += found(policy.solve(encounter).solution, encounter)
        number += 1
    assert number > 200
    assert not bad, "\n".join(bad[:20])


def test_messages_of_all_cases_are_in_plain_words() -> None:
    bad = []
    for case in load_cases(case_files(PLANS.folder), PLANS):
        solved = PLANS.policy(case.policy).solve(case.encounter, switches=dict(case.switches))
        bad += [f"{case.place}: {text}" for text in found(solved.solution, case.encounter)]
    assert not bad, "\n".join(bad[:20])


@pytest.mark.parametrize("plan", PLANS.known)
def test_messages_of_the_examples_are_in_plain_words(plan: str) -> None:
    paths = sorted(examples_folder().glob("*.yaml"))
    assert len(paths) > 3
    for path in paths:
        encounter = load_encounter(path)
        assert not found(PLANS.policy(plan).solve(encounter).solution, encounter)


@pytest.mark.parametrize(
    ("message", "flaw"),
    [
        ("drug A ran {Minutes} minutes.", "an unfilled placeholder: `{`"),
        ("drug A line(a1) ran.", "a raw atom: `line(a`"),
        ("drug A ran 2 hour(s).", "a raw atom: `(s)`"),
        ("given as keep_open.", "a name of the program: `keep_open`"),
        ("drug A  ran.", "two spaces: `  `"),
        ("drug A ran", "no full stop"),
        ("drug A ran 1 minutes.", "one of many: `1 minutes`"),
        ("drug A came -35 minutes later.", "a negative number: `-3`"),
        ("drug A (a1) ran.", "an internal id: `a1`"),
        ("drug A ran,then stopped.", "a mark without a space behind it: `n,t`"),
    ],
)
def test_each_flaw_is_seen(message: str, flaw: str) -> None:
    encounter = encounter_from_data(next(iter(small_world())))
    assert flaw in list(flaws(message, encounter))


def test_a_plain_message_has_no_flaw() -> None:
    encounter = encounter_from_data(next(iter(small_world())))
    said = (
        "drug A 10:00 (2nd of 2) ran 91 minutes on 2024-08-05 (place of service 22); 16 needed."
    )
    assert not list(flaws(said, encounter))
