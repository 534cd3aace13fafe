"""Many encounters under one rulebook: the answers of `Solver`, by one compiled function."""

from __future__ import annotations

from functools import cached_property
from typing import cast

from infucode.batch.engine.rows import Kinds, rows_of
from infucode.batch.engine.search import SUPPOSED, RowSearch, supposed_symbol
from infucode.batch.engine.shapes import Shapes
from infucode.engine.facts import Facts, Names
from infucode.engine.wording import Wording
from infucode.model.encounter import Encounter
from infucode.model.solution import PolicyRef, Solution, Warned
from infucode.questions.completions import Completions, completed
from infucode.questions.found import Found
from infucode.questions.reasons import Reasons
from infucode.questions.solve import Solver
from infucode.questions.view import View


class _Unasked:
    """What stands for the reasons of a world while nobody asks for them."""

    def __init__(self, encounter: Encounter) -> None:
        self.encounter = encounter

    @cached_property
    def wording(self) -> Wording:
        """The encounter's own words."""
        return Wording(self.encounter, Names())


class RowSolver:
    """Solves encounters under one program, without messages. Raises what the rules raise."""

    def __init__(self, solver: Solver, kinds: Kinds) -> None:
        self.solver, self.kinds = solver, kinds
        self.shapes = Shapes(solver.program, SUPPOSED)

    def solve(
        self, encounter: Encounter, policy: PolicyRef, notices: tuple[Warned, ...]
    ) -> Solution | None:
        """The solution; None while that is not worth a function."""
        if not self.shapes.ready:
            return None
        stated = rows_of(encounter, self.kinds)
        running = self.shapes.running(stated.given)
        search = RowSearch(self.solver.program, running, encounter, stated)
        completions = completed(search)
        found = _distinct(completions, encounter)
        view = View(self.solver.stand_ins, encounter, completions, found, False)
        return view.solution(policy, notices, False)


class QuickSolver(Solver):
    """A solver that finds the worlds of an encounter the fast way, and explains as any other."""

    def __init__(self, solver: Solver, rows: RowSolver) -> None:
        super().__init__(solver.program, solver.stand_ins)
        self.rows = rows

    def completions(self, encounter: Encounter, facts: Facts) -> Completions:
        """The worlds of an encounter, what they suppose as symbols."""
        rows = self.rows
        if not rows.shapes.ready:
            return super().completions(encounter, facts)
        stated = rows_of(encounter, rows.kinds)
        running = rows.shapes.running(stated.given)
        found = completed(RowSearch(self.program, running, encounter, stated))
        for world in found.worlds:
            world.extra = tuple(map(supposed_symbol, world.extra))
        return found


def _distinct(completions: Completions, encounter: Encounter) -> list[Found]:
    sets: dict[object, Found] = {}
    reasons = cast(Reasons, _Unasked(encounter))
    for world in completions.worlds:
        claim = world.answer.claim
        known = sets.get(claim)
        if known is None:
            sets[claim] = Found([world], reasons, [])
        else:
            known.worlds.append(world)
    return list(sets.values())
