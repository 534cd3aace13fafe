"""The search of `why-not`: what it leaves out gives nothing, and its order is its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from infucode.documents import load_encounter
from infucode.model.encounter import Encounter
from infucode.model.why_not import WhyNot
from infucode.passes.values import TEXT_MARK
from infucode.policy import Policy, Solved
from infucode.questions.why_not import PASSES, Asked, WhyNotAsker
from infucode.questions.why_not_plans import Ready, ready
from infucode.questions.why_not_trials import LINE, Trials
from infucode.questions.why_not_ways import MISSING, OTHERWISE, Cause, Causes

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
CODES = ("96360", "96371", "96376", "96415", "96416", "96450", "99211")
Key = tuple[object, ...]


class Unpruned(Causes):
    """The same with every rule followed."""

    prunes = False


@cache
def solved(name: str) -> tuple[Encounter, Solved]:
    encounter = load_encounter(EXAMPLES / f"{name}.yaml")
    return encounter, Policy.load().solve(encounter)


def causes_of(ways: type[Causes], name: str, *, shares: bool) -> Causes:
    _, answer = solved(name)
    reasons = answer.found[0].reasons
    return ways(reasons.program, reasons.derivations, shares=shares)


def labels(causes: Causes, name: str, code: str, most: int) -> list[Key]:
    """What each administration's line with the code would take, nearest first, in words."""
    encounter, answer = solved(name)
    symbols = answer.found[0].reasons.facts.names.symbols["administration"]
    made: list[Key] = []
    for item in encounter.administrations:
        pattern = (None, symbols[item.id].name, None, TEXT_MARK + code, None, None)
        for row, found in sorted(causes.goals.reach(LINE, pattern, most).items(), key=str):
            for label in found:
                said = tuple((c.kind, c.atom, c.values) for c in causes.causes(label))
                made.append((item.id, row, said))
    return made


@pytest.mark.parametrize(("most", "shares"), PASSES[1:3])
@pytest.mark.parametrize("code", CODES)
def test_a_rule_that_is_not_followed_would_have_given_nothing(
    code: str, most: int, shares: bool
) -> None:
    name = "emergency-visit"
    pruned = labels(causes_of(Causes, name, shares=shares), name, code, most)
    assert pruned == labels(causes_of(Unpruned, name, shares=shares), name, code, most)


def test_some_codes_have_labels_to_compare() -> None:
    name = "emergency-visit"
    found = [labels(causes_of(Causes, name, shares=False), name, code, 2) for code in CODES]
    assert sum(map(bool, found)) >= len(CODES) // 2


@pytest.mark.parametrize("code", CODES)
def test_what_is_kept_of_smaller_sets_is_what_larger_ones_would_give(code: str) -> None:
    name = "emergency-visit"
    kept = causes_of(Causes, name, shares=True)
    labels(kept, name, code, 2)
    followed = kept.goals.followed
    after = labels(kept, name, code, 3)
    anew = causes_of(Causes, name, shares=True)
    assert after == labels(anew, name, code, 3)
    assert kept.goals.followed - followed < anew.goals.followed


def answered(name: str, code: str, *, full: bool = False) -> WhyNot:
    encounter, answer = solved(name)
    return WhyNotAsker(encounter, answer.solution, answer.found).answer(Asked(code, full=full))


@pytest.mark.parametrize("code", CODES)
def test_the_order_of_the_rules_is_of_no_account(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = answered("office-injection", code)
    given = Ready.ways
    monkeypatch.setattr(
        Ready, "ways", lambda self, *args, **named: given(self, *args, **named)[::-1]
    )
    assert first == answered("office-injection", code)


def test_causes_stand_as_the_vocabulary_has_them() -> None:
    """Equally near ones: category before route before technique, words in their order."""
    causes = causes_of(Causes, "emergency-visit", shares=False)
    facts = [
        ("technique", "a0", "push"), ("route", "a0", "im"), ("category", "a0", "chemotherapy"),
        ("category", "a0", "therapeutic"), ("category", "a10", "hydration"),
        ("category", "a2", "hydration"), ("category", "a2", "open__"),
    ]  # fmt: skip
    made = [causes.blame(OTHERWISE, atom) for atom in facts]
    label = frozenset().union(*[one for (one,) in made])
    found = [cause.atom for cause in causes.causes(label)]
    assert found == [
        ("category", "a0", "therapeutic"), ("category", "a0", "chemotherapy"),
        ("category", "a2", "hydration"), ("category", "a2", "open__"),
        ("category", "a10", "hydration"), ("route", "a0", "im"), ("technique", "a0", "push"),
    ]  # fmt: skip


def test_that_a_fact_is_there_at_all_is_no_cause_beside_its_value() -> None:
    causes = causes_of(Causes, "emergency-visit", shares=False)
    (some,) = causes.blame(MISSING, ("pump_kind", "a0", "open__"))
    (portable,) = causes.blame(MISSING, ("pump_kind", "a0", "portable"))
    (other,) = causes.blame(MISSING, ("pump_kind", "a1", "portable"))
    assert causes.joined(some, portable) == portable
    assert causes.joined(some, other) == some | other


@pytest.mark.parametrize("code", ["96413", "96373", "96409"])
def test_what_is_supposed_is_what_a_document_that_says_so_would_give(code: str) -> None:
    """Only the rules behind lines are answered again: the lines have to be the same."""
    encounter, answer = solved("emergency-visit")
    reasons = answer.found[0].reasons
    trials = Trials(answer.found[0], code)
    for word in ("chemotherapy", "hydration"):
        cause = Cause(OTHERWISE, ("category", "a0", word), None, ())
        relations = trials.supposing([cause])
        rows = dict.fromkeys(reasons.model.relations["category", 2].rows)
        rows = {row: None for row in rows if row[0] != "a0"} | {("a0", word): None}
        whole = reasons.program.stating(reasons.model, {("category", 2): rows})
        assert relations[LINE].rows == whole[LINE].rows
        assert len(encounter.administrations) > 1


def test_a_line_of_another_administration_does_not_count_where_one_is_asked_about() -> None:
    _, answer = solved("emergency-visit")
    trials = Trials(answer.found[0], "96413")
    cause = [Cause(OTHERWISE, ("category", "a1", "chemotherapy"), None, ())]
    assert trials.would_do(cause)
    having = [
        name
        for name in answer.found[0].reasons.facts.names.symbols["administration"].values()
        if trials.would_do(cause, (LINE, (None, name.name, None, None, None, None)))
    ]
    assert [name.name for name in having] == ["a1"]


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
