"""`cover --generate`: of what no case shows, the smallest encounter that does; its near miss.

The encounters of the spaces are asked, the smallest first, and then small changes of the cases
in which the rules in question fired. What neither shows is told as not reached by so many.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from infucode.documents.dump import encounter_to_data
from infucode.errors import InfucodeError
from infucode.model.cover import Covered
from infucode.model.encounter import Encounter
from infucode.space.answering import book_of
from infucode.space.changes import Changes
from infucode.space.directed import Base, Directed
from infucode.space.models import Models
from infucode.space.spaces import Space
from infucode.space.written import encounter_of
from infucode.workbench.case import Case
from infucode.workbench.cover.covering import Asker, Sights
from infucode.workbench.cover.questions import RULE, Key
from infucode.workbench.jobs import shared
from infucode.workbench.plans import Plans

MOST_MISSES = 120
"""Changes of an encounter among which its near miss is looked for."""
CHUNK = 400
"""Encounters of a space that are asked together."""
Order = tuple[int, int]
Switches = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """An encounter that shows something new."""

    order: Order
    plan: str
    switches: Switches
    encounter: Encounter
    origin: str
    """Where it is from: a space, or a case and what was changed in it."""
    base: str = ""
    """The case that it was made from; that does not show it, so it is the near miss."""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An encounter and what no other case shows; ``near`` is the next that does not show it."""

    tried: Tried
    keys: tuple[Key, ...]
    near: tuple[str, Encounter] | None


@dataclass(slots=True)
class Generated:
    """What was found, and of how many encounters the rest is said."""

    proposals: list[Proposal] = field(default_factory=list)
    unreached: list[Key] = field(default_factory=list)
    spaces: dict[str, int] = field(default_factory=dict)
    """By space and plan the encounters that were asked."""
    services: int = 0
    cases: int = 0
    """Cases that were changed a little."""
    changes: int = 0
    """Changed cases that were asked."""
    complete: bool = True

    @property
    def said(self) -> str:
        """Of how much it is said that nothing more is reached."""
        names: dict[str, int] = {}
        for name, number in self.spaces.items():
            space = name.partition(",")[0]
            names[space] = names.get(space, 0) + number
        told = ", ".join(f"`{name}` {number:,}" for name, number in names.items())
        tried = [f"the encounters of up to {self.services} services of the spaces ({told})"]
        tried = tried if names else []
        if self.changes or not names:
            tried.append(
                f"{self.changes:,} changes of {self.cases:,} cases, one or two at once, of those "
                "that bear most on what is open"
            )
        stopped = "" if self.complete else "; stopped before all were tried"
        return f"tried were {' and '.join(tried)}{stopped}; of others nothing is said"


@dataclass(frozen=True, slots=True)
class _Part:
    """What one process asks at a time: some encounters of a space, or the changes of a case."""

    plan: str
    space: Space | None = None
    services: int = 0
    first: int = 0
    base: Base | None = None


Shown = dict[Key, Tried]


def open_keys(found: Sights) -> dict[Key, str]:
    """What no case shows of any condition: each with the id of its rule."""
    from infucode.workbench.cover.conditions import conditions_of

    keys: dict[Key, str] = {}
    for place, (rule, library) in found.rules.items():
        conditions = conditions_of(rule.clause, len(rule.clause.body), library)
        for number, condition in conditions.items():
            kinds = ["true"] + (["false"] if condition.question else [])
            kinds += [f"{s} {b.text}" for b in condition.borders for s in ("holds", "fails")]
            for kind in kinds:
                if (place, number, kind) not in found.first:
                    keys[place, number, kind] = rule.papers.id
    return keys


def gaps_of(found: Sights, covered: Covered) -> frozenset[Key]:
    """What `cover` calls open: no case shows it, the rules do not show by themselves that none
    is needed, and nobody has given a reason."""
    keys: list[Key] = []
    for place, rule in zip(sorted(found.rules), covered.rules, strict=True):
        for number, condition in enumerate(rule.conditions):
            for sight in condition.open:
                of_border = sight.kind not in ("true", "false")
                kind = f"{sight.kind} {sight.text}" if of_border else sight.kind
                keys.append((place, number, kind))
    return frozenset(keys)


