"""Many encounters under one rulebook: the answers of `Solver`, by one compiled function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, cast

from infucode.batch.engine.plain import PlainTexts
from infucode.batch.engine.rows import Kinds, Stated, rows_of
from infucode.batch.engine.search import SUPPOSED, Extra, RowSearch, supposed_symbol
from infucode.batch.engine.shapes import Shapes
from infucode.batch.engine.stand_ins import Alternatives
from infucode.batch.engine.told import Behind, Telling, Told
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

if TYPE_CHECKING:
    from infucode.batch.engine.foresight import Foresight
    from infucode.batch.engine.others import Others

FEW = 64
"""With fewer encounters arrays are too short to be worth it."""
LARGE = 40
"""Encounters of more parts are answered alone: their rows grow with the square of the parts."""


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

    def __init__(
        self, program: Program, encounter: Encounter, facts: Facts, behind: Mapping[str, Behind]
    ) -> None:
        """`behind` is what is known of outcomes; of others the model is asked."""
        super().__init__(program, encounter, facts)
        self._known_behind = behind

    def _behind(self, outcome: Outcome) -> Instance:
        told = cast(Told, outcome)
        known = self._known_behind.get(told.kind)
        if known is None:
            return min(self.derivations.behind(told.ground), key=order)
        return Instance(known[told.row][0], told.ground, known[told.row][1], (), (), (), (), ())

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
        self._texts: dict[object, PlainTexts] = {}
        self._foreseen: dict[int, tuple[RowSearch, Completions | None]] = {}

    def foresee(self, encounters: Sequence[Encounter], *, explain: bool = False) -> None:
        """Answer what can be foreseen of many encounters that will be asked for."""
        self._foreseen.clear()
        encounters = [encounter for encounter in encounters if _size(encounter) <= LARGE]
        if len(encounters) < FEW or self.foresight is None:
            return
        from infucode.batch.engine.taken import Taken

        program, taken = self.solver.program, Taken(encounters, self.kinds)
        searches = {
            place: RowSearch(program, self.shapes, encounters[place], stated)
            for place, stated in enumerate(taken.stated)
            if stated is not None
        }
        done = self.foresight.foresee(taken, searches)
        searches = {place: search for place, search in searches.items() if search.known}
        for place, search in searches.items():
            self._foreseen[id(search.encounter)] = search, done.get(place)
        if explain and self.others is not None:
            self.others.foresee(taken, list(self._explained_worlds(searches)))

    def _explained_worlds(
        self, searches: Mapping[int, RowSearch]
    ) -> Iterator[tuple[int, RowSearch, Extra]]:
        """The worlds of foreseen encounters that reasons will be told of."""
        assert self.foresight is not None
        for place, search in searches.items():
            if not self.foresight.is_open(search):
                yield place, search, ()
                continue
            with suppress(Exception):
                _, completions = self._foreseen[id(search.encounter)]
                if completions is None:
                    completions = completed(search)
                    self._foreseen[id(search.encounter)] = search, completions
                first: dict[object, World] = {}
                for world in completions.worlds:
                    first.setdefault(world.answer.claim, world)
                for world in list(first.values())[: MOST_SETS + 1]:
                    yield place, search, cast(Extra, world.extra)

    def plain(
        self, encounter: Encounter, policy: PolicyRef, notices: tuple[Warned, ...], *,
        explain: bool = False,
    ) -> bytes | None:  # fmt: skip
        """The line of an encounter, with reasons where it is to be explained, if it was foreseen
        and is plain."""
        known = self._foreseen.get(id(encounter))
        if known is None or known[0].encounter is not encounter:
            return None
        rows, why = known[0].known.get(()), known[0].why.get(())
        if rows is None or (explain and why is None):
            return None
        key = policy, notices
        texts = self._texts.get(key)
        if texts is None:
            self._texts.clear()
            texts = self._texts[key] = PlainTexts(self.solver.program, policy, notices)
        text = texts.text(rows, known[0].stated, encounter, why)
        if text is not None:
            del self._foreseen[id(encounter)]
        return text

    def searched(self, encounter: Encounter) -> tuple[RowSearch | None, Completions | None]:
        """The search for an encounter, and what it found if that was foreseen; no search while
        that is not worth a function."""
        known = self._foreseen.pop(id(encounter), None)
        if known is not None and known[0].encounter is encounter:
            return known
        if not self.shapes.ready:
            return None, None
        stated = rows_of(encounter, self.kinds)
        return RowSearch(self.solver.program, self.shapes, encounter, stated), None

    @cached_property
    def foresight(self) -> Foresight | None:
        """What answers many encounters at once; None where there is no numpy."""
        try:
            from infucode.batch.engine.foresight import Foresight
        except ImportError:
            return None
        return Foresight(self.solver.program)

    @cached_property
    def others(self) -> Others | None:
        """What works out other answers of many encounters at once; None without numpy."""
        try:
            from infucode.batch.engine.others import Others
        except ImportError:
            return None
        return Others(self.solver.stand_ins)

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
        search, completions = self.searched(encounter)
        if search is None:
            return None
        if completions is None:
            completions = completed(search)
        stated = search.stated
        if explain:
            names = names_of(stated)
            found = _distinct(completions, lambda world: self._explained(search, world, names))
            telling = Telling(self.solver.program.outcome_order, stated.values, encounter)
            for item in found[:MOST_SETS]:
                extra = cast(Extra, item.worlds[0].extra)
                why = search.why.get(extra)
                if why is not None:
                    item.others = [Other(s, v, telling.answer(rows)) for s, v, rows in why.others]
                    continue
                own = item.reasons.model.relations
                item.others = self.alternatives.others(own, search.world(extra), telling)
        else:
            unasked = cast(Reasons, _Unasked(encounter))
            found = _distinct(completions, lambda _: unasked)
        stand_ins = self.solver.stand_ins if explain else self._unhung
        view = View(stand_ins, encounter, completions, found, explain)
        return view.solution(policy, notices, False)

    def _explained(self, search: RowSearch, world: World, names: Names) -> Reasons:
        program, facts = self.solver.program, Facts(names, [], {})
        extra = cast(Extra, world.extra)
        why = search.why.get(extra)
        if why is not None:
            return RowReasons(program, search.encounter, facts, why.behind)
        reasons = RowReasons(program, search.encounter, facts, {})
        reasons.__dict__["model"] = Model(program, facts, search.relations(extra))
        return reasons


class QuickSolver(Solver):
    """A solver that finds the worlds of an encounter the fast way, and explains as any other."""

    def __init__(self, solver: Solver, rows: RowSolver) -> None:
        super().__init__(solver.program, solver.stand_ins)
        self.rows = rows

    def completions(self, encounter: Encounter, facts: Facts) -> Completions:
        """The worlds of an encounter, what they suppose as symbols."""
        search, known = self.rows.searched(encounter)
        if search is None:
            return super().completions(encounter, facts)
        found = completed(search) if known is None else known
        for world in found.worlds:
            world.extra = tuple(map(supposed_symbol, world.extra))
        return found


def _size(encounter: Encounter) -> int:
    """Administrations, services and claim lines."""
    lists = encounter.administrations, encounter.services, encounter.claim_lines
    return sum(map(len, lists))


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
