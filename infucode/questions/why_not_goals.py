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
from infucode.engine.relations import NOTHING, Relation
from infucode.passes.instances import ANY
from infucode.passes.values import GroundAtom, Row, Value
from infucode.questions.why_not_terms import (
    OPEN,
    Binding,
    Condition,
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
        self._found: dict[Goal, Rows] = {}
        self._final: set[Goal] = set()
        self._open: set[Goal] = set()
        self._round: set[Goal] = set()
        self._again = self._changed = False
        self.rounds = 0
        """How often goals were followed anew; what was found in between may grow."""

    def rows(self, signature: Signature, pattern: Pattern) -> list[Row]:
        """The rows of the answer that fit; `OPEN` fits anything."""
        relation = self.relations.get(signature, NOTHING)
        places = tuple(n for n, v in enumerate(pattern) if v is not None and v != OPEN)
        if not places:
            return list(relation.rows)
        if len(places) == len(pattern):
            row = tuple(v for v in pattern if v is not None)
            return [row] if row in relation.rows else []
        wanted = tuple(pattern[n] for n in places)
        key = wanted[0] if len(places) == 1 else wanted
        return relation.index(places).get(key, [])

    def reach(self, signature: Signature, pattern: Pattern, most: int) -> Rows:
        """Every row that the goal has or could have, with what it takes: sets up to `most`."""
        goal = signature, pattern, most
        if goal in self._final:
            return self._found[goal]
        if self._open or goal in self._round:
            return self._one(goal)
        for _ in range(MOST_ROUNDS):
            self._again = self._changed = False
            self._round = set()
            self.rounds += 1
            self._one(goal)
            if not (self._again and self._changed):
                break
        self._final |= self._round
        self._round = set()
        return self._found[goal]

    def _one(self, goal: Goal) -> Rows:
        if goal in self._final or goal in self._round:
            if goal in self._open:
                self._again = True
            return self._found.get(goal, {})
        self._round.add(goal)
        self._open.add(goal)
        known = self._found.setdefault(goal, {})
        signature, pattern, most = goal
        held = self.rows(signature, pattern)
        for row in held:
            known[row] = ALWAYS
        whole = bool(held) and all(v is not None and v != OPEN for v in pattern)
        if most and not whole and self.ways.looks_further(signature, pattern, held):
            self._follow(goal, known)
        self._open.discard(goal)
        return known

    def _follow(self, goal: Goal, known: Rows) -> None:
        """Follow a goal through its rules, until anything is possible at no cost."""
        signature, pattern, most = goal
        anything = tuple(OPEN if value is None else value for value in pattern)
        for position in self._ready.rules(signature):
            for row, labels in self._through(position, pattern, most):
                self._note(known, row, labels)
                if row == anything and labels is ALWAYS:
                    known.clear()
                    known[row] = ALWAYS
                    return

    def _note(self, known: Rows, row: Row, labels: Labels) -> None:
        old = known.get(row)
        new = labels if old is None else self.ways.trimmed([*old, *labels])
        if new != old and new:
            known[row] = new
            self._changed = True

    def _through(
        self, position: int, pattern: Pattern, most: int
    ) -> Iterator[tuple[Row, Labels]]:
        clause = self.program.frame.rules[position].clause
        binding: Binding = {}
        for term, value in zip(clause.head.terms, pattern, strict=True):
            if (
                value is not None
                and term.kind != "arithmetic"
                and not unify(term, value, binding)
            ):
                return
        order = self._ready.conditions(position, frozenset(binding))
        for found, labels in self._body(position, clause, order, 0, binding, ALWAYS, most):
            row = tuple(value_in(term, found) for term in clause.head.terms)
            fits = (
                v in (None, OPEN, own) or own == OPEN for v, own in zip(pattern, row, strict=True)
            )
            if all(fits):
                yield row, labels

    def _body(
        self, position: int, clause: Clause, order: Sequence[Condition], at: int,
        binding: Binding, labels: Labels, most: int,
    ) -> Iterator[tuple[Binding, Labels]]:  # fmt: skip
        if at == len(order):
            yield binding, labels
            return
        room = most
        if not self.ways.shares:
            room -= min(map(len, labels))
            if room and order[at].signature is not None:
                room -= self._lacking(order[at + 1 :], binding)
            if room < 0:
                return
        failing = Failing(position, clause, order[at], binding)
        for found, more in self._literal(failing, room):
            joined = labels if more is ALWAYS else self.both(labels, more, most)
            if joined:
                yield from self._body(position, clause, order, at + 1, found, joined, most)

    def _lacking(self, order: Sequence[Condition], binding: Binding) -> int:
        """How many of some conditions are known to fail, whatever else is found."""
        count = 0
        for condition in order:
            if condition.signature is not None:
                pattern = condition.pattern(binding)
                if None not in pattern and OPEN not in pattern:
                    held = pattern in self._relation(condition.signature).rows
                    count += held == condition.negative
        return count

    def _relation(self, signature: Signature) -> Relation:
        return self.relations.get(signature, NOTHING)

    def both(self, left: Labels, right: Labels, most: int) -> Labels:
        """What it takes for two things at once."""
        if left is ALWAYS:
            return right
        joined = [a | b for a in left for b in right]
        return self.ways.trimmed([label for label in joined if len(label) <= most])

    def _literal(self, failing: Failing, room: int) -> Iterator[tuple[Binding, Labels]]:
        condition, formula = failing.condition, failing.literal.formula
        if condition.signature is not None:
            if condition.negative:
                labels = self._absent(failing, condition.signature, room)
                if labels:
                    yield failing.binding, labels
            else:
                yield from self._positive(failing.binding, condition, room)
        elif isinstance(formula, Comparison):
            yield from self._compare(failing, formula, room)
        elif isinstance(formula, Aggregate):
            yield from self._count(failing, formula, room)
        else:
            yield failing.binding, ALWAYS

    def _compare(
        self, failing: Failing, formula: Comparison, room: int
    ) -> Iterator[tuple[Binding, Labels]]:
        holds, binding, values = compared(formula, failing.binding)
        labels = ALWAYS if holds else self.ways.fails(failing, values) if room else NEVER
        if labels:
            yield binding, labels

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
            anything = tuple(OPEN if value is None else value for value in pattern)
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
            bound = _bound(condition, row, binding)
            if bound is not None:
                yield bound, labels


def _bound(condition: Condition, row: Row, binding: Binding) -> Binding | None:
    """The binding with what a row gives; None where it does not fit."""
    bound = dict(binding)
    for (name, own, term), value in zip(condition.slots, row, strict=True):
        if name == "_":
            continue
        known = bound.get(name) if name else own
        if term is not None:
            known = value_in(term, bound)
        if known is None or known == OPEN:
            if name:
                bound[name] = value
        elif value not in (known, OPEN):
            return None
    return bound


def goal_pattern(atom: GroundAtom) -> Pattern:
    """The goal of an atom as derivations show it, where `any__` stands for `_`."""
    return tuple(None if value == ANY.text else value for value in atom[1:])
