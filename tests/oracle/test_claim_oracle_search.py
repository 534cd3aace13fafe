"""Conflicts, repairs, what lines alone show, and the drawn claims."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from .builders import im, iv, ther
from .claims import CLAIM_PLANS, alone_shows, conflicts, further_lines, repair_holds, repaired
from .claims.builders import CPCP026, DAY1, DAY2, MEDICARE, claim, judged, office, row
from .claims.claims_drawn import (
    CORRUPTIONS,
    corrupted,
    earned_claim,
    free_claim,
    open_record,
    record,
    without_record,
)
from .claims.earned import earned_of

Doc = dict[str, Any]
UNIVERSE = further_lines(("96365", "96366", "96367", "96369", "96374", "96413"), (DAY1,))


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        (claim("96365", "96366"), []),
        (claim("96366"), []),
        (claim("96366", "96367"), []),
        (claim("96365", "96372"), ["L1 L2"]),
        (claim("96365", "96374", "96375"), ["L1 L2"]),
        (claim("96365 x2"), ["L1"]),
        (claim("96365", "96365", "96365"), ["L1 L2", "L1 L3", "L2 L3"]),
        (claim("96360", "96375"), []),
        (claim("96360", "96374"), ["L1 L2"]),
        (claim("96375 x4", "96375 x3"), ["L1 L2"]),
        (claim("96361 x25", "96365-25"), ["L1", "L2"]),
        (claim("96368", "96374"), []),
        (claim("96423", "96420"), []),
    ],
)
def test_conflicts(doc: Doc, expected: list[str]) -> None:
    """An add-on that only lacks its primary is none; a denial that lines make is one.

    96360 and 96375 may be of two visits, where the push of the other one is not claimed.
    """
    universe = [*UNIVERSE, *further_lines(("96422",), (DAY1,))]
    found = {" ".join(sorted(ids)) for ids in conflicts(doc, CPCP026, universe)}
    assert found == set(expected)


def test_a_primary_that_makes_a_conflict_of_its_own() -> None:
    """96368 hangs on 96366 on 96367, so even beside a push it lacks only lines."""
    only = further_lines(("96365",), (DAY1,))
    assert conflicts(claim("96368", "96374"), CPCP026, only) == {frozenset({"L1", "L2"})}
    assert conflicts(claim("96368", "96374"), MEDICARE, only) == set()
    later = further_lines(("96365",), (DAY2,))
    assert conflicts(claim("96368", "96374"), CPCP026, later) == set()


def test_conflicts_with_a_record() -> None:
    given = {"administrations": [{"id": "a1", **iv(ther, "10:00", "11:00")}]}
    assert conflicts(claim("96365", "96366", **given), CPCP026, UNIVERSE) == {frozenset({"L2"})}


def test_too_many_lines_for_brute_force() -> None:
    with pytest.raises(ValueError, match="at most 6 lines"):
        conflicts(claim(*["96365"] * 7), CPCP026, UNIVERSE)


def test_edits() -> None:
    doc = claim("96365", "96372")
    edits = [
        {"op": "set_modifiers", "line": "L2", "to": {"modifiers": ["59"]}},
        {"op": "set_units", "line": "L1", "to": {"units": 2}},
        {"op": "add", "line": "N1", "to": {"code": "96366"}},
    ]
    rows = repaired(doc, edits)["claim_lines"]
    assert [(r["code"], r.get("units"), r.get("modifiers")) for r in rows] == [
        ("96365", 2, []),
        ("96372", None, ["59"]),
        ("96366", None, None),
    ]
    assert doc["claim_lines"][1]["modifiers"] == []
    for wrong in ({"op": "drop", "line": "L9"}, {"op": "turn", "line": "L1"}):
        with pytest.raises(ValueError, match=r"no line L9|unknown edit turn"):
            repaired(doc, [wrong])


def test_repairs_without_a_record() -> None:
    """A modifier supposes what only a record could show; a line left out supposes nothing."""
    doc = claim("96365", "96372")
    mark = {"op": "set_modifiers", "line": "L2", "to": {"modifiers": ["59"]}}
    assert not repair_holds(doc, CPCP026, [mark])
    assert repair_holds(doc, CPCP026, [{"op": "drop", "line": "L2"}])
    assert not repair_holds(doc, CPCP026, [])
    recode = {"op": "replace", "line": "L1", "to": {"code": "96361"}}
    assert repair_holds(claim("96360", "96374"), CPCP026, [recode])


def test_repairs_with_a_record() -> None:
    given = {"administrations": [{"id": "a1", **iv(ther, "10:00", "11:00")},
                                 {"id": "a2", **im("11:00")}]}  # fmt: skip
    doc = claim("96365", "96372", **given)
    mark = {"op": "set_modifiers", "line": "L2", "to": {"modifiers": ["59"]}}
    assert repair_holds(doc, CPCP026, [mark])
    assert repair_holds(doc, CPCP026, [{"op": "drop", "line": "L2"}])
    other = {"op": "set_modifiers", "line": "L1", "to": {"modifiers": ["76"]}}
    assert not repair_holds(doc, CPCP026, [mark, other])


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (claim("96365", "96366"), claim("96366"), {"primary"}),
        (claim("96365", "96366"), claim("96365"), set()),
        (claim("96365"), claim("96365", row("96365", 2)), {"second-initial"}),
        (claim("96375", "96365"), claim("96375", "96365", row("96375", 3)), set()),
        (claim("96372", "96372-59"), claim("96372 x2"), set()),
        (office("96374", "96374-59"), office("96374 x2"),
         {"second-initial"}),
        (claim("96365", "96367"), claim("96365", "96365"), {"second-initial"}),
        (claim("96365", "96367"), claim("96365", "96368"), set()),
        (claim("96365", "96366"), claim("96365", "96415"), {"primary"}),
        (claim("96365", "96372-59"), claim("96365", "96372"), {"pair"}),
        (claim("96365"), claim("96365-59"), set()),
        (claim("96365"), claim("96365-JW"), {"waste-modifier"}),
        (claim("96365", "96366"), claim("96365", "96366 @06"), set()),
        (claim("96365", "96366"), claim("96365", "96366 @04"), {"date-outside"}),
        (claim("96365", "96372-59"), claim("96365", "96372-59 @06"), set()),
        (claim("J1745-JW", row("J1745", 2)), claim("J1745-JW", row("J1745 @06", 2)),
         {"waste-alone"}),
    ],
)  # fmt: skip
def test_which_corruptions_lines_alone_show(before: Doc, after: Doc, shown: set[str]) -> None:
    def rules(doc: Doc) -> set[str]:
        found = alone_shows(doc, CPCP026)
        return {rule.removeprefix("claim.") for rule, severity, _ in found if severity == "deny"}

    assert rules(before) == set()
    assert rules(after) == shown


def test_lines_alone_never_read_the_record() -> None:
    given = {"administrations": [{"id": "a1", **iv(ther, "10:00", "11:00")}]}
    doc = claim("96365", "96366", "96372", **given)
    assert alone_shows(doc, CPCP026) == alone_shows(without_record(doc), CPCP026)


def test_drawn_claims_are_the_same_for_a_seed() -> None:
    for seed in range(40):
        assert free_claim(seed) == free_claim(seed)
        assert corrupted(seed, CPCP026) == corrupted(seed, CPCP026)


@pytest.mark.parametrize("plan", sorted(CLAIM_PLANS))
def test_a_record_never_denies_what_it_earns(plan: str) -> None:
    settings = CLAIM_PLANS[plan]
    lines = 0
    for seed in range(250):
        found = judged(earned_claim(record(seed), settings), settings)
        assert not found.denied(found.states), seed
        assert not found.omitted
        lines += len(found.states)
    assert lines > 500


def test_an_open_record_never_denies_what_it_may_earn() -> None:
    for seed in (0, 2, 3, 5):
        doc = open_record(seed)
        doc.pop("services", None)
        for pick in range(2):
            found = judged(earned_claim(doc, CPCP026, pick), CPCP026)
            assert not found.denied(found.states), seed


@pytest.mark.parametrize("plan", sorted(CLAIM_PLANS))
def test_corruptions_are_seen_beside_the_record(plan: str) -> None:
    """With a complete record; equal lines as one leave a lawful claim (READINGS C12)."""
    settings = CLAIM_PLANS[plan]
    kinds: Counter[str] = Counter()
    for seed in range(240):
        one, earned = corrupted(seed, settings), earned_of(record(seed), settings)
        covered = record(seed).get("line_of_business") not in {"medicare", "medicaid"}
        if one is None or not covered or earned is None or not earned.complete:
            continue
        kinds[one.kind] += 1
        before, after = judged(one.before, settings), judged(one.after, settings)
        new = after.by_line - before.by_line or after.omitted - before.omitted
        states = {id_ for id_, s in after.states.items() if s != before.states.get(id_)}
        if one.kind != "reunited":
            assert new or states, (seed, one.kind, one.line)
    assert set(kinds) == set(CORRUPTIONS)


def test_free_claims_reach_every_rule_of_lines() -> None:
    rules: Counter[str] = Counter()
    for seed in range(1000):
        doc = free_claim(seed)
        for settings in CLAIM_PLANS.values():
            rules.update({f.rule.removeprefix("claim.") for f in judged(doc, settings).findings})
    assert set(rules) >= {
        *("units-unfit", "date-outside", "professional-in-facility", "facility-only"),
        *("inpatient", "home", "other-cover", "modifier-on-visit", "visit-modifier"),
        *("two-distinct", "waste-and-none", "waste-modifier", "route-modifier", "unlisted"),
        *("unlisted-ndc", "pair", "pair-lifted", "hydration-beside-push", "second-initial"),
        *("second-initial-marked", "device-flush", "visit-denies-injection", "primary"),
        *("most-units-day", "most-units-clinical", "most-units-review", "waste-alone"),
        *("none-beside-waste", "second-drug-line", "free-drug", "not-known", "record-needed"),
    }
