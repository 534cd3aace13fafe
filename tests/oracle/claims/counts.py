"""Stages 3 and 4: units a day, and add-ons without a primary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .claim import Claim, ClaimLine, Finding
from .tables import DISTINCT

APART = "claim.primary-apart"
PER_LINE, ABSOLUTE, CLINICAL = 1, 2, 3

Earns = Callable[[str, str, int], bool]
"""Whether the record earns so many units of a code on a date."""


def beyond(lines: Sequence[ClaimLine], limit: int) -> list[ClaimLine]:
    """The lines at which the running sum of units passes a limit, in the order of the claim."""
    total, found = 0, []
    for line in sorted(lines, key=lambda line: line.place):
        total += line.units or 0
        if total > limit:
            found.append(line)
    return found


def too_many(claim: Claim, lines: list[ClaimLine], earns: Earns) -> Iterator[Finding]:
    """Units beyond the limit of the code: all of its lines fall or go to review (M1, M2)."""
    for code, day in sorted({(line.code, line.date) for line in lines}):
        limit, kind = claim.tables.limits.get(code, (None, 0))
        found = [line for line in lines if (line.code, line.date) == (code, day)]
        if limit is None:
            continue
        over = beyond(found, limit)
        if kind == PER_LINE:
            found = over = [line for line in found if (line.units or 0) > limit]
        if not over:
            continue
        total = sum(line.units or 0 for line in found)
        rule, severity = _verdict(over, kind, earned=earns(code, day, total))
        yield from (Finding(rule, severity, line.id) for line in found)


def _verdict(over: list[ClaimLine], kind: int, *, earned: bool) -> tuple[str, str]:
    """I14: what the record earns, or what a modifier sets apart, is for review."""
    apart = kind == CLINICAL and all(DISTINCT & set(line.modifiers) for line in over)
    if earned or apart:
        return "claim.most-units-review", "review"
    names = {PER_LINE: "line", ABSOLUTE: "day", CLINICAL: "clinical"}
    return f"claim.most-units-{names[kind]}", "deny"


def without_primary(claim: Claim, lines: Sequence[ClaimLine]) -> Iterator[Finding]:
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
        elif line.code in primaries and not _carried_here(claim, line, lines):
            yield Finding(APART, "undecided", line.id)


def _carried_here(claim: Claim, line: ClaimLine, lines: Sequence[ClaimLine]) -> bool:
    """A primary stands on the same date, and no stated visit sets it apart (A14, B3, I10)."""
    by_date = claim.settings["initial_scope"] == "patient_date"
    by_date = by_date or claim.settings["second_visit"] == "one_initial"
    return any(
        other.code in claim.tables.primaries[line.code]
        and other.date == line.date
        and (by_date or None in (line.visit, other.visit) or line.visit == other.visit)
        for other in lines
    )
