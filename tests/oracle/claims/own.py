"""What the record's own lines show against the tables: a claim that repeats it is for review.

Decision 0016: what the record earns as it stands is not denied.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import permutations

from .beside import pair
from .claim import Claim, ClaimLine
from .counts import without_primary
from .earned import CodeSet, Earned
from .tables import DISTINCT, VISITS

PRIMARY = "claim.primary"


@dataclass(slots=True)
class OwnFaults:
    """Faults that some code set of the record has by itself."""

    pairs: set[tuple[str, str, str]] = field(default_factory=set)
    """Column 1, column 2 and date of pairs that nothing lifts."""
    orphans: set[tuple[str, str]] = field(default_factory=set)
    """Code and date of add-ons without a primary."""
    visits: set[tuple[str, str]] = field(default_factory=set)
    """Code and date of visits with a distinct-service modifier."""


def own_faults(claim: Claim, earned: Earned | None) -> OwnFaults:
    """The faults of every code set together; none without a record."""
    faults = OwnFaults()
    for one in earned.sets if earned is not None else ():
        lines = as_lines(one)
        by_id = {line.id: line for line in lines}
        for a, b in permutations(lines, 2):
            if any(f.rule == "claim.pair" for f in pair(claim, a, b)):
                faults.pairs.add((a.code, b.code, a.date))
        for finding in without_primary(claim, lines):
            if finding.rule == PRIMARY:  # one of another date is a primary all the same (B3)
                line = by_id[finding.line]
                faults.orphans.add((line.code, line.date))
        faults.visits |= {
            (line.code, line.date)
            for line in lines
            if line.code in VISITS and DISTINCT & set(line.modifiers)
        }
    return faults


def as_lines(one: CodeSet) -> list[ClaimLine]:
    """The items of a code set as the lines of a claim."""
    return [
        ClaimLine(str(n), n, item.code, item.units, item.modifiers, item.date, item.visit)
        for n, item in enumerate(one.items, 1)
    ]
