"""The worlds of one encounter, answered by the one function of its batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import clingo

from infucode.batch.engine.rows import Stated
from infucode.batch.engine.shapes import Shapes
from infucode.batch.engine.told import RowAnswer, Rows, Seen, Telling, Why
from infucode.batch.engine.whole import Given, Running
from infucode.engine.answer import Answer
from infucode.engine.facts import Facts, Names
from infucode.engine.program import Program
from infucode.engine.relations import Relation
from infucode.model.encounter import Encounter
from infucode.passes.values import Row, symbol_of_atom
from infucode.questions.completions import Search, _points, _span
from infucode.rulebook.language import Signature

ASSUMED_STOP: Signature = ("assumed_stop", 2)
ASSUMED_REASON: Signature = ("assumed_reason", 1)
SUPPOSED = (ASSUMED_STOP, ASSUMED_REASON)
NO_FACTS = Facts(Names(), [], {})
Supposed = tuple[Signature, Row]
Extra = tuple[Supposed, ...]
"""What one world supposes."""
HALVINGS = 4
"""How often the gap between two minutes is halved beforehand."""
MOST_BETWEEN = 32
"""Minutes of a gap that are all tried."""
NOTHING: Rows = {}


class Missing(Exception):
    """Worlds that were not foreseen."""

    def __init__(self, extras: list[Extra]) -> None:
        super().__init__()
        self.extras = extras


class RowSearch(Search):
    """Tries the completions of one encounter over plain rows."""

    def __init__(
        self, program: Program, shapes: Shapes, encounter: Encounter, stated: Stated
    ) -> None:
        super().__init__(program, encounter, NO_FACTS)
        self.shapes, self.stated = shapes, stated
        self.known: dict[Extra, Seen] = {}
        """What is seen in the worlds that were answered beforehand."""
        self.why: dict[Extra, Why] = {}
        """By world what its reasons are told from."""
        self.foreseeing = False
        """Whether worlds that are not known are an error."""
        self._running: Running | None = None
        self._last: Given = {}
        self._telling: Telling | None = None

    @property
    def running(self) -> Running:
        """The function for this encounter."""
        if self._running is None:
            foreseen, shapes = bool(self.known), self.shapes
            self._running = shapes.anything() if foreseen else shapes.running(self.stated.given)
        return self._running

    @property
    def base(self) -> Answer | None:
        """The answer of what is stated alone, if it was asked for."""
        return self._stops.get(())

    def answers(self, extras: Sequence[tuple[clingo.Symbol, ...]]) -> list[Answer]:
        """The answers of some worlds; of worlds with equal outcomes the same answer. Raises
        Missing while worlds are foreseen."""
        own = cast(Sequence[Extra], extras)
        if self.foreseeing:
            missing = [extra for extra in own if extra not in self.known]
            if missing:
                raise Missing(missing)
        self.tried += len(extras)
        return [self._answer(extra) for extra in own]

    def _answer(self, extra: Extra) -> Answer:
        rows = self.known.get(extra)
        if self._telling is None:
            order = self.program.outcome_order if self.known else self.running.whole.outcomes
            self._telling = Telling(order, self.stated.values, self.encounter)
        if rows is None:
            rows = Seen(self.world_rows(extra))
        return self._telling.answer(rows)

    def claims(self, world: dict[str, int]) -> frozenset[object]:
        """The code sets of one world of stops, whatever key reason it leaves open."""
        key = tuple(sorted(world.items()))
        found = self._claims.get(key)
        if found is None:
            answer = cast(RowAnswer, self.at(world))
            if answer.of("open_reason"):
                return super().claims(world)
            found = self._claims[key] = answer.claims
        return found

    def world_rows(self, extra: Extra) -> tuple[Rows, ...]:
        """The rows of every outcome in a world that was not foreseen."""
        self._last = self.world(extra)
        rows = self.running.outcomes(self._last)
        if not self.known:
            return rows
        given = dict(zip(self.running.whole.outcomes, rows, strict=True))
        return tuple([given.get(s, NOTHING) for s in self.program.outcome_order])

    def world(self, extra: Extra) -> Given:
        """What is stated and supposed in a world."""
        if not extra:
            return self.stated.given
        world = dict(self.stated.given)
        for signature, row in extra:
            world[signature] = {**world.get(signature, {}), row: None}
        return world

    def relations(self, extra: Extra) -> dict[Signature, Relation]:
        """The rows of every predicate in a world."""
        world = self.world(extra)
        if world != self._last:
            self._last = world
            self.running.outcomes(world)
        return self.running.relations(world, self.program.frame.reads)

    # ---- what will be asked for ----

    def tried_first(self, id: str) -> list[Extra]:
        """The worlds that are tried first where one administration lacks a stop."""
        low, high = _span(self.encounter, id)
        minutes = sorted(_points(self, self.encounter, id))
        return [self._supposed({id: minute}) for minute in minutes if low <= minute <= high]

    def between(self, missing: Sequence[Extra]) -> list[Extra]:
        """Worlds that are missing; and where these lie between others of one stop, those that a
        search for the borders between code sets will come to."""
        found = dict.fromkeys(missing)
        if len(missing) == 1 and all(signature == ASSUMED_STOP for signature, _ in missing[0]):
            for place, (_, (id, _)) in enumerate(missing[0]):
                for minute in self._borders(missing[0], place):
                    row = ASSUMED_STOP, (id, minute)
                    found[(*missing[0][:place], row, *missing[0][place + 1 :])] = None
        return [extra for extra in found if extra not in self.known]

    def _borders(self, missing: Extra, place: int) -> list[int]:
        """Minutes between unlike neighbours, of worlds that differ from one in a stop alone."""
        rest, (id, _) = (*missing[:place], *missing[place + 1 :]), missing[place][1]
        claims = {}
        for extra in self.known:
            if len(extra) != len(missing) or extra[place][1][0] != id:
                continue
            if (*extra[:place], *extra[place + 1 :]) == rest:
                claims[cast(int, extra[place][1][1])] = self._answer(extra).claim
        minutes = sorted(claims)
        return [
            minute
            for low, high in zip(minutes, minutes[1:], strict=False)
            if claims[low] != claims[high]
            for minute in _halved(low, high)
        ]

    def _supposed(self, world: dict[str, int]) -> Extra:
        stops = [self._stop(id, minute) for id, minute in sorted(world.items())]
        return cast(Extra, tuple(stops))

    def _stop(self, id: str, minute: int) -> clingo.Symbol:
        row = (self.stated.symbol("administration", id), minute)
        return cast(clingo.Symbol, (ASSUMED_STOP, row))

    def reason(self, id: str) -> clingo.Symbol:
        """The supposed key reason of a visit as a row."""
        row = (self.stated.symbol("administration", id),)
        return cast(clingo.Symbol, (ASSUMED_REASON, row))


def _halved(low: int, high: int) -> list[int]:
    """The minutes between, all of a short gap, the middles of a long one."""
    if high - low <= MOST_BETWEEN + 1:
        return list(range(low + 1, high))
    gaps, found = [(low, high)], []
    for _ in range(HALVINGS):
        parts = []
        for first, last in gaps:
            if last - first > 1:
                middle = (first + last) // 2
                found.append(middle)
                parts += [(first, middle), (middle, last)]
        gaps = parts
    return found


def supposed_symbol(extra: clingo.Symbol) -> clingo.Symbol:
    """What a world supposes, as the symbol that it would be elsewhere."""
    (name, _), row = cast(Supposed, extra)
    return symbol_of_atom(name, row)
