"""Stage 2: what two lines show of one another, each having survived stage 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations

from .claim import Claim, ClaimLine, Finding
from .tables import DISTINCT, FLUSH, INITIALS, VISITS, kind_of

HYDRATION_START = "96360"
HIGHER_PUSHES = {"96374", "96375"}
INJECTION, NURSE = "96372", "99211"


@dataclass(frozen=True, slots=True)
class Says:
    """What the record says of lines; without a record nothing."""

    provider: Callable[[ClaimLine], str | None]
    """Who gave a service: `same`, `other`, or empty; None without a record."""
    together: Callable[[ClaimLine, ClaimLine], bool]
    """Some code set earns the codes of both lines on their date."""


def between_lines(claim: Claim, lines: list[ClaimLine], says: Says) -> Iterator[Finding]:
    """The findings of stage 2 among the surviving lines."""
    for one, two in permutations(lines, 2):
        if _recoded(claim, one, two, lines, says):
            yield Finding("claim.hydration-beside-push", "deny", one.id, two.id)
        elif "other" not in (says.provider(one), says.provider(two)):  # N2
            yield from pair(claim, one, two)
        if two.code == FLUSH and _disturbs(one, two) and not says.together(one, two):
            yield Finding("claim.device-flush", "deny", two.id, one.id)
        yield from _visit_denies(claim, one, two, says)
    yield from _initials(claim, lines, says)


def pair(claim: Claim, one: ClaimLine, two: ClaimLine) -> Iterator[Finding]:
    """`two` in column 2 of `one` (N1, N2, N4)."""
    if (one.code, two.code) not in claim.tables.pairs or one.date != two.date:
        return
    if lifted(claim, one, two):
        yield Finding("claim.pair-lifted", "undecided", two.id, one.id)
    else:
        yield Finding("claim.pair", "deny", two.id, one.id)


def lifted(claim: Claim, one: ClaimLine, two: ClaimLine) -> bool:
    """A modifier lifts the pair of column 1 over column 2 (N1, N3, E1, E8).

    Where column 2 is a visit only 25 on it does; where column 1 is one, 25 on it does too.
    """
    if claim.tables.pairs[one.code, two.code] != 1:
        return False
    if two.code in VISITS:
        return "25" in two.modifiers
    if one.code in VISITS and "25" in one.modifiers:
        return True
    either = claim.settings["edit_modifier"] == "either"
    return bool(DISTINCT & {*two.modifiers, *(one.modifiers if either else ())})


def same_visit(claim: Claim, one: ClaimLine, two: ClaimLine) -> bool:
    """The lines share one initial service (I1, W4, W5)."""
    by_date = claim.settings["initial_scope"] == "patient_date"
    stated = None not in (one.visit, two.visit)
    if one.date == two.date:
        by_date = by_date or claim.settings["second_visit"] == "one_initial"
        return by_date or not stated or one.visit == two.visit
    if by_date or claim.settings["midnight"] != "continue":
        return False
    return stated and one.visit == two.visit


def _marked(*lines: ClaimLine) -> bool:
    return any(DISTINCT & set(line.modifiers) for line in lines)


def _apart(claim: Claim, one: ClaimLine, two: ClaimLine) -> bool:
    """A modifier that the switches let count sets one of two initial services apart."""
    scope = claim.settings["initial_scope"]
    if scope == "patient_date" or not _marked(one, two):
        return False
    if scope == "encounter_access":
        return True
    same_stated = one.visit is not None and one.visit == two.visit
    return claim.settings["second_visit"] == "new_initial" and not same_stated


def _recoded(
    claim: Claim, low: ClaimLine, high: ClaimLine, lines: list[ClaimLine], says: Says
) -> bool:
    """Hydration claimed as the base of a push of its date (I5, C25).

    A further push that may hang on an initial service set apart is none of it.
    """
    if not claim.facility or low.code != HYDRATION_START or high.code not in HIGHER_PUSHES:
        return False
    if low.date != high.date or _marked(low, high) or not same_visit(claim, low, high):
        return False
    if says.together(low, high):
        return False
    if high.code in INITIALS:
        return True
    bases = claim.tables.primaries[high.code]
    return not any(
        line.code in bases and _marked(line) and same_visit(claim, line, high) for line in lines
    )


def _disturbs(line: ClaimLine, flush: ClaimLine) -> bool:
    """Another service of the date (K9); a supply is none."""
    other = line.code != FLUSH and kind_of(line.code) != "supply"
    return other and line.date == flush.date


def _visit_denies(
    claim: Claim, visit: ClaimLine, shot: ClaimLine, says: Says
) -> Iterator[Finding]:
    """S87, E3; 99211 falls itself (E2)."""
    if claim.facility or claim.settings["em_with_96372"] != "deny_injection":
        return
    if visit.code not in VISITS - {NURSE} or shot.code != INJECTION or visit.date != shot.date:
        return
    who = says.provider(visit)
    if who is None:
        yield Finding("claim.visit-denies-injection", "undecided", shot.id, visit.id)
    elif who == "same":
        yield Finding("claim.visit-denies-injection", "deny", shot.id, visit.id)


def _initials(claim: Claim, lines: list[ClaimLine], says: Says) -> Iterator[Finding]:
    """One initial service of a visit (I1, N6); two units on one line are two.

    Two that a pair joins and nothing lifts are left to the pair, so that both rules never
    deny a line each (N2), and hydration below a push to its own rule.
    """
    initial = [line for line in lines if line.code in INITIALS]
    for line in initial:
        if (line.units or 1) > 1:
            yield _second(line, None, marked=_apart(claim, line, line))
    for one, two in combinations(initial, 2):
        if not same_visit(claim, one, two) or _left_to_pair(claim, one, two):
            continue
        if _recoded(claim, one, two, lines, says) or _recoded(claim, two, one, lines, says):
            continue
        loser = _loser(claim, one, two)
        winner = two if loser is one else one
        if _apart(claim, one, two):
            yield _second(loser if _marked(loser) else winner, None, marked=True)
        else:
            yield _second(loser, winner, marked=False)


def _left_to_pair(claim: Claim, one: ClaimLine, two: ClaimLine) -> bool:
    return any(f.rule == "claim.pair" for f in (*pair(claim, one, two), *pair(claim, two, one)))


def _second(line: ClaimLine, other: ClaimLine | None, *, marked: bool) -> Finding:
    if marked:
        return Finding("claim.second-initial-marked", "undecided", line.id)
    return Finding("claim.second-initial", "deny", line.id, other.id if other else None)


def _loser(claim: Claim, one: ClaimLine, two: ClaimLine) -> ClaimLine:
    """In facilities the lower rank (I4); of equals, and for professionals, the later one."""
    if claim.facility and one.code != two.code:
        return max(one, two, key=lambda line: INITIALS.index(line.code))
    return max(one, two, key=lambda line: line.place)
