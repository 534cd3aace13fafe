"""A clause over columns: its literals as steps that are taken one after the other.

The order is that of `passes/solving.py`, but for the first: that is a positive literal of the
encounter's own, so that every row has a member.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

import numpy as np

from infucode.batch.engine.columns import Codes, Column, Unsuited
from infucode.batch.engine.gathering import Gather
from infucode.batch.engine.literals import (
    Assign,
    Join,
    New,
    Relations,
    Scan,
    Step,
    Test,
    everyone,
)
from infucode.batch.engine.reckoning import value_of
from infucode.batch.engine.sorted_rows import Frame, State
from infucode.passes.compile import singletons
from infucode.passes.solving import NEVER, invert, is_bound, ready, split
from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Comparison,
    Conditional,
    Literal,
    Signature,
)


class Plan:
    """One clause, its literals in order."""

    def __init__(
        self, clause: Clause, tables: Set[Signature], codes: Codes, bits: int = 0
    ) -> None:
        """`bits` are the worlds in which it is a rule, 0 for all. Raises Unsuited for what
        columns cannot do."""
        self._bits = np.uint64(bits)
        self.head = clause.head.signature
        self.needs = tuple(dict.fromkeys(a.signature for a in clause.positive()))
        writer = Writing(clause, tables, codes)
        wanted = tuple(name for term in clause.head.terms for name in term.variables())
        self._first, self._steps = writer.begun(list(clause.body), wanted)
        self._values = [value_of(term, codes) for term in clause.head.terms]

    def rows(self, frame: Frame, relations: Relations) -> State:
        """The rows of the body."""
        state = self._first(frame, relations)
        if self._bits:
            state = state.within(self._bits)
        for step in self._steps:
            if not state.number:
                break
            state = step.take(state, relations)
        return state

    def columns(self, state: State) -> list[Column]:
        """The members and the values of the head."""
        return [state.members, *[value(state) for value in self._values]]


class Writing:
    """Orders the literals of one clause."""

    def __init__(self, clause: Clause, tables: Set[Signature], codes: Codes) -> None:
        self.tables, self.codes = tables, codes
        self.wild = singletons(clause)
        self.outer = frozenset(clause.variables())
        self.bound: set[str] = set()

    def begun(
        self, literals: list[Literal], wanted: Sequence[str]
    ) -> tuple[Callable[[Frame, Relations], State], list[Step]]:
        """How the rows begin, and the steps that follow."""
        rest = [part for literal in literals for part in split(literal)]
        starts = [
            (ready(item, (), self.wild, self.outer), number)
            for number, item in enumerate(rest)
            if not item.signs and isinstance(item.formula, Atom)
            if item.formula.signature not in self.tables
        ]
        if not starts:
            return everyone, self.steps(rest, wanted)
        literal = rest.pop(min(starts)[1])
        atom = literal.formula
        assert isinstance(atom, Atom)
        new = self.new(atom, frozenset())
        self.bound.update(name for name, _ in new)
        return Scan(atom, new, self.codes), self.steps(rest, wanted)

    def steps(self, rest: list[Literal], wanted: Sequence[str]) -> list[Step]:
        """Literals in the best order. Raises Unsuited if there is none."""
        order: list[tuple[Literal, frozenset[str]]] = []
        rest = list(rest)
        while rest:
            ranks = [ready(item, self.bound, self.wild, self.outer) for item in rest]
            best = ranks.index(min(ranks))
            if ranks[best] == NEVER:
                raise Unsuited(f"`{rest[best]}` binds too little")
            literal = rest.pop(best)
            order.append((literal, frozenset(self.bound)))
            self.bound = self.bound | self._binds(literal)
        needed, after = set(wanted), self.bound
        found: list[Step] = []
        for literal, bound in reversed(order):
            self.bound = set(bound)
            found.append(self._step(literal, tuple(sorted(needed))))
            needed |= _names(literal)
        self.bound = after
        return found[::-1]

    def _binds(self, literal: Literal) -> set[str]:
        formula = literal.formula
        if literal.signs:
            return set()
        if isinstance(formula, Atom):
            return {name for name, _ in self.new(formula, self.bound)}
        if isinstance(formula, Comparison):
            found = invert(formula, self.bound)
            return set() if found is None else {found[0]}
        if isinstance(formula, Aggregate):
            sides = [side for side in (formula.left, formula.right) if side is not None]
            return {term.text for _, term in sides if term.kind == "variable"}
        return set()

    def new(self, atom: Atom, bound: Set[str]) -> New:
        """The variables that an atom binds, each at its first place."""
        found: dict[str, int] = {}
        for place, term in enumerate(atom.terms):
            if term.kind == "variable" and term.text not in self.wild and term.text not in bound:
                found.setdefault(term.text, place)
        return list(found.items())

    def _step(self, literal: Literal, live: tuple[str, ...]) -> Step:
        formula = literal.formula
        if isinstance(formula, Conditional) or literal.signs > 1:
            raise Unsuited("conditions")
        if isinstance(formula, Aggregate):
            if literal.signs:
                raise Unsuited("a negated aggregate")
            return Gather(self, formula, live)
        if isinstance(formula, Comparison):
            found = None
            if not literal.signs and not all(is_bound(t, self.bound) for t in formula.terms):
                found = invert(formula, self.bound)
            if found is not None:
                return Assign(found[0], value_of(found[1], self.codes))
            return Test(formula, self.codes, literal.signs == 1, live)
        new = self.new(formula, self.bound)
        table, negated = formula.signature in self.tables, bool(literal.signs)
        return Join(formula, new, self.bound, self.codes, table, negated, live)


def _names(literal: Literal) -> set[str]:
    formula = literal.formula
    found: set[str] = set(formula.variables())
    if isinstance(formula, Aggregate):
        for element in formula.elements:
            found.update(name for term in element.terms for name in term.variables())
            for part in element.condition:
                found |= _names(part)
    return found
