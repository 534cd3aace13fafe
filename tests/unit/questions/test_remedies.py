"""Conflicts and repairs of claims under the shipped rules, and the parts of their search."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from infucode import Policy, encounter_from_data
from infucode.model.claim import Remedies, Repair
from infucode.model.encounter import ClaimLine, Encounter
from infucode.questions.conflicts import MOST_CONFLICTS, groups, least_hitting
from infucode.questions.edits import Option
from infucode.questions.trials import Denial, Verdict
from infucode.render.remedies_json import remedies_to_json

DRIP = {"id": "a1", "drug": "ceftriaxone", "category": "therapeutic", "route": "iv",
        "technique": "infusion", "start": "10:00", "stop": "10:40"}  # fmt: skip
PUSH = {"id": "a2", "drug": "ondansetron", "category": "therapeutic", "route": "iv",
        "technique": "push", "start": "10:05"}  # fmt: skip
SHOT = {"id": "a3", "drug": "ketorolac", "category": "therapeutic", "route": "im",
        "technique": "injection", "start": "11:00"}  # fmt: skip
OTHER_ARM = {"id": "a4", "drug": "vancomycin", "category": "therapeutic", "route": "iv",
             "technique": "infusion", "start": "10:00", "stop": "11:00",
             "access": "line-2"}  # fmt: skip
TWO_LINES = {"accesses": [{"id": "line-2", "reason": "incompatible_drugs"}]}


@cache
def policy(plan: str = "cpcp026") -> Policy:
    return Policy.load(plan)


def line(text: str, number: int) -> dict[str, Any]:
    """`96365-59 x2 a1`: a claim line in words."""
    name, *words = text.split()
    code, *marks = name.split("-")
    made: dict[str, Any] = {"id": f"L{number}", "code": code, "modifiers": marks}
    for word in words:
        if word[0] == "x":
            made["units"] = word[1:]
        elif word[0] == "@":
            made["date"] = f"2024-08-{word[1:]}"
        else:
            made.setdefault("administrations", []).append(word)
    return made


def claim(*texts: str, given: tuple[dict[str, Any], ...] = (), **more: Any) -> Encounter:
    """A hospital's claim, with what was given or without."""
    lines = [line(text, number) for number, text in enumerate(texts, 1)]
    data = {
        "id": "e", "claim": "facility", "place_of_service": "22", "date": "2024-08-05",
        "administrations": list(given), "claim_lines": lines,
    }  # fmt: skip
    return encounter_from_data({**data, **more})


def found(encounter: Encounter, plan: str = "cpcp026", **switches: str) -> Remedies:
    judged = policy(plan).check(encounter, switches=switches).with_remedies()
    assert judged.checked.remedies is not None
    return judged.checked.remedies


def conflicts(remedies: Remedies) -> list[str]:
    return [" ".join(item.lines) for item in remedies.conflicts]


def edits(repair: Repair) -> list[str]:
    """Each edit in short: `L1 drop`, `L2 set_modifiers 96372-59 x1`."""
    made = []
    for edit in repair.edits:
        after = edit.after
        words = [edit.line, edit.op]
        if after is not None:
            words += ["-".join((after.code, *after.modifiers)), f"x{after.units or 1}"]
        made.append(" ".join(words))
    return made


def ways(remedies: Remedies) -> list[list[str]]:
    return [edits(repair) for repair in remedies.repairs]


def test_a_claim_that_nothing_denies_has_neither() -> None:
    remedies = found(claim("96365", "96366"))
    assert (remedies.conflicts, remedies.repairs, remedies.caps) == ((), (), ())
    assert policy().check(claim("96365")).checked.remedies is None


def test_hydration_beside_a_push_is_recoded_first() -> None:
    remedies = found(claim("96360", "96374"))
    assert conflicts(remedies) == ["L1 L2"]
    assert remedies.conflicts[0].rules == ("claim.hydration-beside-push",)
    assert ways(remedies) == [["L1 replace 96361 x1"], ["L1 drop"], ["L2 drop"]]


FLUID = {"id": "a1", "drug": "saline", "category": "hydration", "route": "iv",
         "technique": "infusion", "start": "08:00", "stop": "10:40",
         "indication": "dehydration"}  # fmt: skip
