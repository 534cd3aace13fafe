"""What hangs on the stand-in switches, for many encounters under one program.

Most other answers change nothing: their rules cannot fire on an encounter, or give the very rows
that the plan's own give. That is asked first; what is left is answered as one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush

from infucode.batch.engine.search import SUPPOSED
from infucode.batch.engine.shapes import MANY, Shapes
from infucode.batch.engine.told import Rows, Seen, Telling
from infucode.batch.engine.whole import Given
from infucode.engine.fixpoint import Step, answer
from infucode.engine.program import Program
from infucode.engine.relations import NOTHING, Relation
from infucode.questions.hangs import Other, StandIns
from infucode.rulebook.language import Clause, Signature

Relations = Mapping[Signature, Relation]


Firing = dict[int, Rows]
"""The rows of rules over the plan's own answer, by position."""


FAR = 40
"""With so many strata to answer anew an answer to a switch is worth a function of its own, once
that has been met as often as anything is that gets one."""


class Change:
    """Another answer to a switch: the rules that are others under it."""

    def __init__(
        self, program: Program, switch: str, value: str, changes: Mapping[int, Step | None]
    ) -> None:
        self.switch, self.value, self.positions = switch, value, tuple(changes)
        self.steps = program.steps.but(changes)
        self.tables: Relations = program.tables
        """What holds of every encounter under this answer."""
        self.asked: dict[int, list[int]] = {}
        """The rules to ask by stratum: those that are others, and what reads such tables."""
        self.far = 0
        """How often it reached far."""


class TooFar(Exception):
    """So much hangs on a switch that its function is the shorter way."""


class Alternatives:
    """Every other answer to the stand-in switches of one program, made ready once."""

    def __init__(self, stand_ins: StandIns) -> None:
        program = self.program = stand_ins.program
        self._other = stand_ins.other
        self.changes = [Change(program, *change) for change in stand_ins.changes]
        self._shapes: dict[Change, Shapes] = {}
        self._home: dict[int, int] = {}
        self._readers: dict[Signature, list[int]] = {}
        """The rules that read a predicate, by position."""
        for number, stratum in enumerate(program.frame.strata):
            for position in stratum.rules:
                self._home[position] = number
                for signature in _read_by(program.frame.rules[position].clause):
                    self._readers.setdefault(signature, []).append(position)

        for change in self.changes:
            self._start(change)

    def _start(self, change: Change) -> None:
        """Work out what a change makes of the tables, which is the same for all."""
        tables, frame = self.program.tables, self.program.frame
        asked: dict[int, list[int]] = {}
        for position in change.positions:
            if position in self._home:
                asked.setdefault(self._home[position], []).append(position)
        found, _ = self._anew(change, tables, tables, asked, Firing(), len(frame.tables))
        change.tables = found
        change.asked = {n: own for n, own in asked.items() if n >= len(frame.tables)}

    def others(
        self, own: dict[Signature, Relation], world: Given, telling: Telling
    ) -> list[Other]:
        """What `StandIns.others` gives for a world and its finished answer.

        `telling` tells every outcome of the program.
        """
        found, firing = [], Firing()
        for change in self.changes:
            try:
                rows = self._outcomes(change, own, firing)
            except TooFar:
                rows = self._by_function(change, own, world)
            if rows is not None:
                found.append(Other(change.switch, change.value, telling.answer(Seen(rows))))
        return found

    def _outcomes(
        self, change: Change, own: dict[Signature, Relation], firing: Firing
    ) -> tuple[Rows, ...] | None:
        """The rows of every outcome under a change; None where none is another. Raises TooFar."""
        tables = self.program.tables
        if not change.asked:
            return None
        now = own
        if change.tables is not tables:
            now = {s: relation for s, relation in own.items() if s not in tables}
            now.update(change.tables)
        asked = {number: list(positions) for number, positions in change.asked.items()}
        last = len(self.program.frame.strata)
        relations, changed = self._anew(change, own, now, asked, firing, last)
        if changed.isdisjoint(self.program.outcomes):
            return None
        return tuple([relations.get(s, NOTHING).rows for s in self.program.outcome_order])

    def _by_function(
        self, change: Change, own: Relations, world: Given
    ) -> tuple[Rows, ...] | None:
        """The same by the function of the change."""
        if change not in self._shapes:
            self._shapes[change] = Shapes(self._other(change.switch, change.value), SUPPOSED)
        running = self._shapes[change].running(world)
        given = dict(zip(running.whole.outcomes, running.outcomes(world), strict=True))
        order = self.program.outcome_order
        rows = tuple([given.get(s, NOTHING.rows) for s in order])
        before = tuple([own.get(s, NOTHING).rows for s in order])
        return None if rows == before else rows

    def _anew(
        self,
        change: Change,
        own: Relations,
        now: Relations,
        asked: dict[int, list[int]],
        firing: Firing,
        last: int,
    ) -> tuple[Relations, set[Signature]]:
        """What holds under a change, and the predicates of which the rows are others.

        A stratum is answered anew where a rule that is another, or that reads what has changed,
        gives other rows than in the plan's `own` answer. `now` has the tables of the change.
        Strata from `last` on are left out. Raises TooFar.
        """
        strata, home = self.program.frame.strata, self._home
        relations: dict[Signature, Relation] | None = None
        changed: set[Signature] = set()
        waiting, anew = sorted(asked), 0
        while waiting:
            number = heappop(waiting)
            if number >= last:
                break
            stratum = strata[number]
            if not stratum.recursive and self._same(change, asked[number], own, now, firing):
                continue
            anew += number >= len(self.program.frame.tables)
            if anew == FAR:
                change.far += 1
                if change.far > MANY:
                    raise TooFar
            if relations is None:
                now = relations = dict(now)
            old = {head: relations.pop(head, NOTHING) for head in stratum.heads}
            answer((stratum,), change.steps, relations)
            for head, known in old.items():
                if relations.get(head, NOTHING).rows == known.rows:
                    if known.rows:
                        relations[head] = known
                    continue
                changed.add(head)
                for position in self._readers.get(head, ()):
                    reader = home[position]
                    if reader not in asked:
                        asked[reader] = []
                        heappush(waiting, reader)
                    asked[reader].append(position)
        return now, changed

    def _same(
        self,
        change: Change,
        positions: Sequence[int],
        own: Relations,
        now: Relations,
        firing: Firing,
    ) -> bool:
        """Whether some rules give the rows that they give in the plan's own answer."""
        for position in positions:
            before, after = self.program.steps[position], change.steps[position]
            fires = after is not None and after.can_fire(now)
            if before is None or not before.can_fire(own):
                if fires:
                    return False
                continue
            if position not in firing:
                before.run(own, firing.setdefault(position, {}))
            found: Rows = {}
            if fires and after is not None:
                after.run(now, found)
            if found != firing[position]:
                return False
        return True


def _read_by(clause: Clause) -> set[Signature]:
    return {atom.signature for atom in clause.atoms()}
