"""The worlds of one encounter, answered by the one function of its batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import clingo

from infucode.batch.engine.rows import Stated
from infucode.batch.engine.shapes import Shapes
from infucode.batch.engine.told import Telling
from infucode.batch.engine.whole import Given
from infucode.engine.answer import Answer
from infucode.engine.facts import Facts, Names
from infucode.engine.program import Program
from infucode.engine.relations import Relation
from infucode.model.encounter import Encounter
from infucode.passes.values import Row, symbol_of_atom
from infucode.questions.completions import Search
from infucode.rulebook.language import Signature

ASSUMED_STOP: Signature = ("assumed_stop", 2)
ASSUMED_REASON: Signature = ("assumed_reason", 1)
SUPPOSED = (ASSUMED_STOP, ASSUMED_REASON)
NO_FACTS = Facts(Names(), [], {})
Supposed = tuple[Signature, Row]


class RowSearch(Search):
    """Tries the completions of one encounter over plain rows."""

    def __init__(
        self, program: Program, shapes: Shapes, encounter: Encounter, stated: Stated
    ) -> None:
        super().__init__(program, encounter, NO_FACTS)
        self.running, self.stated = shapes.running(stated.given), stated
        self._last: Given = {}
        self._telling = Telling(self.running.whole.outcomes, stated.values, encounter)

    def answers(self, extras: Sequence[tuple[clingo.Symbol, ...]]) -> list[Answer]:
        """The answers of some worlds; of worlds with equal outcomes the same answer."""
        self.tried += len(extras)
        return [self._answer(cast(tuple[Supposed, ...], extra)) for extra in extras]

    def _answer(self, extra: tuple[Supposed, ...]) -> Answer:
        self._last = self.world(extra)
        return self._telling.answer(self.running.outcomes(self._last))

    def world(self, extra: tuple[Supposed, ...]) -> Given:
        """What is stated and supposed in a world."""
        if not extra:
            return self.stated.given
        world = dict(self.stated.given)
        for signature, row in extra:
            world[signature] = {**world.get(signature, {}), row: None}
        return world

    def relations(self, extra: tuple[Supposed, ...]) -> dict[Signature, Relation]:
        """The rows of every predicate in a world."""
        world = self.world(extra)
        if world != self._last:
            self._last = world
            self.running.outcomes(world)
        return self.running.relations(world, self.program.frame.reads)

    def _stop(self, id: str, minute: int) -> clingo.Symbol:
        row = (self.stated.symbol("administration", id), minute)
        return cast(clingo.Symbol, (ASSUMED_STOP, row))

    def reason(self, id: str) -> clingo.Symbol:
        """The supposed key reason of a visit as a row."""
        row = (self.stated.symbol("administration", id),)
        return cast(clingo.Symbol, (ASSUMED_REASON, row))


def supposed_symbol(extra: clingo.Symbol) -> clingo.Symbol:
    """What a world supposes, as the symbol that it would be elsewhere."""
    (name, _), row = cast(Supposed, extra)
    return symbol_of_atom(name, row)
