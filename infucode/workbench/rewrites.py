"""The small wrong changes of one rule: what a slip of the writer could have made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Comparison,
    Conditional,
    Element,
    Formula,
    Literal,
    Term,
)

TURNED = {"<": ">=", ">=": "<", "<=": ">", ">": "<=", "=": "!=", "!=": "="}
MOVED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A changed rule, and the change in words of the rule language."""

    operator: str
    text: str
    clause: Clause


@dataclass(frozen=True, slots=True)
class _Part:
    """A changed part; ``new`` is None where it is dropped."""

    operator: str
    text: str
    new: Literal | None


def rewrites(clause: Clause) -> Iterator[Rewrite]:
    """Every change of a rule with a body."""
    for number, literal in enumerate(clause.body):
        for part in _literal(literal):
            kept = () if part.new is None else (part.new,)
            body = (*clause.body[:number], *kept, *clause.body[number + 1 :])
            yield Rewrite(part.operator, part.text, replace(clause, body=body))
    for head in shifted(clause.head):
        assert isinstance(head, Atom)
        yield Rewrite("number", f"{clause.head} -> {head}", replace(clause, head=head))


def _literal(literal: Literal) -> Iterator[_Part]:
    yield _Part("drop", f"drop {literal}", None)
    formula = literal.formula
    if isinstance(formula, Comparison):
        yield from _operators(formula, literal)
    elif isinstance(formula, Aggregate):
        yield from _aggregate(formula, literal)
    elif isinstance(formula, Conditional):
        for operator, text, condition in _conditions(formula.condition):
            yield _Part(operator, text, Literal(replace(formula, condition=condition)))
    for other in shifted(formula):
        new = Literal(other, literal.signs)
        yield _Part("number", f"{literal} -> {new}", new)


def _operators(formula: Comparison, literal: Literal) -> Iterator[_Part]:
    for number, old in enumerate(formula.operators):
        for kind, table in (("flip", TURNED), ("edge", MOVED)):
            if old in table:
                operators = list(formula.operators)
                operators[number] = table[old]
                new = Literal(replace(formula, operators=tuple(operators)), literal.signs)
                yield _Part(kind, f"{literal} -> {new}", new)


def _aggregate(formula: Aggregate, literal: Literal) -> Iterator[_Part]:
    for side in ("left", "right"):
        guard = formula.left if side == "left" else formula.right
        for kind, table in (("flip", TURNED), ("edge", MOVED)):
            if guard is not None and guard[0] in table:
                turned = (table[guard[0]], guard[1])
                new = Literal(
                    replace(formula, left=turned)
                    if side == "left"
                    else replace(formula, right=turned),
                    literal.signs,
                )
                yield _Part(kind, f"{guard[1]}{guard[0]}{formula.function} -> {turned[0]}", new)
    for number, element in enumerate(formula.elements):
        before, after = formula.elements[:number], formula.elements[number + 1 :]
        if before or after:
            new = Literal(replace(formula, elements=(*before, *after)), literal.signs)
            yield _Part("drop", f"drop element {element}", new)
        for operator, text, condition in _conditions(element.condition):
            other = Element(element.terms, condition)
            new = Literal(replace(formula, elements=(*before, other, *after)), literal.signs)
            yield _Part(operator, f"in {formula.function}: {text}", new)


def _conditions(
    condition: tuple[Literal, ...],
) -> Iterator[tuple[str, str, tuple[Literal, ...]]]:
    for number, literal in enumerate(condition):
        for part in _literal(literal):
            kept = () if part.new is None else (part.new,)
            yield part.operator, part.text, (*condition[:number], *kept, *condition[number + 1 :])


def shifted(formula: Formula) -> Iterator[Formula]:
    """An atom or comparison with one of its numbers one more or one less."""
    if not isinstance(formula, Atom | Comparison):
        return
    for number, term in enumerate(formula.terms):
        for new in _numbers(term):
            terms = (*formula.terms[:number], new, *formula.terms[number + 1 :])
            yield replace(formula, terms=terms)


def _numbers(term: Term) -> Iterator[Term]:
    if term.kind == "number":
        for step in (1, -1):
            yield replace(term, text=str(int(term.text) + step))
    for number, part in enumerate(term.parts):
        for new in _numbers(part):
            yield replace(term, parts=(*term.parts[:number], new, *term.parts[number + 1 :]))
