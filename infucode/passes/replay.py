"""Replay: which rule instances fire over a finished answer.

No replay rule derives a predicate of the policy, so with the answer added as facts the grounder
only evaluates bodies. An instance carries its head, its bindings, the atoms that held, the atoms
that were absent, the values of its comparisons and the guards of its aggregates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

import clingo

from infucode.rulebook.language import Aggregate, Atom, Clause, Comparison, Element, Literal, Term

FIRED = "fired__"
COUNTED = "counted__"
ANY = Term("word", "any__")


@dataclass(frozen=True, slots=True)
class Instance:
    """One ground rule instance whose body holds."""

    rule: int
    head: clingo.Symbol
    variables: tuple[clingo.Symbol, ...]
    holds: tuple[clingo.Symbol, ...]
    absent: tuple[clingo.Symbol, ...]
    compared: tuple[tuple[clingo.Symbol, ...], ...]
    guards: tuple[tuple[clingo.Symbol, ...], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """One element that an aggregate of an instance counted."""

    rule: int
    variables: tuple[clingo.Symbol, ...]
    aggregate: int
    terms: tuple[clingo.Symbol, ...]
    holds: tuple[clingo.Symbol, ...]


def replay_lines(index: int, clause: Clause) -> list[str]:
    """The replay rules of one rule: one for its instances, one for each aggregate element."""
    fresh = (Term("variable", f"Any__{n}") for n in count())
    body = tuple(_named(literal, fresh) for literal in clause.body)
    variables = _tuple(Term("variable", name) for name in clause.variables())
    holds: list[Term] = []
    absent: list[Term] = []
    compared: list[Term] = []
    guards: list[Term] = []
    for literal in body:
        formula = literal.formula
        if isinstance(formula, Atom):
            (absent if literal.signs == 1 else holds).append(
                _term(_marked(formula) if literal.signs else formula)
            )
        elif isinstance(formula, Comparison):
            compared.append(_tuple(formula.terms))
        elif isinstance(formula, Aggregate):
            guards.append(_tuple(formula.guards))
    head = Atom(
        FIRED,
        (
            Term("number", str(index)),
            _term(clause.head),
            variables,
            *map(_tuple, (holds, absent, compared, guards)),
        ),
    )
    lines = [str(Clause(head, body))]
    aggregates = [b.formula for b in body if isinstance(b.formula, Aggregate)]
    for number, aggregate in enumerate(aggregates):
        for element in aggregate.elements:
            lines.append(_element_line(index, variables, number, element, fresh))
    return lines


def _element_line(
    index: int, variables: Term, number: int, element: Element, fresh: Iterator[Term]
) -> str:
    condition = tuple(_named(literal, fresh) for literal in element.condition)
    holds = [_term(c.formula) for c in condition if isinstance(c.formula, Atom) and not c.signs]
    blanks = tuple(Term("variable", "_") for _ in range(5))
    fired = Atom(FIRED, (Term("number", str(index)), blanks[0], variables, *blanks[1:]))
    head = Atom(
        COUNTED,
        (
            Term("number", str(index)),
            variables,
            Term("number", str(number)),
            _tuple(element.terms),
            _tuple(holds),
        ),
    )
    return str(Clause(head, (Literal(fired), *condition)))


def _named(literal: Literal, fresh: Iterator[Term]) -> Literal:
    """`_` in a positive atom becomes a variable, so that the matched fact is seen."""
    atom = literal.atom
    if atom is None or literal.signs:
        return literal
    terms = tuple(
        next(fresh) if t.text == "_" and t.kind == "variable" else t for t in atom.terms
    )
    return Literal(replace(atom, terms=terms))


def _marked(atom: Atom) -> Atom:
    return replace(
        atom,
        terms=tuple(ANY if t.kind == "variable" and t.text == "_" else t for t in atom.terms),
    )


def _term(atom: Atom) -> Term:
    return Term("function", atom.name, atom.terms) if atom.terms else Term("word", atom.name)


def _tuple(terms: Iterable[Term]) -> Term:
    return Term("function", "", tuple(terms))


def instance(symbol: clingo.Symbol) -> Instance:
    """Read an instance off its atom."""
    rule, head, variables, holds, absent, compared, guards = symbol.arguments
    return Instance(
        rule.number,
        head,
        tuple(variables.arguments),
        tuple(holds.arguments),
        tuple(absent.arguments),
        tuple(tuple(c.arguments) for c in compared.arguments),
        tuple(tuple(g.arguments) for g in guards.arguments),
    )


def counted(symbol: clingo.Symbol) -> Counted:
    """Read a counted element off its atom."""
    rule, variables, aggregate, terms, holds = symbol.arguments
    return Counted(
        rule.number,
        tuple(variables.arguments),
        aggregate.number,
        tuple(terms.arguments),
        tuple(holds.arguments),
    )
