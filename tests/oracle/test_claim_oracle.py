"""Hand-worked claims without a record: each rule of decision 0016 fires and just misses."""

from __future__ import annotations

from typing import Any

import pytest

from .claims.builders import CPCP026, MEDICARE, claim, judged, office, row, said
from .claims.tables import own_tables


def line(text: str, **more: Any) -> dict[str, Any]:
    """The first line of a claim with further fields."""
    return row(text, 1, **more)


@pytest.mark.parametrize(
    ("units", "fits"), [(1, True), (2, True), (0, False), (-1, False), (1.5, False)]
)
def test_units_are_whole_and_at_least_one(units: float, fits: bool) -> None:
    found = said(claim(line("96361", units=units), "96365"))
    assert ("units-unfit L1" in found) is not fits


def test_dates_outside_the_stay() -> None:
    ends = {"ends": "2024-08-06T01:30"}
    assert said(claim("96365 @04")) == {"date-outside L1"}
    assert said(claim("96365 @06", **ends)) == set()
    assert said(claim("96365 @07", **ends)) == {"date-outside L1"}
    assert said(claim("96365 @07")) == set()
    assert said(claim("96365 @06", ends="23:30")) == {"date-outside L1"}


@pytest.mark.parametrize("code", ["96360", "96372", "96377", "96413", "96425", "96521", "96380"])
def test_professionals_in_a_facility(code: str) -> None:
    """S89, K14, V1."""
    assert said(office(code, place_of_service="22")) == {"professional-in-facility L1"}
    assert said(office(code)) == set()
    assert said(claim(code, place_of_service="22")) == set()


@pytest.mark.parametrize("code", ["96405", "96406", "96440", "96450", "96542", "96446"])
def test_the_physicians_own_procedures(code: str) -> None:
    assert said(office(code, place_of_service="22")) == set()


@pytest.mark.parametrize("code", ["96376", "C8957", "G0463"])
def test_codes_of_facilities_only(code: str) -> None:
    assert "facility-only L1" in said(office(code))
    assert "facility-only L1" not in said(claim(code))


def test_inpatient_bills() -> None:
    """V7, S64; a visit or a supply is not meant."""
    for bill in ("0111", "0181", "0211"):
        assert said(claim("96365", "99221", type_of_bill=bill)) == {"inpatient L1"}
    assert said(claim("96365", type_of_bill="0851")) == set()
    assert said(claim("96365"), facility_basic_charge="all") == {"inpatient L1"}
    assert said(office("96365"), facility_basic_charge="all") == set()


def test_rsv_codes_have_a_first_day() -> None:
    """U3."""
    assert said(office(line("96381", date="2023-10-05"), date="2023-10-05")) == {
        "not-in-force L1"
    }
    assert said(office(line("96381", date="2023-10-06"), date="2023-10-06")) == set()


def test_what_the_plan_does_not_judge() -> None:
    """G4, S108: form alone is judged then."""
    other = claim("96366", line("96365", units=0, id="L2"), line_of_business="medicare")
    assert said(other) == {"units-unfit L2"}
    assert judged(other).states["L1"] == "undecided"
    assert said(other, MEDICARE) == {"units-unfit L2", "primary L1"}
    home = office("96366", "99213-59", place_of_service="12")
    assert said(home) == {"modifier-on-visit L2"}
    assert said(home, MEDICARE) == {"modifier-on-visit L2", "primary L1"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("99213-59", "modifier-on-visit"),
        ("G0463-XU", "modifier-on-visit"),
        ("96365-25", "visit-modifier"),
        ("36000-25", "visit-modifier"),
        ("96365-59-XS", "two-distinct"),
        ("J3490-JW-JZ", "waste-and-none"),
        ("96372-JW", "waste-modifier"),
        ("99213-JZ", "waste-modifier"),
        ("96372-JB", "route-modifier"),
        ("J0129-JA-JB", "route-modifier"),
    ],
)
def test_modifiers_that_cannot_stand(text: str, rule: str) -> None:
    """E8, Y4, D4, Y7."""
    assert f"{rule} L1" in said(claim(line(text, description="d", ndc="n")))


@pytest.mark.parametrize(
    "text", ["99213-25", "96365-59", "96365-XE-XS", "J0129-JA", "93000-25", "96365-76"]
)
def test_modifiers_that_may_stand(text: str) -> None:
    assert said(claim(text)) == set()


def test_unlisted_codes() -> None:
    """S105, D11."""
    for code in ("96379", "96549"):
        assert said(claim(code)) == {"unlisted L1"}
        assert said(claim(line(code, description="port study"))) == set()
    assert said(claim("J3490")) == {"unlisted L1", "unlisted-ndc? L1"}
    assert said(claim(line("J3490", description="d"))) == {"unlisted-ndc? L1"}
    assert said(claim(line("J3490", description="d", ndc="n"))) == set()


