"""Hand-computed drug lines; X numbers are the rule map's examples."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from .builders import DAY1, DAY2, facility, fluid, im, iv, office, ther
from .drugs import DrugAnswer, code_drugs, least_cover
from .plans import CPCP026, MEDICARE

Row = tuple[str, int, str]


def vials(*sizes: str, kind: str = "single_dose") -> list[dict[str, Any]]:
    """One container of each size."""
    return [{"size": size, "count": 1, "kind": kind} for size in sizes]


def drip(
    administered: str | None, step: str | None, opened: Any = None, **more: Any
) -> dict[str, Any]:
    """An infusion of an hour with its dose; `discarded` and `code` go into the dose."""
    dose = {"administered": administered, "per_unit": step, "containers": opened}
    dose |= {"discarded": more.pop("discarded", None), "hcpcs": more.pop("code", "J1745")}
    start = more.pop("start", "10:00")
    stop = more.pop("stop", "11:00")
    dose = {name: value for name, value in dose.items() if value is not None}
    return dict(iv(ther, start, stop, dose=dose, **more))


def answer(*admins: Any, plan: dict[str, str] = MEDICARE, **switches: str) -> DrugAnswer:
    return code_drugs(facility(*admins), plan | switches, {"J0129"})


def rows(*admins: Any, plan: dict[str, str] = MEDICARE, **switches: str) -> list[Row]:
    """Code, units and modifiers of each line."""
    lines = answer(*admins, plan=plan, **switches).lines
    return sorted((n.code, n.units, " ".join(n.modifiers)) for n in lines)


X7 = drip("350", "10", vials("100", "100", "100", "100"))
X8 = drip("305", "10", vials("100", "100", "100", "100"))
X9 = drip("75", "100", vials("100"))
X10 = drip("7", "10", vials("10"))
X11 = drip("300", "10", vials("100", "100", "100", "400"))


@pytest.mark.parametrize("plan", [CPCP026, MEDICARE])
def test_x7_and_x8_whole_units_of_waste(plan: dict[str, str]) -> None:
    assert rows(X7, plan=plan) == [("J1745", 5, "JW"), ("J1745", 35, "")]
    assert rows(X8, plan=plan) == [("J1745", 9, "JW"), ("J1745", 31, "")]


def test_x7_shown_otherwise() -> None:
    assert rows(X7, jw_lines="one") == [("J1745", 40, "")]
    assert rows(X7, jw_lines="none") == [("J1745", 35, "")]


@pytest.mark.parametrize("dose", [X9, X10])
def test_x9_and_x10_waste_of_less_than_a_unit(dose: dict[str, Any]) -> None:
    assert rows(dose) == [("J1745", 1, "JZ")]
    assert rows(dose, jz_below_unit="none") == [("J1745", 1, "")]
    assert rows(dose, plan=CPCP026) == [("J1745", 1, "")]
    assert answer(dose, plan=CPCP026).warnings == set()


def test_x11_the_least_cover() -> None:
    """Three 100s would have done: of the opened 400 nothing is billed."""
    assert least_cover([Fraction(n) for n in (100, 100, 100, 400)], Fraction(300)) == 300
    assert rows(X11, jz_below_unit="none") == [("J1745", 30, "")]
    assert rows(drip("300", "10", vials("400"))) == [("J1745", 10, "JW"), ("J1745", 30, "")]
    assert rows(drip("110", "10", vials("50", "100", "200"))) == [
        ("J1745", 4, "JW"),
        ("J1745", 11, ""),
    ]


def test_nothing_left_is_jz() -> None:
    whole = drip("200", "10", vials("100", "100"))
    assert rows(whole) == [("J1745", 20, "JZ")]
    assert rows(whole, plan=CPCP026) == [("J1745", 20, "")]
    assert answer(whole, plan=CPCP026).warnings == {("jz_optional", "a1")}
    assert rows(whole, jz_line="none") == [("J1745", 20, "")]


def test_decimals_are_exact() -> None:
    assert rows(drip("0.3", "0.1", vials("0.5"))) == [("J1745", 2, "JW"), ("J1745", 3, "")]
    assert rows(drip("36.75", "12.25", vials("49"))) == [("J1745", 1, "JW"), ("J1745", 3, "")]
    assert rows(drip("36.76", "12.25", vials("49"))) == [("J1745", 4, "JZ")]


def test_one_line_for_a_drug_and_a_date() -> None:
    """0.5 and 0.5 units are one unit, not two; the next day is another drug line."""
    parts = [drip("5", "10", start=at, stop=f"{at[:2]}:30") for at in ("10:00", "14:00")]
    found = answer(*parts, drip("5", "10", start=f"{DAY2}T00:10", stop=f"{DAY2}T01:00"))
    assert [(n.units, n.date) for n in found.lines] == [(1, DAY1), (1, DAY2)]
    assert found.base["a2"] == ("merged", "a1")


def test_other_steps_suppliers_and_unlisted_names_stay_apart() -> None:
    assert rows(drip("5", "10"), drip("5", "20")) == [("J1745", 2, "")]
    mine = drip("5", "10", supplied_by="patient")
    assert rows(drip("5", "10"), mine) == [("J1745", 1, ""), ("J1745", 1, "")]
    other = drip("5", "10", code="J3490", drug="beta")
    assert rows(drip("5", "10", code="J3490"), other) == [("J3490", 2, "")]


def test_patient_supplied() -> None:
    mine = drip("305", "10", vials("400"), supplied_by="patient")
    (line,) = answer(mine).lines
    assert (line.units, line.modifiers, line.charge) == (31, (), "0.00")
    (line,) = answer(mine, patient_supplied_price="0.01").lines
    assert line.charge == "0.01"
    assert [n.charge for n in answer(X7).lines] == ["", ""]


@pytest.mark.parametrize(
    ("dose", "ask"),
    [
        (drip(None, "10"), "dose"),
        (drip("5", None), "dose_step"),
    ],
)
def test_a_missing_part_is_asked_and_blocks_the_drug(dose: dict[str, Any], ask: str) -> None:
    found = answer(X7, dose)
    assert found.asks == {(ask, "a2")}
    assert found.lines == ()


def test_a_missing_code_blocks_its_own_dose() -> None:
    """What has no code belongs to no billed drug."""
    found = answer(X7, drip("5", "10", code=None))
    assert found.asks == {("drug_code", "a2")}
    assert len(found.lines) == 2


def test_contradictions_are_asked() -> None:
    """Discarded is what the record says, never more than the containers allow."""
    wrong = drip("350", "10", vials("100", "100", "100", "100"), discarded="40")
    assert rows(wrong) == [("J1745", 4, "JW"), ("J1745", 35, "")]
    assert answer(wrong).asks == {("waste", "a1")}
    none = drip("350", "10", vials("100", "100", "100", "100"), discarded="0")
    assert rows(none) == [("J1745", 35, "")]
    over = drip("350", "10", vials("100"))
    assert (rows(over), answer(over).asks) == ([("J1745", 35, "")], {("containers", "a1")})


def test_multi_dose_and_mixed_containers() -> None:
    multi = drip("350", "10", vials("400", kind="multi_dose"), discarded="0")
    assert (rows(multi), answer(multi).asks) == ([("J1745", 35, "")], set())
    mixed = drip("350", "10", [*vials("400"), *vials("400", kind="multi_dose")])
    assert rows(mixed) == [("J1745", 35, "")]
    assert answer(mixed).warnings == {("mixed_containers", "a1")}


def test_discards_without_containers() -> None:
    assert rows(drip("305", "10", discarded="95")) == [("J1745", 9, "JW"), ("J1745", 31, "")]
    assert rows(drip("305", "10", discarded="0")) == [("J1745", 31, "JZ")]
    assert answer(drip("305", "10")).asks == {("containers", "a1")}
    assert answer(drip("305", "10"), plan=CPCP026).asks == set()


def test_route_modifiers() -> None:
    dose = {"administered": "50", "per_unit": "10", "containers": vials("60"), "hcpcs": "J0129"}
    assert rows(im("10:00", dose=dose)) == [("J0129", 1, "JW"), ("J0129", 5, "")]
    assert rows(im("10:00", dose=dose, route="sc"))[1] == ("J0129", 5, "JB")
    assert rows(iv(ther, "10:00", dose=dose))[1] == ("J0129", 5, "JA")
    assert rows(iv(ther, "10:00", dose=dose), route_modifier="none")[1] == ("J0129", 5, "")


def test_what_carries_no_drug_line() -> None:
    for purpose in ("flush", "diluent", "keep_open", "procedural"):
        assert rows(X7 | {"purpose": purpose}) == []
    assert rows(X7 | {"category": "vaccine"}) == []
    assert rows(X7 | {"purpose": "premedication"}) != []
    bag = X7 | {"category": fluid}
    assert (rows(bag) == [], rows(bag, fluid_bag="integral") == []) == (False, True)


@pytest.mark.parametrize(
    ("doc", "lines"),
    [
        (facility(X7), 2),
        (facility(X7, type_of_bill="0111"), 0),
        (facility(X7, place_of_service="21"), 2),
        (office(X7), 2),
        (office(X7, place_of_service="22"), 0),
        (office(X7, place_of_service="12"), 0),
    ],
)
def test_where_drugs_carry_no_line(doc: dict[str, Any], lines: int) -> None:
    assert len(code_drugs(doc, CPCP026).lines) == lines