VIALS = {"id": "a1", "drug": "infliximab", "hcpcs": "J1745", "category": "therapeutic",
         "route": "iv", "technique": "infusion", "start": "08:00", "stop": "10:00",
         "dose": {"administered": "350", "discarded": "50", "per_unit": "10", "unit": "mg",
                  "containers": [{"size": "100", "count": 4,
                                  "kind": "single_dose"}]}}  # fmt: skip


@pytest.mark.parametrize(("further", "left"), [("96361 x2", 1), ("96361 x1", 2)])
def test_recoded_hydration_has_the_units_that_are_left(further: str, left: int) -> None:
    """160 minutes are three units; none of them is lost, none is claimed twice."""
    best = found(claim("96360", further, "96374", given=(FLUID, PUSH | {"start": "09:00"})))
    (edit,) = best.repairs[0].edits
    assert edit.after is not None
    assert (edit.line, edit.after.code, edit.after.units) == ("L1", "96361", Decimal(left))
    assert best.repairs[0].outcome == "valid"


def test_units_given_are_never_set_to_those_thrown_away() -> None:
    made = found(claim("96365", "96366", "J1745 x40", given=(VIALS,)))
    units = [e.after.units for r in made.repairs for e in r.edits if e.after is not None]
    assert units == [35]


@pytest.mark.parametrize("drug", ["J2357", "J1745"])
def test_nothing_thrown_away_is_taken_off_beside_waste(drug: str) -> None:
    """Of a drug that no table knows as well: its waste says that it is one."""
    made = found(claim(f"{drug}-JZ x35", f"{drug}-JW x5"))
    edits = [[(e.op, e.line) for e in r.edits] for r in made.repairs]
    assert edits == [[("set_modifiers", "L1")], [("drop", "L2")]]


def test_what_is_not_denied_is_left_out_last() -> None:
    """One edit would do, but it gives up the service for the sake of its supplies."""
    made = found(claim("96365", "A4222", "J1642", "36000", "J7030 x2"))
    lines = [[e.line for e in r.edits] for r in made.repairs]
    assert lines == [["L2", "L3", "L4", "L5"], ["L1"]]


def test_a_second_initial_without_a_record_is_left_out_and_the_modifier_is_needed() -> None:
    remedies = found(claim("96365", "96365"))
    assert ways(remedies) == [["L2 drop"], ["L1 drop"]]
    for repair in remedies.repairs:
        (need,) = repair.needs
        assert "with modifier 59" in need and "if the record showed" in need
        assert all(edit.op != "set_modifiers" for edit in repair.edits)


def test_a_second_initial_that_the_record_earns_takes_its_modifier() -> None:
    encounter = claim("96365 a1", "96365 a4", given=(DRIP, OTHER_ARM), **TWO_LINES)
    remedies = found(encounter)
    first = remedies.repairs[0]
    assert [way.split(" ")[1:] for way in edits(first)] == [["set_modifiers", "96365-59", "x1"]]
    assert first.needs == () and first.outcome == "valid"


def test_no_modifier_is_spoken_of_where_the_plan_knows_none() -> None:
    remedies = found(claim("96365", "96365"), initial_scope="patient_date")
    assert ways(remedies) == [["L2 drop"], ["L1 drop"]]
    assert [repair.needs for repair in remedies.repairs] == [(), ()]


def test_with_the_record_lines_go_towards_what_it_earns() -> None:
    encounter = claim("96365", "96366", "96374 a2", "96372", given=(DRIP, PUSH, SHOT))
    remedies = found(encounter)
    assert conflicts(remedies) == ["L2", "L3", "L1 L4"]
    assert ways(remedies)[0] == [
        "L2 drop", "L3 replace 96375 x1", "L4 set_modifiers 96372-59 x1",
    ]  # fmt: skip
    assert remedies.repairs[0].outcome == "valid"
    for repair in remedies.repairs:
        after = replace(encounter, claim_lines=repair.lines)
        assert policy().check(after).outcome == repair.outcome


def test_a_record_that_does_not_earn_a_modifier_earns_none_by_repair() -> None:
    encounter = claim("96365", "96365", given=(DRIP,))
    remedies = found(encounter)
    assert ways(remedies) == [["L2 drop"], ["L1 drop"]]
    assert [repair.needs for repair in remedies.repairs] == [(), ()]


