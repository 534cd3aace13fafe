"""Which changes of a claim are tried: towards what the record earns or the rules say, or less.

No edit claims more than the record earns, and none without a record adds a modifier, a unit or a
line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from infucode.engine.claim_facts import Record, whole_units
from infucode.model.claim import Earned
from infucode.model.encounter import ClaimLine
from infucode.questions.trials import Claim, Trials

MOST_ITEMS = 6
"""Lines that the record earns, tried in place of one that is claimed."""
FIELDS = ("code", "units", "day", "visit", "administrations")
Change = tuple[str, str, str]
"""Line, field, and what becomes of it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One edit. ``after`` is None for a dropped line, ``before`` for one that is added."""

    line: str
    before: ClaimLine | None
    after: ClaimLine | None

    @property
    def op(self) -> str:
        """As the contract calls it."""
        if self.after is None:
            return "drop"
        if self.before is None:
            return "add"
        changed = {field for field, _ in changes_of(self.before, self.after)}
        if changed == {"units"}:
            return "set_units"
        return "set_modifiers" if changed <= {"-", "+"} else "replace"

    @property
    def changes(self) -> frozenset[Change]:
        """What it changes, piece by piece."""
        if self.before is None or self.after is None:
            return frozenset({(self.line, self.op, "")})
        return frozenset((self.line, *item) for item in changes_of(self.before, self.after))


def changes_of(before: ClaimLine, after: ClaimLine) -> set[tuple[str, str]]:
    """The fields in which two lines differ, modifiers one by one as ``-`` and ``+``."""
    found = {("-", mark) for mark in before.modifiers if mark not in after.modifiers}
    found |= {("+", mark) for mark in after.modifiers if mark not in before.modifiers}
    for name in FIELDS:
        value = getattr(after, name)
        if value != getattr(before, name):
            found.add((name, str(value)))
    return found


def applied(lines: Claim, options: Iterable[Option]) -> Claim:
    """The claim after some edits; lines that are added stand behind."""
    chosen = {option.line: option for option in options}
    kept = [chosen[n.id].after if n.id in chosen else n for n in lines]
    added = [o.after for o in chosen.values() if o.before is None]
    added.sort(key=lambda line: "" if line is None else line.id)
    return tuple(line for line in (*kept, *added) if line is not None)


class Edits:
    """The edits of one claim."""

    def __init__(self, trials: Trials, record: Record) -> None:
        self.trials, self.record = trials, record
        self.lines = trials.encounter.claim_lines
        self._made: dict[str, list[Option]] = {}

    @cached_property
    def _recoded(self) -> Mapping[str, Sequence[str]]:
        return _by_line(self.trials.said("recode_to"))

    @cached_property
    def _fewer(self) -> Mapping[str, Sequence[str]]:
        return _by_line(self.trials.said("fewer_to"))

    @cached_property
    def _misplaced(self) -> Mapping[str, Sequence[str]]:
        return _by_line(self.trials.said("take_off"))

    @cached_property
    def _omitted(self) -> Sequence[Earned]:
        rows = {name for _, name in self.trials.said("omitted")}
        return [item for name, item in self.record.expected.items() if name in rows]

    def of(self, line: ClaimLine) -> list[Option]:
        """The edits of one line, those that keep most of it first, dropping it last."""
        if line.id not in self._made:
            found = dict.fromkeys(n for n in self._changed(line) if n != line)
            self._made[line.id] = [
                *(Option(line.id, line, after) for after in found),
                Option(line.id, line, None),
            ]
        return self._made[line.id]

    def fillable(self, ids: Collection[str]) -> int:
        """How many of the omitted lines some edit of these lines makes."""
        made = {
            (option.after.code, option.after.day or 0)
            for line in self.lines
            if line.id in ids
            for option in self.of(line)
            if option.after is not None
        }
        return sum((item.code, self._day(item)) in made for item in self._omitted)

    def added(self, codes: Collection[str]) -> list[Option]:
        """Lines of some codes that the record earns and the claim lacks."""
        taken = {line.id for line in self.lines}
        found = []
        for number, item in enumerate(self._omitted, 1):
            if item.code in codes:
                id = next(n for n in (f"N{number}", f"N{number}-new") if n not in taken)
                visit = item.visit if item.visit > 1 else None
                line = ClaimLine(
                    id, item.code, Decimal(item.units), item.modifiers, self._day(item), visit,
                    item.administrations,
                )  # fmt: skip
                found.append(Option(id, None, line))
        return found

    def _day(self, item: Earned) -> int:
        return (item.date - self.trials.encounter.date).days

    def _changed(self, line: ClaimLine) -> Iterator[ClaimLine]:
        for item in self._items(line):
            yield from self._towards(line, item)
        yield from self._left_over(line)
        earned = {item.code for item in self.record.expected.values()}
        for code in self._recoded.get(line.id, ()):
            if code not in earned:
                yield replace(line, code=code)
        for units in self._fewer.get(line.id, ()):
            yield replace(line, units=Decimal(units))
        gone = self._misplaced.get(line.id, ())
        for size in range(1, len(gone) + 1):
            for off in combinations(gone, size):
                kept = tuple(mark for mark in line.modifiers if mark not in off)
                yield replace(line, modifiers=kept)

    def _items(self, line: ClaimLine) -> list[Earned]:
        """What the record earns in place of a line, the nearest first."""
        expected = [n for n in self.record.expected.values() if not self._claimed(n, line)]
        own = set(line.administrations)
        wanted = self._recoded.get(line.id, ())
        ranks = {
            item: 0 if item.code == line.code
            else 1 if own.intersection(item.administrations)
            else 2 if item.code in wanted
            else 3
            for item in expected
        }  # fmt: skip
        lone = [] if own or len(self._omitted) > 1 else self._omitted
        named = {id for other in self.lines for id in other.administrations}
        lone = [item for item in lone if named.isdisjoint(item.administrations)]
        near = [item for item in expected if ranks[item] < 3 or item in lone]
        return sorted(near, key=ranks.__getitem__)[:MOST_ITEMS]

    def _claimed(self, item: Earned, line: ClaimLine) -> bool:
        """Whether another line claims it just so."""
        return any(
            other.id != line.id
            and (other.code, other.day or 0) == (item.code, self._day(item))
            and sorted(other.modifiers) == sorted(item.modifiers)
            and whole_units(other) == item.units
            for other in self.lines
        )

    def _towards(self, line: ClaimLine, item: Earned) -> Iterator[ClaimLine]:
        """The line as the record earns it: in one thing alone, then in all."""
        units, day = Decimal(item.units), self._day(item)
        both = (*line.modifiers, *(m for m in item.modifiers if m not in line.modifiers))
        if item.code == line.code:
            if (line.day or 0) == day:
                if whole_units(line) != item.units and self._nearest(line, item):
                    yield replace(line, units=units)
                yield replace(line, modifiers=both)
                yield replace(line, modifiers=item.modifiers)
            elif sorted(line.modifiers) == sorted(item.modifiers):
                yield replace(line, day=day)
        visit = item.visit if line.visit is not None and line.visit != item.visit else line.visit
        given = line.administrations
        if given and not set(given) <= set(item.administrations):
            given = item.administrations
        whole = replace(
            line, code=item.code, modifiers=item.modifiers, visit=visit, administrations=given,
            units=line.units if whole_units(line) == item.units else units,
            day=line.day if (line.day or 0) == day else day,
        )  # fmt: skip
        left = self._left(line, item.code, day)
        if item.code != line.code and 0 < left < item.units:
            yield replace(whole, units=Decimal(left))
        yield whole

    def _nearest(self, line: ClaimLine, item: Earned) -> bool:
        """Whether no other line that the record earns of a code and date is marked more alike."""

        def apart(other: Earned) -> int:
            return len(set(other.modifiers) ^ set(line.modifiers))

        return all(
            apart(item) <= apart(other)
            for other in self.record.expected.values()
            if (other.code, other.date) == (item.code, item.date)
        )

    def _left_over(self, line: ClaimLine) -> Iterator[ClaimLine]:
        """The line with the units that the record earns beyond those of other lines."""
        left, own = self._left(line, line.code, line.day or 0), whole_units(line)
        if left > 0 and (own is None or left < own):
            yield replace(line, units=Decimal(left))

    def _left(self, line: ClaimLine, code: str, day: int) -> int:
        """The units of a code and date that the record earns and no other line claims."""
        same = [
            whole_units(other) or 0
            for other in self.lines
            if other.id != line.id and (other.code, other.day or 0) == (code, day)
        ]
        earned = sum(
            item.units
            for item in self.record.expected.values()
            if (item.code, self._day(item)) == (code, day)
        )
        return earned - sum(same)


def _by_line(rows: Iterable[tuple[str, ...]]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for _, line, value in sorted(rows):
        found.setdefault(line, []).append(value)
    return found
