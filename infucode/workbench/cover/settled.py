"""What no case could show of a condition, as the rules themselves tell.

A condition that changes no answer, and one that cannot fail alone: what it asks for is always
there, in a table or by rules, wherever the rest of its rule holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import prod

from infucode.passes.slices import Shape, Slicer, Slot
from infucode.rulebook.language import Aggregate, Atom, Clause, Literal, Signature, Term
from infucode.rulebook.library import Library
from infucode.rulebook.rules import Rule
from infucode.rulebook.types import SETTINGS, variable_types
from infucode.rulebook.vocabulary import Type
from infucode.workbench.cover.conditions import always_stated
from infucode.workbench.cover.questions import Place
from infucode.workbench.entailment import FIXED, WILD, Entailment, names_of, says, unfold
from infucode.workbench.equivalent import Equivalents
from infucode.workbench.lint.subject import Subject, whole_shape

ALWAYS = "what it asks for is there wherever the rest holds"
IMPLIED = "it holds wherever the rest does"
DEEPEST = 3
MOST_ROWS = 20_000
"""So many combinations of words are looked up in a table."""
Types = Mapping[str, Type]


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
        books = self._books.get(place, ())
        found = {book.certain(clause, number) for book in books}
        return found.pop() if len(found) == 1 else "" if "" in found or not found else ALWAYS


class _Book:
    """The rules in force on a day."""

    def __init__(self, library: Library, rules: Sequence[Rule], subject: Subject) -> None:
        self.library, self.rules = library, rules
        self.by_head: dict[Signature, list[Rule]] = {}
        for rule in rules:
            self.by_head.setdefault(rule.clause.head.signature, []).append(rule)
        self.entailment = Entailment(self.by_head, subject.helper)
        self.always = always_stated(library)
        self._reach: Shape | None = None

    @property
    def reach(self) -> Shape:
        """The constants that may stand at each place of each predicate."""
        if self._reach is None:
            clauses = [_as_words(rule.clause) for rule in self.rules]
            self._reach = Slicer(clauses, ()).reach(whole_shape(self.library))
        return self._reach

    def certain(self, clause: Clause, number: int) -> str:
        """How a condition of a rule is shown to hold wherever the others do."""
        literal = clause.body[number]
        rest = [*clause.body[:number], *clause.body[number + 1 :]]
        atom = literal.atom
        if atom is None or literal.signs:
            return IMPLIED if self.entailment.entails(rest, literal) else ""
        bound = names_of(replace(clause, head=Atom("", ()), body=tuple(rest)))
        loose = tuple(
            WILD if t.kind == "variable" and t.text not in bound else t for t in atom.terms
        )
        types = variable_types(clause, self.library.typing)
        return ALWAYS if self.gives(rest, replace(atom, terms=loose), types, DEEPEST) else ""

    def gives(self, context: Sequence[Literal], atom: Atom, types: Types, depth: int) -> bool:
        """Whether there is such an atom wherever the context holds."""
        wanted = Literal(atom)
        if any(says(literal, wanted) for literal in context) or self._stated(atom, types):
            return True
        rules = self.by_head.get(atom.signature, [])
        if rules and not any(rule.clause.body for rule in rules):
            return self._rows(context, atom, rules)
        if self.entailment.entails(context, wanted):
            return True
        return bool(depth) and any(
            self._by_rule(context, atom, rule.clause, types, depth) for rule in rules
        )

    def _stated(self, atom: Atom, types: Types) -> bool:
        """Whether every record, or every plan, states it."""
        if not atom.terms:
            return False
        first, rest = atom.terms[0], atom.terms[1:]
        kind = types.get(first.text) if first.kind == "variable" else None
        if kind is not None and (kind.sort, kind.name, rest) == ("id", atom.name, ()):
            return True
        stated = atom.signature in SETTINGS[:1] or atom.signature in self.always
        return stated and all(t == WILD for t in rest) and (first == WILD) is not bool(rest)

    def _rows(self, context: Sequence[Literal], atom: Atom, rows: Sequence[Rule]) -> bool:
        """Whether a table has a row for all that may stand there."""
        places = [n for n, term in enumerate(atom.terms) if term != WILD]
        slots = self._slots(context)
        values = []
        for place in places:
            term = atom.terms[place]
            slot = frozenset({term.text}) if term.kind in FIXED else slots.get(term.text)
            if slot is None:
                return False
            values.append(sorted(slot))
        if prod(map(len, values)) > MOST_ROWS:
            return False
        known = {tuple(row.clause.head.terms[p].text for p in places) for row in rows}
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

    def _by_rule(
        self, context: Sequence[Literal], atom: Atom, clause: Clause, types: Types, depth: int
    ) -> bool:
        """Whether a rule gives it: what it needs is there, and where something stands against
        it, that itself brings such an atom about."""
        unfolded = unfold(clause, atom, depth)
        if unfolded is None or unfolded[1]:
            return False
        mark = f"'{depth}"
        named = [literal for literal in unfolded[0] if _names_a_value(literal, mark)]
        body = [literal for literal in unfolded[0] if literal not in named]
        ties = [name for lit in (*body, *named) for name in set(lit.formula.variables())]
        own = {name for name in ties if name.endswith(mark)}
        if any(ties.count(name) > 1 for name in own):
            return False
        for literal in body:
            needed = literal.atom
            if needed is None:
                return False
            loose = replace(needed, terms=tuple(_opened(t, own) for t in needed.terms))
            if literal.signs == 0 and not self.gives(context, loose, types, depth - 1):
                return False
            if literal.signs and not self._despite(context, literal, loose, atom, types, depth):
                return False
        return True

    def _despite(
        self, context: Sequence[Literal], literal: Literal, against: Atom, atom: Atom,
        types: Types, depth: int,
    ) -> bool:  # fmt: skip
        """Whether such an atom is there although something stands against one way to it."""
        if literal in context:
            return True
        rules = self.by_head.get(against.signature, [])
        for rule in rules:
            unfolded = unfold(rule.clause, against, depth)
            if unfolded is None:
                continue
            body, known = unfolded
            put = replace(atom, terms=tuple(t.put(known) for t in atom.terms))
            more = [*(lit.put(known) for lit in context), *body]
            if not depth or not self.gives(more, put, types, depth - 1):
                return False
        return bool(rules)


def _opened(term: Term, own: set[str]) -> Term:
    return WILD if term.kind == "variable" and term.text in own else term


def _names_a_value(literal: Literal, mark: str) -> bool:
    """Whether a literal only gives a name, so marked, to what can always be computed."""
    formula = literal.formula
    if literal.signs:
        return False
    if isinstance(formula, Aggregate):
        guards = [guard for guard in (formula.left, formula.right) if guard]
        return formula.function in ("#sum", "#count") and all(
            operator == "=" and term.kind == "variable" and term.text.endswith(mark)
            for operator, term in guards
        )
    given = formula.terms[1] if isinstance(formula, Atom) and len(formula.terms) > 1 else None
    return (
        isinstance(formula, Atom)
        and formula.signature == SETTINGS[0]
        and given is not None
        and given.kind == "variable"
        and given.text.endswith(mark)
    )


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
