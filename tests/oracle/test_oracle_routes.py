"""Hand-checked answers of decision 0012: routes, pumps, cavities, lesions, scope, pairs."""

from __future__ import annotations

from typing import Any

import pytest

from .builders import DAY1, DAY2, chemo, facility, fluid, im, iv, office, ther, units
from .coder import code, completions
from .edits import PAIRS
from .plans import CPCP026, MEDICARE
from .small import small_world

Doc = dict[str, Any]


def by(route: str, technique: str, category: str = chemo, **more: Any) -> Doc:
    """An administration at ten by any route."""
    given = {"category": category, "route": route, "technique": technique}
    return {"drug": "alpha", "start": "10:00", **given, **more}


@pytest.mark.parametrize(
    ("category", "minutes", "expected"),
    [
        (chemo, 15, {"96420": 1}),
        (chemo, 16, {"96422": 1}),
        (chemo, 90, {"96422": 1}),
        (chemo, 91, {"96422": 1, "96423": 1}),
        (ther, 15, {"96373": 1}),
        (ther, 91, {"96379": 1}),
        (fluid, 60, {}),
    ],
)
def test_arteries(category: str, minutes: int, expected: dict[str, int]) -> None:
    given = by("ia", "infusion", category, minutes=minutes)
    assert units(facility(given)) == units(office(given)) == expected


def test_runs_of_one_drug_by_artery_are_added() -> None:
    later = by("ia", "infusion", start="12:00", stop="12:31")
    doc = facility(by("ia", "infusion", stop="11:00"), later)
    assert units(doc) == units(doc, same_drug_repeat="each") == {"96422": 1, "96423": 1}
    assert code(doc, CPCP026).base["a2"] == ("merged", "a1")


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(15, {"96372": 1}), (16, {"96369": 1}), (91, {"96369": 1, "96370": 1})],
)
def test_under_the_skin(minutes: int, expected: dict[str, int]) -> None:
    assert units(facility(by("sc", "infusion", ther, minutes=minutes))) == expected


def test_one_subcutaneous_infusion_a_date() -> None:
    other = by("sc", "infusion", ther, drug="beta", start="13:00", stop="15:00")
    doc = facility(by("sc", "pump", ther, stop="11:00", pump={"extra_setups": 2}), other)
    assert units(doc) == {"96369": 1, "96371": 1}
    assert code(doc, CPCP026).base["a2"][0] == "withheld"
    assert units(facility(by("sc", "infusion", stop="10:31"))) == {"96549": 1}


@pytest.mark.parametrize(
    ("pump", "minutes", "expected"),
    [
        ({"kind": "portable", "planned_minutes": 481}, 30, {"96416": 1}),
        ({"kind": "portable", "planned_minutes": 480}, 481, {"96413": 1, "96415": 7}),
        ({"kind": "implantable"}, 481, {"96416": 1}),
        ({"kind": "elastomeric"}, 481, {"96416": 1}),
        ({"kind": "stationary"}, 481, {"96413": 1, "96415": 7}),
        ({}, 481, {}),
    ],
)
def test_prolonged_pumps(pump: Doc, minutes: int, expected: dict[str, int]) -> None:
    given = by("iv", "pump", minutes=minutes, pump=pump)
    assert units(facility(given)) == expected


def test_prolonged_pumps_by_plan_route_and_drug() -> None:
    pump = {"kind": "portable", "planned_minutes": 2760}
    assert units(facility(by("iv", "pump", pump=pump)), MEDICARE) == {"G0498": 1}
    assert units(facility(by("ia", "pump", pump=pump))) == {"96425": 1}
    assert units(facility(by("iv", "pump", ther, pump=pump))) == {"C8957": 1}
    assert units(office(by("iv", "pump", ther, pump=pump))) == {"96379": 1}
    hours = by("iv", "infusion", drug="beta", stop="13:00")
    assert units(facility(by("iv", "pump", ther, pump=pump), hours)) == {"96413": 1, "C8957": 1}
    assert units(facility(by("iv", "pump", pump=pump), hours)) == {
        **{"96413": 1, "96415": 2},
        "96416": 1,
    }
    refill = by("iv", "refill", pump={"kind": "portable"})
    assert units(facility(refill)) == {"96521": 1}
    assert units(facility(refill, by("iv", "pump", pump=pump))) == {"96416": 1}


