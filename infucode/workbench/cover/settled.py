"""What no case could show of a condition, as the rules themselves tell.

A condition that changes no answer, and one that cannot fail alone: what it asks for is always
there, in a table or by rules, wherever the rest of its rule holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import prod

from infucode.passes.slices import Shape, Slicer, Slot
from infucode.rulebook.language import Atom, Clause, Comparison, Literal, Signature, Term
from infucode.rulebook.library import Library
from infucode.rulebook.rules import Rule
from infucode.rulebook.types import SETTINGS, argument_types
from infucode.workbench.cover.conditions import always_stated, conditions_of
from infucode.workbench.cover.matching import Given, negated
from infucode.workbench.cover.questions import Place
from infucode.workbench.cover.showing import Ground, Showing
from infucode.workbench.entailment import FIXED, WILD, Entailment
from infucode.workbench.equivalent import Equivalents
from infucode.workbench.lint.subject import Subject, whole_shape

ALWAYS = "what it asks for is there wherever the rest holds"
OTHERWISE = "where it alone fails, what the rule gives holds otherwise"
MIRRORED = "it is there a second time, with the two changed over"
MOST_ROWS = 20_000
"""So many combinations of words are looked up in a table."""


class Settled:
    """Tells of the conditions of a policy folder what needs no case."""

    def __init__(self, subject: Subject) -> None:
        self.equivalents = Equivalents(subject)
        self._books: dict[Place, list[_Book]] = {}
        for library, _, rules in subject.books:
            book = _Book(library, rules, subject)
            for rule in rules:
                if rule.clause.body:
                    place = rule.source.name, *rule.clause.place
                    self._books.setdefault(place, []).append(book)

    def idle(self, clause: Clause, number: int) -> str:
        """How the rules show that a condition changes no answer; empty where they do not."""
        return self.equivalents.dropped(clause, number)

    def certain(self, place: Place, clause: Clause, number: int) -> str:
        """How the rules show that a condition cannot fail alone, on no day of any plan."""
        found: set[str] = set()
        for book in self._books.get(place, ()):
            found.add(book.certain(clause, number))
            if "" in found:
                return ""
        return found.pop() if len(found) == 1 else OTHERWISE if found else ""

    def mirrored(self, clause: Clause, number: int) -> str:
        """How a condition is shown to be never the only one of its words that gives an atom.

        Where two that differ may be changed over, each way to the atom comes with the other way
        round, which has the condition in other words.
        """
        literal = clause.body[number]
        for other in clause.body:
            formula = other.formula
            if not isinstance(formula, Comparison) or formula.operators != ("!=",):
                continue
            one, two = formula.terms
            if other.signs or (one.kind, two.kind) != ("variable", "variable"):
                continue
            by = {one.text: two, two.text: one}
            body = [lit.put(by) for lit in clause.body if lit is not other]
            same = clause.head.put(by) == clause.head and set(body) == {*clause.body} - {other}
            if same and (literal is other or literal.put(by) != literal):
                return MIRRORED
        return ""


class _Book:
    """The rules in force on a day."""

    def __init__(self, library: Library, rules: Sequence[Rule], subject: Subject) -> None:
        self.library, self.rules = library, rules
        self.by_head: dict[Signature, list[Clause]] = {}
        for rule in rules:
            self.by_head.setdefault(rule.clause.head.signature, []).append(rule.clause)
        self.always = always_stated(library)
        needed = Entailment(self.by_head, subject.helper).entails
        self.ground = Ground(self.by_head, subject.helper, self._stated, needed, self._rows)
        self._reach: Shape | None = None

    @property
    def reach(self) -> Shape:
        """The constants that may stand at each place of each predicate."""
        if self._reach is None:
            clauses = [_as_words(rule.clause) for rule in self.rules]
            self._reach = Slicer(clauses, ()).reach(whole_shape(self.library))
        return self._reach

    def certain(self, clause: Clause, number: int) -> str:
        """How it is shown that a condition of a rule cannot fail alone.

        Where all else holds, so does the condition, or what the rule gives holds otherwise.
        """
        condition = conditions_of(clause, number + 1, self.library).get(number)
        if condition is None or condition.question is None:
            return ""
        *rest, head = condition.question.body
        literal = clause.body[number]
        asked = [negated(head)]
        if literal.atom is not None:
            *rest, failed = rest
            asked.insert(0, negated(failed))
        elif len(rest) + 1 == len(clause.body):
            asked.insert(0, literal)
        for wanted, how in zip(asked, (ALWAYS, OTHERWISE)[-len(asked) :], strict=True):
            if wanted is not None and Showing(self.ground).follows(rest, wanted):
                return how
        return ""

    def _stated(self, given: Given, atom: Atom) -> bool:
        """Whether every record, or every plan, states it."""
        if not atom.terms:
            return False
        first, rest = atom.terms[0], atom.terms[1:]
        if not rest and first.kind == "variable" and self._is_id(given, first, atom.name):
            return True
        stated = atom.signature in SETTINGS[:1] or atom.signature in self.always
        return stated and all(t == WILD for t in rest) and (first == WILD) is not bool(rest)

    def _is_id(self, given: Given, term: Term, name: str) -> bool:
        """Whether what is given says that a term is the id of something so called."""
        return any(
            own == term and kind is not None and (kind.sort, kind.name) == ("id", name)
            for literal in given
            if literal.atom is not None and not literal.signs and term in literal.atom.terms
            for own, kind in zip(
                literal.atom.terms, argument_types(literal.atom, self.library.typing), strict=True
            )
        )

    def _rows(self, given: Given, atom: Atom) -> bool | None:
        """Whether a table has a row for all that may stand there; None where it is no table."""
        rows = self.by_head.get(atom.signature, [])
        if not rows or any(row.body for row in rows):
            return None
        places = [n for n, term in enumerate(atom.terms) if term != WILD]
        slots = self._slots(given)
        values = []
        for place in places:
            term = atom.terms[place]
            slot = frozenset({term.text}) if term.kind in FIXED else slots.get(term.text)
            if slot is None:
                return False
            values.append(sorted(slot))
        if prod(map(len, values)) > MOST_ROWS:
            return False
        known = {tuple(row.head.terms[p].text for p in places) for row in rows}
        return all(wanted in known for wanted in product(*values))

    def _slots(self, context: Sequence[Literal]) -> dict[str, Slot]:
        """What the variables of the context may be, where that is known."""
        found: dict[str, Slot] = {}
        for literal in context:
            atom = literal.atom
            if atom is None or literal.signs:
                continue
            slots = self.reach.get(atom.signature) or [frozenset()] * len(atom.terms)
            for slot, term in zip(slots, atom.terms, strict=True):
                if term.kind == "variable" and slot is not None:
                    old = found.get(term.text)
                    found[term.text] = slot if old is None else old & slot
        return found


def _as_words(clause: Clause) -> Clause:
    """The clause with strings and numbers as words, so that what stands where can be told."""
    body = tuple(
        Literal(_worded(literal.atom), literal.signs) if literal.atom else literal
        for literal in clause.body
    )
    return replace(clause, head=_worded(clause.head), body=body)


def _worded(atom: Atom) -> Atom:
    terms = (replace(t, kind="word") if t.kind in FIXED else t for t in atom.terms)
    return replace(atom, terms=tuple(terms))
