"""What rules would give if some conditions were otherwise, and which conditions those are.

A goal is a predicate with some arguments known. It is followed backwards through the rules over
a finished answer. Where a condition does not hold, the ways of the question at hand say what it
would take, as labels: sets of numbers that stand for causes or for facts. A value that would
then be anybody's guess is `OPEN`, and no comparison fails on it. What is found is therefore
never too little; that it is not too much has to be shown by solving.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from infucode.engine.derivations import Derivations
from infucode.engine.program import Program
from infucode.passes.values import Row
from infucode.questions.why_not_conditions import Condition
from infucode.questions.why_not_holding import Conditions
from infucode.questions.why_not_labels import (
    ALWAYS,
    Failing,
    Labels,
    Pattern,
    Ways,
)
from infucode.questions.why_not_plans import Plan, Way, ready
from infucode.questions.why_not_terms import OPEN, Binding
from infucode.rulebook.language import Signature

Goal = tuple[Signature, Pattern, int]
Rows = dict[Row, Labels]
MOST_ROUNDS = 12


class _State:
    """What was found for a goal, and how far it was followed."""

    __slots__ = ("cut", "final", "open", "round", "rows")

    def __init__(self) -> None:
        self.rows: Rows = {}
        self.round = 0
        self.open = self.final = False
        self.cut = False
        """Whether more would be found if sets could be larger."""


class _Aim(NamedTuple):
    """A goal that is followed."""

    pattern: Pattern
    most: int
    anything: Row
    known: Rows
    """What was found for it."""
    once: bool
    """Whether one row will do."""


class TooManyStepsError(Exception):
    """More conditions were gone through than a question is worth."""


class Goals(Conditions):
    """Follows goals over one answer; what was found for a goal is kept.

    Raises TooManyStepsError behind `most_steps` steps; then nothing is known of any goal.
    """

    def __init__(
        self,
        program: Program,
        derivations: Derivations,
        ways: Ways,
        most_steps: int = sys.maxsize,
    ) -> None:
        super().__init__(derivations, ways)
        self.program, self._shares = program, ways.shares
        self._ready = ready(program)
        self._states: dict[Goal, _State] = {}
        self._round: list[_State] = []
        """What was followed in this round."""
        self._following = False
        self._again = self._changed = False
        self._first: Goal | None = None
        """The goal of which the first row will do."""
        self.by: int | None = None
        """The rule by which it was reached."""
        self._eithers: dict[tuple[Labels, Labels], Labels] = {}
        self.steps, self.most_steps = 0, most_steps
        """How often conditions were gone through, from the first or from behind a choice."""
        self.followed = 0
        """How many goals were followed."""
        self.rounds = 0
        """How often goals were followed anew; what was found in between may grow."""

    def reach(self, signature: Signature, pattern: Pattern, most: int) -> Rows:
        """Every row that the goal has or could have, with what it takes: sets up to `most`."""
        goal = signature, pattern, most
        state = self._states.get(goal)
        if state is None:
            state = self._states[goal] = self._begun(goal) if self._shares else _State()
        if state.final:
            self.cut = self.cut or state.cut
            return state.rows
        if self._following:
            if state.round == self.rounds:
                self._again = self._again or state.open
                self.cut = self.cut or state.open or state.cut
                return state.rows
            return self._one(goal, state)
        for _ in range(MOST_ROUNDS):
            self._round_of(goal, state)
            if not (self._again and self._changed):
                break
        self._settle()
        return state.rows

    def can_reach(
        self, signature: Signature, pattern: Pattern, most: int, by: int | None = None
    ) -> bool:
        """Whether the goal has or could have any row; then it is not looked for others.

        The rule at the position `by` is followed before the others.
        """
        goal = signature, pattern, most
        state = self._states.setdefault(goal, _State())
        if state.final:
            return bool(state.rows)
        self._first, self.by = goal, by
        for _ in range(MOST_ROUNDS):
            if self._round_of(goal, state):
                del self._states[goal]
                break
            if not (self._again and self._changed):
                self._settle()
                break
        self._first = None
        return bool(state.rows)

    def _round_of(self, goal: Goal, state: _State) -> Rows:
        """Follow a goal anew, over what was found before."""
        self._again = self._changed = False
        self._round = []
        self.rounds += 1
        self._following = True
        rows = self._one(goal, state)
        self._following = False
        return rows

    def _begun(self, goal: Goal) -> _State:
        """What a smaller size found, where nothing was too large for it; else nothing yet."""
        signature, pattern, most = goal
        less = self._states.get((signature, pattern, most - 1))
        return less if less is not None and less.final and not less.cut else _State()

    def _settle(self) -> None:
        for state in self._round:
            state.final = True

    def _one(self, goal: Goal, state: _State) -> Rows:
        state.round, state.open = self.rounds, True
        self._round.append(state)
        cut, self.cut = self.cut, False
        known = state.rows
        signature, pattern, most = goal
        held = self.rows(signature, pattern)
        for row in held:
            known[row] = ALWAYS
        whole = held and None not in pattern and OPEN not in pattern
        if most and not whole and self.ways.looks_further(signature, pattern, held):
            self._follow(goal, known)
        state.open, state.cut = False, self.cut
        self.cut = self.cut or cut
        return known

    def _follow(self, goal: Goal, known: Rows) -> None:
        """Follow a goal through its rules, until anything is possible at no cost."""
        self.followed += 1
        signature, pattern, most = goal
        anything = tuple([OPEN if value is None else value for value in pattern])
        aim = _Aim(pattern, most, anything, known, goal == self._first)
        ways: Sequence[Way] = self._ready.ways(signature, pattern, alive=self.ways.prunes)
        if aim.once:
            ways = sorted(ways, key=lambda way: way.plan.position != self.by)
        for way in ways:
            binding = way.binding(pattern)
            if binding is not None and self._body(way.plan, 0, binding, ALWAYS, aim):
                if aim.once:
                    self.by = way.plan.position
                known.clear()
                known[anything] = ALWAYS
                return

    def _note(self, known: Rows, row: Row, labels: Labels) -> None:
        old = known.get(row)
        if old is None:
            new = labels
        elif old is labels is ALWAYS:
            return
        else:
            new = self._either(old, labels)
        if new != old and new:
            known[row] = new
            self._changed = True

    def _either(self, left: Labels, right: Labels) -> Labels:
        """What it takes for one of two things."""
        key = left, right
        found = self._eithers.get(key)
        if found is None:
            found = self._eithers[key] = self.ways.trimmed([*left, *right])
        return found

    def _reached(self, plan: Plan, binding: Binding, labels: Labels, aim: _Aim) -> bool:
        """Note the row of a rule whose conditions hold with some labels."""
        row = plan.row(binding)
        if row != aim.pattern:
            for wanted, own in zip(aim.pattern, row, strict=True):
                if wanted != own and wanted is not None and OPEN not in (wanted, own):
                    return False
        self._note(aim.known, row, labels)
        return aim.once or (labels is ALWAYS and row == aim.anything)

    def _body(self, plan: Plan, at: int, binding: Binding, labels: Labels, aim: _Aim) -> bool:
        """Go on with the conditions of a rule; whether anything is possible at no cost."""
        self.steps += 1
        if self.steps > self.most_steps:
            raise TooManyStepsError
        conditions, most, shares = plan.conditions, aim.most, self._shares
        for place in range(at, len(conditions)):
            condition, room = conditions[place], most
            if not shares:
                if labels is not ALWAYS:
                    room -= min(map(len, labels))
                if room and condition.signature is not None:
                    room -= self.lacking(plan.later[place], binding)
                if room < 0:
                    return False
            if condition.positive:
                found = self._positive(binding, condition, room)
            else:
                failing = Failing(plan.position, plan.clause, condition, binding)
                found = self.literal(failing, room)
            if len(found) != 1:
                return self._each(plan, place, found, labels, aim)
            ((binding, more),) = found
            if more is not ALWAYS:
                labels = self.both(labels, more, most)
                if not labels:
                    return False
        return self._reached(plan, binding, labels, aim)

    def _each(
        self, plan: Plan, at: int, found: Sequence[tuple[Binding, Labels]], labels: Labels,
        aim: _Aim,
    ) -> bool:  # fmt: skip
        """Go on behind a condition that can hold in several ways, or in none."""
        for bound, more in found:
            joined = labels if more is ALWAYS else self.both(labels, more, aim.most)
            if joined and self._body(plan, at + 1, bound, joined, aim):
                return True
        return False

    def _positive(
        self, binding: Binding, condition: Condition, room: int
    ) -> Sequence[tuple[Binding, Labels]]:
        signature, pattern = condition.signature, condition.pattern(binding)
        assert signature is not None
        closed = OPEN not in pattern
        whole = closed and None not in pattern
        found: Sequence[tuple[Row, Labels]]
        if condition.kind == "about":
            reached = self.reach(signature, pattern, room)
            if not reached:
                return ()
            if whole:
                if reached.get(pattern) is ALWAYS:  # type: ignore[arg-type]
                    return ((binding, ALWAYS),)
                return [(binding, labels) for labels in reached.values()]
            if len(reached) > 1:
                anything = tuple([OPEN if value is None else value for value in pattern])
                alike = reached.get(anything) is ALWAYS
                found = [(anything, ALWAYS)] if alike else list(reached.items())
            else:
                found = list(reached.items())
        else:
            found = self.told(signature, pattern, room if condition.kind == "input" else 0)
            if whole:
                return [(binding, labels) for _, labels in found]
        fitting = condition.given if closed else condition.bound
        return [
            (bound, labels)
            for row, labels in found
            if (bound := fitting(row, binding)) is not None
        ]