def test_units_are_set_to_those_of_the_record() -> None:
    long = {**DRIP, "stop": "12:00"}
    remedies = found(claim("96365", "96366 x4", given=(long,)))
    assert conflicts(remedies) == ["L2"]
    assert ways(remedies)[0] == ["L2 set_units 96366 x1"]
    two = found(claim("96365", "96366", "96366 x2", given=({**DRIP, "stop": "13:00"},)))
    assert ways(two)[0] == ["L3 set_units 96366 x1"]


def test_a_primary_that_the_record_earns_is_added() -> None:
    long = {**DRIP, "stop": "12:00"}
    remedies = found(claim("96366", given=(long,)))
    assert remedies.conflicts == ()
    assert ways(remedies) == [["N1 add 96365 x1"], ["L1 replace 96365 x1"], ["L1 drop"]]
    edit = remedies_to_json(remedies)["repairs"][0]["edits"][0]
    assert edit["to"] == {
        "id": "N1", "code": "96365", "units": 1, "modifiers": [], "date": "2024-08-05",
        "administrations": ["a1"],
    }  # fmt: skip


def test_without_a_record_no_primary_is_added() -> None:
    remedies = found(claim("96366"))
    assert ways(remedies) == [["L1 drop"]]
    assert "lawful primary" in remedies.repairs[0].needs[0]


def test_a_visit_needs_its_modifier_and_gets_none_for_free() -> None:
    office = claim("99213", "96372", claim="professional", place_of_service="11")
    remedies = found(office, "medicare")
    assert ways(remedies) == [["L1 drop"], ["L2 drop"]]
    assert all("modifier 25 on the visit" in r.needs[0] for r in remedies.repairs)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("96365-25", "L1 set_modifiers 96365 x1"),
        ("96372-59-XS", "L1 set_modifiers 96372-XS x1"),
        ("96372-59-XS-25", "L1 set_modifiers 96372-XS x1"),
        ("96365 x2", "L1 set_units 96365 x1"),
        ("J1745-JW", "L1 drop"),
        ("J1745-JW-JZ", "L1 drop"),
        ("96375 x9", "L1 drop"),
    ],
)
def test_one_line(text: str, first: str) -> None:
    """What was thrown away never turns into what was given; units are not set to a limit."""
    remedies = found(claim(text))
    assert ways(remedies)[0] == [first]
    assert all(len(way) == 1 for way in ways(remedies))


def test_what_no_repair_can_know_is_said_to_be_needed() -> None:
    needs = {
        "96379": "with a description",
        "96375 x9": "fewer units",
        "J1745-JW": "what was given",
        "J1745-JW-JZ": "which",
        "96365 x1.5": "the units and the date",
    }
    for text, words in needs.items():
        said = " ".join(found(claim("96413 @06", text)).repairs[0].needs)
        assert words in said, text


def test_groups_are_repaired_apart_and_each_way_is_shown_once() -> None:
    remedies = found(claim("96365", "96372", "96360 @06", "96360 @06"))
    assert conflicts(remedies) == ["L1 L2", "L3 L4"]
    assert ways(remedies) == [
        ["L2 drop", "L4 drop"], ["L1 drop", "L4 drop"], ["L2 drop", "L3 drop"],
    ]  # fmt: skip
    (cap,) = remedies.caps
    assert (cap.what, cap.count) == ("repairs", 3) and "not all 4 combinations" in cap.says


def test_a_repair_that_another_one_makes_needless_is_left_out() -> None:
    """96415 has its primary again once 96413 is reported once."""
    remedies = found(claim("96413 x2", "96415"))
    assert ways(remedies)[0] == ["L1 set_units 96413 x1"]


def test_ways_beyond_the_cap_are_counted() -> None:
    remedies = found(claim(*["96365"] * 6))
    assert len(remedies.conflicts) == 15
    assert len(remedies.repairs) == 5
    assert [cap.says for cap in remedies.caps] == [
        "of 6 ways to repair lines that hang together, 5 stand"
    ]


def test_a_long_claim_ends_in_one_repair_and_says_so() -> None:
    remedies = found(claim(*["96365", "96360 @06"] * 20))
    assert len(remedies.conflicts) == MOST_CONFLICTS
    (repair,) = remedies.repairs
    assert [edit.op for edit in repair.edits] == ["drop"] * 38
    assert {cap.what: cap.count for cap in remedies.caps} == {"conflicts": 64, "repairs": 1}
    assert "none of the lines left out could stay" in remedies.caps[-1].says


