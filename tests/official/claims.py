"""Small claims of a few lines without a record, and what `check` denies of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from infucode import Policy
from infucode.model.encounter import ClaimLine, Encounter

DAY = date(2024, 8, 5)
PLACES = {"professional": "11", "facility": "22"}
CLAIMS = tuple(PLACES)

EARLIER = {
    "claim.pair": {"claim.facility-only", "claim.hydration-beside-push"},
    "claim.primary": {"claim.facility-only", "claim.pair"},
}
"""By rule, the rules of earlier stages that may deny the line instead."""
EARLIER_THAN_UNITS = {"claim.facility-only", "claim.second-initial"}

Written = tuple[str, int, tuple[str, ...]]
"""Code, units and modifiers of a line."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Claims of one date under one plan."""

    policy: Policy

    def denied(self, claim: str, lines: Sequence[Written]) -> list[tuple[str, str]]:
        """The rule of each denial, and the line that it denies: L1, L2 and so on."""
        written = tuple(
            ClaimLine(f"L{n}", code, Decimal(units), marks, 0, None, (), None, "own label", "1")
            for n, (code, units, marks) in enumerate(lines, start=1)
        )
        encounter = Encounter(
            "official",
            claim,
            DAY,
            (),
            place_of_service=PLACES[claim],
            claim_lines=written,
            claim_stated=True,
        )
        checked = self.policy.check(encounter, explain=False).checked
        return [(v.rule, v.lines[0]) for v in checked.violations if v.severity == "deny"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim against one published row."""

    row: str
    wanted: bool
    rule: str
    line: str
    denied: list[tuple[str, str]]

    @property
    def verdict(self) -> str:
        """`as published`, `WRONG`, or the rule of an earlier stage that denies instead."""
        if ((self.rule, self.line) in self.denied) == self.wanted:
            return "as published"
        before = {rule for rule, _ in self.denied} & EARLIER.get(self.rule, EARLIER_THAN_UNITS)
        if self.wanted and before:
            return f"denied before by {', '.join(sorted(before))}"
        return "WRONG"
