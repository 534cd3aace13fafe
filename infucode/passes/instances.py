"""Instances: a clause becomes a function that lists how it fires over a finished answer.

An instance carries its head, its bindings, the atoms that held, the atoms that were absent, the
values of its comparisons, the guards of its aggregates and the elements that they counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import NamedTuple

from infucode.passes.compile import WILD, Compiled, Writer, tuple_text
from infucode.passes.values import GroundAtom, Row
from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Comparison,
    Element,
    Literal,
    Term,
)

ANY = Term("word", "any__")
"""Stands for `_` in an atom that is absent."""


class Counted(NamedTuple):
    """One element that an aggregate of an instance counted."""

    aggregate: int
    terms: Row
    holds: tuple[GroundAtom, ...]


class Instance(NamedTuple):
    """One ground rule instance whose body holds."""

    rule: int
    head: GroundAtom
    variables: Row
    holds: tuple[GroundAtom, ...]
    absent: tuple[GroundAtom, ...]
    compared: tuple[Row, ...]
    guards: tuple[Row, ...]
    counted: tuple[tuple[tuple[Row, tuple[GroundAtom, ...]], ...], ...]
    """For each aggregate what it counted: terms, and the atoms that held for them."""

    @property
    def elements(self) -> list[Counted]:
        """What its aggregates counted."""
        return [
            Counted(number, terms, holds)
            for number, elements in enumerate(self.counted)
            for terms, holds in elements
        ]


def compile_instances(clause: Clause) -> Compiled:
    """A function that calls `out((head, variables, ...))` for each instance."""
    fresh = (Term("variable", f"Any__{n}") for n in count())
    body = tuple(_named(literal, fresh) for literal in clause.body)
    writer = Writer(replace(clause, body=body), frozenset((WILD,)), counting=True)
    writer.body(body)
    holds: list[str] = []
    absent: list[str] = []
    compared: list[str] = []
    guards: list[str] = []
    counted: list[str] = []
    for literal in body:
        formula = literal.formula
        if isinstance(formula, Atom):
            (absent if literal.signs == 1 else holds).append(
                writer.ground(_marked(formula) if literal.signs else formula)
            )
        elif isinstance(formula, Comparison):
            compared.append(writer.row(formula.terms))
        elif isinstance(formula, Aggregate):
            guards.append(writer.row(formula.guards))
            assert writer.counted is not None
            counted.append(f"tuple({writer.counted[id(formula)]})")
    variables = [writer.name(name) for name in clause.variables()]
    parts = map(tuple_text, (variables, holds, absent, compared, guards, counted))
    writer.line(f"out(({', '.join((writer.ground(clause.head), *parts))}))")
    return writer.compiled()


def _named(literal: Literal, fresh: Iterator[Term]) -> Literal:
    """`_` in a positive atom becomes a variable, so that the matched row is seen."""
    formula = literal.formula
    if isinstance(formula, Aggregate):
        elements = tuple(
            Element(e.terms, tuple(_named(c, fresh) for c in e.condition))
            for e in formula.elements
        )
        return Literal(replace(formula, elements=elements), literal.signs)
    if not isinstance(formula, Atom) or literal.signs:
        return literal
    terms = tuple(
        next(fresh) if t.text == "_" and t.kind == "variable" else t for t in formula.terms
    )
    return Literal(replace(formula, terms=terms))


def _marked(atom: Atom) -> Atom:
    terms = tuple(ANY if t.kind == "variable" and t.text == "_" else t for t in atom.terms)
    return replace(atom, terms=terms)
