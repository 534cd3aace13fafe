"""`diff`: where two rulebooks disagree, and for each kind of disagreement the smallest encounter.

A kind is what decided on each side: the rules behind what one administration earned, or did not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Date
from functools import partial

import clingo

from infucode.errors import InternalError
from infucode.model.proving import Asked, Disagreement, Progress
from infucode.rulebook.book import Rulebook
from infucode.space.answering import Answers, Outcomes, stated
from infucode.space.disagreeing import (
    DECIDING,
    MARKING,
    Kind,
    differences,
    differing_of,
    side_of,
    told_of,
)
from infucode.space.models import Given, Models, ordered
from infucode.space.spaces import Space
from infucode.space.walk import Walk
from infucode.space.written import encounter_of, id_of


@dataclass(frozen=True, slots=True)
class _Witness:
    """A world in which the sides disagree about one administration."""

    order: tuple[object, ...]
    given: Given
    administration: str
    number: int


Found = dict[Kind, _Witness]


@dataclass(frozen=True, slots=True)
class Seen:
    """A kind of disagreement and the smallest world that shows it, in the space's own names."""

    kind: Kind
    services: int
    given: Given
    administration: str
    number: int
    """How many encounters of the space differ so."""


class Differ:
    """Asks two rulebooks about all encounters of a space."""

    def __init__(self, one: Rulebook, other: Rulebook, space: Space, day: Date) -> None:
        self.books, self.day = (one, other), day
        self.walk = Walk(Models(space, self.books))
        self.answers = [Answers(book, (*DECIDING, *MARKING)) for book in self.books]

    def run(
        self,
        services: int,
        *,
        jobs: int = 1,
        seconds: float | None = None,
        told: Callable[[Progress], None] = lambda _: None,
    ) -> list[Disagreement]:
        """Each kind of disagreement once, by its smallest encounter; the smallest first.

        What is found before the time is over, or a KeyboardInterrupt, is given.
        """
        found = self.seen(services, jobs=jobs, seconds=seconds, told=told)
        return [self.disagreement(one) for one in found]

    def seen(
        self,
        services: int,
        *,
        jobs: int = 1,
        seconds: float | None = None,
        told: Callable[[Progress], None] = lambda _: None,
    ) -> list[Seen]:
        """The same as worlds of the space, not asked again yet."""
        kinds: dict[Kind, tuple[int, _Witness]] = {}
        counted: dict[Kind, int] = {}
        self.walk.begin(seconds)
        for size in range(1, services + 1):
            smallest: Found = {}
            take = partial(self._take, smallest, counted, size)
            self.walk.over(size, self.part, jobs, take, told)
            for kind, witness in smallest.items():
                kinds.setdefault(kind, (size, witness))
            if not self.walk.complete:
                break
        self.walk.require_some()
        return [
            Seen(kind, size, witness.given, witness.administration, counted[kind])
            for kind, (size, witness) in sorted(
                kinds.items(), key=lambda item: (item[1][0], item[1][1].order, item[0])
            )
        ]

    def asked(self, plans: tuple[str, str], services: int, seconds: float) -> Asked:
        """What the last run was asked, and how much of it was looked at."""
        return self.walk.asked(plans, services, seconds)

    def _take(self, smallest: Found, counted: dict[Kind, int], size: int, found: Found) -> None:
        for kind, witness in found.items():
            counted[kind] = counted.get(kind, 0) + witness.number
            if kind not in smallest or witness.order < smallest[kind].order:
                smallest[kind] = witness
            name = " ".join((*kind[0], "/", *kind[1]))
            self.walk.progress.broken.setdefault(name, size)

    def part(self, size: int, cube: tuple[clingo.Symbol, ...]) -> tuple[int, Found]:
        """How many encounters a part of a size holds, and the smallest of each kind."""
        sized = self.walk.sized(size)
        one, other = [(side, side.running(sized)) for side in self.answers]
        found: Found = {}
        count = 0
        for world in sized.worlds(cube):
            count += 1
            rows = next(one[0].worlds(one[1], world, neighbours=False))
            others = next(other[0].worlds(other[1], world, neighbours=False))
            for kind, id in differences(rows[2], others[2]):
                order = ordered(world.given)
                known = found.get(kind)
                number = 1 if known is None else known.number + 1
                if known is None or order < known.order:
                    found[kind] = _Witness(order, world.given, id, number)
                else:
                    found[kind] = _Witness(known.order, known.given, known.administration, number)
        return count, found

    def both(self, seen: Seen) -> list[Outcomes]:
        """What either side says of a world, by the rules as `solve` runs them."""
        sized = self.walk.sized(seen.services)
        return [side.again(sized, stated(seen.given)) for side in self.answers]

    def disagreement(self, seen: Seen) -> Disagreement:
        """A kind with its encounter, asked again. Raises InternalError if it is none then."""
        sides = [told_of(rows).get(seen.administration) for rows in self.both(seen)]
        if sides[0] == sides[1]:
            raise InternalError(f"{seen.kind} is no disagreement when it is asked again")
        sized = self.walk.sized(seen.services)
        encounter = encounter_of({**sized.fixed, **stated(seen.given)}, self.day)
        a, b = (side_of(side) for side in sides)
        return Disagreement(
            seen.services, encounter, id_of(seen.administration), differing_of(a, b), a, b,
            seen.number,
        )  # fmt: skip