@pytest.mark.parametrize(
    ("texts", "plan", "expected"),
    [
        (("96365", "96372"), CPCP026, {"pair L2 L1"}),
        (("96365", "96372-59"), CPCP026, set()),
        (("96365", "96372-XU"), CPCP026, set()),
        (("96365", "96372-76"), CPCP026, {"pair L2 L1"}),
        (("96365-59", "96372"), CPCP026, {"pair L2 L1"}),
        (("96365-59", "96372"), MEDICARE, set()),
        (("96365", "96372 @06"), CPCP026, set()),
        (("96416", "96521-59"), MEDICARE, {"pair L2 L1"}),
        (("96416", "G0498-59"), MEDICARE, {"pair L2 L1"}),
        (("96405-59", "96406"), MEDICARE, {"pair L1 L2"}),
        (("C8957", "96413-59", "96415-59"), MEDICARE, {"pair L3 L1"}),
        (("96413", "96416"), CPCP026, set()),
        (("96401", "96374"), CPCP026, set()),
        (("36000", "96365"), CPCP026, {"pair L1 L2"}),
        (("36000-59", "96365"), CPCP026, set()),
        (("36410", "96374"), CPCP026, set()),
    ],
)
def test_pairs_of_one_date(texts: tuple[str, ...], plan: dict[str, str], expected: Any) -> None:
    """N1-N4, N7, N8, N18, W31."""
    assert said(claim(*texts), plan) == expected


def test_pairs_with_visits() -> None:
    """E1, E2, E4, E5, E8; beside them the injection rule of S87 is set aside."""
    for code in ("99202", "99215", "99213"):
        assert said(office("96365", code)) == {"pair L2 L1"}
        assert said(office("96365", f"{code}-25")) == set()
    assert said(office("96365-59", "99213"), MEDICARE) == {"pair L2 L1"}
    assert said(office("96365", "99211-25")) == {"pair L2 L1"}
    assert said(claim("96365", "99211-25")) == set()
    assert said(claim("96365", "G0463")) == {"pair L2 L1"}
    assert said(office("96365", "99284")) == {"pair L1 L2"}
    assert said(office("96365", "99284-25")) == set()
    assert said(office("96365-59", "99284")) == set()
    assert said(claim("96365", "99284")) == set()
    assert said(office("96365-59", "99231-25")) == {"pair L1 L2"}


def test_draws_from_a_device() -> None:
    """N9: practitioners alone, and no modifier helps."""
    assert said(office("96366", "96365", "36591-59")) == {"pair L3 L1", "pair L3 L2"}
    assert said(claim("96365", "36591")) == set()


def test_hydration_below_a_push() -> None:
    """C25, I5: recoded, so the push stands; offices go by the pair (X16)."""
    assert said(claim("96360", "96374")) == {"hydration-beside-push L1 L2"}
    assert said(claim("96360", "96374-59")) == set()
    assert said(claim("96360 v1", "96374-59 v2")) == set()
    hung = {"hydration-beside-push L1 L2", "primary L2"}
    assert said(claim("96360", "96375")) == hung
    assert said(office("96360", "96374")) == {"pair L2 L1"}
    assert said(office("96360", "96375")) == set()
    assert said(claim("96361", "96374")) == set()


def test_a_push_of_its_own_visit_is_not_hung_on_hydration() -> None:
    """C9 of READINGS: 96375 has the initial service that is set apart."""
    assert said(claim("96360", "96374-59", "96375")) == set()


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("96365", "96365"), {"second-initial L2 L1"}),
        (("96365", "96365-59"), set()),
        (("96365-XS", "96365"), set()),
        (("96365-76", "96365"), {"second-initial L2 L1"}),
        (("96365 x2",), {"second-initial L1"}),
        (("96365-59 x2",), set()),
        (("96365 v1", "96365 v2"), set()),
        (("96365 v1", "96365"), {"second-initial L2 L1"}),
        (("96365", "96365 @06"), set()),
        (("96365 v1", "96365 @06 v1"), {"second-initial L2 L1"}),
        (("96365 v1", "96365 @06 v2"), set()),
        (("96365 v1", "96374 @06 v1"), {"second-initial L2 L1"}),
        (("96374 v1", "96365 @06 v1"), {"second-initial L1 L2"}),
        (("96365", "96374"), {"pair L2 L1"}),
        (("96416", "96413"), set()),
        (("96372", "96401"), {"pair L1 L2"}),
        (("96361 x2", "96365"), set()),
    ],
)
def test_one_initial_of_a_visit(texts: tuple[str, ...], expected: set[str]) -> None:
    """I1, I2, I4, N6, S77-S79."""
    assert said(claim(*texts)) == expected


