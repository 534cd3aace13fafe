"""What rules would give if some conditions were otherwise, and which conditions those are.

A goal is a predicate with some arguments known. It is followed backwards through the rules over
a finished answer. Where a condition does not hold, the ways of the question at hand say what it
would take, as labels: sets of numbers that stand for causes or for facts. A value that would
then be anybody's guess is `OPEN`, and no comparison fails on it. What is found is therefore
never too little; that it is not too much has to be shown by solving.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from infucode.engine.derivations import Derivations
from infucode.engine.program import Program
from infucode.engine.relations import NOTHING
from infucode.passes.values import Row
from infucode.questions.why_not_labels import (
    ALWAYS,
    NEVER,
    Failing,
    Labels,
    Pattern,
    Ways,
)
from infucode.questions.why_not_plans import Condition, Plan, ready
from infucode.questions.why_not_terms import OPEN, Binding, aggregated, compared, is_open
from infucode.rulebook.language import Aggregate, Comparison, Signature

Goal = tuple[Signature, Pattern, int]
Rows = dict[Row, Labels]
MOST_ROUNDS = 12


class _State:
    """What was found for a goal, and how far it was followed."""

    __slots__ = ("final", "open", "round", "rows")

    def __init__(self) -> None:
        self.rows: Rows = {}
        self.round = 0
        self.open = self.final = False


class _Aim(NamedTuple):
    """A goal that is followed."""

    pattern: Pattern
    most: int
    anything: Row
    known: Rows
    """What was found for it."""
    once: bool
    """Whether one row will do."""


class Goals:
    """Follows goals over one answer; what was found for a goal is kept."""

    def __init__(self, program: Program, derivations: Derivations, ways: Ways) -> None:
        self.program, self.ways = program, ways
        self.relations = derivations.relations
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
        self._boths: dict[tuple[Labels, Labels, int], Labels] = {}
        self._eithers: dict[tuple[Labels, Labels], Labels] = {}
        self.rounds = 0
        """How often goals were followed anew; what was found in between may grow."""

    def rows(self, signature: Signature, pattern: Pattern) -> list[Row]:
        """The rows of the answer that fit; `OPEN` fits anything."""
        relation = self.relations.get(signature)
        if relation is None:
            return []
        if None not in pattern and OPEN not in pattern:
            return [pattern] if pattern in relation.rows else []  # type: ignore[list-item]
        places = tuple([n for n, v in enumerate(pattern) if v is not None and v != OPEN])
        if not places:
            return list(relation.rows)
        if len(places) == 1:
            return relation.index(places).get(pattern[places[0]], [])
        return relation.index(places).get(tuple([pattern[n] for n in places]), [])

    def reach(self, signature: Signature, pattern: Pattern, most: int) -> Rows:
        """Every row that the goal has or could have, with what it takes: sets up to `most`."""
        goal = signature, pattern, most
        state = self._states.get(goal)
        if state is None:
            state = self._states[goal] = _State()
        elif state.final:
            return state.rows
        if self._following:
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

    def _settle(self) -> None:
        for state in self._round:
            state.final = True

    def _one(self, goal: Goal, state: _State) -> Rows:
        if state.round == self.rounds:
            self._again = self._again or state.open
            return state.rows
        state.round, state.open = self.rounds, True
        self._round.append(state)
        known = state.rows
        signature, pattern, most = goal
        held = self.rows(signature, pattern)
        for row in held:
            known[row] = ALWAYS
        whole = held and None not in pattern and OPEN not in pattern
        if most and not whole and self.ways.looks_further(signature, pattern, held):
            self._follow(goal, known)
        state.open = False
        return known

    def _follow(self, goal: Goal, known: Rows) -> None:
        """Follow a goal through its rules, until anything is possible at no cost."""
        signature, pattern, most = goal
        anything = tuple([OPEN if value is None else value for value in pattern])
        aim = _Aim(pattern, most, anything, known, goal == self._first)
        rules: Iterable[int] = (
            self._ready.alive.rules(signature, pattern)
            if self.ways.prunes
            else self._ready.rules(signature)
        )
        if aim.once:
            rules = sorted(rules, key=lambda position: position != self.by)
        given = tuple([value is not None for value in pattern])
        for position in rules:
            way = self._ready.way(position, given)
            binding = way.binding(pattern)
            if binding is not None and self._body(way.plan, 0, binding, ALWAYS, aim):
                if aim.once:
                    self.by = position
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
        for wanted, own in zip(aim.pattern, row, strict=True):
            if wanted != own and wanted is not None and OPEN not in (wanted, own):
                return False
        self._note(aim.known, row, labels)
        return aim.once or (labels is ALWAYS and row == aim.anything)

    def _body(self, plan: Plan, at: int, binding: Binding, labels: Labels, aim: _Aim) -> bool:
        """Go on with the conditions of a rule; whether anything is possible at no cost."""
        conditions, most, shares = plan.conditions, aim.most, self.ways.shares
        for place in range(at, len(conditions)):
            condition, room = conditions[place], most
            if not shares:
                if labels is not ALWAYS:
                    room -= min(map(len, labels))
                if room and condition.signature is not None:
                    room -= self._lacking(plan.later[place], binding)
                if room < 0:
                    return False
            found = self._holding(plan, condition, binding, room)
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

    def _holding(
        self, plan: Plan, condition: Condition, binding: Binding, room: int
    ) -> Sequence[tuple[Binding, Labels]]:
        """How a condition can hold: what is known then, and what it takes."""
        if condition.signature is not None and not condition.negative:
            return self._positive(binding, condition, room)
        return self._literal(Failing(plan.position, plan.clause, condition, binding), room)

    def _lacking(self, conditions: Sequence[Condition], binding: Binding) -> int:
        """How many of some conditions are known to fail, whatever else is found."""
        count = 0
        for condition in conditions:
            pattern = condition.pattern(binding)
            if None not in pattern and OPEN not in pattern:
                relation = self.relations.get(condition.signature, NOTHING)  # type: ignore[arg-type]
                count += (pattern in relation.rows) == condition.negative
        return count

    def both(self, left: Labels, right: Labels, most: int) -> Labels:
        """What it takes for two things at once."""
        if left is ALWAYS:
            return right
        key = left, right, most
        found = self._boths.get(key)
        if found is None:
            joined = [a | b for a in left for b in right]
            found = self.ways.trimmed([label for label in joined if len(label) <= most])
            self._boths[key] = found
        return found

    def _literal(self, failing: Failing, room: int) -> Sequence[tuple[Binding, Labels]]:
        """How a condition can hold that is no atom, or one that must not hold."""
        condition, formula = failing.condition, failing.literal.formula
        if condition.signature is not None:
            labels = self._absent(failing, condition.signature, room)
            return ((failing.binding, labels),) if labels else ()
        if isinstance(formula, Comparison):
            return self._compare(failing, formula, room)
        if isinstance(formula, Aggregate):
            return self._count(failing, formula, room)
        return ((failing.binding, ALWAYS),)

    def _compare(
        self, failing: Failing, formula: Comparison, room: int
    ) -> Sequence[tuple[Binding, Labels]]:
        holds, binding, values = compared(formula, failing.binding)
        labels = ALWAYS if holds else self.ways.fails(failing, values) if room else NEVER
        return ((binding, labels),) if labels else ()

    def _count(
        self, failing: Failing, formula: Aggregate, room: int
    ) -> Sequence[tuple[Binding, Labels]]:
        if OPEN in failing.binding.values() and is_open(formula, failing.binding):
            return ((self._opened(formula, failing.binding), ALWAYS),)
        found: list[tuple[Binding, Labels]] = []
        holds, binding, values = aggregated(formula, failing.binding, self.rows)
        if holds:
            found.append((binding, ALWAYS))
        elif room:
            labels = self.ways.fails(failing, values)
            if labels:
                found.append((failing.binding, labels))
        labels = self.ways.recounts(formula) if room else NEVER
        if labels:
            found.append((self._opened(formula, failing.binding), labels))
        return found

    def _opened(self, formula: Aggregate, binding: Binding) -> Binding:
        """The binding where nobody knows what an aggregate gives."""
        free = dict(binding)
        for term in formula.guards:
            if term.kind == "variable":
                free.setdefault(term.text, OPEN)
        return free

    def _absent(self, failing: Failing, signature: Signature, room: int) -> Labels:
        labels = ALWAYS
        pattern = failing.condition.pattern(failing.binding)
        if OPEN in pattern:
            return ALWAYS
        for row in self.rows(signature, pattern):
            if not room:
                return NEVER
            more = self.ways.stands(failing, (signature[0], *row), room)
            labels = self.both(labels, more, room)
            if not labels:
                return NEVER
        return labels

    def _positive(
        self, binding: Binding, condition: Condition, room: int
    ) -> Sequence[tuple[Binding, Labels]]:
        signature, pattern = condition.signature, condition.pattern(binding)
        assert signature is not None
        whole = None not in pattern and OPEN not in pattern
        found: Sequence[tuple[Row, Labels]]
        if condition.kind == "about":
            reached = self.reach(signature, pattern, room)
            if whole and reached.get(pattern) is ALWAYS:  # type: ignore[arg-type]
                return ((binding, ALWAYS),)
            if whole or not reached:
                return [(binding, labels) for labels in reached.values()]
            anything = tuple([OPEN if value is None else value for value in pattern])
            alike = reached.get(anything) is ALWAYS
            found = [(anything, ALWAYS)] if alike else list(reached.items())
        else:
            rows = self.rows(signature, pattern)
            if not room or condition.kind != "input":
                if whole:
                    return ((binding, ALWAYS),) if rows else ()
                found = [(row, ALWAYS) for row in rows]
            else:
                found = list(self.ways.stated(signature, pattern, rows))
                if whole:
                    found = [*[(row, ALWAYS) for row in rows], *found]
                    return [(binding, labels) for _, labels in found]
                anything = tuple([OPEN if value is None else value for value in pattern])
                if any(row == anything and labels is ALWAYS for row, labels in found):
                    found = [(anything, ALWAYS)]
                else:
                    found = [*[(row, ALWAYS) for row in rows], *found]
        return [
            (bound, labels)
            for row, labels in found
            if (bound := condition.bound(row, binding)) is not None
        ]
