"""What counts as a cause that a code is not reported, and how far a cause is from holding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from infucode.engine.program import Program
from infucode.passes.values import GroundAtom, Row
from infucode.questions.why_not_goals import Goals
from infucode.questions.why_not_labels import ALWAYS, NEVER, Failing, Label, Labels, Pattern
from infucode.questions.why_not_terms import OPEN
from infucode.rulebook.language import Aggregate, Atom, Signature

KEPT = 3
"""So many ways of one goal are followed on, nearest first."""
MOST_KEPT = 40
"""So many where only whether there is any is asked."""
FAR = 1000
NUMBER, MISSING, STANDS, OTHERWISE = "number", "missing", "stands", "otherwise"
WEIGHTS = {NUMBER: 10, MISSING: 25, STANDS: 40, OTHERWISE: 60}
"""A number that falls short is nearest, then what is not stated, what is in the way, and what
the record says otherwise."""
PLACES = frozenset({"rank", "day", "visit", "code"})
"""Kinds of an input's arguments that only order it, or say which drug or service it is."""


class Cause(NamedTuple):
    """One condition that does not hold."""

    kind: str
    atom: GroundAtom
    """What is not stated or stands in the way; empty for a number."""
    failing: Failing | None
    values: Row

    @property
    def gap(self) -> int:
        """By how much a number falls short; 0 for all else."""
        if self.kind != NUMBER:
            return 0
        left, right = self.values[0], self.values[-1]
        return abs(left - right) if isinstance(left, int) and isinstance(right, int) else 0


class Causes:
    """The ways of `why-not`: every condition that fails is a cause, but for tables and plan."""

    prunes = False
    """Rules that cannot fire are followed too: causes are told apart by who came first."""

    def __init__(self, program: Program, *, shares: bool = False) -> None:
        self.program, self.shares = program, shares
        self._orders: dict[Label, tuple[int, list[int]]] = {}
        self.found: list[Cause] = []
        self._numbers: dict[object, int] = {}
        self._weights: list[int] = []

    def weight(self, label: Label) -> int:
        """How far a set of causes is from holding."""
        return sum(self._weights[n] for n in label)

    def trimmed(self, labels: list[Label]) -> Labels:
        if len(labels) == 1:
            return tuple(labels)
        kept: list[Label] = []
        for label in sorted(dict.fromkeys(labels), key=self._order):
            if not any(other <= label for other in kept):
                kept.append(label)
            if len(kept) == KEPT:
                break
        return tuple(kept)

    def _order(self, label: Label) -> tuple[int, list[int]]:
        found = self._orders.get(label)
        if found is None:
            found = self._orders[label] = self.weight(label), sorted(label)
        return found

    def stated(
        self, signature: Signature, pattern: Pattern, rows: Sequence[Row]
    ) -> Iterable[tuple[Row, Labels]]:
        declared = self.program.book.vocabulary[signature]
        kinds = [kind.name for kind in declared.types]
        if rows or declared.kind != "input" or set(kinds[1:]) & PLACES or kinds == [signature[0]]:
            return
        row = tuple(OPEN if value is None else value for value in pattern)
        subject = declared.types[0].sort == "id" and row[0] != OPEN
        relation = self.goals.relations.get(signature)
        others = relation.rows if relation is not None else ()
        said = any(row[0] == other[0] for other in others) if subject else bool(others)
        yield row, self._cause(OTHERWISE if said else MISSING, (signature[0], *row), None, ())

    def fails(self, failing: Failing, values: Row) -> Labels:
        if len(values) != 2 or not all(isinstance(value, int) for value in values):
            return NEVER
        if self._only_places(failing):
            return NEVER
        return self._cause(NUMBER, (), failing, values)

    def _only_places(self, failing: Failing) -> bool:
        """Whether it compares nothing but places in a list, which no record can change."""
        names = set(failing.literal.formula.variables())
        binders = [
            x.formula
            for x in failing.clause.body
            if isinstance(x.formula, Atom) and not x.signs and names & set(x.formula.variables())
        ]
        vocabulary = self.program.book.vocabulary
        return bool(binders) and all(
            (declared := vocabulary.get(atom.signature)) is not None
            and declared.kind == "input"
            and declared.types[-1].name in PLACES
            for atom in binders
        )

    def stands(self, _failing: Failing, atom: GroundAtom, _most: int) -> Labels:
        signature = str(atom[0]), len(atom) - 1
        declared = self.program.book.vocabulary.get(signature)
        if declared is not None and declared.kind in ("table", "setting"):
            return NEVER
        return self._cause(STANDS, atom, None, ())

    def recounts(self, _aggregate: Aggregate) -> Labels:
        return NEVER

    def looks_further(
        self, _signature: Signature, _pattern: Pattern, rows: Sequence[Row]
    ) -> bool:
        return not rows

    def join(self, goals: Goals) -> None:
        """The goals that are followed; they know the answer."""
        self.goals = goals

    def _cause(self, kind: str, atom: GroundAtom, failing: Failing | None, values: Row) -> Labels:
        key: object = (kind, atom)
        if failing is not None:
            names = sorted(failing.literal.formula.variables())
            known = tuple((n, failing.binding.get(n)) for n in names)
            key = failing.position, str(failing.literal), known, values
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.found)
            cause = Cause(kind, atom, failing, values)
            self.found.append(cause)
            self._weights.append(WEIGHTS[kind] + min(cause.gap, FAR) // 10)
        return (frozenset((number,)),)


class Bounds(Causes):
    """Ways that leave nothing out, only to tell whether there is any: never too few.

    Of each goal all sets of causes are kept, not the nearest; where there are too many, it is
    taken to be there at no cost. So the order in which causes are come across is of no account,
    and rules that cannot fire are not followed.
    """

    prunes = True

    def trimmed(self, labels: list[Label]) -> Labels:
        if len(labels) == 1:
            return tuple(labels)
        kept: list[Label] = []
        for label in sorted(dict.fromkeys(labels), key=lambda x: (len(x), sorted(x))):
            if not any(other <= label for other in kept):
                kept.append(label)
        return tuple(kept) if len(kept) <= MOST_KEPT and frozenset() not in kept else ALWAYS