class Generator:
    """Looks for encounters that show what no case does."""

    def __init__(
        self,
        found: Sights,
        cases: Sequence[Case],
        plans: Plans,
        rules: Collection[str] = (),
        gaps: Collection[Key] | None = None,
    ) -> None:
        """`rules` are those that are asked about; all if there are none. Of what no case shows
        only the `gaps` are looked for, all of it if that is None."""
        self.found, self.cases, self.plans = found, cases, plans
        every = open_keys(found)
        self.open = {
            key: id
            for key, id in every.items()
            if (not rules or id in rules) and (gaps is None or key in gaps)
        }
        self._done = [key for key in (*found.first, *every) if key not in self.open]
        self._asker: Asker | None = None
        self.directed = Directed(found, cases, plans)
        self._misses = self.directed.changes

    def run(
        self,
        spaces: Iterable[Space],
        services: int,
        *,
        jobs: int = 1,
        seconds: float | None = None,
        told: Callable[[str, float, int], None] = lambda *_: None,
    ) -> Generated:
        """What can be shown. Ends early at a KeyboardInterrupt or where the time is over."""
        until = None if seconds is None else time.monotonic() + seconds
        generated = Generated(services=services)
        best: Shown = {}
        if not self.open:
            return generated
        changed: set[str] = set()
        try:
            for name, parts in self._rounds(spaces, services, best):
                changed |= {part.base.case.place for part in parts if part.base is not None}
                generated.cases = len(changed)
                for done, (place, (number, shown)) in enumerate(
                    shared(self.part, parts, jobs), 1
                ):
                    part = parts[place]
                    if part.space is not None:
                        key = f"{part.space.name}, {part.plan}"
                        generated.spaces[key] = generated.spaces.get(key, 0) + number
                    else:
                        generated.changes += number
                    for sight, tried in shown.items():
                        if sight not in best or tried.order < best[sight].order:
                            best[sight] = tried
                    told(name, done / len(parts), len(best))
                    if until is not None and time.monotonic() > until:
                        raise KeyboardInterrupt
        except KeyboardInterrupt:
            generated.complete = False
        own = [_case(tried.plan, tried.switches, tried.encounter) for tried in best.values()]
        self._misses = Changes([*self.cases, *own])
        generated.proposals = [self._proposal(tried, keys) for tried, keys in _fewest(best)]
        generated.unreached = [key for key in self.open if key not in best]
        return generated

    def part(self, part: _Part) -> tuple[int, Shown]:
        """How many encounters a part holds, and the smallest that show something."""
        shown: Shown = {}
        base = part.base
        tries = self._of_space(part) if base is None else self._of_case(base, shown)
        number = 0
        for tried in tries:
            number += 1
            for key in self._keys(tried.plan, tried.switches, tried.encounter):
                if key not in shown or tried.order < shown[key].order:
                    shown[key] = tried
        return number, shown

    def _keys(self, plan: str, switches: Switches, encounter: Encounter) -> set[Key]:
        """What an encounter shows of what is open."""
        if self._asker is None:
            fires = ((place, RULE, "fires") for place in self.found.rules)
            done = [*self._done, *fires]
            self._asker = Asker(self.plans, self.found.rules, done, kept=True)
        try:
            shown = self._asker.ask(_case(plan, switches, encounter))
        except InfucodeError:
            return set()
        return {key for key in shown.keys if key in self.open}

    def _rounds(
        self, spaces: Iterable[Space], services: int, best: Shown
    ) -> Iterator[tuple[str, list[_Part]]]:
        """What is asked, in rounds; of cases only for what no round before has shown."""
        yield "spaces", self._space_parts(spaces, services)
        for number, pairs in self.directed.rounds():
            left = [key for key in self.open if key not in best]
            bases = self.directed.bases(left, number, pairs)
            yield "changed cases", [_Part(base.case.policy, base=base) for base in bases]

    def _space_parts(self, spaces: Iterable[Space], services: int) -> list[_Part]:
        found = []
        for plan in self.plans.known:
            for space in spaces:
                for size in range(1, services + 1):
                    sized = self._models(plan, space).of_size(size)
                    number = sum(1 for _ in sized.worlds())
                    firsts = range(0, number, CHUNK)
                    found += [_Part(plan, space, size, first) for first in firsts]
        return sorted(found, key=lambda part: part.services)

    def _models(self, plan: str, space: Space) -> Models:
        library = self.plans.policy(plan).library
        return Models(space, (book_of(library, library.profile.versions[-1].since, {}),))

    def _of_space(self, part: _Part) -> Iterator[Tried]:
        assert part.space is not None
        day = self.plans.policy(part.plan).library.profile.versions[-1].since
        sized = self._models(part.plan, part.space).of_size(part.services)
        origin = f"space {part.space.name}"
        for world in islice(sized.worlds(), part.first, part.first + CHUNK):
            encounter = encounter_of({**sized.fixed, **world.given}, day)
            yield Tried(order_of(encounter), part.plan, (), encounter, origin)

    def _of_case(self, base: Base, shown: Shown) -> Iterator[Tried]:
        case = base.case

        def tried(change: str, encounter: Encounter, switches: Switches) -> Tried:
            origin = f"{case.place}, {change}"
            return Tried(
                order_of(encounter), case.policy, switches, encounter, origin, case.place, change
            )

        for name, value in () if base.pairs else base.readings:
            switches = tuple(sorted({**dict(case.switches), name: value}.items()))
            yield tried(f"under {name} = {value}", case.encounter, switches)
        for change, encounter in self.directed.tries(base, shown):
            yield tried(change, encounter, case.switches)

    def _proposal(self, tried: Tried, keys: tuple[Key, ...]) -> Proposal:
        """With the nearest encounter that does not show the first of its keys."""
        if tried.base:
            return Proposal(tried, keys, None)
        for other in islice(self._misses.weighed(tried.encounter), MOST_MISSES):
            if keys[0] not in self._keys(tried.plan, tried.switches, other.encounter):
                return Proposal(tried, keys, (other.change, other.encounter))
        return Proposal(tried, keys, None)


def _case(plan: str, switches: Switches, encounter: Encounter) -> Case:
    return Case("generated", "generated", 0, plan, encounter, switches)


def order_of(encounter: Encounter) -> Order:
    """A value that orders encounters: fewer things first, then fewer facts."""
    things = (encounter.administrations, encounter.services, encounter.claim_lines)
    return sum(map(len, things)), len(str(encounter_to_data(encounter)))


def _fewest(best: Mapping[Key, Tried]) -> Iterator[tuple[Tried, tuple[Key, ...]]]:
    """Each encounter with what it is the smallest to show; the smallest first."""
    keys: dict[str, list[Key]] = {}
    tried: dict[str, Tried] = {}
    for key, own in best.items():
        name = str((own.order, own.plan, own.switches, own.encounter))
        keys.setdefault(name, []).append(key)
        tried[name] = own
    for name, own in sorted(tried.items(), key=lambda item: (item[1].order, item[0])):
        yield own, tuple(sorted(keys[name]))
