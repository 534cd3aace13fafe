"""What is known of all encounters of a space: invariants that hold, and those that do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from infucode.model.encounter import Encounter


@dataclass(frozen=True, slots=True)
class Invariant:
    """What must hold of every answer."""

    id: str
    text: str
    cite: str
    changes: tuple[str, ...] = ()
    """What has to be changed in an encounter to ask it."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The smallest encounter that breaks an invariant."""

    services: int
    encounter: Encounter
    administrations: tuple[str, ...]
    """The ids of those that show it."""
    change: str
    """What was changed in a neighbour of a lawful encounter, or nothing."""


@dataclass(slots=True)
class Verdict:
    """What is known of one invariant."""

    invariant: Invariant
    asked: bool = False
    """Whether this space can ask it: it may not change what the invariant is about."""
    upto: int = 0
    """It holds of all encounters of up to so many services."""
    encounters: int = 0
    """So many of them were looked at."""
    broken: Counterexample | None = None
    most: int = 8
    """It is asked of encounters of up to so many services; the check of claims takes long."""
    smallest: bool = True
    """Whether none smaller breaks it; the run may have been stopped within a size."""
    never: tuple[str, ...] = ()
    """What no encounter shows, where for want of it no rule of the invariant could fire."""


    def decided(self, services: int) -> bool:
        """Whether it is known of all that it is asked of, up to so many services."""
        return self.broken is not None or self.upto >= min(services, self.most)


@dataclass(slots=True)
class Progress:
    """How far a run is."""

    services: int = 0
    encounters: int = 0
    parts: int = 0
    of_parts: int = 0
    broken: dict[str, int] = field(default_factory=dict)
    """By invariant the size of the smallest counterexample so far."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about, and how much of it was looked at."""

    plans: tuple[str, ...]
    """Each plan in words."""
    space: str
    text: str
    services: int
    """The most services of an encounter."""
    sizes: tuple[tuple[int, int], ...]
    """By number of services, the encounters that were looked at."""
    complete: bool
    seconds: float


class Differing(StrEnum):
    """How two sides differ about one administration."""

    only_first = "only the first reports it"
    only_second = "only the second reports it"
    other_code = "other codes"
    other_units = "other units"
    other_marks = "other modifiers, or lines of their own"
    told = "one of them cannot tell"


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says of an administration or another service."""

    earned: tuple[tuple[str, int, tuple[str, ...]], ...]
    """Code, units and marks of its lines: modifiers, and `alone` for a line of its own."""
    untold: bool
    rules: tuple[str, ...]
    """The rules that decided."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One kind of disagreement, by the smallest encounter that shows it."""

    services: int
    encounter: Encounter
    administration: str
    differing: Differing
    one: Side
    other: Side
    number: int
    """How many encounters of the space differ so."""