def test_equal_claims_have_equal_bytes() -> None:
    encounter = claim("96365", "96365", "96372", "96375 x9")
    first, second = (remedies_to_json(found(encounter)) for _ in range(2))
    assert first == second


def test_the_record_is_what_it_was() -> None:
    encounter = claim("96365 a1", "96365 a4", given=(DRIP, OTHER_ARM), **TWO_LINES)
    before = replace(encounter)
    found(encounter)
    assert encounter == before


def test_least_hitting_sets() -> None:
    pairs = [frozenset(pair) for pair in ("ab", "bc", "cd")]
    assert least_hitting(pairs) == [frozenset("ac"), frozenset("bc"), frozenset("bd")]
    assert least_hitting([]) == [frozenset()]


def test_lines_that_hang_together() -> None:
    lines = [ClaimLine(f"L{n}", code) for n, code in enumerate("abcdefga", 1)]
    denials = (Denial("r", "L2", "L3"), Denial("r", "L5"))
    whole = Verdict(denials, frozenset(), frozenset(), 0, {})
    assert groups(lines, whole) == [["L2", "L3"], ["L5"]]
    more = replace(whole, denials=(Denial("r", "L1"),))
    assert groups(lines, more) == [["L1", "L8"]]
    assert groups(lines[:6], more) == [[f"L{n}" for n in range(1, 7)]]
    assert groups(lines[:6], replace(whole, denials=())) == []


def test_edits_are_told_apart_by_what_they_change() -> None:
    before = ClaimLine("L1", "96365", Decimal(2), ("59",))
    kinds = {
        "set_units": replace(before, units=Decimal(1)),
        "set_modifiers": replace(before, modifiers=()),
        "replace": replace(before, units=Decimal(1), modifiers=()),
    }
    for op, after in kinds.items():
        assert Option("L1", before, after).op == op
    assert Option("L1", before, None).op == "drop"
    assert Option("N1", None, before).op == "add"


BIOLOGIC = {"id": "a1", "drug": "infliximab", "category": "complex_biologic", "route": "iv",
            "technique": "infusion", "start": "10:00", "stop": "11:00"}  # fmt: skip


def needs(encounter: Encounter, plan: str = "cpcp026") -> set[str]:
    return {said for repair in found(encounter, plan).repairs for said in repair.needs}


@pytest.mark.parametrize("plan", ["cpcp026", "medicare"])
def test_a_biologic_claimed_as_chemotherapy_needs_what_giving_it_took(plan: str) -> None:
    remedies = found(claim("96413 a1", given=(BIOLOGIC,)), plan)
    assert ways(remedies) == [["L1 replace 96365 x1"], ["L1 drop"]]
    for repair in remedies.repairs:
        (need,) = repair.needs
        assert need.startswith("L1 (96413) could stand if the record showed what giving")


def test_only_what_would_stand_is_said_to_need_documentation() -> None:
    """No factor makes an hour of a plain drug one of chemotherapy, or 60 minutes two hours."""
    plain = BIOLOGIC | {"category": "therapeutic"}
    assert needs(claim("96413 a1", given=(plain,))) == set()
    assert needs(claim("96415 a1", given=(BIOLOGIC,))) == set()
    by_list = BIOLOGIC | {"drug": "omalizumab", "hcpcs": "J2357"}
    assert needs(claim("96413 a1", given=(by_list,))) == set()


def test_a_second_access_without_a_reason_needs_one() -> None:
    both = claim("96365 a1", "96365-59 a4", given=(DRIP, OTHER_ARM))
    remedies = found(both)
    assert remedies.repairs
    for repair in remedies.repairs:
        assert [need.split(" could")[0] for need in repair.needs] == ["L2 (96365-59)"]
        assert "why a second access was needed" in repair.needs[0]


def test_a_reason_that_the_record_gives_or_denies_is_not_supposed() -> None:
    lines = ("96365 a1", "96365-59 a4")
    for_ease = {"accesses": [{"id": "line-2", "reason": "convenience"}]}
    assert needs(claim(*lines, given=(DRIP, OTHER_ARM), **for_ease)) == set()
    denied = OTHER_ARM | {"documentation": {"second_access_reason": False}}
    assert needs(claim(*lines, given=(DRIP, denied))) == set()
    one_arm = OTHER_ARM | {"access": "line-1"}
    assert needs(claim(*lines, given=(DRIP, one_arm))) == set()
