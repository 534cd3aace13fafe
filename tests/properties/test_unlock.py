"""`unlock` and `why-not` against trying everything, on a sample of the small world."""

from __future__ import annotations

from functools import cache
from itertools import islice

from infucode.documents import encounter_from_data
from infucode.policy import Policy
from infucode.questions.why_not import Asked, WhyNotAsker
from tests.properties import brute_unlock as brute
from tests.unit.questions.absent import document, push, run

SAMPLE = 24
ONE_IN = 400


@cache
def policy() -> Policy:
    return Policy.load()


def test_unlock_finds_what_trying_everything_finds() -> None:
    compared = 0
    for encounter, code in islice(brute.cases(policy(), ONE_IN), SAMPLE):
        if brute.cost(brute.fields_of(policy(), encounter)) <= brute.SMALL // 5:
            assert brute.difference(policy(), encounter, code) == "", (encounter, code)
            compared += 1
    assert compared > SAMPLE // 2


def test_the_comparison_can_fail() -> None:
    encounter = encounter_from_data(document(run("alpha", "therapeutic", "10:00", None)))
    fields = brute.fields_of(policy(), encounter)
    assert brute.tried(policy(), encounter, "96365", fields) == {frozenset({("stop", "a1")})}
    others = [field for field in fields if field.signature[0] != "stop"]
    assert brute.tried(policy(), encounter, "96365", others) == frozenset()


def test_why_not_answers_whatever_is_not_reported() -> None:
    """What it says is reported is; what is not has a miss, or nothing in reach gives it."""
    for encounter, code in islice(brute.cases(policy(), ONE_IN, seed=1), SAMPLE):
        solved = policy().solve(encounter)
        asker = WhyNotAsker(encounter, solved.solution, solved.found)
        found = asker.answer(Asked(code))
        having = [
            n
            for n, code_set in enumerate(solved.code_sets, 1)
            if code in {line.code for line in code_set.lines}
        ]
        told = {n for item in found.reported for n in item.sets or range(1, found.total + 1)}
        assert told == set(having)
        assert all(miss.lacks for miss in found.misses)


def test_a_single_fact_that_would_do_is_named() -> None:
    encounter = encounter_from_data(
        document(run("saline", "hydration", "10:00", "10:28"), push("beta", "10:40"))
    )
    assert list(brute.unnamed(policy(), encounter, "96360")) == []
    assert list(brute.unnamed(policy(), encounter, "96413")) == []
