"""Rules of an earlier run that are read when they are asked for.

Of the rules of a plan a visit needs few: those of claims only where there is a claim, most others
only where what they speak of was given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date as Date
from functools import cached_property
from typing import overload

from infucode.rulebook.compact import Plain, RuleReader
from infucode.rulebook.compact_settings import day_from_plain, day_to_plain
from infucode.rulebook.rules import Rule


class _Late(Sequence[Rule]):
    """Equal to any sequence of the same rules."""

    @overload
    def __getitem__(self, place: int) -> Rule: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Rule, ...]: ...

    def __getitem__(self, place: int | slice) -> Rule | tuple[Rule, ...]:
        if isinstance(place, slice):
            return tuple([self._at(n) for n in range(*place.indices(len(self)))])
        return self._at(place if place >= 0 else place + len(self))

    def _at(self, place: int) -> Rule:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


class LateRules(_Late):
    """Every rule of a plan, all read when the first is asked for.

    When each is in force is known before.
    """

    def __init__(self, calendar: Plain, read: Callable[[], tuple[Rule, ...]]) -> None:
        kinds, self._kinds = calendar
        self._read = read
        self._calendar = [
            (layer, day_from_plain(since), day_from_plain(until)) for layer, since, until in kinds
        ]
        if self._kinds and not 0 <= min(self._kinds) <= max(self._kinds) < len(kinds):
            raise ValueError("a rule without its days")

    @cached_property
    def _all(self) -> tuple[Rule, ...]:
        return self._read()

    def _at(self, place: int) -> Rule:
        return self._all[place]

    def __len__(self) -> int:
        return len(self._kinds)

    def in_force(self, layers: Collection[str], day: Date) -> tuple[int, ...]:
        """The positions of the rules of some layers in force on a day."""
        holds = [
            layer in layers and (not since or since <= day) and (not until or day <= until)
            for layer, since, until in self._calendar
        ]
        return tuple([place for place, kind in enumerate(self._kinds) if holds[kind]])


class WovenRules(_Late):
    """The woven rules of a day, each read when it is asked for, with their order."""

    def __init__(self, reader: RuleReader, order: Plain) -> None:
        self._reader, self.order = reader, order
        self._rules: list[Rule | None] = [None] * len(reader)

    def _at(self, place: int) -> Rule:
        found = self._rules[place]
        if found is None:
            found = self._rules[place] = self._reader.rule(place)
        return found

    def __len__(self) -> int:
        return len(self._rules)


def calendar_of(rules: Sequence[Rule]) -> Plain:
    """The distinct layers and days of rules, and which of them is each rule's."""
    kinds: dict[tuple[str, Date | None, Date | None], int] = {}
    own = [
        kinds.setdefault((rule.layer, rule.papers.since, rule.papers.until), len(kinds))
        for rule in rules
    ]
    return [
        [[layer, day_to_plain(since), day_to_plain(until)] for layer, since, until in kinds],
        own,
    ]
