"""Stages 3 and 4: units a day, and add-ons without a primary."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .claim import Claim, ClaimLine, Finding
from .tables import DISTINCT

PER_LINE, ABSOLUTE, CLINICAL = 1, 2, 3

Earns = Callable[[str, str, int], bool]
"""Whether the record earns so many units of a code on a date."""


def too_many(claim: Claim, lines: list[ClaimLine], earns: Earns) -> Iterator[Finding]:
    """Units beyond the limit of the code: all of its lines fall or go to review (M1, M2)."""
    for code, day in sorted({(line.code, line.date) for line in lines}):
        limit, kind = claim.tables.limits.get(code, (None, 0))
        found = [line for line in lines if (line.code, line.date) == (code, day)]
        if limit is None:
            continue
        if kind == PER_LINE:
            over = [line for line in found if (line.units or 0) > limit]
            yield from (Finding("claim.most-units-line", "deny", line.id) for line in over)
            continue
        total = _units(found)
        if total > limit:
            rule, severity = _verdict(found, limit, kind, earned=earns(code, day, total))
            yield from (Finding(rule, severity, line.id) for line in found)


def _units(lines: list[ClaimLine]) -> int:
    return sum(line.units or 0 for line in lines)


def _verdict(
    lines: list[ClaimLine], limit: int, kind: int, *, earned: bool
) -> tuple[str, str]:
    if kind == ABSOLUTE:
        return "claim.most-units-day", "deny"
    plain = [line for line in lines if not DISTINCT & set(line.modifiers)]
    if earned or _units(plain) <= limit:
        return "claim.most-units-review", "review"
    return "claim.most-units-clinical", "deny"


def without_primary(claim: Claim, lines: list[ClaimLine]) -> Iterator[Finding]:
    """Add-ons that no surviving line carries, to any depth and on any date (A14, A15, B3)."""
    primaries = claim.tables.primaries
    carried = {line.code for line in lines if line.code not in primaries}
    while True:
        more = {
            line.code
            for line in lines
            if line.code in primaries and primaries[line.code] & carried
        }
        if more <= carried:
            break
        carried |= more
    for line in lines:
        if line.code not in carried:
            yield Finding("claim.primary", "deny", line.id)
