"""Hand-worked claims held against their record (decision 0016, the comparison)."""

from __future__ import annotations

from typing import Any

import pytest

from .builders import DAY2, chemo, fluid, im, iv, ther
from .claims.builders import CPCP026, MEDICARE, claim, judged, row, said
from .claims.claims_drawn import earned_claim
from .claims.earned import earned_of

Doc = dict[str, Any]


def record(*admins: Any, **more: Any) -> Doc:
    """The administrations of a document, numbered, and what else it says."""
    return {"administrations": [{"id": f"a{n}", **a} for n, a in enumerate(admins, 1)], **more}


TWO_HOURS = iv(ther, "10:00", "12:00", drug="alpha")
PUSH = iv(ther, "12:30", drug="beta")


def test_what_the_record_earns_stands() -> None:
    doc = claim("96365", "96366", "96375", **record(TWO_HOURS, PUSH))
    found = judged(doc)
    assert said(doc) == set() and found.omitted == frozenset()
    assert set(found.states.values()) == {"stands"} and found.outcome == "valid"


def test_omitted_and_fewer() -> None:
    doc = claim("96365", **record(TWO_HOURS, PUSH))
    assert judged(doc).omitted == {("96366", "2024-08-05"), ("96375", "2024-08-05")}
    assert judged(doc).outcome == "valid"
    longer = record(iv(ther, "08:00", "12:00", drug="alpha"))
    assert said(claim("96365", "96366 x2", **longer)) == {"units-fewer+ L2"}
    assert said(claim("96365", "96366 x3", **longer)) == set()


def test_more_units_than_earned() -> None:
    """The lines at which the running sum passes what is earned."""
    given = record(TWO_HOURS)
    assert said(claim("96365", "96366 x2", **given)) == {"units L2"}
    assert said(claim("96365", "96366", "96366", **given)) == {"units L3"}


def test_codes_that_the_record_does_not_earn() -> None:
    given = record(TWO_HOURS)
    assert said(claim("96365", "96375", **given)) == {"unsupported L2"}
    assert said(claim("96374", **given)) == {"initial L1"}
    named = row("96413", 1, administrations=["a1"])
    assert said(claim(named, **given)) == {"family L1"}
    assert said(claim("96413", **given)) == {"family L1"}
    assert said(claim("96409", **given)) == {"initial L1"}
    assert said(claim("96365", "96366 @06", **given)) == {"date L2"}


def test_the_dates_of_a_stay() -> None:
    given = record(TWO_HOURS, iv(ther, f"{DAY2}T08:00", drug="beta"))
    assert said(claim("96365", "96366", "96375 @06", **given)) == set()
    assert said(claim("96365", "96366", "96375", **given)) == {"date L3"}


def test_a_primary_of_the_day_before_is_one_to_the_record() -> None:
    """So an add-on claimed without it is denied, not only looked at (A14, B3)."""
    doc = record(iv(ther, "22:00", "23:30", drug="alpha"), iv(ther, f"{DAY2}T00:30", drug="beta"))
    assert said(claim("96365", "96375 @06", **doc)) == set()
    assert said(claim("96375 @06", **doc)) == {"primary L1"}


def test_services_and_unknown_codes() -> None:
    visit = {"id": "s1", "code": "99213", "separately_identifiable": True, "provider": "same"}
    given = record(TWO_HOURS, services=[visit])
    assert said(claim("96365", "96366", "99213-25", **given)) == set()
    assert said(claim("96365", "96366", "99213-25", "36430", **given)) == {"no-service? L4"}
    states = judged(claim("96365", "96366", "99213-25", "93000", **given)).states
    assert states["L4"] == "undecided"
    entry = record(TWO_HOURS, services=[{"id": "s1", "code": "36000"}])
    assert said(claim("96365", "36000-59", **entry)) == {"unsupported L2"}


def test_modifiers() -> None:
    given = record(TWO_HOURS, im("12:00"))
    assert said(claim("96365", "96366", "96372-59", **given)) == set()
    assert said(claim("96365", "96366", "96372-XU", **given)) == set()
    unmarked = {"pair L3 L1", "modifier-missing? L3"}
    assert said(claim("96365", "96366", "96372", **given)) == unmarked
    assert said(claim("96365-59", "96366", "96372-59", **given)) == {"modifier-unsupported? L1"}
    assert said(claim("96365", "96366-76", "96372-59", **given)) == {"modifier-unsupported? L2"}


