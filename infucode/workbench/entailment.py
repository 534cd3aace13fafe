"""What follows from some conditions of a rule, by what the rules say alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from infucode.rulebook.language import Atom, Clause, Comparison, Literal, Signature, Term
from infucode.workbench.lint.compared import allowed

DEEPEST = 4
"""So many definitions are followed."""
WILD = Term("variable", "_")
FIXED = ("word", "string", "number")
"""Kinds of terms that are constants."""


class Entailment:
    """Of rules by their heads; ``helper`` says which predicates only rules give."""

    def __init__(
        self,
        by_head: Mapping[Signature, Sequence[Clause]],
        helper: Callable[[Signature], bool],
    ) -> None:
        self.by_head, self.helper = by_head, helper
        self._named: dict[tuple[Signature, int], frozenset[Signature]] = {}

    def named(self, signature: Signature, depth: int) -> frozenset[Signature]:
        """What every rule that gives a helper names, itself or through helpers so many deep."""
        key = signature, depth
        if key not in self._named:
            rules = self.by_head.get(signature, ()) if depth and self.helper(signature) else ()
            found: frozenset[Signature] | None = None
            for clause in rules:
                own = {lit.atom.signature for lit in clause.body if lit.atom is not None}
                for atom in clause.positive():
                    own |= self.named(atom.signature, depth - 1)
                found = frozenset(own) if found is None else found & own
            self._named[key] = found or frozenset()
        return self._named[key]

    def entails(self, context: Sequence[Literal], wanted: Literal, depth: int = DEEPEST) -> bool:
        """Whether the wanted holds wherever all literals of the context do."""
        if any(says(literal, wanted) for literal in context):
            return True
        if not depth:
            return False
        return any(
            self._given(literal.atom, wanted, depth)
            for literal in context
            if literal.atom is not None and not literal.signs
        )

    def _given(self, atom: Atom, wanted: Literal, depth: int) -> bool:
        """Whether every rule that gives an atom needs the wanted."""
        about = wanted.atom
        if about is not None and about.signature not in self.named(atom.signature, depth):
            return False
        if not self.helper(atom.signature):
            return False
        rules = self.by_head.get(atom.signature, ())
        return bool(rules) and all(
            bool(rule.body) and self._needs(rule, atom, wanted, depth) for rule in rules
        )

    def _needs(self, clause: Clause, atom: Atom, wanted: Literal, depth: int) -> bool:
        unfolded = unfold(clause, atom, depth)
        if unfolded is None:
            return True
        body, known = unfolded
        return self.entails(body, wanted.put(known), depth - 1)


def unfold(
    clause: Clause, atom: Atom, depth: int
) -> tuple[list[Literal], dict[str, Term]] | None:
    """What a rule needs to give an atom, its own variables renamed by the depth, and what the
    variables of the atom then are; None where it cannot give it."""
    head = clause.head
    if apart(head, atom):
        return None
    by = {name: Term("variable", f"{name}'{depth}") for name in names_of(clause)}
    known: dict[str, Term] = {}
    for own, given in zip(head.terms, atom.terms, strict=True):
        if own.kind == "variable" and given != WILD:
            by[own.text] = given
        elif own.kind in FIXED and given.kind == "variable" and given != WILD:
            known[given.text] = own
    body = (literal for literal in clause.body if literal.atom != head)
    return [literal.put(by).put(known) for literal in body], known


def names_of(clause: Clause) -> set[str]:
    """Every variable of a clause, also within aggregates and conditions."""
    atoms = (clause.head, *clause.atoms())
    terms = (*(t for atom in atoms for t in atom.terms), *clause.terms())
    return {name for term in terms for name in term.variables()}


def apart(one: Atom, other: Atom) -> bool:
    """Whether two atoms of a predicate have different constants at one place."""
    return any(
        a.kind in FIXED and b.kind in FIXED and a != b
        for a, b in zip(one.terms, other.terms, strict=True)
    )


def says(literal: Literal, wanted: Literal) -> bool:
    """Whether one literal is no weaker than the other."""
    if literal == wanted:
        return True
    one, other = literal.formula, wanted.formula
    if isinstance(one, Comparison) and isinstance(other, Comparison):
        first, second = allowed(one, literal.signs), allowed(other, wanted.signs)
        return bool(first and second and first[0] == second[0] and not first[1] & ~second[1])
    if not (isinstance(one, Atom) and isinstance(other, Atom)) or literal.signs or wanted.signs:
        return False
    return one.signature == other.signature and all(
        b in (a, WILD) for a, b in zip(one.terms, other.terms, strict=True)
    )
