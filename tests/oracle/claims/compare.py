"""The claim held against what its record earns: by code and date, waste apart (0016)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .claim import Claim, ClaimLine, Finding
from .earned import CodeSet, Earned, Key, Want
from .tables import (
    ADMINISTRATION,
    FAMILIES,
    INITIALS,
    PAYING,
    VISITS,
    is_drug,
    is_known,
    is_supply,
)

DECLOT = "36593"
BEYOND = "claim.unsupported"
ALIKE = frozenset({BEYOND, "claim.family", "claim.initial"})
"""Three names for a code that the record does not earn; the most telling one is given."""

Said = set[tuple[str, str, str]]
"""Rule, severity and line."""


def held_against(claim: Claim, lines: list[ClaimLine], earned: Earned) -> Iterator[Finding]:
    """What the record says of the lines; where code sets differ, only what all of them say."""
    lines = [line for line in lines if claim.judges(line)]
    said = [_Comparison(lines, one, earned).all() for one in earned.sets]
    for line in lines:
        yield from _settled(line, said)
    everywhere = set.intersection(*said) if said else set()
    yield from (Finding(*one) for one in sorted(everywhere) if one[1] in {"review", "advise"})


def _settled(line: ClaimLine, said: list[Said]) -> Iterator[Finding]:
    """Denied under every code set; under some of them: undecided."""
    denies = [{rule for rule, sev, id_ in one if (sev, id_) == ("deny", line.id)} for one in said]
    unsure = {rule for one in said for rule, sev, id_ in one if (sev, id_) == ("undecided", line.id)}
    if denies and all(denies):
        rules = set.intersection(*denies) or {BEYOND}
        yield from (Finding(rule, "deny", line.id) for rule in sorted(rules))
    elif any(denies):
        yield Finding(BEYOND, "undecided", line.id)
    yield from (Finding(rule, "undecided", line.id) for rule in sorted(unsure))


def omitted(claim: Claim, lines: list[ClaimLine], earned: Earned) -> frozenset[tuple[str, str]]:
    """Code and date of what every code set earns and no line claims."""
    if claim.other_cover:
        return frozenset()
    claimed = {line.key for line in lines}
    keys = [{item.key for item in one.items} for one in earned.sets]
    everywhere = set.intersection(*keys) if keys else set()
    return frozenset((code, day) for code, day, _ in everywhere - claimed)


class _Comparison:
    """One claim against one code set."""

    def __init__(self, lines: list[ClaimLine], one: CodeSet, earned: Earned) -> None:
        self.lines, self.one, self.earned = lines, one, earned
        self.wants = one.wants(earned.optional)
        self.groups: dict[Key, list[ClaimLine]] = {}
        for line in lines:
            self.groups.setdefault(line.key, []).append(line)

    def all(self) -> Said:
        """Everything that this code set says."""
        said: Said = set()
        for key, lines in self.groups.items():
            want = self.wants.get(key)
            if want is None:
                said |= {(*self._unearned(line), line.id) for line in lines}
            else:
                said |= set(self._units(lines, want)) | set(_marks(lines, want))
        return said

    def _unearned(self, line: ClaimLine) -> tuple[str, str]:
        code, _, waste = line.key
        if any((other[0], other[2]) == (code, waste) for other in self.wants):
            return ("claim.date", self._firmly(line))
        if code in self.earned.services:
            return (BEYOND, "deny")
        if code in ADMINISTRATION or code == DECLOT:
            return (self._telling(line), self._firmly(line))
        if is_drug(code):
            return (BEYOND, self._drug(line))
        if not is_known(code):
            return ("claim.not-known", "undecided")
        if code in VISITS or is_supply(code) or is_known(code):
            return ("claim.no-service", "review")
        raise AssertionError(code)

    def _firmly(self, line: ClaimLine) -> str:
        """Denied, unless it may be for something that could not be coded."""
        unjudged = self.earned.unjudged
        could = line.code in ADMINISTRATION or line.code == DECLOT or is_drug(line.code)
        named = set(line.administrations)
        if unjudged and could and (named & unjudged or not named):
            return "undecided"
        return "deny"

    def _drug(self, line: ClaimLine) -> str:
        """A drug that was given without a stated dose, or under no code, cannot be denied."""
        names = {code for code, _ in self.earned.held} | set(self.earned.suppliers)
        if line.code in self.earned.undosed:
            return "undecided"
        if line.code not in names and not self.earned.every_drug_named:
            return "undecided"
        return self._firmly(line)

    def _telling(self, line: ClaimLine) -> str:
        own = next((family for family in FAMILIES if line.code in family), None)
        given = {c for id_ in line.administrations for c in self._codes_of(id_)}
        if own is not None and any(c in f for c in given for f in FAMILIES if f is not own):
            return "claim.family"
        earned_codes = {code for code, *_ in self.wants}
        if line.code in INITIALS and earned_codes & set(INITIALS):
            return "claim.initial"
        return BEYOND

    def _codes_of(self, id_: str) -> frozenset[str]:
        return self.one.by_administration.get(id_, frozenset())

    def _units(self, lines: list[ClaimLine], want: Want) -> Iterator[tuple[str, str, str]]:
        if any(line.units is None for line in lines):
            return
        claimed = sum(line.units or 0 for line in lines)
        for line in lines:
            if claimed > want.units:
                yield ("claim.units", self._firmly(line), line.id)
            elif claimed < want.units:
                yield ("claim.units-fewer", "advise", line.id)


def _marks(lines: list[ClaimLine], want: Want) -> Iterator[tuple[str, str, str]]:
    """Modifiers by units: one that the record gives and the lines lack, and the other way."""
    claimed: Counter[str] = Counter()
    for line in lines:
        claimed.update(dict.fromkeys(line.modifiers, line.units or 0))
    total = sum(line.units or 0 for line in lines)
    short, excess = max(0, want.units - total), max(0, total - want.units)
    for mark in {*claimed, *want.marks}:
        if claimed[mark] < want.marks[mark] - short:
            for line in lines:
                if mark not in line.modifiers:
                    yield ("claim.modifier-missing", "review", line.id)
        if mark in PAYING - want.allowed and claimed[mark] > want.marks[mark] + excess:
            for line in lines:
                if mark in line.modifiers:
                    yield ("claim.modifier-unsupported", "review", line.id)
