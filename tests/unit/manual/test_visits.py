"""Cases as worked examples: every fact and every expectation is told."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from infucode.documents.dump import encounter_to_data
from infucode.rulebook.where import policies_folder
from infucode.workbench.case import Case, Expected
from infucode.workbench.cases import case_files, load_cases
from infucode.workbench.manual.examples import cases_about, rules_of
from infucode.workbench.manual.visits import TOLD, USUAL, example_of
from infucode.workbench.plans import Plans


@lru_cache(maxsize=1)
def shipped() -> tuple[Plans, list[Case]]:
    plans = Plans(policies_folder())
    return plans, load_cases(case_files(plans.folder), plans)


def leaves(data: Any, key: str = "") -> Iterator[str]:
    """The values of a document that a reader must see."""
    if isinstance(data, dict):
        for name, value in data.items():
            if USUAL.get(name) != value and not (name == "id" and not key):
                yield from leaves(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from leaves(value, key)
    elif isinstance(data, bool):
        yield key.replace("_", " ")
    elif data not in ("unknown",) and key not in ("policy", "administration", *TOLD[2:]):
        yield str(data).replace("_", " ")


def test_every_fact_of_every_case_is_told() -> None:
    _, cases = shipped()
    assert len(cases) > 1_000
    for case in cases:
        example = example_of(case)
        text = "\n".join(example.facts)
        plainly = text.replace("_", " ")
        missing = [v for v in leaves(encounter_to_data(case.encounter)) if v not in plainly]
        assert not missing, f"{case.place}: {missing}\n{text}"
        assert all(f"{name} = {value}" in text for name, value in case.switches)
        for item in case.encounter.administrations:
            clocks = (item.start, item.stop)
            assert all(_clock(c) in text for c in clocks if c is not None), case.place


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}" if minute % 1440 else ":00"


def wanted(expected: Expected) -> Iterator[str]:
    yield expected.outcome
    for line in expected.lines or ():
        yield "-".join((line.code, *(line.modifiers or ())))
        yield f"×{line.units}" if line.units != 1 else ""
    for item in expected.not_reported or ():
        yield item.rule
        yield item.administration or item.service or ""
    for ask in expected.asks or ():
        yield ask.fact.replace("_", " ")
    yield from expected.absent
    check = expected.check
    if check is not None:
        yield check.outcome or ""
        yield from (f"{line} {state}" for line, state in check.lines or ())
        yield from (found.rule for found in check.violations or ())
        yield from (item.code for item in check.omitted or ())


def test_every_expectation_of_every_case_is_told() -> None:
    _, cases = shipped()
    for case in cases:
        if case.expected is not None:
            text = "\n".join(example_of(case).expected)
            missing = [word for word in wanted(case.expected) if word not in text]
            assert not missing, f"{case.place}: {missing}\n{text}"


def test_the_cases_of_a_rule_are_all_found() -> None:
    plans, cases = shipped()
    for rule in ("cpt.hydration-minimum", "cpt.push-too-soon", "claim.most-units-day"):
        unread: list[str] = []
        found = cases_about(rule, plans, unread)
        assert unread == []
        assert {case.place for case in found} == {c.place for c in cases if rule in rules_of(c)}
        sides = [rule in case.silent for case in found]
        assert sides == sorted(sides) and sides.count(False) and sides.count(True)


def test_a_visit_in_words() -> None:
    _, cases = shipped()
    case = next(c for c in cases if c.name == "Sixteen minutes reach a minimum of 16")
    example = example_of(case)
    assert example.facts == (
        "facility claim, 2024-08-05",
        "saline 10:00-10:16 (a1): hydration, iv, infusion",
        "with hydration_minimum = 16",
    )
    assert example.expected[-1].startswith("lines: ")
