"""Does a changed rule give other heads over a finished answer?

Where it does not, the answer is still the one that the rules give: nothing that the mutant could
do to it is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import clingo

from infucode.engine.control import ground
from infucode.rulebook.language import Atom, Clause, Literal, Signature, Term

OLD, NEW, CAME, WENT = "old__", "new__", "came__", "went__"


@dataclass(frozen=True, slots=True)
class Change:
    """A rule before and after; None where it does not stand in the program."""

    old: Clause | None
    new: Clause | None

    def __str__(self) -> str:
        return f"{self.old} / {self.new}"

    @property
    def clauses(self) -> list[Clause]:
        return [clause for clause in (self.old, self.new) if clause is not None]

    @property
    def reads(self) -> set[Signature]:
        """The predicates that decide whether the change matters, those of the heads too."""
        found = {clause.head.signature for clause in self.clauses}
        for clause in self.clauses:
            found.update(atom.signature for atom in clause.atoms())
        return found


def came_or_went(changes: Sequence[Change], facts: Sequence[str]) -> Iterator[clingo.Symbol]:
    """The heads that one side of a change gives over `facts` and the other does not.

    A head that the answer holds already, by whatever rule, does not come anew.
    """
    lines = list(facts)
    for number, change in enumerate(changes):
        lines += _lines(number, change)
    grounded = ground(lines, [])
    for name in (CAME, WENT):
        for atom in grounded.of(name, 2):
            yield atom.arguments[1]


def _lines(number: int, change: Change) -> Iterator[str]:
    key = Term("number", str(number))
    for name, clause in ((OLD, change.old), (NEW, change.new)):
        if clause is not None:
            yield str(replace(clause, head=Atom(name, (key, _term(clause.head)))))
    if change.new is not None:
        head = _open(change.new.head)
        given = Literal(Atom(NEW, (key, _term(head))))
        known = Literal(head, 1)
        yield str(Clause(Atom(CAME, (key, _term(head))), (given, known)))
    if change.old is not None:
        head = _open(change.old.head)
        given = Literal(Atom(OLD, (key, _term(head))))
        still = Literal(Atom(NEW, (key, _term(head))), 1)
        yield str(Clause(Atom(WENT, (key, _term(head))), (given, still)))


def _open(atom: Atom) -> Atom:
    """The predicate over fresh variables."""
    return Atom(atom.name, tuple(Term("variable", f"V{n}") for n in range(len(atom.terms))))


def _term(atom: Atom) -> Term:
    return Term("function", atom.name, atom.terms) if atom.terms else Term("word", atom.name)
