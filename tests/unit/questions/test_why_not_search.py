"""The short cuts of `why-not`: what is not followed would have given nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from infucode.documents import load_encounter
from infucode.model.encounter import Encounter
from infucode.model.why_not import WhyNot
from infucode.passes.values import TEXT_MARK
from infucode.policy import Policy, Solved
from infucode.questions import why_not
from infucode.questions.why_not import LINE, PASSES, Asked, WhyNotAsker
from infucode.questions.why_not_goals import Goals
from infucode.questions.why_not_plans import ready
from infucode.questions.why_not_ways import Bounds

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
CODES = ("96360", "96371", "96376", "96415", "96416", "96450", "99211")
Key = tuple[object, ...]


class Unpruned(Bounds):
    """The same with every rule followed."""

    prunes = False


@cache
def solved(name: str) -> tuple[Encounter, Solved]:
    encounter = load_encounter(EXAMPLES / f"{name}.yaml")
    return encounter, Policy.load().solve(encounter)


def labels(ways: type[Bounds], name: str, code: str, most: int, shares: bool) -> set[Key]:
    """What each administration's line with the code would take, by what the causes say."""
    encounter, answer = solved(name)
    reasons = answer.found[0].reasons
    causes = ways(reasons.program, shares=shares)
    goals = Goals(reasons.program, reasons.derivations, causes)
    causes.join(goals)
    made: set[Key] = set()
    for item in encounter.administrations:
        symbol = reasons.facts.names.symbols["administration"][item.id].name
        pattern = (None, symbol, None, TEXT_MARK + code, None, None)
        for row, found in goals.reach(LINE, pattern, most).items():
            for label in found:
                said = [(c.kind, c.atom, c.values) for c in map(causes.found.__getitem__, label)]
                made.add((item.id, row, frozenset(said)))
    return made


@pytest.mark.parametrize(("most", "shares"), PASSES[1:3])
@pytest.mark.parametrize("code", CODES)
def test_a_rule_that_is_not_followed_would_have_given_nothing(
    code: str, most: int, shares: bool
) -> None:
    pruned = labels(Bounds, "emergency-visit", code, most, shares)
    assert pruned == labels(Unpruned, "emergency-visit", code, most, shares)


def test_some_codes_have_labels_to_compare() -> None:
    found = [labels(Bounds, "emergency-visit", code, 2, False) for code in CODES]
    assert sum(map(bool, found)) >= len(CODES) // 2


def answered(name: str, code: str) -> WhyNot:
    encounter, answer = solved(name)
    return WhyNotAsker(encounter, answer.solution, answer.found).answer(Asked(code))


@pytest.mark.parametrize("code", CODES)
def test_no_pass_is_passed_over_that_finds_something(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounded = answered("office-injection", code)
    monkeypatch.setattr(why_not, "within", lambda asking, *_: list(asking))
    assert bounded == answered("office-injection", code)


def test_what_is_left_of_the_rules_hangs_on_the_code() -> None:
    _, answer = solved("emergency-visit")
    rules = ready(answer.found[0].reasons.program)
    every = rules.rules(LINE)
    left = {
        code: rules.alive.rules(LINE, (None, "a0", None, TEXT_MARK + code, None, None))
        for code in ("96365", "96450", "00000")
    }
    assert set(left["96365"]) | set(left["96450"]) <= set(every)
    assert 0 < len(left["96450"]) < len(every)
    assert left["96365"] != left["96450"]
    assert set(left["00000"]) < set(left["96365"]) | set(left["96450"])
