"""The claim held against what its record earns: by code, date and part (0016)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .claim import Claim, ClaimLine, Finding
from .counts import beyond
from .earned import CodeSet, Earned, Key, Want
from .tables import DISTINCT, FAMILIES, INITIALS, PAYING

BEYOND, WASTE, OPEN = "claim.unsupported", "claim.waste-units", "claim.record-open"
ALIKE = frozenset({BEYOND, "claim.family", "claim.initial"})
"""Three names for a code that the record does not earn; the most telling one is given."""
TELLING = ("claim.units", "claim.date", WASTE, "claim.family", "claim.initial", BEYOND)
"""Which of several reasons is given where the code sets deny a line for different ones."""
DELIVERIES = (
    {"96360", "96365", "96413"},
    {"96361", "96366", "96415"},
    {"96367", "96417"},
    {"96374", "96409"},
    {"96375", "96411"},
    {"96372", "96401", "96402"},
    {"96373", "96420"},
    {"C8957", "96416", "G0498"},
    {"96379", "96549"},
)
"""Codes for the same kind of delivery in different families."""
ONE_MARK = "59"
"""59 and the X modifiers say one thing here."""

Said = set[tuple[str, str, str]]
"""Rule, severity and line."""


def held_against(
    claim: Claim, lines: list[ClaimLine], kinds: dict[str, str], earned: Earned
) -> Iterator[Finding]:
    """What the record says of the lines; where code sets differ, only what all of them say."""
    lines = [line for line in lines if claim.judges(line)]
    said = [_Comparison(lines, kinds, one, earned, claim.settings).all() for one in earned.sets]
    for line in lines:
        yield from _settled(line, said)
    everywhere = set.intersection(*said) if said else set()
    yield from (Finding(*one) for one in sorted(everywhere) if one[1] in {"review", "advise"})


def _settled(line: ClaimLine, said: list[Said]) -> Iterator[Finding]:
    """Denied under every code set; under some of them: undecided."""

    def rules(severity: str, one: Said) -> set[str]:
        return {rule for rule, *rest in one if rest == [severity, line.id]}

    denies = [rules("deny", one) for one in said]
    unsure = {rule for one in said for rule in rules("undecided", one)}
    if denies and all(denies):
        every = set.union(*denies)
        told = set.intersection(*denies) or {next(rule for rule in TELLING if rule in every)}
        yield from (Finding(rule, "deny", line.id) for rule in sorted(told))
    elif any(denies):
        yield Finding(OPEN, "undecided", line.id)
    yield from (Finding(rule, "undecided", line.id) for rule in sorted(unsure))


def omitted(claim: Claim, lines: list[ClaimLine], earned: Earned) -> frozenset[tuple[str, str]]:
    """Code and date of what every code set earns and no line claims."""
    if claim.other_cover:
        return frozenset()
    claimed = {line.key for line in lines}
    keys = [{i.key for i in one.items if earned.certain(i)} for one in earned.sets]
    everywhere = set.intersection(*keys) if keys else set()
    return frozenset((code, day) for code, day, _ in everywhere - claimed)


class _Comparison:
    """One claim against one code set."""

    def __init__(
        self,
        lines: list[ClaimLine],
        kinds: dict[str, str],
        one: CodeSet,
        earned: Earned,
        settings: dict[str, str],
    ) -> None:
        self.kinds, self.one, self.earned = kinds, one, earned
        self.settings = settings
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
            elif all(self.earned.certain(item) for item in want.items):
                said |= set(self._units(lines, want)) | set(self._marks(lines, want))
            else:
                said |= set(self._floor(lines, want))
        return said

    def _unearned(self, line: ClaimLine) -> tuple[str, str]:
        code, day, waste = line.key
        kind = self.kinds[line.id]
        if waste and (code, day, False) in self.wants:
            return (WASTE, self._firmly(line, kind))
        elsewhere = [i for i in self.one.items if (i.key[0], i.key[2]) == (code, waste)]
        if not all(self.earned.certain(item) for item in elsewhere):
            return (OPEN, "undecided")
        if elsewhere:
            return ("claim.date", self._firmly(line, kind))
        if code in self.earned.services:
            return (BEYOND, "deny")
        if kind == "administration":
            return (self._telling(line), self._firmly(line, kind))
        if kind == "":
            return ("claim.not-known", "undecided")
        if kind == "drug":
            unsaid = code in self.earned.named and not self._earns(code)
            return (OPEN, "undecided") if unsaid else (BEYOND, self._firmly(line, kind))
        if any(self.earned.on(code, day)):
            return (BEYOND, "deny")  # another code set earns it: 99211 for an injection
        return ("claim.no-service", "review")

    def _earns(self, code: str) -> bool:
        return any(other[0] == code for other in self.wants)

    def _firmly(self, line: ClaimLine, kind: str) -> str:
        """Denied, unless it may be for something that could not be coded."""
        unjudged, named = self.earned.unjudged, set(line.administrations)
        if kind == "drug":
            untold = (line.code, line.date) in self.earned.open_drugs
            return "undecided" if untold else "deny"
        could = unjudged and kind == "administration" and (named & unjudged or not named)
        return "undecided" if could else "deny"

    def _telling(self, line: ClaimLine) -> str:
        if self._other_family(line):
            return "claim.family"
        today = {code for code, day, _ in self.wants if day == line.date}
        if line.code in INITIALS and today & set(INITIALS):
            return "claim.initial"
        return BEYOND

    def _other_family(self, line: ClaimLine) -> bool:
        """The same delivery earns a code of another family (S1, K1)."""
        own = next((family for family in FAMILIES if line.code in family), frozenset())
        if not own:
            return False
        given = {c for id_ in line.administrations for c in self._codes_of(id_)}
        if line.administrations:
            return any(c in f for c in given for f in FAMILIES) and not given & own
        alike = next((codes for codes in DELIVERIES if line.code in codes), set())
        today = {code for code, day, _ in self.wants if day == line.date}
        return not own & {code for code, *_ in self.wants} and bool(today & (alike - own))

    def _codes_of(self, id_: str) -> frozenset[str]:
        return self.one.by_administration.get(id_, frozenset())

    def _units(self, lines: list[ClaimLine], want: Want) -> Iterator[tuple[str, str, str]]:
        if any(line.units is None for line in lines):
            return
        waste = lines[0].waste
        for line in beyond(lines, want.units):
            severity = self._firmly(line, self.kinds[line.id])
            yield (WASTE if waste else "claim.units", severity, line.id)
        if sum(line.units or 0 for line in lines) < want.units:
            first = min(lines, key=lambda line: line.place)
            yield ("claim.units-fewer", "advise", first.id)

    def _floor(self, lines: list[ClaimLine], want: Want) -> Iterator[tuple[str, str, str]]:
        """Of lines that something uncoded could change: what is certain of them stands."""
        if any(line.units is None for line in lines):
            return
        certain = sum(item.units for item in want.items if self.earned.certain(item))
        for line in beyond(lines, certain):
            yield (OPEN, "undecided", line.id)
        if sum(line.units or 0 for line in lines) < certain:
            first = min(lines, key=lambda line: line.place)
            yield ("claim.units-fewer", "advise", first.id)

    def _marks(self, lines: list[ClaimLine], want: Want) -> Iterator[tuple[str, str, str]]:
        yield from _marks(lines, want)
        each = self.settings["repeat_96372"] != "units"
        if each and lines[0].code == INJECTION:
            yield from _united(lines, want)


INJECTION = "96372"


def _named(modifiers: tuple[str, ...]) -> set[str]:
    """The modifiers that are compared: JW makes a line waste; the distinct ones are one."""
    return {ONE_MARK if mark in DISTINCT else mark for mark in modifiers} - {"JW"}


def _marks(lines: list[ClaimLine], want: Want) -> Iterator[tuple[str, str, str]]:
    """Modifiers that the record gives and the lines lack, and the other way round.

    They are counted by units, so that it does not matter how equal lines are cut. Units that
    are not claimed need no modifier, and units that are denied as too many are not held against
    it again.
    """
    claimed, given = Counter[str](), Counter[str]()
    for line in lines:
        claimed.update(dict.fromkeys(_named(line.modifiers), line.units or 0))
    for item in want.items:
        given.update(dict.fromkeys(_named(item.modifiers), item.units))
    total = sum(line.units or 0 for line in lines)
    short, excess = max(0, want.units - total), max(0, total - want.units)
    for mark in {*claimed, *given}:
        carrying = [line for line in lines if mark in _named(line.modifiers)]
        lacking = [line for line in lines if line not in carrying]
        if claimed[mark] < given[mark] - short:
            for line in lacking:
                yield ("claim.modifier-missing", "review", line.id)
        if mark in PAYING - want.allowed and claimed[mark] > given[mark] + excess:
            for line in carrying:
                yield ("claim.modifier-unsupported", "review", line.id)


def _united(lines: list[ClaimLine], want: Want) -> Iterator[tuple[str, str, str]]:
    """Injections that the record gives lines of their own, claimed on fewer (S98, C9)."""
    short = max(0, want.units - sum(line.units or 0 for line in lines))
    marked = Counter(mark for item in want.items for mark in _named(item.modifiers))
    carried = Counter(mark for line in lines for mark in _named(line.modifiers))
    for mark, number in marked.items():
        if carried[mark] + short < number:
            for line in lines:
                if mark in _named(line.modifiers) and (line.units or 0) > 1:
                    yield ("claim.own-line", "review", line.id)
