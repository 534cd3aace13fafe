"""What comparisons allow together: some exclude each other, some say nothing new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infucode.rulebook.language import Clause, Comparison, Literal, Term

LESS, EQUAL, GREATER = 1, 2, 4
ALLOWS = {
    "<": LESS,
    "<=": LESS | EQUAL,
    "=": EQUAL,
    "!=": LESS | GREATER,
    ">=": GREATER | EQUAL,
    ">": GREATER,
}
"""What may hold between the two sides, as bits."""
ALL = LESS | EQUAL | GREATER
_FLIPPED = {LESS: GREATER, EQUAL: EQUAL, GREATER: LESS}
Pair = tuple[str, str]


def allowed(comparison: Comparison, signs: int) -> tuple[Pair, int] | None:
    """The two sides in a fixed order and what may hold between them; None for chains."""
    if len(comparison.operators) != 1:
        return None
    left, right = map(str, comparison.terms)
    bits = ALLOWS[comparison.operators[0]]
    if signs == 1:
        bits = ALL ^ bits
    if left > right:
        left, right, bits = right, left, sum(_FLIPPED[b] for b in _FLIPPED if bits & b)
    return (left, right), bits


def compared(clause: Clause) -> list[tuple[Literal, Pair, int]]:
    """The comparisons of the body, each with its sides and what it allows."""
    found = []
    for literal in clause.body:
        if isinstance(literal.formula, Comparison):
            given = allowed(literal.formula, literal.signs)
            if given is not None:
                found.append((literal, *given))
    return found


def binds(literal: Literal, clause: Clause) -> bool:
    """Whether a comparison gives a variable its value, which no other literal does."""
    formula = literal.formula
    if not isinstance(formula, Comparison) or formula.operators != ("=",) or literal.signs:
        return False
    bound = {name for atom in clause.positive() for name in _plain(atom.terms)}
    return any(
        term.kind == "variable" and term.text not in bound and term.text != "_"
        for term in formula.terms
    )


def _plain(terms: Sequence[Term]) -> Iterator[str]:
    return (term.text for term in terms if term.kind == "variable")


def contradiction(clause: Clause) -> tuple[Literal, Literal] | None:
    """Two comparisons that exclude each other, or one that excludes itself (given twice)."""
    together: dict[Pair, tuple[Literal, int]] = {}
    for literal, pair, bits in compared(clause):
        possible = bits & EQUAL if pair[0] == pair[1] else bits
        first, before = together.get(pair, (literal, ALL))
        if not before & possible:
            return first, literal
        together[pair] = literal, before & possible
    return None


def idle(clause: Clause) -> Iterator[tuple[Literal, Literal | None]]:
    """Comparisons that the others imply, each with one that does (None: it always holds)."""
    found = compared(clause)
    dropped: set[int] = set()
    for n, (literal, pair, bits) in enumerate(found):
        if binds(literal, clause):
            continue
        if pair[0] == pair[1] and bits & EQUAL:
            dropped.add(n)
            yield literal, None
            continue
        for m, (other, other_pair, other_bits) in enumerate(found):
            if m != n and m not in dropped and pair == other_pair and not other_bits & ~bits:
                dropped.add(n)
                yield literal, other
                break
