"""Hand-checked answers: minutes, drugs and sequence; X numbers are the rule map's examples."""

from __future__ import annotations

import pytest

from .builders import DAY1, chemo, facility, fluid, iv, office, ther, units
from .coder import code, code_sets
from .plans import CPCP026
from .worlds import document, push, run, stamp

BANDS = [
    (ther, 1, {"96374": 1}),
    (ther, 15, {"96374": 1}),
    (ther, 16, {"96365": 1}),
    (ther, 90, {"96365": 1}),  # X14
    (ther, 91, {"96365": 1, "96366": 1}),  # X14
    (ther, 150, {"96365": 1, "96366": 1}),
    (ther, 151, {"96365": 1, "96366": 2}),
    (chemo, 15, {"96409": 1}),
    (chemo, 16, {"96413": 1}),
    (chemo, 90, {"96413": 1}),
    (chemo, 91, {"96413": 1, "96415": 1}),
    (chemo, 151, {"96413": 1, "96415": 2}),
    (fluid, 15, {}),
    (fluid, 30, {}),
    (fluid, 31, {"96360": 1}),
    (fluid, 75, {"96360": 1}),  # X3
    (fluid, 90, {"96360": 1}),
    (fluid, 91, {"96360": 1, "96361": 1}),
    (fluid, 151, {"96360": 1, "96361": 2}),
]


@pytest.mark.parametrize(("category", "minutes", "expected"), BANDS)
@pytest.mark.parametrize("claim", ["facility", "professional"])
def test_one_run_by_its_minutes(
    claim: str, category: str, minutes: int, expected: dict[str, int]
) -> None:
    admin = {**run(category, minutes), "drug": "alpha"}
    assert units(document("t", claim, [admin])) == expected


@pytest.mark.parametrize(
    ("minutes", "hours"), [(30, 0), (31, 1), (90, 1), (91, 2), (150, 2), (151, 3), (175, 3)]
)
def test_secondary_hydration(minutes: int, hours: int) -> None:
    """T4: all hydration is 96361 once a push holds the slot."""
    doc = facility(iv(fluid, "10:00", stamp(600 + minutes), drug="saline"), iv(ther, "09:00"))
    assert units(doc) == ({"96374": 1, "96361": hours} if hours else {"96374": 1})


def test_x1_partial_overlap() -> None:
    doc = facility(
        iv(ther, "06:00", "07:30", drug="alpha"), iv(ther, "07:00", "16:00", drug="beta")
    )
    expected = {"96365": 1, "96366": 8, "96367": 1}
    assert units(doc) == units(doc, partial_overlap="subtract") == expected
    assert units(doc, partial_overlap="any") == {"96365": 1, "96366": 8, "96368": 1}


def test_x2_pushes_inside_hydration() -> None:
    doc = facility(
        iv(fluid, "10:00", "13:00", drug="saline"),
        {**push(ther), "drug": "alpha", "start": "10:30", "stop": "10:33"},
        {**push(ther), "drug": "beta", "start": "11:30", "stop": "11:32"},
    )
    assert units(doc, push_minutes_off_hydration="yes") == {
        "96374": 1, "96375": 1, "96361": 3,
    }  # fmt: skip
    short = facility(
        iv(fluid, "10:00", "11:31", drug="saline"),
        {**push(ther), "drug": "alpha", "start": "10:30", "stop": "10:31"},
    )
    assert units(short)["96361"] == 2
    assert units(short, push_minutes_off_hydration="yes")["96361"] == 1


def test_x4_leucovorin_beside_oxaliplatin() -> None:
    doc = office(
        iv(chemo, "09:33", "12:15", drug="oxaliplatin"),
        iv(ther, "09:33", "12:15", drug="leucovorin"),
        primary_reason="a1",
    )
    assert units(doc) == {"96413": 1, "96415": 2, "96368": 1}


def test_x6_same_push_twice() -> None:
    pushes = (iv(ther, "20:00"), iv(ther, "23:30"))
    assert units(facility(*pushes)) == {"96374": 1, "96376": 1}
    assert units(office(*pushes, primary_reason="a1")) == {"96374": 1}


def test_x13_two_drugs_in_one_short_bag() -> None:
    doc = facility(
        iv(ther, "10:00", "10:15", drug="alpha", bag="b"),
        iv(ther, "10:00", "10:15", drug="beta", bag="b"),
    )
    answer = code(doc, CPCP026)
    assert [line[:2] for line in answer.lines] == [("96374", 1)]
    assert answer.base["a2"] == ("merged", "a1")


def test_x16_hydration_as_the_reason() -> None:
    admins = (iv(fluid, "10:00", "11:00", drug="saline"), iv(ther, "10:30", drug="alpha"))
    assert units(office(*admins, primary_reason="a1")) == {"96360": 1, "96375": 1}
    assert units(facility(*admins)) == {"96374": 1, "96361": 1}


