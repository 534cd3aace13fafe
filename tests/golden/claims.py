"""Checked claims made by hand, for the views: nothing in them comes from a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date as Date
from decimal import Decimal

from infucode.model.claim import Checked, Earned, LineState, NotChecked, Violation
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


CLAIMS = {"mixed": mixed, "clean": clean, "bare": bare, "empty": empty}
