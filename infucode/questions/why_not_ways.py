"""What counts as a cause that a code is not reported, and how far a cause is from holding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from infucode.engine.derivations import Derivations
from infucode.engine.program import Program
from infucode.engine.relations import NOTHING
from infucode.passes.values import GroundAtom, Row, Value
from infucode.questions.why_not_goals import Goals
from infucode.questions.why_not_labels import NEVER, Failing, Label, Labels, Pattern
from infucode.questions.why_not_plans import ready
from infucode.questions.why_not_terms import OPEN
from infucode.rulebook.language import Aggregate, Atom, Signature
from infucode.rulebook.types import SETTINGS

KEPT = 3
"""So many ways of one goal are followed on, nearest first."""
FAR = 1000
NOBODY, SUBJECT, ANYBODY = "nobody", "subject", "anybody"
NUMBER, MISSING, STANDS, OTHERWISE = "number", "missing", "stands", "otherwise"
WEIGHTS = {NUMBER: 10, MISSING: 25, STANDS: 40, OTHERWISE: 60}
"""A number that falls short is nearest, then what is not stated, what is in the way, and what
the record says otherwise."""
PLACES = frozenset({"rank", "day", "visit", "code"})
"""Kinds of an input's arguments that only order it, or say which drug or service it is."""


Place = tuple[int, int, str]
Said = tuple[int, int, tuple[Place, ...]]
"""What orders causes: the number of a rule or of an input, and values."""


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

    prunes = True

    def __init__(
        self, program: Program, derivations: Derivations, *, shares: bool = False
    ) -> None:
        self.program, self.shares = program, shares
        self.goals = Goals(program, derivations, self)
        self._blamed: dict[Signature, str] = {}
        self._orders: dict[Label, tuple[int, int, list[Said]]] = {}
        self._said: list[Said] = []
        self._vague: set[int] = set()
        """Causes with a value that may be any."""
        self.found: list[Cause] = []
        self._numbers: dict[object, int] = {}
        self._about: dict[tuple[int, str], tuple[str, ...]] = {}
        self._weights: list[int] = []

    def weight(self, label: Label) -> int:
        """How far a set of causes is from holding."""
        return sum(self._weights[n] for n in label)

    def joined(self, left: Label, right: Label) -> Label:
        """Both; where a value is wanted of a fact, that it has any is no cause of its own."""
        label = left | right
        if self._vague.isdisjoint(label):
            return label
        needless = [
            n for n in self._vague & label if any(self._says(m, n) for m in label if m != n)
        ]
        return label.difference(needless) if needless else label

    def _says(self, number: int, vague: int) -> bool:
        """Whether a cause says the same as another, and what that leaves open."""
        atom, other = self.found[number].atom, self.found[vague].atom
        if atom[:1] != other[:1] or len(atom) != len(other):
            return False
        return all(open in (own, OPEN) for own, open in zip(atom, other, strict=True))

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

    def _order(self, label: Label) -> tuple[int, int, list[Said]]:
        found = self._orders.get(label)
        if found is None:
            said = sorted([self._said[n] for n in label])
            gaps = sum(self.found[n].gap for n in label)
            found = self._orders[label] = self.weight(label), gaps, said
        return found

    def stated(
        self, signature: Signature, pattern: Pattern, rows: Sequence[Row]
    ) -> Iterable[tuple[Row, Labels]]:
        if rows:
            return ()
        about = self._blamed.get(signature)
        if about is None:
            about = self._blamed[signature] = self._blames(signature)
        if about is NOBODY:
            return ()
        row = tuple([OPEN if value is None else value for value in pattern])
        relation = self.goals.relations.get(signature, NOTHING)
        if about is SUBJECT and row[0] != OPEN:
            said = row[0] in relation.index((0,))
        else:
            said = bool(relation.rows)
        kind = OTHERWISE if said else MISSING
        return ((row, self.blame(kind, (signature[0], *row))),)

    def _blames(self, signature: Signature) -> str:
        """Whether an input is a cause, and whether it says something of a subject."""
        declared = self.program.book.vocabulary[signature]
        kinds = [kind.name for kind in declared.types]
        if declared.kind != "input" or set(kinds[1:]) & PLACES or kinds == [signature[0]]:
            return NOBODY
        return SUBJECT if declared.types[0].sort == "id" else ANYBODY

    def fails(self, failing: Failing, values: Row) -> Labels:
        if len(values) != 2 or not all(isinstance(value, int) for value in values):
            return NEVER
        if self._only_places(failing):
            return NEVER
        known = tuple(map(failing.binding.get, self._names(failing)))
        key = failing.position, failing.condition.text, known, values
        return self._cause(key, Cause(NUMBER, (), failing, values))

    def _names(self, failing: Failing) -> tuple[str, ...]:
        """What says which number a condition is about: its variables, and whose they are.

        Equal numbers of two administrations are two causes.
        """
        key = failing.position, failing.condition.text
        names = self._about.get(key)
        if names is None:
            own = set(failing.condition.names)
            whose = {
                name
                for atom in failing.clause.positive()
                if atom.signature not in SETTINGS and own & set(atom.variables())
                for name in atom.variables()
            }
            names = self._about[key] = tuple(sorted(own | whose))
        return names

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
        return self.blame(STANDS, atom)

    def recounts(self, _aggregate: Aggregate) -> Labels:
        return NEVER

    def looks_further(
        self, _signature: Signature, _pattern: Pattern, rows: Sequence[Row]
    ) -> bool:
        return not rows

    def causes(self, label: Label) -> list[Cause]:
        """The causes of a set, nearest first."""
        ordered = sorted(label, key=lambda n: (self._weights[n], self._said[n]))
        return [self.found[n] for n in ordered]

    def _as_said(self, cause: Cause) -> Said:
        """What orders causes that are equally near: rules and vocabulary, as they are written."""
        if cause.failing is not None:
            failing = cause.failing
            names, binding = self._names(failing), failing.binding
            known = [_place(binding.get(name, OPEN)) for name in names]
            return 0, failing.position, (*known, _place(failing.condition.text))
        signature = str(cause.atom[0]), len(cause.atom) - 1
        number, words = ready(self.program).place(signature)
        places = [
            (1, own[value], "") if value in own else _place(value)
            for value, own in zip(cause.atom[1:], words, strict=True)
        ]
        return 1, number, tuple(places)

    def blame(self, kind: str, atom: GroundAtom) -> Labels:
        """A fact or what stands in the way as a cause."""
        return self._cause((kind, atom), Cause(kind, atom, None, ()))

    def _cause(self, key: object, cause: Cause) -> Labels:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.found)
            self.found.append(cause)
            self._said.append(self._as_said(cause))
            if OPEN in cause.atom:
                self._vague.add(number)
            self._weights.append(WEIGHTS[cause.kind] + min(cause.gap, FAR) // 10)
        return (frozenset((number,)),)


def _place(value: Value) -> Place:
    """Numbers by size, then ids in the order of the record and other words, last what is open."""
    if isinstance(value, str):
        return (3, 0, "") if value == OPEN else (2, len(value), value)
    return 0, int(value), ""
