"""How the conditions of rules hold over a finished answer, but for goals that rules give.

Where a condition does not hold, the ways of the question at hand say what it would take.
"""

from __future__ import annotations

from collections.abc import Sequence

from infucode.engine.derivations import Derivations
from infucode.engine.relations import NOTHING
from infucode.passes.values import Row
from infucode.questions.why_not_conditions import Condition
from infucode.questions.why_not_labels import (
    ALWAYS,
    NEVER,
    Failing,
    Labels,
    Pattern,
    Ways,
)
from infucode.questions.why_not_terms import OPEN, Binding, aggregated, compared, is_open
from infucode.rulebook.language import Aggregate, Comparison, Signature


class Conditions:
    """Conditions over one answer, and what it takes for several at once."""

    def __init__(self, derivations: Derivations, ways: Ways) -> None:
        self.ways = ways
        self.relations = derivations.relations
        self.cut = False
        """Whether a set that is too large was left out since the goal at hand was begun."""
        self._boths: dict[tuple[Labels, Labels, int], tuple[Labels, bool]] = {}

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

    def both(self, left: Labels, right: Labels, most: int) -> Labels:
        """What it takes for two things at once."""
        if left is ALWAYS:
            return right
        key = left, right, most
        known = self._boths.get(key)
        if known is None:
            joined = [self.ways.joined(a, b) for a in left for b in right]
            fitting = [label for label in joined if len(label) <= most]
            known = self._boths[key] = (self.ways.trimmed(fitting), len(fitting) < len(joined))
        found, cut = known
        self.cut = self.cut or cut
        return found

    def literal(self, failing: Failing, room: int) -> Sequence[tuple[Binding, Labels]]:
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

    def told(self, signature: Signature, pattern: Pattern, room: int) -> list[tuple[Row, Labels]]:
        """The rows of an input or a table, and those that an input could have."""
        found = [(row, ALWAYS) for row in self.rows(signature, pattern)]
        if room:
            more = list(self.ways.stated(signature, pattern, [row for row, _ in found]))
            anything = tuple([OPEN if value is None else value for value in pattern])
            if any(row == anything and labels is ALWAYS for row, labels in more):
                return [(anything, ALWAYS)]
            found += more
        return found

    def lacking(self, conditions: Sequence[Condition], binding: Binding) -> int:
        """How many of some conditions are known to fail, whatever else is found."""
        count = 0
        for condition in conditions:
            pattern = condition.pattern(binding)
            if None not in pattern and OPEN not in pattern:
                relation = self.relations.get(condition.signature, NOTHING)  # type: ignore[arg-type]
                count += (pattern in relation.rows) == condition.negative
        return count