def test_initials_across_dates_on_professional_claims() -> None:
    """Of two on two dates the later on the claim falls, whatever their ranks."""
    assert said(office("96374 v1", "96365 @06 v1")) == {"second-initial L2 L1"}


def test_readings_of_the_one_initial() -> None:
    """W4, W5."""
    two = claim("96365 v1", "96365-59 v2")
    assert said(two) == set()
    assert said(two, initial_scope="patient_date") == {"second-initial L2 L1"}
    assert said(claim("96365 v1", "96365-59 v1"), initial_scope="encounter") == {
        "second-initial L2 L1"
    }
    assert said(claim("96365", "96365-59"), initial_scope="encounter") == set()
    nights = claim("96365 v1", "96365 @06 v1")
    assert said(nights, midnight="reset") == set()
    assert said(claim("96365 v1", "96365 v2"), second_visit="one_initial") == {
        "second-initial L2 L1"
    }


def test_a_device_flush_is_reported_alone() -> None:
    """K9; a supply is no service, and hospitals' pairs that may be lifted do not help."""
    assert said(claim("96523")) == set()
    assert said(claim("96523", "96365")) == {"device-flush L1 L2", "pair L1 L2"}
    assert said(claim("96523-59", "99213")) == {"device-flush L1 L2"}
    assert said(claim("96523", "93000")) == {"device-flush L1 L2"}
    assert said(claim("96523", "A4222")) == set()
    assert said(claim("96523", "96365 @06")) == set()
    assert said(office("96523", "36591")) == {"pair L2 L1"}


def test_an_injection_beside_a_visit() -> None:
    """S87 is CPCP026's and professional; without a record nobody says who gave the visit."""
    both = office("96372", "99213-25")
    assert said(both) == set()
    assert judged(both).states == {"L1": "undecided", "L2": "undecided"}
    assert judged(office("99213-25")).states == {"L1": "undecided"}


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        (claim("96375 x6", "96365"), set()),
        (claim("96375 x7", "96365"), {"most-units-clinical L1"}),
        (claim("96375 x4", "96375 x3", "96365"),
         {"most-units-clinical L1", "most-units-clinical L2"}),
        (claim("96375 x6", "96375", "96365"),
         {"most-units-clinical L1", "most-units-clinical L2"}),
        (claim("96375 x6", "96375-59", "96365"),
         {"most-units-review? L1", "most-units-review? L2"}),
        (claim("96375 x4", "96375 x3 @06", "96365"), set()),
        (claim("96361 x24", "96365"), set()),
        (office("96361 x8", "96365"), set()),
        (office("96361 x9", "96365"), {"most-units-clinical L1"}),
        (claim("96368 x2", "96365"), {"most-units-day L1"}),
        (claim("96368", "96368-59", "96365"), {"most-units-day L1", "most-units-day L2"}),
        (claim("96368", "96368 @06", "96365"), set()),
        (office("96372 x4"), set()),
        (office("96372 x5"), {"most-units-clinical L1"}),
        (claim("96372 x5"), set()),
    ],
)  # fmt: skip
def test_units_of_a_date(doc: dict[str, Any], expected: set[str]) -> None:
    """M1-M3, B6, H10: all lines of the code fall, not just the excess."""
    assert said(doc) == expected


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        (claim("96366"), {"primary L1"}),
        (claim("96366", "96365"), set()),
        (claim("96366", "96365 @06"), set()),
        (claim("96366", "96367"), {"primary L1", "primary L2"}),
        (claim("96366", "96367", "96374"), set()),
        (claim("96366", "96360"), {"primary L1"}),
        (office("96366", "96360"), set()),
        (office("96361", "96360"), set()),
        (claim("96417", "96409"), {"primary L1"}),
        (claim("96411", "96409"), set()),
        (claim("96368", "96374"), {"primary L1"}),
        (claim("96368", "96416"), set()),
        (claim("96415", "96416"), {"primary L1"}),
        (claim("96370", "96371", "96369"), set()),
        (claim("96423", "96420"), {"primary L1"}),
        (claim("96376", "96374"), set()),
        (claim("96376", "96360"), {"primary L1"}),
        (claim("96547"), set()),
        (claim("0663T", "96415"), {"primary L1", "primary L2"}),
        (claim("0663T", "96413"), set()),
    ],
)
def test_add_ons(doc: dict[str, Any], expected: set[str]) -> None:
    """A1-A16, I5, B3."""
    assert said(doc) == expected


