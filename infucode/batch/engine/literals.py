"""The literals of a clause over columns: each takes the rows so far, and gives those with it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, Protocol

import numpy as np

from infucode.batch.engine.columns import Codes, Column, Unsuited
from infucode.batch.engine.reckoning import Value, compared, value_of
from infucode.batch.engine.sorted_rows import Frame, Sorted, State
from infucode.passes.values import term_value
from infucode.rulebook.language import Atom, Comparison, Signature

Relations = Mapping[Signature, Sorted]
New = list[tuple[str, int]]
"""Variables that a literal binds, each with its place."""


SECOND = " second"
"""The name of a column that is compared with another one; no clause has it."""


class Step(Protocol):
    """One literal."""

    def take(self, state: State, relations: Relations) -> State:
        """The rows with this literal joined. Raises Unsuited."""
        ...


def everyone(frame: Frame, _: Relations) -> State:
    """One row for each member."""
    return State(frame, np.arange(frame.members), {}, None)


class Scan:
    """All rows of a predicate."""

    def __init__(self, atom: Atom, new: New, codes: Codes) -> None:
        self.signature, self.new = atom.signature, new
        self.known = _constants(atom, codes)
        self.equal = _repeats(atom, new)

    def __call__(self, frame: Frame, relations: Relations) -> State:
        relation = relations[self.signature].selected(self.known)
        own = relation.columns
        columns: dict[str, Column] = {name: own[place + 1] for name, place in self.new}
        state = State(frame, own[0], columns, relation.masks)
        for place, other in self.equal:
            state = state.where(own[place + 1] == own[other + 1], list(columns))
        return state


def _constants(atom: Atom, codes: Codes) -> tuple[tuple[int, int], ...]:
    return tuple(
        (place, codes.of(term_value(term)))
        for place, term in enumerate(atom.terms)
        if term.kind not in ("variable", "arithmetic")
    )


def _repeats(atom: Atom, new: New) -> list[tuple[int, int]]:
    """Places that must be equal, as a new variable stands at both. Raises Unsuited for more."""
    firsts = dict(new)
    found = [
        (place, firsts[term.text])
        for place, term in enumerate(atom.terms)
        if term.kind == "variable" and firsts.get(term.text, place) != place
    ]
    if len(found) > 1:
        raise Unsuited("a variable at many places")
    return found


class Join:
    """An atom: its rows are joined, or it is asked whether there is one."""

    def __init__(
        self, atom: Atom, new: New, bound: Set[str], codes: Codes, table: bool, negated: bool,
        live: tuple[str, ...],
    ) -> None:  # fmt: skip
        """`table`: its rows have no member. `live` are the variables that are still wanted.
        Raises Unsuited for a negated literal that binds."""
        self.signature, self.new, self.live = atom.signature, new, live
        self.table, self.negated = table, negated
        if negated and new:
            raise Unsuited("free variables in a negated literal")
        self.constants = _constants(atom, codes)
        known = [
            (place, term)
            for place, term in enumerate(atom.terms)
            if (term.kind == "variable" and term.text in bound) or term.kind == "arithmetic"
        ]
        self.places = tuple(place for place, _ in known)
        self.known = [value_of(term, codes) for _, term in known]
        self.again = [(atom.terms[first].text, place) for place, first in _repeats(atom, new)]
        """A variable that is new and stands at a second place."""

    def take(self, state: State, relations: Relations) -> State:
        relation = relations.get(self.signature)
        if relation is not None:
            relation = relation.selected(self.constants)
        known = [value(state) for value in self.known]
        if not self.new:
            return state.hold(relation, self.places, known, self.table, self.negated, self.live)
        if relation is None or not len(relation.keys):
            return state.take(np.empty(0, dtype=np.int64), self.live, None)
        second = [(SECOND, place) for _, place in self.again]
        new = [*self.new, *second]
        found = state.join(relation, self.places, known, self.table, new, self.live)
        for name, _ in self.again:
            same = np.equal(found.columns[SECOND], found.columns[name])
            found = found.where(same, self.live)
        return found


class Test:
    """A comparison of what is known."""

    def __init__(
        self, formula: Comparison, codes: Codes, negated: bool, live: tuple[str, ...]
    ) -> None:
        self.values = [value_of(term, codes) for term in formula.terms]
        self.operators, self.negated, self.live = formula.operators, negated, live

    def take(self, state: State, _: Relations) -> State:
        values = [value(state) for value in self.values]
        test: Any = True
        for number, operator in enumerate(self.operators):
            test = test & compared(state.frame.codes, operator, *values[number : number + 2])
        if self.negated:
            test = ~test
        if np.ndim(test) == 0:
            test = np.full(state.number, bool(test))
        return state.where(test, self.live)


class Assign:
    """A variable that is set."""

    def __init__(self, name: str, value: Value) -> None:
        self.name, self.value = name, value

    def take(self, state: State, _: Relations) -> State:
        columns = {**state.columns, self.name: self.value(state)}
        return State(state.frame, state.members, columns, state.masks)