def test_repeats_need_a_line_each() -> None:
    """S98: three injections; one left out asks nothing of the first line."""
    given = record(*(im(f"1{n}:00", drug=d) for n, d in enumerate("abc")))
    assert said(claim("96372", "96372-59", "96372-59", **given)) == set()
    assert said(claim("96372", "96372-59", **given)) == {"units-fewer+ L1"}
    assert said(claim("96372 x3", **given)) == {"modifier-missing? L1"}
    assert said(claim("96372", "96372-59 x2", **given)) == {"own-line? L2"}
    assert said(claim("96372 x3", **given), MEDICARE) == set()
    assert said(claim("96372", "96372 x2", **given), MEDICARE) == set()


def test_a_second_access_goes_to_review() -> None:
    """I14: lawful, and above the MUE of 1."""
    given = record(
        iv(ther, "10:00", "10:05", drug="alpha", technique="push"),
        iv(ther, "10:00", "10:05", drug="beta", technique="push", access="line-2"),
        accesses=[{"id": "line-2", "reason": "incompatible_drugs"}],
    )
    both = {"most-units-review? L1", "most-units-review? L2"}
    assert said(claim("96374", "96374-59", **given)) == both
    assert judged(claim("96374", "96374-59", **given)).outcome == "review"
    assert "second-initial L2 L1" in said(claim("96374", "96374", **given))


def test_what_the_record_earns_is_not_denied() -> None:
    """0016: a visit that the record does not call separate is for review, not denied."""
    visit = {"id": "s1", "code": "99213", "provider": "same"}
    given = record(TWO_HOURS, services=[visit], claim="professional")
    assert said(claim("96365", "96366", "99213", **given)) == {"pair? L3 L1"}
    visit["separately_identifiable"] = True  # type: ignore[assignment]
    assert said(claim("96365", "96366", "99213", **given)) == {
        "pair L3 L1",
        "modifier-missing? L3",
    }


def test_a_visit_of_another_provider_makes_no_pair() -> None:
    """N2."""
    visit = {"id": "s1", "code": "99211", "provider": "other"}
    given = record(TWO_HOURS, services=[visit], claim="professional")
    assert said(claim("96365", "96366", "99211", **given)) == set()


def test_an_injection_beside_a_visit() -> None:
    """S87: where the record says the same provider."""
    visit = {"id": "s1", "code": "99213", "provider": "same", "separately_identifiable": True}
    given = record(im("10:00"), services=[visit], claim="professional")
    denied = {"visit-denies-injection L1 L2", "unsupported L1", "modifier-unsupported? L2"}
    assert said(claim("96372", "99213-25", **given)) == denied
    assert said(claim("96372", "99213-25", **given), MEDICARE) == set()
    visit["provider"] = "other"
    assert said(claim("96372", "99213-25", **given)) == set()


def test_open_records() -> None:
    """Denied only where no code set earns it."""
    run = iv(ther, "10:00", "x", drug="alpha")
    del run["stop"]
    given = record(run, ends="12:00")
    assert judged(claim("96365", **given)).states == {"L1": "undecided"}
    assert said(claim("96365", "96366 x2", **given)) == {"units L2"}
    assert judged(claim("96365", "96366", **given)).outcome == "undecided"
    assert "unsupported L2" in said(claim("96365", "96367", **given))
    sure = record(run, im("11:00"), ends="12:00")
    assert judged(claim(**sure)).omitted == {("96372", "2024-08-05")}


def test_what_could_not_be_coded() -> None:
    """Lines for it, and all that its visit earns, are open; a missing amount opens the drug."""
    odd = iv("other", "11:00", drug="mystery")
    given = record(TWO_HOURS, odd, iv(ther, "20:00", drug="gamma", visit=2))
    texts = ("96365 v1", "96366 v1", "96374-59 v2")
    states = judged(claim(*texts, "96375", **given)).states
    assert list(states.values()) == ["undecided", "undecided", "stands", "undecided"]
    assert judged(claim(**given)).omitted == {("96374", "2024-08-05")}
    own = row("96375", 4, administrations=["a2"])
    assert judged(claim(*texts, own, **given)).states["L4"] == "undecided"
    beside = row("96375", 4, administrations=["a1"])
    assert said(claim(*texts, beside, **given)) == set(), "its visit is open"
    apart = row("96375", 4, administrations=["a3"])
    assert said(claim(*texts, apart, **given)) == {"unsupported L4"}
    dose = {"hcpcs": "J1745", "per_unit": "10", "unit": "mg"}
    silent = record(iv(ther, "10:00", "12:00", dose=dose))
    states = judged(claim("96365", "96366", "J1745 x4", **silent)).states
    assert list(states.values()) == ["stands", "stands", "undecided"]


def dosed(administered: str, vials: int, code: str = "J1745", **more: Any) -> Doc:
    """An infusion with single-dose vials of 100, billed in steps of 10."""
    size = {"size": "100", "count": vials, "kind": "single_dose"}
    dose = {"administered": administered, "per_unit": "10", "unit": "mg", "hcpcs": code}
    return dict(iv(ther, "10:00", "12:00", dose=dose | {"containers": [size]}, **more))


