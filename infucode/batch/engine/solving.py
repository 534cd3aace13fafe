"""Many encounters under one rulebook: the answers of `Solver`, by one compiled function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import cast

from infucode.batch.engine.rows import Kinds, Stated, rows_of
from infucode.batch.engine.search import SUPPOSED, RowSearch, Supposed, supposed_symbol
from infucode.batch.engine.shapes import Shapes
from infucode.batch.engine.stand_ins import Alternatives
from infucode.batch.engine.told import Telling, Told
from infucode.engine.answer import DraftLine, Outcome
from infucode.engine.facts import Facts, Names
from infucode.engine.program import Model, Program
from infucode.engine.wording import Wording
from infucode.model.encounter import Encounter
from infucode.model.solution import HangsOn, PolicyRef, Reason, Solution, Warned
from infucode.passes.instances import Instance
from infucode.questions.completions import MOST_SETS, Completions, World, completed
from infucode.questions.explain_shortest import order
from infucode.questions.found import Found
from infucode.questions.hangs import Other, StandIns
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


class _Unhung(StandIns):
    """What stands for the stand-in switches while nobody asks what hangs on them."""

    def __init__(self, stand_ins: StandIns) -> None:
        super().__init__(stand_ins.program, stand_ins.other)

    def hangs_on(self, _: DraftLine, __: Sequence[Other]) -> tuple[HangsOn, ...]:
        """Nothing."""
        return ()


class RowReasons(Reasons):
    """The messages of an answer whose rows are known already."""

    def __init__(self, program: Program, encounter: Encounter, model: Model) -> None:
        super().__init__(program, encounter, model.facts)
        self.__dict__["model"] = model

    def _behind(self, outcome: Outcome) -> Instance:
        return min(self.derivations.behind(cast(Told, outcome).ground), key=order)

    def reason(self, outcome: Outcome) -> Reason:
        """The rule behind an outcome in words."""
        item = self._behind(outcome)
        return Reason(
            outcome.rule, self.says(item), self.program.book.rules[item.rule].papers.cite
        )

    def matters(self, outcome: Outcome) -> str:
        """What a question would decide."""
        item = self._behind(outcome)
        papers = self.program.book.rules[item.rule].papers
        return self.fill(papers.matters, self.bound(item))


class RowSolver:
    """Solves encounters under one program. Raises what the rules raise."""

    def __init__(self, solver: Solver, kinds: Kinds) -> None:
        self.solver, self.kinds = solver, kinds
        self.shapes = Shapes(solver.program, SUPPOSED)
        self._unhung = _Unhung(solver.stand_ins)

    @cached_property
    def alternatives(self) -> Alternatives:
        """The other answers to the stand-in switches."""
        return Alternatives(self.solver.stand_ins)

    def solve(
        self,
        encounter: Encounter,
        policy: PolicyRef,
        notices: tuple[Warned, ...],
        *,
        explain: bool = False,
    ) -> Solution | None:
        """The solution, with messages where it is to be explained; None while that is not worth
        a function."""
        if not self.shapes.ready:
            return None
        stated = rows_of(encounter, self.kinds)
        search = RowSearch(self.solver.program, self.shapes, encounter, stated)
        completions = completed(search)
        if explain:
            names = names_of(stated)
            found = _distinct(completions, lambda world: self._explained(search, world, names))
            telling = Telling(self.solver.program.outcome_order, stated.values, encounter)
            for item in found[:MOST_SETS]:
                world = search.world(cast(tuple[Supposed, ...], item.worlds[0].extra))
                own = item.reasons.model.relations
                item.others = self.alternatives.others(own, world, telling)
        else:
            unasked = cast(Reasons, _Unasked(encounter))
            found = _distinct(completions, lambda _: unasked)
        stand_ins = self.solver.stand_ins if explain else self._unhung
        view = View(stand_ins, encounter, completions, found, explain)
        return view.solution(policy, notices, False)

    def _explained(self, search: RowSearch, world: World, names: Names) -> Reasons:
        program = self.solver.program
        relations = search.relations(cast(tuple[Supposed, ...], world.extra))
        model = Model(program, Facts(names, [], {}), relations)
        return RowReasons(program, search.encounter, model)


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
        found = completed(RowSearch(self.program, rows.shapes, encounter, stated))
        for world in found.worlds:
            world.extra = tuple(map(supposed_symbol, world.extra))
        return found


def names_of(stated: Stated) -> Names:
    """What the constants of an encounter stand for, as the rest of the program knows it."""
    names = Names()
    for sort, known in stated.symbols.items():
        for value in known:
            names.symbol(sort, value)
    return names


def _distinct(completions: Completions, reasons: Callable[[World], Reasons]) -> list[Found]:
    sets: dict[object, Found] = {}
    for world in completions.worlds:
        claim = world.answer.claim
        known = sets.get(claim)
        if known is None:
            sets[claim] = Found([world], reasons(world), [])
        else:
            known.worlds.append(world)
    return list(sets.values())
