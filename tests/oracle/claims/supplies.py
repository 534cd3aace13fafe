"""Supplies, flushes and bags of fluid beside what takes them in (stage 2, decision 0016)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from .beside import Says
from .claim import Claim, ClaimLine, Finding
from .tables import ADMINISTRATION, FLUIDS, FLUSH, FLUSHES

INTO_VEIN = frozenset(
    {
        *("96360", "96365", "96374", "96409", "96413"),
        *("96367", "96417", "96375", "96411"),
    }
)
"""Initial, sequential and push codes: what a bag runs in through."""


def supplies(
    claim: Claim, lines: list[ClaimLine], kinds: dict[str, str], says: Says
) -> Iterator[Finding]:
    """S57, S58, S59, D15; what the record earns beside the same code is left alone."""
    for line, other in permutations(lines, 2):
        if line.date != other.date or says.together(line, other):
            continue
        if is_supply(line.code) and not _article(other, kinds):
            rule = _rule(claim, other)
            if rule:
                yield Finding(rule, "deny", line.id, other.id)
        bag = line.code in FLUIDS and other.code in INTO_VEIN
        if bag and claim.settings["fluid_bag"] == "integral":
            yield Finding("claim.fluid-bag", "deny", line.id, other.id)


def is_supply(code: str) -> bool:
    """A supply or a flush, as the device's own is none."""
    return code.startswith("A4") or code in FLUSHES


def _article(line: ClaimLine, kinds: dict[str, str]) -> bool:
    return is_supply(line.code) or line.code in FLUIDS or kinds[line.id] == "drug"


def _rule(claim: Claim, other: ClaimLine) -> str:
    """The plan's own rule goes before the one about offices."""
    served = other.code in ADMINISTRATION - {FLUSH}
    if claim.settings["plan"] == "cpcp026" and served:
        return "cpcp026.claim-supplies"
    office = not claim.facility and not claim.in_facility
    return "claim.office-supplies" if office and _integral(claim) else ""


def _integral(claim: Claim) -> bool:
    return claim.settings["office_supplies"] == "integral"
