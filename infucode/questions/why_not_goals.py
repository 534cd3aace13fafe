"""What rules would give if some conditions were otherwise, and which conditions those are.

A goal is a predicate with some arguments known. It is followed backwards through the rules over
a finished answer. Where a condition does not hold, the ways of the question at hand say what it
would take, as labels: sets of numbers that stand for causes or for facts. A value that would
then be anybody's guess is `OPEN`, and no comparison fails on it. What is found is therefore
never too little; that it is not too much has to be shown by solving.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from infucode.engine.derivations import Derivations
from infucode.engine.program import Program
from infucode.engine.relations import NOTHING
from infucode.passes.instances import ANY
from infucode.passes.values import GroundAtom, Row, Value
from infucode.questions.why_not_terms import (
    OPEN,
    Binding,
    Condition,
    Plan,
    aggregated,
    compared,
    is_open,
    ready,
    unify,
    value_in,
)
from infucode.rulebook.language import Aggregate, Clause, Comparison, Literal, Signature

Label = frozenset[int]
Labels = tuple[Label, ...]
NEVER: Labels = ()
ALWAYS: Labels = (frozenset(),)
Pattern = tuple[Value | None, ...]
"""The arguments of a goal; None where any value will do."""
Goal = tuple[Signature, Pattern, int]
Rows = dict[Row, Labels]
MOST_ROUNDS = 12


class Failing(NamedTuple):
    """A condition of a rule, with what is known of its variables when it is reached."""

    position: int
    clause: Clause
    condition: Condition
    binding: Binding

    @property
    def literal(self) -> Literal:
        """The condition as written."""
        return self.condition.literal


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


class Ways(Protocol):
    """What a question takes for possible where a condition does not hold."""

    shares: bool
    """Whether conditions are taken to rest on the same causes; then nothing is passed over."""

    def trimmed(self, labels: list[Label], /) -> Labels:
        """The labels worth keeping."""

    def stated(
        self, signature: Signature, pattern: Pattern, rows: Sequence[Row], /
    ) -> Iterable[tuple[Row, Labels]]:
        """Rows that a fact of the record could have beside those that it has."""

    def fails(self, failing: Failing, values: Row, /) -> Labels:
        """What it takes where a comparison fails with these values."""

    def stands(self, failing: Failing, atom: GroundAtom, most: int, /) -> Labels:
        """What it takes where an atom that must not hold does."""

    def recounts(self, aggregate: Aggregate, /) -> Labels:
        """What it takes that an aggregate counts something else."""

    def looks_further(
        self, signature: Signature, pattern: Pattern, rows: Sequence[Row], /
    ) -> bool:
        """Whether other rows of a goal matter beside those that it has."""


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
        rules: Iterable[int] = self._ready.rules(signature)
        if aim.once:
            rules = sorted(rules, key=lambda position: position != self.by)
        for position in rules:
            if self._through(position, aim):
                if aim.once:
                    self.by = position
                known.clear()
                known[anything] = ALWAYS
                return

    def _note(self, known: Rows, row: Row, labels: Labels) -> None:
        old = known.get(row)
        new = labels if old is None else self.ways.trimmed([*old, *labels])
        if new != old and new:
            known[row] = new
            self._changed = True

    def _through(self, position: int, aim: _Aim) -> bool:
        """Follow a goal through one of its rules; whether anything is possible at no cost."""
        clause = self._ready.clause(position)
        binding: Binding = {}
        for term, value in zip(clause.head.terms, aim.pattern, strict=True):
            if (
                value is not None
                and term.kind != "arithmetic"
                and not unify(term, value, binding)
            ):
                return False
        return self._body(self._ready.plan(position, frozenset(binding)), 0, binding, ALWAYS, aim)

    def _reached(self, clause: Clause, binding: Binding, labels: Labels, aim: _Aim) -> bool:
        """Note the row of a rule whose conditions hold with some labels."""
        row = tuple([value_in(term, binding) for term in clause.head.terms])
        for wanted, own in zip(aim.pattern, row, strict=True):
            if wanted is not None and OPEN not in (wanted, own) and wanted != own:
                return False
        self._note(aim.known, row, labels)
        return aim.once or (labels is ALWAYS and row == aim.anything)

    def _body(self, plan: Plan, at: int, binding: Binding, labels: Labels, aim: _Aim) -> bool:
        """Go on with the conditions of a rule; whether anything is possible at no cost."""
        if at == len(plan.conditions):
            return self._reached(plan.clause, binding, labels, aim)
        condition, room, most = plan.conditions[at], aim.most, aim.most
        if not self.ways.shares:
            if labels is not ALWAYS:
                room -= min(map(len, labels))
            if room and condition.signature is not None:
                room -= self._lacking(plan.later[at], binding)
            if room < 0:
                return False
        found: Iterable[tuple[Binding, Labels]]
        if condition.signature is not None and not condition.negative:
            found = self._positive(binding, condition, room)
        else:
            found = self._literal(Failing(plan.position, plan.clause, condition, binding), room)
        for bound, more in found:
            joined = labels if more is ALWAYS else self.both(labels, more, most)
            if joined and self._body(plan, at + 1, bound, joined, aim):
                return True
        return False

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
        joined = [a | b for a in left for b in right]
        return self.ways.trimmed([label for label in joined if len(label) <= most])

    def _literal(self, failing: Failing, room: int) -> Iterable[tuple[Binding, Labels]]:
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
    ) -> Iterable[tuple[Binding, Labels]]:
        holds, binding, values = compared(formula, failing.binding)
        labels = ALWAYS if holds else self.ways.fails(failing, values) if room else NEVER
        return ((binding, labels),) if labels else ()

    def _count(
        self, failing: Failing, formula: Aggregate, room: int
    ) -> Iterator[tuple[Binding, Labels]]:
        if OPEN in failing.binding.values() and is_open(formula, failing.binding):
            yield self._opened(formula, failing.binding), ALWAYS
            return
        holds, binding, values = aggregated(formula, failing.binding, self.rows)
        if holds:
            yield binding, ALWAYS
        elif room:
            labels = self.ways.fails(failing, values)
            if labels:
                yield failing.binding, labels
        labels = self.ways.recounts(formula) if room else NEVER
        if labels:
            yield self._opened(formula, failing.binding), labels

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
    ) -> Iterator[tuple[Binding, Labels]]:
        signature, pattern = condition.signature, condition.pattern(binding)
        assert signature is not None
        found: Iterable[tuple[Row, Labels]]
        if condition.kind == "about":
            reached = self.reach(signature, pattern, room)
            if not reached:
                return
            anything = tuple([OPEN if value is None else value for value in pattern])
            alike = reached.get(anything) is ALWAYS
            found = [(anything, ALWAYS)] if alike else list(reached.items())
        else:
            rows = self.rows(signature, pattern)
            found = [(row, ALWAYS) for row in rows]
            if room and condition.kind == "input":
                more = list(self.ways.stated(signature, pattern, rows))
                anything = tuple(OPEN if value is None else value for value in pattern)
                alike = any(row == anything and labels is ALWAYS for row, labels in more)
                found = [(anything, ALWAYS)] if alike else [*found, *more]
        for row, labels in found:
            bound = condition.bound(row, binding)
            if bound is not None:
                yield bound, labels


def goal_pattern(atom: GroundAtom) -> Pattern:
    """The goal of an atom as derivations show it, where `any__` stands for `_`."""
    return tuple(None if value == ANY.text else value for value in atom[1:])