@pytest.mark.parametrize("route", ["iv", "ia"])
@pytest.mark.parametrize("kind", ["portable", None])
@pytest.mark.parametrize("planned", [2760, None])
def test_a_pump_without_a_stop_may_hide_hydration(
    route: str, kind: str | None, planned: int | None
) -> None:
    """Whatever its own code, and whether it has one (contract 1, H4)."""
    stated = {"kind": kind, "planned_minutes": planned}
    pump = by(route, "pump", pump={k: v for k, v in stated.items() if v is not None})
    doc = facility(pump, iv(fluid, "10:00", "12:40"), ends="13:20")
    own = {"iv": "96416", "ia": "96425"}[route] if kind and planned else None
    found: dict[tuple[int, int], list[int]] = {}
    for whole in completions(doc, CPCP026):
        got = units(whole)
        assert {code_ for code_ in got if code_ not in {"96360", "96361"}} == {own} - {None}
        first = whole["administrations"][0]
        length = first.get("minutes") or first["assumed_minutes"]
        found.setdefault((got.get("96360", 0), got.get("96361", 0)), []).append(length)
    assert {key: (min(all_), max(all_)) for key, all_ in found.items()} == {
        (1, 2): (1, 15),
        (1, 1): (16, 69),
        (1, 0): (70, 129),
        (0, 0): (130, 200),
    }
    assert sum(map(len, found.values())) == 200


@pytest.mark.parametrize(
    ("route", "via", "expected"),
    [
        ("intrapleural", None, "96440"),
        ("intraperitoneal", "port", "96446"),
        ("intraperitoneal", "puncture", "96549"),
        ("intraperitoneal", "reservoir", None),
        ("intrathecal", "puncture", "96450"),
        ("intrathecal", "reservoir", "96542"),
        ("intrathecal", "port", None),
        ("intrathecal", None, None),
    ],
)
def test_cavities(route: str, via: str | None, expected: str | None) -> None:
    given = by(route, "injection", **({"via": via} if via else {}))
    place = {"place_of_service": "22"}
    found = {expected: 1} if expected else {}
    assert units(facility(given, given)) == units(office(given) | place) == found
    if expected is None:
        assert code(facility(given), CPCP026).base["a1"][0] == "cannot_tell"
    assert units(facility(given | {"category": ther})) == {}


def test_lesions_of_a_date_are_added() -> None:
    few, more = by("intralesional", "injection", lesions=4), {"lesions": 3}
    assert units(facility(few, few | more)) == {"96405": 1}
    assert units(facility(few, few)) == {"96406": 1}


def test_few_and_many_lesions_are_never_reported_on_one_date() -> None:
    few, many = by("intralesional", "injection", lesions=4), {"lesions": 9, "visit": 2}
    both = facility(few, few | {"lesions": 2}, few | many)
    assert units(both) == {"96406": 1}
    base = code(both, CPCP026).base
    assert [base[id][0] for id in ("a1", "a2", "a3")] == ["withheld", "withheld", "line"]
    assert units(facility(few, few | {"visit": 2})) == {"96405": 2}
    unknown = by("intralesional", "injection") | {"visit": 2}
    assert units(facility(few, unknown)) == {}
    assert code(facility(few, unknown), CPCP026).base["a1"][0] == "cannot_tell"
    assert units(facility(few | {"lesions": 8}, unknown)) == {"96406": 1}


def test_device_flush_stands_alone() -> None:
    flush = by("iv", "device_flush", ther)
    assert units(facility(flush)) == {"96523": 1}
    assert units(facility(flush, im(f"{DAY2}T10:00"))) == {"96523": 1, "96372": 1}
    assert units(facility(flush, im("10:00"))) == {"96372": 1}
    assert units(facility(flush, services=[{"id": "s1", "code": "99213"}])) == {}


