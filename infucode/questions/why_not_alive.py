"""Which rules could give a goal, whatever the record says: by the codes and words in it alone.

Ids and numbers are taken for anything, and inputs for any rows. So a goal that no rule is left
for has no rows and can have none, and nothing is lost by not following it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from infucode.engine.program import Program
from infucode.engine.relations import NOTHING, Relation
from infucode.passes.values import Row, Value, term_value
from infucode.questions.why_not_terms import OPEN
from infucode.rulebook.language import Atom, Clause, Signature, Term

Pattern = tuple[Value | None, ...]
"""The arguments of a goal; None where any value will do."""
Key = tuple[Signature, Pattern]
"""A predicate, and its arguments of `FIXED` sorts."""
Known = dict[str, Value]
FIXED = frozenset({"string", "word"})
"""Sorts of which the values stand in the rules themselves."""


class Alive:
    """The rules of one program that could fire, by the words and codes wanted of their head.

    ``rules`` gives the positions of the rules of a predicate, ``clause`` a rule as written.
    """

    def __init__(
        self,
        program: Program,
        about: frozenset[Signature],
        rules: Callable[[Signature], Sequence[int]],
        clause: Callable[[int], Clause],
    ) -> None:
        self.about, self._all, self._clause = about, rules, clause
        self._inputs = program.inputs
        self._relations: dict[Signature, Relation] = {**program.tables, **program.settings}
        self._typed = program.book.library.typing.predicates
        self._places: dict[Signature, tuple[int, ...]] = {}
        self._found: dict[Key, tuple[int, ...]] = {}
        self._asking: set[Key] = set()

    def rules(self, signature: Signature, pattern: Pattern) -> tuple[int, ...]:
        """The rules of a predicate that could give rows that fit."""
        return self.giving(self.key(signature, pattern))

    def key(self, signature: Signature, pattern: Pattern) -> Key:
        """What of a goal tells which rules could give it."""
        places = self._places.get(signature)
        if places is None:
            types = self._typed.get(signature) or [None] * signature[1]
            places = tuple(
                [n for n, kind in enumerate(types) if kind is not None and kind.sort in FIXED]
            )
            self._places[signature] = places
        return signature, tuple([v if (v := pattern[n]) != OPEN else None for n in places])

    def giving(self, key: Key) -> tuple[int, ...]:
        """The rules that could give such a goal."""
        found = self._found.get(key)
        if found is None:
            self._asking.add(key)
            signature, kept = key
            wanted = dict(zip(self._places[signature], kept, strict=True))
            found = tuple(
                [n for n in self._all(signature) if self._fires(self._clause(n), wanted)]
            )
            self._asking.discard(key)
            self._found[key] = found
        return found

    def _fires(self, clause: Clause, wanted: Mapping[int, Value | None]) -> bool:
        known: Known = {}
        for place, value in wanted.items():
            if value is not None and not _agrees(clause.head.terms[place], value, known):
                return False
        atoms = list(clause.positive())
        return self._hold([a for a in atoms if not self._hangs(a)], known) and all(
            self._could(atom, known) for atom in atoms if self._hangs(atom)
        )

    def _hangs(self, atom: Atom) -> bool:
        """Whether its rows hang on the encounter."""
        return atom.signature in self.about or atom.signature in self._inputs

    def _hold(self, atoms: Sequence[Atom], known: Known) -> bool:
        """Whether what holds of every encounter has rows; what a single row says is known."""
        for atom in atoms:
            rows = list(self._rows(atom, known))
            if not rows:
                return False
            if len(rows) == 1:
                for term, value in zip(atom.terms, rows[0], strict=True):
                    if term.kind == "variable" and term.text != "_":
                        known[term.text] = value
        return True

    def _rows(self, atom: Atom, known: Known) -> Iterator[Row]:
        relation = self._relations.get(atom.signature, NOTHING)
        pattern = [_value(term, known) for term in atom.terms]
        places = tuple([n for n, value in enumerate(pattern) if value is not None])
        if not places:
            return iter(relation.rows)
        values = tuple([pattern[n] for n in places])
        return iter(relation.index(places).get(values if len(values) > 1 else values[0], ()))

    def _could(self, atom: Atom, known: Known) -> bool:
        """Whether an atom may hold; what is being asked already is taken for possible."""
        if atom.signature in self._inputs:
            return True
        key = self.key(atom.signature, tuple([_value(term, known) for term in atom.terms]))
        return key in self._asking or bool(self.giving(key))


def _value(term: Term, known: Known) -> Value | None:
    if term.kind == "variable":
        return known.get(term.text)
    return None if term.kind in ("arithmetic", "function") else term_value(term)


def _agrees(term: Term, value: Value, known: Known) -> bool:
    if term.kind == "variable":
        return term.text == "_" or known.setdefault(term.text, value) == value
    return term.kind in ("arithmetic", "function") or term_value(term) == value
