"""`diff`: where two rulebooks disagree, and for each kind of disagreement the smallest encounter.

A kind is what decided on each side: the rules behind what one administration earned, or did not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date as Date
from functools import partial

import clingo

from infucode.errors import InternalError
from infucode.model.proving import Asked, Differing, Disagreement, Progress, Side
from infucode.passes.values import TEXT_MARK, Row
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Signature
from infucode.space.answering import LINE, Answers, Outcomes, stated
from infucode.space.models import Given, Models, ordered
from infucode.space.spaces import Space
from infucode.space.walk import Walk
from infucode.space.written import encounter_of, id_of

UNTOLD: Signature = ("cannot_tell", 2)
OPEN_STOP: Signature = ("open_stop", 2)
SERVICE_LINE: Signature = ("service_line", 4)
MODIFIER: Signature = ("modifier", 4)
MODIFIER_ON: Signature = ("modifier_on", 5)
OWN_LINE: Signature = ("own_line", 3)
VISIT_MODIFIER: Signature = ("visit_modifier", 3)
UNDECIDED = (UNTOLD, OPEN_STOP)
DECIDING: tuple[Signature, ...] = (
    LINE, SERVICE_LINE, ("withheld", 3), ("service_withheld", 2), ("merged", 3), *UNDECIDED,
)  # fmt: skip
"""The outcomes that decide what an administration or a service earns."""
MARKING: tuple[Signature, ...] = (MODIFIER, MODIFIER_ON, OWN_LINE, VISIT_MODIFIER)
"""Those that say how its lines are marked."""
ALONE = "alone"
Earned = tuple[tuple[str, int, int, tuple[str, ...]], ...]
"""What one of them earns: code, units, day, marks; sorted."""
Kind = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Witness:
    """A world in which the sides disagree about one administration."""

    order: tuple[object, ...]
    given: Given
    administration: str
    number: int


Found = dict[Kind, _Witness]


@dataclass(frozen=True, slots=True)
class _Told:
    """What one side says of one administration."""

    earned: Earned
    untold: bool
    rules: tuple[str, ...]


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
        return [
            self._disagreement(kind, size, witness, counted[kind])
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

    def _disagreement(
        self, kind: Kind, size: int, witness: _Witness, number: int
    ) -> Disagreement:
        sized = self.walk.sized(size)
        again = [side.again(sized, stated(witness.given)) for side in self.answers]
        sides = [_told(rows).get(witness.administration) for rows in again]
        if sides[0] == sides[1]:
            raise InternalError(f"{kind} is no disagreement when it is asked again")
        encounter = encounter_of({**sized.fixed, **stated(witness.given)}, self.day)
        told = [_side(side) for side in sides]
        return Disagreement(
            size, encounter, id_of(witness.administration), _differing(told), told[0], told[1],
            number,
        )  # fmt: skip


def differences(one: Outcomes, other: Outcomes) -> Iterator[tuple[Kind, str]]:
    """The administrations that two answers differ about, each with what decided."""
    mine, theirs = _told(one), _told(other)
    if _claim(mine) == _claim(theirs):
        return
    for id in sorted(mine.keys() | theirs.keys()):
        a, b = mine.get(id), theirs.get(id)
        if (a and (a.earned, a.untold)) != (b and (b.earned, b.untold)):
            yield _kind(a.rules if a else (), b.rules if b else ()), id


def _kind(one: tuple[str, ...], other: tuple[str, ...]) -> Kind:
    """What decided on either side, without what decided on both; all if nothing else did."""
    mine = tuple(rule for rule in one if rule not in other)
    theirs = tuple(rule for rule in other if rule not in one)
    return (mine, theirs) if mine or theirs else (one, other)


def _claim(told: Mapping[str, _Told]) -> tuple[dict[tuple[object, ...], int], list[str]]:
    totals: dict[tuple[object, ...], int] = {}
    for one in told.values():
        for code, units, day, marks in one.earned:
            totals[code, day, marks] = totals.get((code, day, marks), 0) + units
    return totals, sorted(id for id, one in told.items() if one.untold)


def _told(outcomes: Outcomes) -> dict[str, _Told]:
    marks: dict[tuple[object, ...], list[str]] = {}
    rules: dict[str, set[str]] = {}
    for signature in MARKING:
        for row in outcomes.get(signature, ()):
            place = ("visit",) if signature == VISIT_MODIFIER else row[2:3]
            mark = ALONE if signature == OWN_LINE else str(row[-1])[len(TEXT_MARK) :]
            marks.setdefault((row[1], *place), []).append(mark)
            rules.setdefault(str(row[1]), set()).add(_rule(row))
    earned: dict[str, list[tuple[str, int, int, tuple[str, ...]]]] = {}
    lines = outcomes.get(LINE, ())
    several = Counter((row[3], row[5]) for row in lines)
    for _, id, part, code, units, day in lines:
        own = tuple(sorted(marks.get((id, part), ())))
        if several[code, day] == 1:
            own = tuple(mark for mark in own if mark != ALONE)
        item = str(code)[len(TEXT_MARK) :], int(units), int(day), own
        earned.setdefault(str(id), []).append(item)
    for _, id, code, units in outcomes.get(SERVICE_LINE, ()):
        own = tuple(sorted(marks.get((id, "visit"), ())))
        earned.setdefault(str(id), []).append((str(code)[len(TEXT_MARK) :], int(units), 0, own))
    untold = {str(row[1]) for signature in UNDECIDED for row in outcomes.get(signature, ())}
    for signature in DECIDING:
        for row in outcomes.get(signature, ()):
            rules.setdefault(str(row[1]), set()).add(_rule(row))
    return {
        id: _Told(tuple(sorted(earned.get(id, ()))), id in untold, tuple(sorted(own)))
        for id, own in rules.items()
    }


def _rule(row: Row) -> str:
    return str(row[0])[len(TEXT_MARK) :]


def _side(told: _Told | None) -> Side:
    if told is None:
        return Side((), False, ())
    lines = tuple((code, units, marks) for code, units, _, marks in told.earned)
    return Side(lines, told.untold, told.rules)


def _differing(sides: list[Side]) -> Differing:
    one, other = sides
    if one.untold != other.untold:
        return Differing.told
    if bool(one.earned) != bool(other.earned):
        return Differing.only_first if one.earned else Differing.only_second
    for place, differing in ((0, Differing.other_code), (1, Differing.other_units)):
        if [line[place] for line in one.earned] != [line[place] for line in other.earned]:
            return differing
    return Differing.other_marks
