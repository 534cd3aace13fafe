"""What the cases hold of each rule, as typed values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[int, int]
"""First and last (excluded) character in the text of a rule."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing that cases should show of a condition, and a case that does.

    ``kind`` is ``true`` (it holds, and the rule's answer hangs on it), ``false`` (it alone
    fails), or for an ordered comparison ``holds`` and ``fails``: the last number on its border
    that holds and the first that fails.
    """

    kind: str
    text: str
    case: str | None
    settled: str = ""
    """How the rules themselves show that no case is needed."""
    reason: str = ""
    """Why no case shows it, as an analyst says."""


@dataclass(frozen=True, slots=True)
class CoveredCondition:
    """A condition of a rule. Without ``sights`` it only gives a name to a value."""

    text: str
    span: Span | None
    sights: tuple[Sight, ...]

    @property
    def open(self) -> tuple[Sight, ...]:
        """What no case shows, and what nothing excuses."""
        return tuple(s for s in self.sights if s.case is None and not (s.settled or s.reason))


@dataclass(frozen=True, slots=True)
class CoveredRule:
    """One rule as it is written, with its conditions."""

    id: str
    file: str
    line: int
    text: str
    head: Span
    conditions: tuple[CoveredCondition, ...]
    clauses: tuple[str, ...]
    sources: tuple[str, ...]
    fires: str | None
    """A case in which nothing else gives what the rule gives; for a rule without conditions,
    one in which it is used."""

    @property
    def sights(self) -> list[Sight]:
        return [sight for condition in self.conditions for sight in condition.sights]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the things that cases should show they do show."""

    name: str
    shown: int
    of: int
    settled: int = 0
    """Those beside them that need no case, as the rules themselves show."""
    reasoned: int = 0
    """Those among them that no case shows, and that have a reason."""

    @property
    def percent(self) -> float:
        return 100.0 if not self.of else 100.0 * self.shown / self.of


@dataclass(frozen=True, slots=True)
class LostClause:
    """A clause of the sources that no rule decides; ``reason`` says why, where it is known."""

    id: str
    gist: str
    reason: str


@dataclass(frozen=True, slots=True)
class Covered:
    """The coverage of a policy folder by its cases."""

    folder: str
    cases: int
    failed: tuple[str, ...]
    """The cases that fail: they show nothing."""
    rules: tuple[CoveredRule, ...]
    never_fired: tuple[str, ...]
    """Rule ids that fire in no case."""
    never_silent: tuple[str, ...]
    """Rule ids that fire in every case of their plans."""
    clauses: int = 0
    lost: tuple[LostClause, ...] = ()
    for_reports: tuple[str, ...] = ()
    """Ids of tables that no rule reads: reports do, and no case is asked for."""

    @property
    def total(self) -> Share:
        return share_of("all rules", self.rules)

    def shares(self, by: str) -> list[Share]:
        """By ``rule``, ``file``, ``clause`` or ``source``; a rule may stand under several."""
        groups: dict[str, list[CoveredRule]] = {}
        for rule in self.rules:
            for name in _names(rule, by):
                groups.setdefault(name, []).append(rule)
        return [share_of(name, own) for name, own in groups.items()]


def _names(rule: CoveredRule, by: str) -> Iterable[str]:
    if by == "rule":
        return (rule.id,)
    if by == "file":
        return (rule.file,)
    return rule.clauses if by == "clause" else rule.sources


def share_of(name: str, rules: Iterable[CoveredRule]) -> Share:
    """What cases show of some rules."""
    sights = [sight for rule in rules for sight in rule.sights]
    settled = sum(bool(sight.settled) for sight in sights)
    reasoned = sum(bool(sight.reason) for sight in sights)
    shown = sum(sight.case is not None for sight in sights)
    return Share(name, shown, len(sights) - settled, settled, reasoned)
