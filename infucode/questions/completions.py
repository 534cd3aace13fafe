"""Completions: the worlds that a half-stated record allows.

The rules say which fact is open (`open_stop`, `open_reason`); here values are tried. An unknown
stop is tried at the clock marks of the record and at the steps of the thresholds in force, and
wherever two neighbours give different code sets the boundary between them is searched minute
by minute, so that a class of stops is a range of minutes with one code set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from math import prod
from typing import TypeVar

import clingo

from infucode.engine.answer import Answer, read_answer, start_of
from infucode.engine.facts import DAY_MINUTES, Facts
from infucode.engine.program import Program
from infucode.model.encounter import Encounter

T = TypeVar("T")
MOST_WORLDS = 4096
MOST_SETS = 32
"""More code sets than these are no answer to choose from: the outcome is `blocked`."""
FEW_WORLDS = 512
"""So many worlds are all tried; of more, a spread of them first."""
CHUNK = 11
MANY_STOPS = 4
"""With so many unknown stops some worlds are tried before their ranges are sought."""


@dataclass(frozen=True, slots=True)
class Range:
    """Minutes of a stop with one answer, first and last included."""

    first: int
    last: int


@dataclass(slots=True)
class World:
    """One completion: what it supposes, and its answer."""

    stops: dict[str, Range]
    reasons: tuple[str, ...]
    extra: tuple[clingo.Symbol, ...]
    answer: Answer


@dataclass(slots=True)
class Completions:
    """Every world found; ``complete`` says whether all were tried."""

    worlds: list[World]
    base: Answer
    complete: bool = True
    tried: int = 0
    open_stops: tuple[str, ...] = ()
    open_reasons: tuple[str, ...] = field(default=())


class Search:
    """Tries the completions of one encounter."""

    def __init__(self, program: Program, encounter: Encounter, facts: Facts) -> None:
        self.program, self.encounter, self.facts = program, encounter, facts
        self._stops: dict[tuple[tuple[str, int], ...], Answer] = {}
        self._claims: dict[tuple[tuple[str, int], ...], frozenset[object]] = {}
        self.tried = 0

    def answers(self, extras: Sequence[tuple[clingo.Symbol, ...]]) -> list[Answer]:
        """The answers of some worlds."""
        vocabulary = self.program.book.vocabulary
        self.tried += len(extras)
        worlds = [self.facts.supposing(extra, vocabulary) for extra in extras]
        answers = self.program.solve(worlds)
        return [read_answer(atoms, self.facts.names, self.encounter) for atoms in answers]

    def stop_answers(self, worlds: Iterable[dict[str, int]]) -> None:
        """Answer all worlds that are not known yet."""
        keys = [tuple(sorted(world.items())) for world in worlds]
        new = [key for key in dict.fromkeys(keys) if key not in self._stops]
        extras = [tuple(self._stop(id, minute) for id, minute in key) for key in new]
        for key, answer in zip(new, self.answers(extras), strict=True):
            self._stops[key] = answer

    def at(self, world: dict[str, int]) -> Answer:
        """The answer of one world of stops."""
        key = tuple(sorted(world.items()))
        if key not in self._stops:
            self.stop_answers([world])
        return self._stops[key]

    def claims(self, world: dict[str, int]) -> frozenset[object]:
        """The code sets of one world of stops, whatever key reason it leaves open."""
        key = tuple(sorted(world.items()))
        if key not in self._claims:
            answer = self.at(world)
            found: list[Answer] = [answer]
            choices = list(self.choices(answer))
            if choices:
                stops = tuple(self._stop(id, minute) for id, minute in key)
                found = self.answers([(*stops, *map(self.reason, c)) for c in choices])
            self._claims[key] = frozenset(item.claim for item in found)
        return self._claims[key]

    def opened(self, answer: Answer, kind: str) -> tuple[str, ...]:
        """What an answer leaves open of one kind, by the clock and then by id.

        Where several worlds earn one code set the first is told: which one that is must not hang
        on the order of the document.
        """
        found = {str(o.arguments[0]) for o in answer.of(kind)}
        return tuple(sorted(found, key=lambda id: (start_of(self.encounter, id), id)))

    def choices(self, answer: Answer) -> Iterator[tuple[str, ...]]:
        """Every choice of one key reason for each visit and access that leaves it open."""
        groups: dict[tuple[object, ...], list[str]] = {}
        places: dict[str, list[tuple[object, ...]]] = {}
        for outcome in answer.of("open_reason"):
            places.setdefault(str(outcome.arguments[0]), []).append(outcome.arguments[1:])
        for id in self.opened(answer, "open_reason"):
            for place in places[id]:
                groups.setdefault(place, []).append(id)
        return _first(product(*groups.values()), MOST_WORLDS) if groups else iter(())

    def _stop(self, id: str, minute: int) -> clingo.Symbol:
        symbol = self.facts.names.symbol("administration", id)
        return clingo.Function("assumed_stop", [symbol, clingo.Number(minute)])

    def reason(self, id: str) -> clingo.Symbol:
        """The supposed key reason of a visit as a fact."""
        return clingo.Function("assumed_reason", [self.facts.names.symbol("administration", id)])


def complete(program: Program, encounter: Encounter, facts: Facts) -> Completions:
    """Every world of the encounter, smallest assumptions first."""
    return completed(Search(program, encounter, facts))


def completed(search: Search) -> Completions:
    """Every world that a search finds, smallest assumptions first."""
    encounter = search.encounter
    base = search.at({})
    stops, reasons = search.opened(base, "open_stop"), search.opened(base, "open_reason")
    if not stops:
        worlds, whole = _with_reasons(search, [({}, base)])
        return Completions(worlds, base, whole, search.tried, (), reasons)
    tuples, whole = _tuples(search, encounter, stops)
    cells = [
        (
            dict(zip(stops, t, strict=True)),
            search.at(_firsts(stops, t)),
        )
        for t in tuples
    ]
    worlds, all_reasons = _with_reasons(search, cells)
    return Completions(worlds, base, whole and all_reasons, search.tried, stops, reasons)


def _tuples(
    search: Search, encounter: Encounter, stops: tuple[str, ...]
) -> tuple[list[tuple[Range, ...]], bool]:
    """The combinations of ranges that were tried, and whether those are all.

    Where a few of many combinations give too many code sets to choose from already, the others
    are left untried.
    """
    if len(stops) >= MANY_STOPS:
        scattered = list(_scattered(search, encounter, stops))
        if tried := _too_many(search, stops, scattered):
            return tried, False
    classes = [_classes(search, encounter, id, stops) for id in stops]
    size = prod(len(ranges) for ranges in classes)
    if size > FEW_WORLDS:
        spread = [_nth(classes, n * size // FEW_WORLDS) for n in range(FEW_WORLDS)]
        if tried := _too_many(search, stops, spread):
            return tried, False
    tuples = list(islice(product(*classes), MOST_WORLDS))
    search.stop_answers(_firsts(stops, t) for t in tuples)
    return tuples, size <= MOST_WORLDS


def _scattered(
    search: Search, encounter: Encounter, stops: tuple[str, ...]
) -> Iterator[tuple[Range, ...]]:
    """Single minutes for every stop, in unlike steps through what may be told apart."""
    points = []
    for id in stops:
        low, high = _span(encounter, id)
        points.append(sorted(p for p in _points(search, encounter, id) if low <= p <= high))
    for number in range(2 * MOST_SETS):
        minutes = (tried[number * (2 * n + 3) % len(tried)] for n, tried in enumerate(points))
        yield tuple(Range(minute, minute) for minute in minutes)


def _nth(classes: Sequence[Sequence[Range]], number: int) -> tuple[Range, ...]:
    """One combination by its place in the order of their product."""
    found = []
    for ranges in reversed(classes):
        number, place = divmod(number, len(ranges))
        found.append(ranges[place])
    return tuple(reversed(found))


def _too_many(
    search: Search, stops: tuple[str, ...], tuples: Sequence[tuple[Range, ...]]
) -> list[tuple[Range, ...]]:
    """Those tried until there were too many code sets; empty where there are not."""
    found = set()
    for begin in range(0, len(tuples), CHUNK):
        part = tuples[begin : begin + CHUNK]
        search.stop_answers(_firsts(stops, t) for t in part)
        found |= {search.at(_firsts(stops, t)).claim for t in part}
        if len(found) > MOST_SETS:
            return list(tuples[: begin + CHUNK])
    return []


def _firsts(stops: tuple[str, ...], ranges: tuple[Range, ...]) -> dict[str, int]:
    return {id: r.first for id, r in zip(stops, ranges, strict=True)}


def _first(items: Iterable[tuple[T, ...]], most: int) -> Iterator[tuple[T, ...]]:
    for number, item in enumerate(items):
        if number >= most:
            return
        yield item


def _with_reasons(
    search: Search, cells: Sequence[tuple[dict[str, Range], Answer]]
) -> tuple[list[World], bool]:
    """Worlds for every choice of the reasons that each cell leaves open."""
    plans: list[tuple[dict[str, Range], tuple[str, ...], Answer | None]] = []
    whole = True
    for stops, answer in cells:
        choices = list(search.choices(answer))
        if not choices:
            plans.append((stops, (), answer))
            continue
        for chosen in choices:
            if len(plans) >= MOST_WORLDS:
                whole = False
                break
            plans.append((stops, chosen, None))
    extras = [_extra(search, stops, reasons) for stops, reasons, _ in plans]
    open_ones = [n for n, plan in enumerate(plans) if plan[2] is None]
    answers = dict(zip(open_ones, search.answers([extras[n] for n in open_ones]), strict=True))
    return [
        World(stops, reasons, extras[n], known or answers[n])
        for n, (stops, reasons, known) in enumerate(plans)
    ], whole


def _extra(
    search: Search, stops: dict[str, Range], reasons: tuple[str, ...]
) -> tuple[clingo.Symbol, ...]:
    return (
        *(search._stop(id, r.first) for id, r in sorted(stops.items())),
        *(search.reason(id) for id in reasons),
    )


def _classes(
    search: Search, encounter: Encounter, id: str, stops: tuple[str, ...]
) -> list[Range]:
    """The ranges of one unknown stop, for any place of the others."""
    low, high = _span(encounter, id)
    points = sorted(p for p in _points(search, encounter, id) if low <= p <= high)
    others = [o for o in stops if o != id]
    backgrounds = [{o: _span(encounter, o)[side] for o in others} for side in (0, 1)]
    cuts: set[int] = set()
    for background in backgrounds if others else backgrounds[:1]:
        search.stop_answers({**background, id: p} for p in points)
        cuts |= set(_boundaries(search, background, id, points))
    starts = sorted({low, *cuts})
    ends = [*(s - 1 for s in starts[1:]), high]
    return [Range(a, b) for a, b in zip(starts, ends, strict=True)]


def _boundaries(
    search: Search, background: dict[str, int], id: str, points: Sequence[int]
) -> Iterator[int]:
    """The first minute of each new code set, by bisection between unequal neighbours."""

    def claim(minute: int) -> object:
        return search.claims({**background, id: minute})

    stack = list(zip(points, points[1:], strict=False))
    while stack:
        low, high = stack.pop()
        if claim(low) == claim(high):
            continue
        if high - low == 1:
            yield high
            continue
        middle = (low + high) // 2
        stack += [(low, middle), (middle, high)]


def _span(encounter: Encounter, id: str) -> tuple[int, int]:
    start = encounter.administration(id).start
    assert start is not None
    last = encounter.ends if encounter.ends is not None else start + DAY_MINUTES
    return start + 1, max(start + 1, last)


def _points(search: Search, encounter: Encounter, id: str) -> set[int]:
    """Minutes at which the answer may change: thresholds, steps, and marks of the record."""
    start = encounter.administration(id).start
    assert start is not None
    low, high = _span(encounter, id)
    found = {low, high}
    for base in {start, *_marks(encounter)}:
        found |= {base, base + 1}
    lengths = _numbers(search.program)
    for length in lengths:
        found |= {start + length, start + length + 1}
    for offset, every in _steps(search.program):
        for minute in range(start + offset, high + 1, every):
            found |= {minute - 1, minute}
    return found


def _marks(encounter: Encounter) -> Iterator[int]:
    for item in encounter.administrations:
        for minute in (item.start, item.stop, *(m for pair in item.segments for m in pair)):
            if minute is not None:
                yield minute
        if item.start is not None and item.minutes is not None:
            yield item.start + item.minutes


def _numbers(program: Program) -> set[int]:
    book = program.book
    return {
        int(setting.value)
        for name, setting in book.settings.items()
        if book.type_of(name).name == "minutes"
    }


def _steps(program: Program) -> Iterator[tuple[int, int]]:
    settings = program.book.settings
    for step in program.book.library.values.steps:
        yield int(settings[step.offset].value), int(settings[step.every].value)
