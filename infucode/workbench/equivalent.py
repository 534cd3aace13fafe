"""Dropped conditions that change no answer, shown from the rules alone.

Two ways are sound for every record: the rest of the rule says as much, or every rule that reads
what the rule gives asks the condition again. What is not shown may be equivalent all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Comparison,
    Conditional,
    Literal,
    Signature,
    Term,
)
from infucode.workbench.entailment import WILD, Entailment, apart, names_of
from infucode.workbench.lint.predicates import THE_PROGRAM_READS
from infucode.workbench.lint.subject import Subject
from infucode.workbench.mutants import Mutant

DEEPEST = 4
"""So many readers of readers are followed."""
IMPLIED, ASKED_AGAIN = "the rest of the rule says as much", "every rule that reads it asks again"


@dataclass(frozen=True, slots=True)
class _Reading:
    """An atom as some rule reads it, and all that has to hold for it to matter."""

    atom: Atom
    context: tuple[Literal, ...]


class Equivalents:
    """Tells of mutants that no record can tell from the rules as they are."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        by_head = {s: [r.clause for r in rules] for s, rules in subject.by_head.items()}
        self.entailment = Entailment(by_head, subject.helper)

    def why(self, mutant: Mutant) -> str:
        """How it is shown that a mutant changes no answer; empty where it is not."""
        written, clause = mutant.written, mutant.clause
        if written is None or clause is None or len(clause.body) + 1 != len(written.body):
            return ""
        places = enumerate(written.body)
        return self.dropped(
            written, next(n for n, lit in places if clause.body[n : n + 1] != (lit,))
        )

    def dropped(self, written: Clause, number: int) -> str:
        """How it is shown that a rule without one of its conditions gives the same answers."""
        rest = (*written.body[:number], *written.body[number + 1 :])
        clause = replace(written, body=rest)
        wanted = _alone(written.body[number], clause)
        if wanted is None:
            return ""
        if self.entailment.entails(clause.body, wanted):
            return IMPLIED
        return ASKED_AGAIN if self._asked_again(clause.head, wanted, DEEPEST, set()) else ""

    def _asked_again(
        self, head: Atom, wanted: Literal, depth: int, seen: set[tuple[Signature, str]]
    ) -> bool:
        """Whether atoms of which the wanted does not hold lead to no outcome."""
        signature, names = head.signature, set(wanted.formula.variables())
        places = {t.text: n for n, t in enumerate(head.terms) if t.kind == "variable"}
        key = signature, str(wanted.put({n: Term("variable", str(p)) for n, p in places.items()}))
        if key in seen:
            return True
        own = self.subject.helper(signature) and signature[0] not in THE_PROGRAM_READS
        if not own or not depth or not names <= set(places):
            return False
        seen.add(key)
        for rule in self.subject.readers.get(signature, ()):
            for reading in _readings(rule.clause, signature):
                if apart(head, reading.atom):
                    continue
                by = {name: reading.atom.terms[places[name]] for name in names}
                if any(term == WILD for term in by.values()):
                    return False
                put = wanted.put(by)
                if not self.entailment.entails(reading.context, put) and not self._asked_again(
                    rule.clause.head, put, depth - 1, seen
                ):
                    return False
        return True


def _alone(literal: Literal, rest: Clause) -> Literal | None:
    """A literal, its own variables left open; None where one of them ties it to the rest."""
    formula = literal.formula
    if isinstance(formula, Comparison):
        return literal if set(formula.variables()) <= names_of(rest) else None
    if not isinstance(formula, Atom):
        return None
    counts = Counter(formula.variables())
    own = [name for name in counts if name not in names_of(rest)]
    if any(counts[name] > 1 for name in own):
        return None
    return literal.put(dict.fromkeys(own, WILD))


def _readings(clause: Clause, signature: Signature) -> Iterator[_Reading]:
    for number, literal in enumerate(clause.body):
        rest = (*clause.body[:number], *clause.body[number + 1 :])
        for atom, inner in _within(literal):
            if atom.signature == signature:
                yield _Reading(atom, (*inner, *rest))


def _within(literal: Literal) -> Iterator[tuple[Atom, tuple[Literal, ...]]]:
    """The atoms of a literal, each with what stands beside it inside of braces or a condition."""
    formula = literal.formula
    groups: list[tuple[Literal, ...]] = []
    if isinstance(formula, Atom):
        yield formula, ()
    elif isinstance(formula, Aggregate):
        groups = [element.condition for element in formula.elements]
    elif isinstance(formula, Conditional):
        yield from ((atom, formula.condition) for atom in formula.literal.atoms())
        groups = [formula.condition]
    for group in groups:
        for number, inner in enumerate(group):
            others = (*group[:number], *group[number + 1 :])
            yield from ((atom, others) for atom in inner.atoms())
