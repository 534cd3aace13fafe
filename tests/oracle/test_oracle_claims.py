"""Hand-checked answers: accesses, visits, dates, injections, unknown facts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .builders import DAY1, DAY2, chemo, facility, fluid, im, iv, office, ther, units
from .coder import code, code_sets, completions
from .plans import CPCP026, MEDICARE, VALUES
from .worlds import encounters, shot, small_world, triples


@pytest.mark.parametrize(
    ("reading", "first", "second"), [("start", 8, 0), ("split", 2, 6), ("hour", 2, 6)]
)
def test_x5_midnight(reading: str, first: int, second: int) -> None:
    doc = facility(
        iv(fluid, "22:00", f"{DAY2}T06:30", drug="fluid"),
        iv(ther, "22:20", drug="morphine"),
        iv(ther, f"{DAY2}T02:00", drug="morphine"),
    )
    lines = code(doc, CPCP026 | {"midnight_dating": reading}).lines
    hours = {line[3]: line[1] for line in lines if line[0] == "96361"}
    assert (hours.get(DAY1, 0), hours.get(DAY2, 0)) == (first, second)
    assert ("96374", 1, (), DAY1, 1, "line-1") in lines
    assert ("96376", 1, (), DAY2, 1, "line-1") in lines


@pytest.mark.parametrize("modifier", ["59", "XS", "XU"])
def test_x15_two_lines_at_once(modifier: str) -> None:
    doc = facility(
        iv(ther, "10:00", "11:00", drug="alpha"),
        iv(ther, "10:00", "12:00", drug="beta", access="line-2"),
        accesses=[{"id": "line-2", "reason": "incompatible_drugs"}],
    )
    assert code(doc, CPCP026 | {"second_access_modifier": modifier}).lines == (
        ("96365", 1, (), DAY1, 1, "line-1"),
        ("96365", 1, (modifier,), DAY1, 1, "line-2"),
        ("96366", 1, (modifier,), DAY1, 1, "line-2"),
    )
    assert units(doc, initial_scope="encounter") == {"96365": 1, "96366": 1, "96368": 1}


@pytest.mark.parametrize("reason", ["restarted", "convenience", None])
def test_other_second_lines_join_the_first(reason: str | None) -> None:
    entry = {"id": "line-2"} if reason is None else {"id": "line-2", "reason": reason}
    doc = facility(
        iv(ther, "10:00", "11:00", drug="alpha"),
        iv(ther, "12:00", "13:00", drug="beta", access="line-2"),
        accesses=[entry],
    )
    assert units(doc) == {"96365": 1, "96367": 1}
    asked = ("second_access_reason", "line-2") in code(doc, CPCP026).asks
    assert asked == (reason is None)


def test_missing_reason_gives_every_lawful_set() -> None:
    doc = office(iv(fluid, "10:00", "11:00", drug="saline"), iv(ther, "10:30", drug="alpha"))
    sets = {frozenset(line[0] for line in lines) for lines in code_sets(doc, CPCP026)}
    assert sets == {frozenset({"96360", "96375"}), frozenset({"96374", "96361"})}
    assert code(doc, CPCP026).asks == {("primary_reason", "1")}
    ranked = code_sets(doc, CPCP026 | {"no_primary_reason": "facility_rank"})
    assert {frozenset(line[0] for line in lines) for lines in ranked} == {
        frozenset({"96374", "96361"})
    }


@pytest.mark.parametrize(("plan", "modifiers"), [("59", ("59",)), ("XE", ("XE",))])
def test_return_visit(plan: str, modifiers: tuple[str, ...]) -> None:
    doc = facility(iv(ther, "08:00", "09:00"), iv(ther, "18:00", "19:00", visit=2))
    lines = code(doc, CPCP026 | {"return_visit_modifier": plan}).lines
    assert ("96365", 1, modifiers, DAY1, 2, "line-1") in lines
    assert units(doc, second_visit="one_initial") == {"96365": 1, "96366": 1}
    assert units(doc, initial_scope="patient_date") == {"96365": 1, "96366": 1}


@pytest.mark.parametrize(("reading", "initials"), [("continue", 1), ("reset", 2)])
def test_midnight_resets_or_not(reading: str, initials: int) -> None:
    doc = facility(iv(ther, "22:00", "23:00"), iv(ther, f"{DAY2}T08:00", f"{DAY2}T09:00"))
    assert units(doc, midnight=reading)["96365"] == initials


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ("line_59", [(1, ()), (1, ("59",)), (1, ("59",))]),
        ("line_xs", [(1, ()), (1, ("XS",)), (1, ("XS",))]),
        ("line_76", [(1, ()), (1, ("76",)), (1, ("76",))]),
        ("units", [(3, ())]),
    ],
)
def test_repeat_injections(reading: str, expected: list[Any]) -> None:
    doc = facility(*(im(f"1{n}:00", drug=d) for n, d in enumerate("abc")))
    lines = code(doc, CPCP026 | {"repeat_96372": reading}).lines
    assert [(line[1], line[2]) for line in lines] == expected


def test_injection_beside_an_iv_initial_is_marked() -> None:
    """N7: 96372 is column 2 of every IV initial."""
    doc = facility(iv(ther, "10:00", "11:00"), im("12:00"))
    assert ("96372", 1, ("59",), DAY1, 1, None) in code(doc, CPCP026).lines
    assert ("96372", 1, ("59",), DAY1, 1, None) in code(doc, MEDICARE).lines


def test_injection_and_visit() -> None:
    visit = [{"id": "s1", "code": "99213", "provider": "same", "separately_identifiable": True}]
    doc = office(im("10:00"), services=visit)
    assert units(doc) == {}
    assert units(doc, MEDICARE) == {"96372": 1}
    visit[0]["provider"] = "other"
    assert units(doc) == {"96372": 1}


def test_split_dose_is_one_injection() -> None:
    doc = facility(im("10:00", dose_group="d"), im("10:01", dose_group="d"))
    assert units(doc) == {"96372": 1}


def test_injection_codes() -> None:
    doc = facility(
        {**shot(chemo, "sc"), "drug": "a"}, {**shot("hormonal_antineoplastic"), "drug": "b"}
    )
    assert units(doc) == {"96401": 1, "96402": 1}


@pytest.mark.parametrize("pos", ["19", "21", "22", "23"])
def test_professional_in_a_facility(pos: str) -> None:
    doc = office(iv(chemo, "10:00", "11:00"), im("12:00")) | {"place_of_service": pos}
    assert code(doc, CPCP026).lines == ()


@pytest.mark.parametrize("purpose", ["keep_open", "diluent", "flush", "procedural"])
def test_purposes_without_a_code(purpose: str) -> None:
    doc = facility(iv(fluid, "10:00", "12:00", drug="saline", purpose=purpose))
    assert code(doc, CPCP026).base["a1"][0] == "withheld"


def unstopped(category: str = ther, **more: Any) -> dict[str, Any]:
    """An infusion of 10:00 whose stop nobody wrote down; the stay ends at 12:00."""
    admin = iv(category, "10:00", "x", **more)
    del admin["stop"]
    return facility(admin, ends="12:00")


def test_missing_stop_readings() -> None:
    doc = unstopped()
    sets = {tuple(line[:2] for line in lines) for lines in code_sets(doc, CPCP026)}
    assert sets == {(("96374", 1),), (("96365", 1),), (("96365", 1), ("96366", 1))}
    assert len(list(completions(doc, CPCP026))) == 120
    assert units(doc, missing_stop="push") == {"96374": 1}
    assert units(doc, missing_stop="withhold") == {}
    assert ("stop", "a1") in code(doc, CPCP026).asks


def test_missing_stop_derived_from_rate() -> None:
    doc = unstopped(rate_ml_per_hour=500, volume_ml=760)
    assert units(doc, missing_stop="derive") == {"96365": 1, "96366": 1}
    assert code(doc, CPCP026 | {"missing_stop": "derive"}).asks == frozenset()


def test_hydration_is_never_stepped_down() -> None:
    sets = code_sets(unstopped(fluid), CPCP026 | {"missing_stop": "push"})
    assert {tuple(line[0] for line in lines) for lines in sets} == {
        (), ("96360",), ("96360", "96361"),
    }  # fmt: skip


def test_unknown_run_leaves_hydration_open_under_every_reading() -> None:
    doc = unstopped()
    doc["administrations"].append(iv(fluid, "10:00", "12:00", drug="saline") | {"id": "a2"})
    hours = {
        sum(line[1] for line in lines if line[0] == "96361")
        for lines in code_sets(doc, CPCP026 | {"missing_stop": "push"})
    }
    assert hours == {0, 1, 2}


def test_small_worlds_settle_every_administration() -> None:
    for doc in (*small_world(), *triples()):
        answer = code(doc, CPCP026)
        assert set(answer.base) == {a["id"] for a in doc["administrations"]}


@given(
    doc=encounters(),
    switches=st.fixed_dictionaries({k: st.sampled_from(v) for k, v in VALUES.items()}),
)
@settings(max_examples=150, deadline=None)
def test_drawn_worlds_settle_every_administration(
    doc: dict[str, Any], switches: dict[str, str]
) -> None:
    answer = code(doc, CPCP026 | switches)
    assert set(answer.base) == {a["id"] for a in doc["administrations"]}
    for kind, what in answer.base.values():
        assert kind in {"line", "merged", "withheld", "cannot_tell"}
        assert kind != "line" or what in {line[0] for line in answer.lines}


def test_return_visit_on_another_day_needs_no_modifier() -> None:
    doc = facility(
        iv(ther, "08:00", "09:00"), iv(ther, f"{DAY2}T08:00", f"{DAY2}T09:00", visit=2)
    )
    assert {line[2] for line in code(doc, CPCP026).lines} == {()}


def test_a_nurse_visit_denies_no_injection() -> None:
    """E2: the 99211 falls, so nothing is left to deny 96372 by."""
    visit = [{"id": "s1", "code": "99211", "provider": "same"}]
    assert units(office(im("10:00"), services=visit)) == {"96372": 1}


@pytest.mark.parametrize(("reading", "day"), [("start", DAY1), ("hour", DAY2), ("split", DAY2)])
def test_hours_of_an_initial_past_midnight(reading: str, day: str) -> None:
    doc = facility(iv(ther, "23:30", f"{DAY2}T02:00"))
    lines = code(doc, CPCP026 | {"midnight_dating": reading}).lines
    assert lines == (
        ("96365", 1, (), DAY1, 1, "line-1"),
        ("96366", 1, (), day, 1, "line-1"),
    )


@pytest.mark.parametrize(
    ("runs", "hour", "split"),
    [
        # 230 and 20 minutes before midnight are 250, of 370: hours begin at 60, 120, 180, 240
        ([("20:10", f"{DAY2}T00:20"), ("23:40", f"{DAY2}T01:40")], (4, 1), (3, 2)),
        # 205 and 10 are 215, of 355: three have begun, three have accrued
        ([("20:35", f"{DAY2}T00:50"), ("23:50", f"{DAY2}T01:30")], (3, 2), (3, 2)),
        # twice 150 are 300: the fifth hour begins with midnight
        ([("21:30", f"{DAY2}T00:39"), ("21:30", f"{DAY2}T07:30")], (4, 8), (4, 8)),
        # the hour begins in the run before midnight and is completed by the one after it
        ([("22:30", "23:31"), (f"{DAY2}T00:30", f"{DAY2}T02:30")], (1, 1), (0, 2)),
        # with no minute of it before midnight, it begins with the next run
        ([("22:30", "23:30"), (f"{DAY2}T00:30", f"{DAY2}T02:30")], (0, 2), (0, 2)),
    ],
)
def test_minutes_of_all_runs_up_to_midnight_are_added(
    runs: list[tuple[str, str]], hour: tuple[int, int], split: tuple[int, int]
) -> None:
    doc = facility(*(iv(ther, start, stop) for start, stop in runs))
    for reading, expected in (("hour", hour), ("split", split)):
        lines = code(doc, CPCP026 | {"midnight_dating": reading}).lines
        hours = {line[3]: line[1] for line in lines if line[0] == "96366"}
        assert (hours.get(DAY1, 0), hours.get(DAY2, 0)) == expected


def test_dating_leaves_the_visit_of_an_hour() -> None:
    """The hour begins in the first visit; the run of the second one brings it."""
    doc = facility(iv(ther, "21:00", "22:20"), iv(ther, "23:30", f"{DAY2}T01:30", visit=2))
    plan = CPCP026 | {"second_visit": "one_initial", "midnight_dating": "hour"}
    assert [line[:5] for line in code(doc, plan).lines if line[0] == "96366"] == [
        ("96366", 1, (), DAY1, 2),
        ("96366", 1, (), DAY2, 2),
    ]


def test_hours_of_a_later_run_carry_its_own_date() -> None:
    doc = facility(iv(ther, "20:00", "21:00"), iv(ther, f"{DAY2}T08:00", f"{DAY2}T09:00"))
    assert ("96366", 1, (), DAY2, 1, "line-1") in code(doc, CPCP026).lines


def test_second_access_alone_needs_no_modifier() -> None:
    doc = facility(
        iv(ther, "10:00", "11:00", access="line-2"),
        im("10:00"),
        accesses=[{"id": "line-2", "reason": "protocol"}],
    )
    assert ("96365", 1, (), DAY1, 1, "line-2") in code(doc, CPCP026).lines


def test_electrolyte_by_switch() -> None:
    doc = facility(iv("electrolyte", "10:00", "10:30"))
    assert units(doc) == {}
    assert units(doc, therapeutic_electrolyte="therapeutic") == {"96365": 1}


def test_protective_hydration_by_switch() -> None:
    doc = facility(iv(fluid, "10:00", "11:00", purpose="protective_hydration"))
    assert units(doc) == {"96360": 1}
    assert units(doc, protective_hydration="integral") == {}
