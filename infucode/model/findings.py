"""What a rulebook shows over whole spaces of encounters: dead rules, shadows, gaps, overlaps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from infucode.model.encounter import Encounter


class FindingKind(StrEnum):
    """What was found."""

    dead = "dead"
    shadowed = "shadowed"
    gap = "gap"
    overlap = "overlap"


@dataclass(frozen=True, slots=True)
class Witness:
    """The smallest encounter that shows a finding."""

    plan: str
    space: str
    services: int
    encounter: Encounter
    subject: str
    """The id of the administration or service that it is about."""


@dataclass(frozen=True, slots=True)
class RulebookFinding:
    """One finding. A rule that was not reached has no witness."""

    kind: FindingKind
    about: str
    """A rule; two rules; or how something was given and where."""
    says: str
    witness: Witness | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What a mark names it by."""
        return self.kind.value, self.about


@dataclass(frozen=True, slots=True)
class Mark:
    """What an analyst says of a finding: intended or not, and why."""

    kind: str
    about: str
    intended: bool
    reason: str

    @property
    def key(self) -> tuple[str, str]:
        """What it names a finding by."""
        return self.kind, self.about


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found, with what is said of it."""

    findings: tuple[RulebookFinding, ...]
    marks: tuple[Mark, ...]
    outside: tuple[str, ...]
    """Rules that need a fact which no space states: nothing is said of them."""
    fired: int
    """Rules that fired."""
    looked: tuple[tuple[str, str, int, int], ...]
    """Plan, space, services and encounters of each walk."""
    complete: bool
    seconds: float
    usual: bool = True
    """Whether all plans and spaces were looked at, up to the usual number of services."""

    def mark(self, finding: RulebookFinding) -> Mark | None:
        """What is said of a finding."""
        return next((mark for mark in self.marks if mark.key == finding.key), None)

    @property
    def new(self) -> tuple[RulebookFinding, ...]:
        """Findings of which nothing is said."""
        return tuple(one for one in self.findings if self.mark(one) is None)

    @property
    def stale(self) -> tuple[Mark, ...]:
        """Marks of what is not found any more; told of complete runs over all that is usual."""
        if not self.complete or not self.usual:
            return ()
        known = {one.key for one in self.findings}
        return tuple(mark for mark in self.marks if mark.key not in known)