def test_drug_and_waste() -> None:
    """X7: 35 units and 5 thrown away, of four vials."""
    given, base = record(dosed("350", 4)), ("96365", "96366")
    assert said(claim(*base, "J1745 x35", "J1745-JW x5", **given)) == set()
    assert said(claim(*base, "J1745 x35", "J1745-JW x6", **given)) == {"waste-units L4"}
    assert said(claim(*base, "J1745 x35", "J1745-JW x4", **given)) == {"units-fewer+ L4"}
    assert said(claim(*base, "J1745 x40", **given)) == {"units L3"}
    assert judged(claim(*base, "J1745 x35", **given)).omitted == {("J1745", "2024-08-05")}
    whole = record(dosed("400", 4))
    assert said(claim(*base, "J1745 x40", "J1745-JW x1", **whole)) == {"waste-units L4"}


def test_nothing_thrown_away() -> None:
    """S101: JZ may be used; Medicare wants it."""
    whole, base = record(dosed("400", 4)), ("96365", "96366")
    assert said(claim(*base, "J1745 x40", **whole)) == set()
    assert said(claim(*base, "J1745-JZ x40", **whole)) == set()
    assert said(claim(*base, "J1745 x40", **whole), MEDICARE) == {"modifier-missing? L3"}
    some = record(dosed("350", 4))
    rows = said(claim(*base, "J1745-JZ x35", "J1745-JW x5", **some))
    assert rows == {"none-beside-waste L3 L4", "modifier-unsupported? L3"}


def test_drugs_without_a_dose_or_a_name() -> None:
    plain = record(iv(ther, "10:00", "12:00", drug="alpha", hcpcs="J1745"))
    base = ("96365", "96366")
    assert judged(claim(*base, "J1745 x35", **plain)).states["L3"] == "undecided"
    assert judged(claim(*base, "J2405", **plain)).states["L3"] == "undecided"
    assert said(claim(*base, "J2357", **plain)) == {"unsupported L3"}


def test_free_drugs() -> None:
    """S107, D8."""
    base = ("96365", "96366")
    free = row("J1745 x40", 3, charge="0.00")
    assert said(claim(*base, free, **record(dosed("400", 4)))) == {"free-drug L3"}
    own = record(dosed("400", 4, supplied_by="patient"))
    assert said(claim(*base, free, **own)) == set()


def test_no_record_of_the_setting() -> None:
    """What a setting never reports the record does not earn either."""
    doc = claim("96365", "96366", **record(TWO_HOURS), type_of_bill="0111")
    assert said(doc) == {"inpatient L1", "inpatient L2", "unsupported L1", "unsupported L2"}
    elsewhere = claim("96365", **record(TWO_HOURS), line_of_business="medicaid")
    assert said(elsewhere) == set() and judged(elsewhere).omitted == frozenset()


@pytest.mark.parametrize("plan", [CPCP026, MEDICARE])
def test_office_hydration_with_a_push(plan: dict[str, str]) -> None:
    """X16: the reason was hydration; in a hospital the push is initial."""
    admins = record(iv(fluid, "10:00", "11:00", drug="saline"), PUSH, primary_reason="a1")
    assert said(claim("96360", "96375", **admins, claim="professional"), plan) == set()
    wrong = said(claim("96360", "96375", **admins), plan)
    assert {"hydration-beside-push L1 L2", "primary L2", "initial L1"} <= wrong
    assert said(claim("96374", "96361", **admins), plan) == set()


def test_an_earned_claim_names_its_administrations() -> None:
    doc = claim(**record(TWO_HOURS, iv(chemo, "12:00", drug="chemo"), PUSH))
    rows = earned_claim(doc, CPCP026)["claim_lines"]
    assert {r["code"]: r.get("administrations") for r in rows}["96409"] == ["a2"]
    earned = earned_of(doc, CPCP026)
    assert earned is not None and earned.complete


def test_a_drug_of_the_patient_has_its_price() -> None:
    """S107."""
    dose = {"hcpcs": "J1745", "per_unit": "10", "unit": "mg", "administered": "350"}
    more = {"hcpcs": "J1745", "supplied_by": "patient", "dose": dose}
    given = record(TWO_HOURS | more)
    texts = ("96365", "96366")
    for charge, found in (("0.00", set()), ("120.00", {"patient-drug L3"})):
        line = row("J1745 x35", 3, charge=charge)
        assert said(claim(*texts, line, **given)) == found
    assert said(claim(*texts, "J1745 x35", **given)) == set()
