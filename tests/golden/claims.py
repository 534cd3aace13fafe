"""Checked claims made by hand, for the views: nothing in them comes from a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date as Date
from decimal import Decimal

from infucode.model.claim import (
    Cap,
    Checked,
    Conflict,
    Earned,
    Edit,
    LineState,
    NotChecked,
    Remedies,
    Repair,
    Violation,
)
from infucode.model.encounter import ClaimLine, Encounter
from infucode.model.solution import Ask, PolicyRef, Reason
from tests.golden.worlds import WORLDS

TITLE = "A plan [/with] a long title that has to wrap somewhere on the way"
POLICY = PolicyRef(
    "cpcp026", TITLE, "1.0", Date(2024, 8, 5), "sha256:00ff", (("missing_stop", "push"),)
)
LINES = (
    ClaimLine("L1", "96365", Decimal(1), administrations=("a2",)),
    ClaimLine("L2", "96374", None, ("59",), 0, 1),
    ClaimLine("L3", "96366", Decimal("1.5"), (), 1, 2, charge=Decimal("12.50")),
    ClaimLine("L4", "J9999", Decimal(40), ("JW",), description="=drug | <b>\x07", ndc="1"),
    ClaimLine("L5", "96372", Decimal(1), ("59", "XS")),
)
STATES = (
    LineState("L1", "stands", "Drug infusion, initial"),
    LineState("L2", "violates", "IV push, initial"),
    LineState("L3", "violates", "Drug infusion, further hour"),
    LineState("L4", "undecided", "",
              (Reason("claim.open", "L4 (J9999) hangs on it.", "guide 1"),),
              (Ask("stop", "a2", "When did ceftriaxone 10:10 stop?", "It decides the hours."),)),
    LineState("L5", "review", "Injection under the skin or into muscle"),
)  # fmt: skip
VIOLATIONS = (
    Violation("claim.second", "deny", ("L2", "L1"), ("a2",),
              "L2 (96374-59) is a second initial service beside L1 (96365).", "guide 2; paper 3"),
    Violation("claim.second", "deny", ("L2", "L3"), ("a2",),
              "L2 (96374-59) is a second initial service beside L3 (96366).", "guide 2; paper 3"),
    Violation("claim.units", "deny", ("L3",), ("a2",),
              "The units of L3 (96366) are not a whole number of 1 or more, and this sentence is "
              "so long that it has to go on in another row of the page.", "guide [bold]4"),
    Violation("claim.modifier", "review", ("L5",), ("a1",), "L5 (96372-59-XS) carries two.", ""),
    Violation("claim.fewer", "advise", ("L1",), (), "L1 (96365) claims less than was earned.",
              "guide 5"),
    Violation("claim.omitted", "advise", (), ("a1",), "96375 is not claimed.", "guide 6",
              Earned("96375", "IV push, sequential new drug", 2, ("59",), Date(2024, 8, 6), 2,
                     ("a1",), ("s1",), "0.00")),
    Violation("plan.superseded", "advise", (), (), "A revision was announced.", "versions"),
)  # fmt: skip
NOT_CHECKED = (
    NotChecked("L4 (J9999)", "L4 (J9999) hangs on it.", "claim.open", "guide 1"),
    NotChecked("J9999", "No table here holds its units.", "claim.not-held", "mue"),
    NotChecked("J0696", "No table here holds its units.", "claim.not-held", "mue"),
    NotChecked("PTP edits of other editions", "held against PTP edits of 2024Q3"),
)


def mixed() -> tuple[Encounter, Checked]:
    """A line of each state, each kind of remark, and foreign text that would like to act."""
    encounter, _ = WORLDS["emergency"]()
    encounter = replace(encounter, claim_lines=LINES)
    return encounter, Checked(
        encounter.id, POLICY, "violating", STATES, VIOLATIONS, NOT_CHECKED, "open"
    )


def clean() -> tuple[Encounter, Checked]:
    """A claim of which every line stands."""
    encounter, _ = WORLDS["emergency"]()
    encounter = replace(encounter, claim_lines=LINES[:1])
    policy = replace(POLICY, switches=())
    return encounter, Checked(encounter.id, policy, "valid", STATES[:1], (), (), "complete")


def bare() -> tuple[Encounter, Checked]:
    """Lines without a record."""
    encounter, _ = WORLDS["emergency"]()
    encounter = replace(encounter, administrations=(), services=(), claim_lines=LINES[3:4])
    return encounter, Checked(
        encounter.id, POLICY, "undecided", STATES[3:4], (), NOT_CHECKED[:1], "none"
    )


def empty() -> tuple[Encounter, Checked]:
    """A claim without lines: everything is omitted."""
    encounter, _ = WORLDS["emergency"]()
    return encounter, Checked(
        encounter.id, POLICY, "valid", (), VIOLATIONS[5:6], NOT_CHECKED[3:], "complete"
    )


def _edits() -> tuple[Edit, ...]:
    """One of each kind, and one that changes all of a line."""
    l1, l2, l3, l4, l5 = LINES
    return (
        Edit("set_units", "L1", "Set the units of L1 (96365) to 2.", l1,
             replace(l1, units=Decimal(2))),
        Edit("set_modifiers", "L2", "Put XS on L2 (96374-59), as the record earns it.", l2,
             replace(l2, modifiers=("59", "XS"))),
        Edit("replace", "L3", "Report L3 (96366) with 96415-59, with 1 unit, on 2024-08-05, of "
             "visit 1, for a2, as the record earns it.", l3,
             ClaimLine("L3", "96415", Decimal(1), ("59",), 0, 1, ("a2",), l3.charge)),
        Edit("drop", "L4", "Leave out L4 (J9999-JW).", l4),
        Edit("set_modifiers", "L5", "Take 59 off L5 (96372-59-XS).", l5,
             replace(l5, modifiers=("XS",))),
        Edit("add", "N1", "Add 96375 with 2 units, which the record earns.", None,
             ClaimLine("N1", "96375", Decimal(2), (), 0, None, ("a1",))),
    )  # fmt: skip


NEED = ("L4 (J9999-JW) could stand beside L1 (96365) with modifier 59, if the record showed that "
        "[they] were distinct: another session, site or line.")  # fmt: skip


def repaired() -> tuple[Encounter, Checked]:
    """Conflicts, repairs with every kind of edit, what would need more, limits reached."""
    encounter, checked = mixed()
    edits = _edits()
    after = tuple(edit.after for edit in edits if edit.after is not None)
    remedies = Remedies(
        (
            Conflict(("L4",), ("claim.waste", "claim.units")),
            Conflict(("L1", "L2", "L3"), ("claim.second",)),
        ),
        (
            Repair(edits, (NEED,), after, "valid"),
            Repair(edits[3:4], (NEED,), (*LINES[:3], LINES[4]), "review"),
            Repair(edits[:1], (), (*after[:1], *LINES[1:]), "undecided"),
            Repair(edits[3:4], (), (), "valid"),
        ),
        (
            Cap("conflicts", 2, "at most 2 are looked for"),
            Cap("repairs", 4, "of 9 ways to repair lines that hang together, 4 stand"),
        ),
        encounter.date,
    )
    return encounter, replace(checked, remedies=remedies)


def hopeless() -> tuple[Encounter, Checked]:
    """A claim of which no repair was found."""
    encounter, checked = bare()
    cap = Cap("repairs", 0, "no set of edits was found after which nothing is denied")
    return encounter, replace(checked, outcome="violating", remedies=Remedies((), (), (cap,)))


CLAIMS = {
    "mixed": mixed,
    "clean": clean,
    "bare": bare,
    "empty": empty,
    "repaired": repaired,
    "hopeless": hopeless,
}