def test_stages_see_what_survived() -> None:
    """A15a: a primary that is denied carries nothing; a denied line denies nothing."""
    assert said(claim("96366", "96365-25")) == {"visit-modifier L2", "primary L1"}
    assert said(claim("96365-25", "96372")) == {"visit-modifier L1"}
    assert said(claim("96365", "96374", "96375")) == {"pair L2 L1"}
    assert said(claim("96374", "96368", "96366", "96367-25")) == {
        "visit-modifier L4",
        "primary L2",
        "primary L3",
    }
    assert said(office("96413 x2", "96415")) == {"second-initial L1", "primary L2"}
    over = claim("96369 x2", "96370")
    assert said(over) == {"most-units-day L1", "primary L2"}


def drug(text: str, number: int, **more: Any) -> dict[str, Any]:
    """A line of a drug that its NDC shows to be one."""
    return row(text, number, ndc="n", **more)


def test_drug_lines_among_themselves() -> None:
    """D2, D4, D10."""
    assert said(claim("J1745-JW x5")) == {"waste-alone L1"}
    assert said(claim("J1745-JW x5", drug("J1745 x35 @06", 2))) == {"waste-alone L1"}
    assert said(claim("J1745-JW x5", drug("J1745 x35", 2))) == set()
    assert said(claim("J1745-JW x5", "J1745-JZ x35")) == {"none-beside-waste L2 L1"}
    assert said(claim(drug("J1745 x5", 1), drug("J1745 x5", 2))) == {"second-drug-line? L2 L1"}
    assert said(claim(drug("J1745 x5", 1), drug("J1745 x5 @06", 2))) == set()
    twice = [drug("J3490", n, description="d") for n in (1, 2)]
    assert said(claim(*twice)) == set()


def test_what_only_a_record_could_tell() -> None:
    free = claim(drug("J1745", 1, charge="0.00"))
    assert said(free) == set() and judged(free).outcome == "undecided"
    states = judged(claim("96365", "A4222 @06", "36000-59", "93000", "36430", "99284")).states
    assert list(states.values()) == ["undecided"] * 6
    assert judged(claim("36430")).outcome == "undecided"
    assert judged(claim("99213")).outcome == "undecided"
    assert judged(claim()).outcome == "valid"


def test_a_lifted_pair_leaves_the_visit_open() -> None:
    found = judged(office("96365", "99213-25"))
    assert found.states["L2"] == "undecided"
    assert {f.rule for f in found.findings if f.line == "L2"} == {
        "claim.pair-lifted", "claim.record-needed",
    }  # fmt: skip


def test_the_tables_as_published() -> None:
    """Spot checks of the rule map's section 6; counts of N4 and K9 are in the whole files."""
    practitioner, hospital = own_tables(facility=False), own_tables(facility=True)
    family = [p for p in practitioner.pairs if all("96360" <= c <= "96549" for c in p)]
    other = [p for p in hospital.pairs if all("96360" <= c <= "96549" for c in p)]
    assert (len(family), len(other)) == (169, 156)
    assert sum(practitioner.pairs[p] for p in family) == 125
    assert sum(hospital.pairs[p] for p in other) == 127
    assert practitioner.limits["96376"] == (0, 3) and hospital.limits["96376"] == (10, 3)
    assert "96360" in practitioner.primaries["96375"]
    assert "96360" not in hospital.primaries["96375"]


def test_supplies_beside_what_they_serve() -> None:
    """S57 to S59: the plan's own rule goes before that about offices."""
    assert said(claim("96365", "A4222")) == {"cpcp026.claim-supplies L2 L1"}
    assert said(claim("96365", "A4222"), MEDICARE) == set()
    assert said(office("99213", "A4222")) == {"office-supplies L2 L1"}
    assert said(office("99213", "A4222"), office_supplies="payable") == set()
    assert said(office("99213", "A4222", place_of_service="22")) == set()
    assert said(office("A4222", "J7030", "96365 @06")) == set()
    assert said(office("99213 @06", "A4222")) == set()
    assert said(claim("96523", "A4222")) == set()
    assert said(claim("96365", "J7030")) == {"fluid-bag L2 L1"}
    assert said(claim("96366", "96365", "J7030"), fluid_bag="chargeable") == set()


def test_what_never_comes_in_a_container() -> None:
    """D4, Y7."""
    assert said(claim("36000-JW")) == {"waste-modifier L1"}
    assert said(claim("A4222-JA")) == {"route-modifier L1"}
    assert said(claim("J7030-JW", "J7030")) == set()
