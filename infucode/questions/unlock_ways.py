"""Absent facts as the ways of a goal: which sets of them a code would need at least.

Labels are sets of absent facts. Documented facts stay as they are, unless they are set free to
find out which of them stand in the way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from infucode.engine.derivations import Derivations
from infucode.engine.program import Program
from infucode.passes.values import GroundAtom, Row, Value, value_of
from infucode.questions.unlock_evidence import Field
from infucode.questions.why_not_goals import Goals
from infucode.questions.why_not_labels import (
    ALWAYS,
    NEVER,
    Failing,
    Label,
    Labels,
    Pattern,
    goal_pattern,
)
from infucode.questions.why_not_plans import ready
from infucode.questions.why_not_terms import OPEN
from infucode.rulebook.language import Aggregate, Signature

MOST_LABELS = 200
Subject = Value | None
Freed = frozenset[tuple[Signature, Subject]]
"""Documented facts set free, by input and first argument (None where it has none)."""


class Suppositions:
    """The ways of `unlock`.

    `plain` only tells what is possible, not what it takes; `coarse` takes it that whatever hangs
    on something open may fail to hold.
    """

    shares = True

    def __init__(
        self,
        program: Program,
        derivations: Derivations,
        fields: Sequence[Field],
        freed: Freed = frozenset(),
        *,
        plain: bool = False,
        coarse: bool = False,
        most_steps: int = sys.maxsize,
    ) -> None:
        self.program, self.derivations, self.fields = program, derivations, fields
        self.freed = freed
        self.prunes = plain
        """What is come across bears on the code, so where that counts all rules are followed."""
        self._plain, self._coarse = plain, coarse
        self.touched: set[int] = set()
        """The absent facts that were come across at all; no other bears on the goals."""
        self._by: dict[Signature, list[int]] = {}
        for number, field in enumerate(fields):
            self._by.setdefault(field.signature, []).append(number)
        self._free: dict[Signature, set[Subject]] = {}
        for signature, subject in freed:
            self._free.setdefault(signature, set()).add(subject)
        self._changing = frozenset((*self._by, *self._free))
        self._ready = ready(program)
        self._rests = self._ready.rests_on
        self.goals = Goals(program, derivations, self, most_steps)
        self._broken: dict[tuple[GroundAtom, int], Labels] = {}
        self._breaking: set[GroundAtom] = set()
        self._at = -1
        self._changes: dict[Signature, bool] = {}
        self._recounts: dict[int, Labels] = {}

    def joined(self, left: Label, right: Label) -> Label:
        return left | right

    def trimmed(self, labels: list[Label]) -> Labels:
        kept: list[Label] = []
        for label in sorted(dict.fromkeys(labels), key=lambda x: (len(x), sorted(x))):
            if not label:
                return ALWAYS
            if not any(other <= label for other in kept):
                kept.append(label)
        return tuple(kept) if len(kept) <= MOST_LABELS else ALWAYS

    def _label(self, number: int) -> Labels:
        self.touched.add(number)
        return ALWAYS if self._plain else (frozenset((number,)),)

    def stated(
        self, signature: Signature, pattern: Pattern, _rows: Sequence[Row]
    ) -> Iterable[tuple[Row, Labels]]:
        for number in self._by.get(signature, ()):
            field = self.fields[number]
            if field.subject is None:
                for value in field.values:
                    if pattern[0] in (None, OPEN, value):
                        yield (value,), self._label(number)
                continue
            own = value_of(field.subject)
            if pattern[0] not in (None, OPEN, own):
                continue
            if len(pattern) == 1:
                yield (own,), self._label(number)
            elif pattern[1] in (None, OPEN):
                yield (own, OPEN), self._label(number)
            elif isinstance(pattern[1], int) or pattern[1] in field.values:
                yield (own, pattern[1]), self._label(number)
        for subject in self._free.get(signature, ()):
            if subject is None:
                yield tuple(OPEN if v is None else v for v in pattern), ALWAYS
            elif pattern[0] in (None, OPEN, subject):
                rest = (OPEN if v is None else v for v in pattern[1:])
                yield (subject, *rest), ALWAYS

    def fails(self, _failing: Failing, _values: Row) -> Labels:
        return NEVER

    def stands(self, _failing: Failing, atom: GroundAtom, most: int) -> Labels:
        return self.broken(atom, most)

    def changes(self, signature: Signature) -> bool:
        """Whether rows of a predicate hang on something that may be otherwise."""
        found = self._changes.get(signature)
        if found is None:
            rests = self._rests.get(signature, frozenset())
            found = self._changes[signature] = not rests.isdisjoint(self._changing)
        return found

    def recounts(self, aggregate: Aggregate) -> Labels:
        found = self._recounts.get(id(aggregate))
        if found is None:
            found = self._recounts[id(aggregate)] = self._recounted(aggregate)
        return found

    def _recounted(self, aggregate: Aggregate) -> Labels:
        found: list[Label] = []
        for element in aggregate.elements:
            for literal in element.condition:
                for atom in literal.atoms():
                    rests = self._rests.get(atom.signature, frozenset((atom.signature,)))
                    if not rests.isdisjoint(self._free):
                        return ALWAYS
                    for signature in rests & self._by.keys():
                        found += [x for n in self._by[signature] for x in self._label(n)]
        return self.trimmed(found)

    def looks_further(
        self, signature: Signature, _pattern: Pattern, _rows: Sequence[Row]
    ) -> bool:
        return self.changes(signature)

    def broken(self, atom: GroundAtom, most: int) -> Labels:
        """What it takes that an atom of the answer does not hold."""
        if self._at != self.goals.rounds:
            self._broken.clear()
            self._at = self.goals.rounds
        signature = str(atom[0]), len(atom) - 1
        if signature in self._free:
            subjects = self._free[signature]
            return ALWAYS if None in subjects or (atom[1:] and atom[1] in subjects) else NEVER
        if signature in self.program.inputs or not self.changes(signature):
            return NEVER
        if atom in self._breaking or self._coarse:
            return ALWAYS
        key = atom, most
        if key not in self._broken:
            self._breaking.add(atom)
            self._broken[key] = self._break(signature, atom, most)
            self._breaking.discard(atom)
        return self._broken[key]

    def _break(self, signature: Signature, atom: GroundAtom, most: int) -> Labels:
        labels = ALWAYS
        for item in self.derivations.of(signature).get(atom, ()):
            found: list[Label] = []
            for held in item.holds:
                found += self.broken(held, most)
            for absent in item.absent:
                gone = str(absent[0]), len(absent) - 1
                if self.changes(gone) or gone in self._changing:
                    for more in self._made(gone, goal_pattern(absent), most):
                        found += more
            clause = self._ready.clause(item.rule)
            for aggregate in clause.aggregates():
                found += self.recounts(aggregate)
            labels = self.goals.both(labels, self.trimmed(found), most)
            if not labels:
                return NEVER
        return labels

    def _made(self, signature: Signature, pattern: Pattern, most: int) -> Iterable[Labels]:
        if signature in self.program.inputs:
            return [labels for _, labels in self.stated(signature, pattern, ())]
        return list(self.goals.reach(signature, pattern, most).values())