def test_antibodies_on_body_and_declotting() -> None:
    antibody = by("im", "injection", "vaccine", hcpcs="90380", counseling=True)
    assert units(facility(antibody)) == {"96380": 1}
    assert units(facility(antibody | {"counseling": False})) == {"96381": 1}
    assert units(facility(antibody | {"hcpcs": "90378", "category": ther})) == {"96372": 1}
    assert units(facility(by("sc", "on_body", ther))) == {"96377": 1}
    assert units(facility(by("iv", "push", ther, purpose="declot"))) == {"36593": 1}


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"type_of_bill": "0111"}, "withheld"),
        ({"type_of_bill": None, "place_of_service": "21"}, "withheld"),
        ({"type_of_bill": "0131", "place_of_service": "21"}, "line"),
        ({"line_of_business": "medicaid"}, "cannot_tell"),
        ({"claim": "professional", "place_of_service": "12"}, "withheld"),
        ({"claim": "professional", "place_of_service": "24"}, "withheld"),
    ],
)
def test_scope_of_the_stay(more: Doc, kind: str) -> None:
    doc = facility(iv(ther, "10:00", "11:00")) | more
    doc = {key: value for key, value in doc.items() if value is not None}
    assert code(doc, CPCP026).base["a1"][0] == kind


def test_basic_charge_by_the_letter() -> None:
    doc = facility(iv(ther, "10:00", "11:00"))
    assert units(doc, facility_basic_charge="all") == {}


def test_hours_beside_lesions_are_marked() -> None:
    """Every code in column 2 carries 59, hour codes included, on that date alone."""
    given = (iv(ther, "08:00", "09:31"), by("intralesional", "injection", lesions=1, drug="b"))
    assert set(code(facility(*given), CPCP026).lines) == {
        ("96405", 1, (), DAY1, 1, None),
        ("96365", 1, ("59",), DAY1, 1, "line-1"),
        ("96366", 1, ("59",), DAY1, 1, "line-1"),
    }


def test_pairs_agree_with_the_rule_map() -> None:
    assert sum(len(second) for second in PAIRS.values()) == 125 + 10  # and C8957, G0498
    assert all(column not in second for column, second in PAIRS.items())


UNSUPERVISED = im("10:00", supervision="general")


@pytest.mark.parametrize(
    ("others", "services", "expected"),
    [
        ([], [], {"99211": 1}),
        ([im("11:00", supervision="none", drug="b")], [], {"99211": 1}),
        ([im("11:00", drug="b")], [], {"96372": 1}),
        ([], [{"id": "s1", "code": "99213", "provider": "same"}], {}),
        ([], [{"id": "s1", "code": "99213", "provider": "other"}], {"99211": 1}),
    ],
)
def test_unsupervised_injections(others: list[Doc], services: list[Doc], expected: Doc) -> None:
    assert units(office(UNSUPERVISED, *others, services=services)) == expected


def test_unsupervised_injection_under_medicare_and_in_hospitals() -> None:
    assert units(office(UNSUPERVISED), MEDICARE) == {}
    assert units(facility(UNSUPERVISED)) == {"96372": 1}


@pytest.mark.parametrize(
    ("service", "claim", "expected"),
    [
        ("99213", "facility", ("99213", ("25",))),
        ("99211", "facility", ("99211", ("25",))),
        ("99211", "professional", None),
        ("36000", "facility", None),
        ("36591", "facility", ("36591", ())),
        ("36591", "professional", None),
        ("A4222", "professional", None),
        ("93000", "professional", ("93000", ())),
    ],
)
def test_services_of_the_stay(service: str, claim: str, expected: Any) -> None:
    listed = [{"id": "s1", "code": service, "provider": "same", "separately_identifiable": True}]
    make = facility if claim == "facility" else office
    answer = code(make(iv(ther, "10:00", "11:00"), services=listed), CPCP026)
    assert [(line[0], line[2]) for line in answer.services] == ([expected] if expected else [])
    assert answer.ends["s1"][0] == ("line" if expected else "withheld")


def test_supplies_by_switch() -> None:
    """S58 goes by the switch; S59 holds of the supplies of an injection whatever it says."""
    listed = [{"id": "s1", "code": "A4222"}, {"id": "s2", "code": "99213"}]
    doc = office({"drug": "x", "category": ther, "route": "po"}, services=listed)
    assert code(doc, CPCP026).ends["s1"][0] == "withheld"
    assert code(doc, CPCP026 | {"office_supplies": "payable"}).ends["s1"][0] == "line"
    doc = office(iv(ther, "10:00", "11:00"), services=listed)
    assert code(doc, CPCP026 | {"office_supplies": "payable"}).ends["s1"][0] == "withheld"
    assert code(doc, MEDICARE).ends["s1"][0] == "line"


def test_size_of_the_small_world() -> None:
    names = [doc["id"] for doc in small_world()]
    assert 40_000 < len(names) == len(set(names)) < 60_000
