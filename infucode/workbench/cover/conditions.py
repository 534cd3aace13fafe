"""The conditions of a rule, and the questions that tell whether one of them alone decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from infucode.passes.solving import NEVER, is_bound, ready, split
from infucode.rulebook.language import Atom, Clause, Comparison, Literal, Signature, Term
from infucode.rulebook.library import Library
from infucode.rulebook.types import SETTINGS, variable_types
from infucode.rulebook.vocabulary import Type

VALUE = SETTINGS[0]
WILD = Term("variable", "_")
ORDERED = {"<": (-1, 0), "<=": (0, 1), ">": (1, 0), ">=": (0, -1)}
"""For ``left operator right``: ``left - right`` where it just holds, and where it just fails."""
WITNESS = "witness"
ALWAYS = ("refused", "the contract's default")
"""How the vocabulary says that an input is stated in every record."""


@dataclass(frozen=True, slots=True)
class Border:
    """Two neighbouring terms of an ordered comparison of numbers."""

    left: Term
    operator: str
    right: Term
    negated: bool
    question: Clause
    """Gives the values of both sides wherever all else holds."""

    @property
    def text(self) -> str:
        return f"{self.left} {self.operator} {self.right}"

    def side(self, difference: int) -> str | None:
        """The side of the border that a difference stands on: ``holds``, ``fails``, or none."""
        holds, fails = ORDERED[self.operator]
        if difference not in (holds, fails):
            return None
        return "holds" if (difference == holds) is not self.negated else "fails"


@dataclass(frozen=True, slots=True)
class Condition:
    """A literal of a rule that can fail."""

    number: int
    question: Clause | None
    """Gives a row where all other conditions hold, this one does not, and so the head does
    not either. None for what cannot fail alone: what the rule only goes through, so that
    nothing else is left to hold, and what every record states."""
    borders: tuple[Border, ...] = ()


def always_stated(library: Library) -> frozenset[Signature]:
    """The inputs that every record states, as the vocabulary says."""
    return frozenset(
        signature
        for signature, predicate in library.vocabulary.items()
        if predicate.kind == "input"
        and predicate.absent.startswith(ALWAYS)
        and "except" not in predicate.absent
    )


def conditions_of(clause: Clause, written: int, library: Library) -> dict[int, Condition]:
    """The conditions among the first `written` literals of a clause, by position.

    What only names a value (an assignment, a number of the plan) cannot fail, so it is none.
    """
    types = variable_types(clause, library.typing)
    always = always_stated(library)
    found = {}
    for number in range(written):
        if _can_fail(clause, number):
            borders = tuple(_borders(clause, number, types))
            found[number] = Condition(number, _question(clause, number, always), borders)
    return found


def _can_fail(clause: Clause, number: int) -> bool:
    """Whether a literal is more than the name of a value."""
    literal = clause.body[number]
    if literal.atom is not None:
        return literal.atom.signature != VALUE
    rest = [*clause.body[:number], *clause.body[number + 1 :]]
    kept, bound = _answerable(rest, frozenset(clause.variables()))
    return len(kept) == len(rest) and set(clause.head.variables()) <= bound


def _question(clause: Clause, number: int, always: frozenset[Signature]) -> Clause | None:
    literal = clause.body[number]
    rest = [*clause.body[:number], *clause.body[number + 1 :]]
    kept, bound = _answerable(rest, frozenset(clause.variables()))
    atom, body = literal.atom, [*kept]
    if atom is not None:
        loose = _loose(atom, bound)
        told = 1 if atom.signature in always and len(atom.terms) > 1 else 0
        free = loose.terms[told:]
        if free and all(term == WILD for term in free) and not literal.signs:
            return None
        body.append(Literal(loose, 0 if literal.signs == 1 else 1))
    body.append(Literal(_loose(clause.head, bound), 1))
    return replace(clause, head=Atom(WITNESS, ()), body=tuple(body))


def _loose(atom: Atom, bound: set[str]) -> Atom:
    """The atom with what is not bound left open."""
    terms = tuple(term if is_bound(term, bound) else WILD for term in atom.terms)
    return replace(atom, terms=terms)


def _answerable(
    literals: Sequence[Literal], outer: frozenset[str]
) -> tuple[list[Literal], set[str]]:
    """The literals that can be answered without the others, and the variables that they bind."""
    bound: set[str] = set()
    kept: set[int] = set()
    grows = True
    while grows:
        grows = False
        for number, literal in enumerate(literals):
            if number in kept:
                continue
            new = _bound_by(literal, bound, outer)
            if new is not None:
                kept.add(number)
                bound, grows = new, True
    return [literals[number] for number in sorted(kept)], bound


def _bound_by(literal: Literal, bound: set[str], outer: frozenset[str]) -> set[str] | None:
    """What is bound after a literal; None where it cannot be answered yet."""
    found = set(bound)
    parts = list(split(literal))
    while parts:
        ranks = [ready(part, found, {"_"}, outer) for part in parts]
        best = ranks.index(min(ranks))
        if ranks[best] == NEVER:
            return None
        part = parts.pop(best)
        if not part.signs:
            found.update(part.formula.variables())
    return found


def _borders(clause: Clause, number: int, types: Mapping[str, Type]) -> list[Border]:
    literal = clause.body[number]
    formula = literal.formula
    if not isinstance(formula, Comparison):
        return []
    pairs = list(zip(formula.terms, formula.operators, formula.terms[1:], strict=False))
    found = []
    for place, (left, operator, right) in enumerate(pairs):
        if operator not in ORDERED or not (_is_number(left, types) and _is_number(right, types)):
            continue
        others = [
            Literal(Comparison((a, b), (o,)))
            for n, (a, o, b) in enumerate(pairs)
            if n != place and not literal.signs
        ]
        rest = (*clause.body[:number], *others, *clause.body[number + 1 :])
        question = replace(clause, head=Atom("border", (left, right)), body=tuple(rest))
        found.append(Border(left, operator, right, literal.signs == 1, question))
    return found


def _is_number(term: Term, types: Mapping[str, Type]) -> bool:
    if term.kind == "variable":
        return term.text in types and types[term.text].sort == "number"
    return term.kind in ("number", "arithmetic")