def test_pushes_are_walked_in_clock_order() -> None:
    """P2: pushes at 0, 20, 40, 60 and 80 minutes give 0, 40 and 80."""
    answer = code(facility(*(iv(ther, stamp(600 + m)) for m in (0, 20, 40, 60, 80))), CPCP026)
    told = [id_ for id_, (kind, _) in answer.base.items() if kind == "line"]
    assert told == ["a1", "a3", "a5"]


@pytest.mark.parametrize(("gap", "over", "at_least"), [(29, 0, 0), (30, 0, 1), (31, 1, 1)])
def test_gap_between_same_drug_pushes(gap: int, over: int, at_least: int) -> None:
    after_push = facility(iv(ther, "10:00"), iv(ther, stamp(600 + gap)))
    after_run = facility(iv(ther, "09:00", "10:00"), iv(ther, stamp(600 + gap)))
    before_run = facility(iv(ther, "10:00"), iv(ther, stamp(600 + gap), "12:00"))
    for doc in (after_push, after_run, before_run):
        assert units(doc).get("96376", 0) == over
        assert units(doc, same_drug_gap="at_least_30").get("96376", 0) == at_least


@pytest.mark.parametrize(("gap", "fold", "separate"), [(0, 0, 1), (15, 0, 1), (16, 0, 0)])
def test_bolus_then_drip(gap: int, fold: int, separate: int) -> None:
    doc = facility(iv(ther, "10:00"), iv(ther, stamp(600 + gap), "12:00"))
    assert units(doc).get("96376", 0) == fold
    assert units(doc, bolus_then_drip="separate").get("96376", 0) == separate
    if not fold:
        assert code(doc, CPCP026).base["a1"] == ("merged", "a2")


def test_chemo_is_coded_by_each_technique() -> None:
    """S9, K12: never two initials, never a lost technique."""
    doc = facility(iv(chemo, "10:00", drug="fu"), iv(chemo, "10:05", "12:05", drug="fu"))
    assert units(doc) == {"96413": 1, "96415": 1, "96411": 1}


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ("sum", {"96365": 1, "96366": 1}),
        ("each", {"96365": 1, "96366": 2}),
        ("push_same_drug", {"96365": 1, "96376": 2}),
    ],
)
def test_same_drug_repeats(reading: str, expected: dict[str, int]) -> None:
    doc = facility(
        *(iv(ther, a, b) for a, b in (("08:00", "08:40"), ("12:00", "12:30"), ("16:00", "16:30")))
    )
    assert units(doc, same_drug_repeat=reading) == expected


def test_sum_takes_runs_of_sixteen_minutes_or_more() -> None:
    doc = facility(iv(ther, "08:00", "09:30"), iv(ther, "12:00", "12:15"))
    assert units(doc) == {"96365": 1, "96376": 1}


@pytest.mark.parametrize(("shared", "code_"), [(30, "96367"), (31, "96368")])
def test_majority_is_more_than_half(shared: int, code_: str) -> None:
    doc = facility(
        iv(ther, "10:00", "12:00", drug="alpha"),
        iv(ther, stamp(720 - shared), stamp(780 - shared), drug="beta"),
    )
    assert code_ in units(doc)


@pytest.mark.parametrize(("left", "code_"), [(15, "96368"), (16, "96367")])
def test_subtract_wants_sixteen_minutes(left: int, code_: str) -> None:
    doc = facility(
        iv(ther, "10:00", "12:00", drug="alpha"), iv(ther, "11:00", stamp(720 + left), drug="b")
    )
    assert code_ in units(doc, partial_overlap="subtract")


def test_one_concurrent_service_a_date() -> None:
    """Q4, S49: a third simultaneous drug earns nothing more."""
    drugs = [iv(ther, "10:00", "11:00", drug=d) for d in "abc"]
    answer = code(facility(*drugs), CPCP026)
    assert units(facility(*drugs)) == {"96365": 1, "96368": 1}
    assert answer.base["a3"][0] == "withheld"


@pytest.mark.parametrize(
    ("reading", "expected"),
    [("unlisted", {"96413": 1, "96549": 1}), ("sequential", {"96413": 1, "96417": 1})],
)
def test_concurrent_chemo(reading: str, expected: dict[str, int]) -> None:
    doc = facility(iv(chemo, "10:00", "11:00", drug="a"), iv(chemo, "10:00", "11:00", drug="b"))
    assert units(doc, concurrent_chemo=reading) == expected


