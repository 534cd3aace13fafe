"""Stage 2: what two lines show of one another, each having survived stage 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, permutations

from .claim import Claim, ClaimLine, Finding
from .tables import DISTINCT, FLUSH, INITIALS, VISITS, is_drug

HYDRATION_START = "96360"
HIGHER_PUSHES = {"96374", "96375"}
INJECTION, NURSE = "96372", "99211"

Provider = Callable[[ClaimLine], str | None]
"""Who gave a service, as the record says: `same`, `other`, or empty; None without a record."""


def between_lines(
    claim: Claim, lines: list[ClaimLine], provider: Provider
) -> Iterator[Finding]:
    """The findings of stage 2 among the surviving lines."""
    recoded = {(a.id, b.id) for a, b in permutations(lines, 2) if _recoded(claim, a, b, lines)}
    for one, two in permutations(lines, 2):
        if (one.id, two.id) in recoded:
            yield Finding("claim.hydration-beside-push", "deny", one.id, two.id)
        elif "other" not in (provider(one), provider(two)):  # N2
            yield from _pair(claim, one, two)
        if two.code == FLUSH and _disturbs(one, two):
            yield Finding("claim.device-flush", "deny", two.id, one.id)
        yield from _visit_denies(claim, one, two, provider)
    yield from _initials(claim, lines)


def _pair(claim: Claim, one: ClaimLine, two: ClaimLine) -> Iterator[Finding]:
    """`two` in column 2 of `one` (N1, N2, N4)."""
    indicator = claim.tables.pairs.get((one.code, two.code))
    if indicator is None or one.date != two.date:
        return
    if indicator == 1 and _lifted(claim, one, two):
        yield Finding("claim.pair-lifted", "undecided", two.id, one.id)
    else:
        yield Finding("claim.pair", "deny", two.id, one.id)


def _lifted(claim: Claim, one: ClaimLine, two: ClaimLine) -> bool:
    """Beside a visit 25 on the visit; else 59 or an X modifier (N3, E1, E8)."""
    visits = [line for line in (one, two) if line.code in VISITS]
    if visits:
        return any("25" in line.modifiers for line in visits)
    marks = set(two.modifiers)
    if claim.settings["edit_modifier"] == "either":
        marks |= set(one.modifiers)
    return bool(marks & DISTINCT)


def same_visit(claim: Claim, one: ClaimLine, two: ClaimLine) -> bool:
    """The lines may share one initial service (I1, W4, W5)."""
    same_day = one.date == two.date
    if claim.settings["initial_scope"] == "patient_date":
        return same_day
    if None not in (one.visit, two.visit) and one.visit != two.visit:
        return same_day and claim.settings["second_visit"] == "one_initial"
    return same_day or claim.settings["midnight"] == "continue"


def _apart(*lines: ClaimLine) -> bool:
    """A modifier sets one of the lines apart (S78, S79, Y1)."""
    return any(DISTINCT & set(line.modifiers) for line in lines)


def _recoded(claim: Claim, low: ClaimLine, high: ClaimLine, lines: list[ClaimLine]) -> bool:
    """Hydration claimed as the base of a push (I5, C25).

    A further push that hangs on an initial service of its own, set apart, is none of it.
    """
    if not claim.facility or low.code != HYDRATION_START or high.code not in HIGHER_PUSHES:
        return False
    if _apart(low, high) or not same_visit(claim, low, high):
        return False
    if high.code in INITIALS:
        return True
    bases = claim.tables.primaries[high.code]
    return not any(
        line.code in bases and _apart(line) and same_visit(claim, line, high) for line in lines
    )


def _disturbs(line: ClaimLine, flush: ClaimLine) -> bool:
    """Another service of the date (K9); a drug is no service."""
    return line.date == flush.date and line.code != FLUSH and not is_drug(line.code)


def _visit_denies(
    claim: Claim, visit: ClaimLine, shot: ClaimLine, provider: Provider
) -> Iterator[Finding]:
    """S87, E3; 99211 falls itself (E2)."""
    if claim.facility or claim.settings["em_with_96372"] != "deny_injection":
        return
    if visit.code not in VISITS - {NURSE} or shot.code != INJECTION or visit.date != shot.date:
        return
    who = provider(visit)
    if who is None:
        yield Finding("claim.visit-denies-injection", "undecided", shot.id, visit.id)
    elif who == "same":
        yield Finding("claim.visit-denies-injection", "deny", shot.id, visit.id)


def _initials(claim: Claim, lines: list[ClaimLine]) -> Iterator[Finding]:
    """One initial service of a visit (I1, N6); two units on one line are two."""
    initial = [line for line in lines if line.code in INITIALS]
    for line in initial:
        if (line.units or 1) > 1:
            marked = _apart(line)
            yield _second(line, None, marked=marked)
    for one, two in combinations(initial, 2):
        if same_visit(claim, one, two):
            loser = _loser(claim, one, two)
            if _apart(one, two):
                marked_line = loser if _apart(loser) else (two if loser is one else one)
                yield _second(marked_line, None, marked=True)
            else:
                yield _second(loser, two if loser is one else one, marked=False)


def _second(line: ClaimLine, other: ClaimLine | None, *, marked: bool) -> Finding:
    if marked:
        return Finding("claim.second-initial-marked", "undecided", line.id)
    return Finding("claim.second-initial", "deny", line.id, other.id if other else None)


def _loser(claim: Claim, one: ClaimLine, two: ClaimLine) -> ClaimLine:
    """Which of two initial services falls.

    In facilities the lower rank (I4). For professionals the one in column 2, so that the pair
    and the one-initial rule deny the same line (N2). Of equals the later on the claim.
    """
    if one.code == two.code:
        return max(one, two, key=lambda line: line.place)
    if claim.facility:
        return max(one, two, key=lambda line: INITIALS.index(line.code))
    if one.date == two.date:
        if (one.code, two.code) in claim.tables.pairs:
            return two
        if (two.code, one.code) in claim.tables.pairs:
            return one
    return max(one, two, key=lambda line: line.place)
