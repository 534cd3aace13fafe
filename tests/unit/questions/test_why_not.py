"""`why-not`: the nearest misses, their numbers, and what is no miss."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infucode.documents import encounter_from_data
from infucode.errors import UsageError
from infucode.model.why_not import WhyNot
from infucode.policy import Policy
from infucode.questions.why_not import Asked, WhyNotAsker, code_of

from .absent import document, push, run

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@cache
def policy() -> Policy:
    return Policy.load()


def asked(code: str, *admins: dict[str, Any], **more: object) -> WhyNot:
    full, id = bool(more.pop("full", False)), more.pop("administration", None)
    encounter = encounter_from_data(document(*admins, **more))
    solved = policy().solve(encounter)
    assert id is None or isinstance(id, str)
    return WhyNotAsker(encounter, solved.solution, solved.found).answer(
        Asked(code, id, full=full)
    )


def said(found: WhyNot) -> list[list[str]]:
    return [[lack.says for lack in miss.lacks] for miss in found.misses]


def test_hydration_that_is_too_short_is_told_with_both_numbers() -> None:
    found = asked("96360", run("saline", "hydration", "10:00", "10:28"))
    assert len(found.misses) == 1
    (lack,) = found.misses[0].lacks
    assert lack.kind == "number"
    assert lack.start.startswith("28 minutes")
    assert lack.wanted == ("at least 31 minutes (hydration minimum)",)
    assert (lack.rule, found.misses[0].administration) == ("cpt.hydration-total", "a1")
    assert lack.cite


@pytest.mark.parametrize(("stop", "reported"), [("10:30", False), ("10:31", True)])
def test_the_number_that_is_named_is_the_boundary(stop: str, reported: bool) -> None:
    found = asked("96360", run("saline", "hydration", "10:00", stop))
    assert bool(found.reported) is reported
    assert bool(found.misses) is not reported


@pytest.mark.parametrize(
    ("code", "category", "stop", "there"),
    [
        ("96366", "therapeutic", "11:25", "85 minutes"),
        ("96415", "chemotherapy", "10:50", "50 minutes"),
        ("96361", "hydration", "11:30", "90 minutes"),
    ],
)
def test_hours_that_fall_short_are_told_in_minutes(
    code: str, category: str, stop: str, there: str
) -> None:
    (miss,) = asked(code, run("alpha", category, "10:00", stop)).misses
    (lack,) = miss.lacks
    assert lack.says == f"{there} (counted total of alpha 10:00); at least 91 minutes needed"
    assert (lack.kind, lack.rule) == ("number", "cpt.drug-minutes")
    assert not asked(code, run("alpha", category, "10:00", "11:31")).misses


def test_the_gap_to_the_same_drug_is_told() -> None:
    found = asked("96376", push("ondansetron", "10:40"), push("ondansetron", "10:55"))
    first = found.misses[0]
    assert first.administration == "a2"
    assert "too soon" in first.became
    assert first.lacks[0].start.startswith("15 minutes (gap of ondansetron 10:40)")
    assert first.lacks[0].wanted == ("more than 30 minutes (same drug gap minutes)",)


def test_what_the_record_says_otherwise_is_told_and_would_do() -> None:
    found = asked("96413", run("alpha", "therapeutic", "10:00", "11:00"))
    kinds = {lack.kind for miss in found.misses for lack in miss.lacks}
    assert kinds == {"otherwise"}
    assert any("therapeutic; " in text and "chemotherapy" in text for [text] in said(found))
    changed = asked("96413", run("alpha", "chemotherapy", "10:00", "11:00"))
    assert changed.reported


def test_a_fact_that_alone_would_not_do_is_not_blamed() -> None:
    """Fluid of 28 minutes does not become its first hour by being called a drug."""
    found = asked("96360", run("saline", "hydration", "10:00", "10:28"))
    assert all(lack.kind == "number" for miss in found.misses for lack in miss.lacks)


def test_nearest_first_and_each_way_once() -> None:
    found = asked(
        "96360", run("saline", "hydration", "10:00", "10:28"), push("ondansetron", "10:40"),
        full=True,
    )  # fmt: skip
    weights = [miss.far for miss in found.misses]
    assert weights == sorted(weights)
    assert weights
    keys = [(m.administration, tuple(x.says for x in m.lacks), m.sets) for m in found.misses]
    assert len(set(keys)) == len(keys)


def test_in_full_a_cause_goes_down_to_the_record() -> None:
    found = asked("96360", run("saline", "hydration", "10:00", "10:28"), full=True)
    lack = found.misses[0].lacks[0]
    assert {("start", "a1"), ("stop", "a1"), ("category", "a1")} <= set(lack.fields)
    assert any("28" in step.text for tree in lack.because for step in tree.children)


def test_one_administration_is_asked_about_alone() -> None:
    admins = (run("alpha", "therapeutic", "10:00", "11:00"), push("beta", "10:40"))
    found = asked("96413", *admins, administration="a2")
    assert {miss.administration for miss in found.misses} <= {"a2"}
    with pytest.raises(UsageError, match="no administration or service `a9`"):
        asked("96413", *admins, administration="a9")


def test_of_a_long_record_only_some_names_are_listed() -> None:
    admins = [push(f"drug{n}", f"{8 + n // 2:02}:{n % 2 * 30:02}") for n in range(15)]
    with pytest.raises(UsageError, match=r"`a12` \(drug11\), and 3 more$"):
        asked("96413", *admins, administration="zz")


def test_a_code_that_no_rule_gives_has_no_miss() -> None:
    found = asked("80053", push("beta", "10:40"))
    assert (found.misses, found.reported, found.uses) == ((), (), ())
    assert found.others == ("96374",)
    visit = asked("99213", push("beta", "10:40"))
    assert visit.uses == ("An evaluation and management code",)


def test_an_ambiguous_record_is_answered_for_each_code_set() -> None:
    found = asked("96366", run("alpha", "therapeutic", "10:00", None))
    assert found.total > 1
    having = {n for item in found.reported for n in item.sets}
    missing = {n for miss in found.misses for n in miss.sets}
    assert having and missing and not having & missing
    assert having | missing == set(range(1, found.total + 1))


@pytest.mark.parametrize("text", ["banana", "9636", "", "963600", "96-59"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no code"):
        code_of(text)


def test_a_code_is_read_as_people_write_it() -> None:
    assert code_of(" j0696 ") == "J0696"
    with pytest.raises(UsageError, match="ask for the code alone: 96365"):
        code_of("96365-59")


def runs_of_vancomycin(*times: str) -> list[dict[str, Any]]:
    made = (run("vancomycin", "therapeutic", *time.split("-")) for time in times)
    return [item | {"id": f"a{n}"} for n, item in enumerate(made, 1)]


def nearest(code: str, *admins: dict[str, Any]) -> list[tuple[str | None, str]]:
    return [(miss.administration, miss.lacks[0].start) for miss in asked(code, *admins).misses]


def test_of_several_runs_of_a_drug_the_one_that_lacks_least_is_first() -> None:
    """Whatever their order in the record; of equals the first by the clock."""
    runs = runs_of_vancomycin("12:00-12:05", "14:00-14:12", "15:00-15:12")
    wanted = [
        ("a2", "12 minutes (vancomycin 14:00)"),
        ("a3", "12 minutes (vancomycin 15:00)"),
        ("a1", "5 minutes (vancomycin 12:00)"),
    ]
    assert nearest("96365", *runs) == wanted
    assert nearest("96365", *reversed(runs)) == wanted


def test_each_run_is_told_with_its_own_number() -> None:
    """The second run of a drug ends at 85 of 91 minutes, the first at 65."""
    found = nearest("96366", *runs_of_vancomycin("12:00-13:05", "14:00-14:20"))
    assert [(id, text.split(" (")[0]) for id, text in found] == [
        ("a2", "85 minutes"), ("a1", "65 minutes"),
    ]  # fmt: skip
    first = run("vancomycin", "therapeutic", "12:00", "13:05")
    other = run("cefepime", "therapeutic", "14:00", "15:20") | {"id": "a2"}
    assert [(id, text.split(" (")[0]) for id, text in nearest("96366", first, other)] == [
        ("a2", "80 minutes"), ("a1", "65 minutes"),
    ]  # fmt: skip
