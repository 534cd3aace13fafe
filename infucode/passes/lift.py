"""Lift: a program about one encounter becomes a program about many.

Every predicate that hangs on an input gets the encounter as its first argument; tables stay as
they are. Rules that read no input positively are bound by `encounter__(E)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from infucode.passes.slices import Shape
from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Conditional,
    Element,
    Formula,
    Literal,
    Signature,
    Term,
)

ENCOUNTER = "encounter__"


def dependent(clauses: Sequence[Clause], inputs: Iterable[Signature]) -> frozenset[Signature]:
    """The predicates that hang on an encounter: the inputs and all that reads them."""
    found = set(inputs)
    reads = [(c.head.signature, {a.signature for a in c.atoms()}) for c in clauses]
    grown = True
    while grown:
        grown = False
        for head, body in reads:
            if head not in found and body & found:
                found.add(head)
                grown = True
    return frozenset(found)


def lift(clause: Clause, lifted: frozenset[Signature]) -> Clause:
    """The clause with the encounter in every lifted atom."""
    if clause.head.signature not in lifted and not any(
        atom.signature in lifted for atom in clause.atoms()
    ):
        return clause
    key = Term("variable", _fresh(clause))
    body = tuple(_literal(literal, lifted, key) for literal in clause.body)
    if not any(atom.signature in lifted for atom in clause.positive()):
        body = (*body, Literal(Atom(ENCOUNTER, (key,))))
    return replace(clause, head=_atom(clause.head, lifted, key), body=body)


def _atom(atom: Atom, lifted: frozenset[Signature], key: Term) -> Atom:
    if atom.signature not in lifted:
        return atom
    return replace(atom, terms=(key, *atom.terms))


def _literal(literal: Literal, lifted: frozenset[Signature], key: Term) -> Literal:
    return Literal(_formula(literal.formula, lifted, key), literal.signs)


def _formula(formula: Formula, lifted: frozenset[Signature], key: Term) -> Formula:
    if isinstance(formula, Atom):
        return _atom(formula, lifted, key)
    if isinstance(formula, Aggregate):
        elements = tuple(
            Element(e.terms, tuple(_literal(c, lifted, key) for c in e.condition))
            for e in formula.elements
        )
        return replace(formula, elements=elements)
    if isinstance(formula, Conditional):
        return Conditional(
            _literal(formula.literal, lifted, key),
            tuple(_literal(c, lifted, key) for c in formula.condition),
        )
    return formula


def _fresh(clause: Clause) -> str:
    text = str(clause)
    name = "Encounter"
    while name in text:
        name += "_"
    return name


def merge_shapes(shapes: Iterable[Mapping[Signature, Sequence[frozenset[str] | None]]]) -> Shape:
    """The shape of a batch: what any of its encounters has."""
    merged: Shape = {}
    for shape in shapes:
        for key, slots in shape.items():
            old = merged.get(key)
            merged[key] = (
                list(slots)
                if old is None
                else [
                    None if a is None or b is None else a | b
                    for a, b in zip(old, slots, strict=True)
                ]
            )
    return merged
