"""Conflicts and repairs against trying everything, on a sample of drawn claims."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from infucode.model.claim import Edit
from tests.oracle.claims import CLAIM_PLANS, repair_holds
from tests.properties import brute_repairs as brute

Doc = dict[str, Any]


@pytest.mark.parametrize("plan", sorted(CLAIM_PLANS))
@pytest.mark.parametrize(("kind", "end"), [("free", 8), ("unread", 12), ("record", 6)])
def test_what_is_found_is_what_trying_everything_finds(plan: str, kind: str, end: int) -> None:
    """The short run: claims of up to three lines. The module itself goes up to six."""
    tally = brute.compared(plan, kind, 0, end, most=3)
    assert tally.faults == []
    assert tally.compared >= 2
    assert tally.repairs > 0
    assert tally.unrepaired == 0


def claim(*codes: str) -> Doc:
    rows = [{"id": f"L{n}", "code": c, "modifiers": []} for n, c in enumerate(codes, 1)]
    place = {"claim": "facility", "type_of_bill": "0131", "date": brute.DAYS[0]}
    return {"id": "c", **place, "administrations": [], "claim_lines": rows}


def test_the_comparison_can_fail() -> None:
    doc = claim("96365", "96372", "96366")
    found = brute.remedies("cpcp026", doc)
    assert list(brute.conflict_faults("cpcp026", doc, found)) == []
    assert list(brute.repair_faults("cpcp026", doc, found)) == []
    lost = replace(found, conflicts=())
    assert "oracle alone ['L1 L2', 'L2 L3']" in next(brute.conflict_faults("cpcp026", doc, lost))
    (first,) = found.repairs
    needless = Edit("drop", "L3", "", before=first.lines[-1])
    both = replace(first, edits=(*first.edits, needless))
    for wrong, fault in (
        (replace(first, edits=()), "does not hold"),
        (replace(both, lines=()), "a part does"),
        (replace(first, lines=()), "other lines"),
    ):
        faults = list(brute.repair_faults("cpcp026", doc, replace(found, repairs=(wrong,))))
        assert any(fault in one for one in faults), (fault, faults)
    none = replace(found, repairs=())
    assert any("a smaller one" in one for one in brute.repair_faults("cpcp026", doc, none))


def test_a_modifier_without_a_record_never_holds() -> None:
    """The oracle takes it for a question more: so no repair may make the same mistake."""
    doc = claim("96365", "96372")
    mark = {"op": "set_modifiers", "line": "L2", "to": {"modifiers": ["59"]}}
    assert not repair_holds(doc, CLAIM_PLANS["cpcp026"], [mark])
    for seed in range(30):
        drawn = brute.free_claim(seed)
        before = {row["id"]: set(row["modifiers"]) for row in drawn["claim_lines"]}
        for repair in brute.remedies("cpcp026", drawn).repairs:
            for line in repair.lines:
                assert set(line.modifiers) <= before[line.id], seed