def test_hydration_hidden_by_any_drug_infusion() -> None:
    doc = facility(
        iv(fluid, "10:00", "12:00", drug="saline"),
        iv(ther, "10:00", "11:30", drug="alpha", access="line-2"),
        accesses=[{"id": "line-2", "reason": "protocol"}],
    )
    assert units(doc) == {"96365": 1}
    doc["administrations"][0]["stop"] = "12:01"
    assert units(doc) == {"96360": 1, "96365": 1}


def test_fluids_at_once_count_once() -> None:
    doc = facility(
        iv(fluid, "10:00", "11:00", drug="saline"), iv(fluid, "10:00", "11:30", drug="ringer")
    )
    assert units(doc) == {"96360": 1}
    assert code(doc, CPCP026).base["a1"][0] == "withheld"


def test_hydration_segments() -> None:
    pieces = [("09:00", "09:30"), ("10:30", "11:00"), ("12:00", "12:30")]
    bag = {**run(fluid, 0), "drug": "saline"}
    del bag["minutes"]
    bag["segments"] = [{"start": a, "stop": b} for a, b in pieces]
    doc = facility(
        bag, iv(ther, "09:30", "10:30", drug="a"), iv(ther, "11:00", "12:00", drug="b")
    )
    assert units(doc) == {"96365": 1, "96367": 1, "96361": 1}
    assert units(doc, hydration_segments="each_31") == {"96365": 1, "96367": 1}


@pytest.mark.parametrize(("reading", "code_"), [("push", "96374"), ("infusion", "96365")])
def test_slow_push(reading: str, code_: str) -> None:
    doc = facility({**push(ther, 20), "drug": "alpha"})
    assert units(doc, push_over_15=reading) == {code_: 1}


def test_chemo_push_reason_cannot_carry_a_chemo_infusion() -> None:
    """A10: 96417 hangs on 96413 only, so the declared push is no candidate."""
    doc = office(
        iv(chemo, "10:00", drug="a"), iv(chemo, "11:00", "12:00", drug="b"), primary_reason="a1"
    )
    assert code_sets(doc, CPCP026) == {
        (("96411", 1, (), DAY1, 1, "line-1"), ("96413", 1, (), DAY1, 1, "line-1"))
    }


def test_concurrent_service_without_a_primary() -> None:
    """C27: 96368 hangs on neither 96409 nor 96367; 96411 not on 96365."""
    doc = facility(
        iv(chemo, "09:00", drug="a"),
        iv(ther, "10:00", "11:00", drug="b"),
        iv(ther, "10:00", "11:00", drug="c"),
    )
    assert units(doc) == {"96409": 1, "96367": 1}
    assert units(doc, addon_beside_nonlisted_primary="initial_59") == {
        "96409": 1, "96367": 1, "96365": 1,
    }  # fmt: skip


def test_long_repeats_are_summed_under_push_same_drug() -> None:
    doc = facility(iv(ther, "08:00", "09:00"), iv(ther, "12:00", "12:31"))
    assert units(doc, same_drug_repeat="push_same_drug") == {"96365": 1, "96366": 1}


def test_concurrence_looks_at_what_began_before() -> None:
    """The later of two secondary runs is the concurrent one, the earlier stays sequential."""
    doc = facility(
        iv(chemo, "08:00", "09:00", drug="a"),
        iv(ther, "10:00", "12:00", drug="b"),
        iv(ther, "10:30", "12:30", drug="c"),
    )
    answer = code(doc, CPCP026)
    assert answer.base["a2"] == ("line", "96367")
    assert answer.base["a3"] == ("line", "96368")


def test_a_drug_takes_its_carrier_in() -> None:
    doc = facility(
        iv(fluid, "10:00", "12:00", drug="saline", bag="b"),
        iv(ther, "10:00", "12:00", drug="alpha", bag="b"),
    )
    assert units(doc) == {"96365": 1, "96366": 1}
    assert code(doc, CPCP026).base["a1"] == ("merged", "a2")


def test_tie_of_equal_rank() -> None:
    """I6: the longest run, the first, or the declared one."""
    doc = facility(iv(chemo, "08:00", "09:00", drug="a"), iv(chemo, "09:00", "12:00", drug="b"))
    answer = code(doc, CPCP026)
    assert answer.base == {"a1": ("line", "96417"), "a2": ("line", "96413")}
    first = code(doc, CPCP026 | {"tie_break": "first"})
    assert first.base == {"a1": ("line", "96413"), "a2": ("line", "96417")}
    named = code(doc | {"primary_reason": "a1"}, CPCP026 | {"tie_break": "declared"})
    assert named.base == first.base


def test_derived_minutes_are_cut_off() -> None:
    drip = {**run(ther, 0), "drug": "alpha", "rate_ml_per_hour": 500, "volume_ml": 755}
    del drip["minutes"]
    assert units(facility(drip)) == {"96365": 1}  # 90.6 minutes
