"""What the literals of a rule say by themselves: what they bind, match, name and deny."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from infucode.rulebook.language import Aggregate, Atom, Comparison, Literal, Term
from infucode.workbench.entailment import FIXED, WILD

Given = tuple[Literal, ...]
By = Mapping[str, Term]
NEVER = 9
"""The rank of what cannot be asked yet."""


def rank(goal: Literal, open: frozenset[str]) -> int:
    """What is tried first: what binds something by what is known."""
    own = {*goal.formula.variables()} & open
    if goal.atom is not None and not goal.signs:
        return 1 if len(own) < len(goal.atom.terms) or not own else 2
    if assigned(goal, open) is not None:
        return 3
    return 4 if goal.atom is not None or not own else NEVER


def assigned(goal: Literal, open: frozenset[str]) -> frozenset[str] | None:
    """The name that a literal only gives to what can always be computed."""
    formula = goal.formula
    if goal.signs:
        return None
    if isinstance(formula, Aggregate):
        guards = [guard for guard in (formula.left, formula.right) if guard]
        if len(guards) == 1 and guards[0][0] == "=":
            return _only(guards[0][1], open)
    if isinstance(formula, Comparison) and formula.operators == ("=",):
        one, other = formula.terms
        for name, value in ((one, other), (other, one)):
            if not {*value.variables()} & open and not _divides(value):
                found = _only(name, open)
                if found is not None:
                    return found
    return None


def _only(term: Term, open: frozenset[str]) -> frozenset[str] | None:
    return frozenset({term.text}) if term.kind == "variable" and term.text in open else None


def _divides(term: Term) -> bool:
    return (term.kind == "arithmetic" and term.text in "/\\") or any(map(_divides, term.parts))


def loosened(goal: Literal, open: frozenset[str]) -> Literal:
    atom = goal.atom
    if atom is None:
        return goal
    terms = tuple(WILD if t.kind == "variable" and t.text in open else t for t in atom.terms)
    return Literal(replace(atom, terms=terms), goal.signs)


def matches(given: Given, atom: Atom, open: frozenset[str], by: By) -> Iterator[By]:
    """What is open, by each atom given that is such a one."""
    for literal in given:
        own = literal.atom
        if own is None or literal.signs or own.signature != atom.signature:
            continue
        found: dict[str, Term] = dict(by)
        for wanted, known in zip(atom.terms, own.terms, strict=True):
            if wanted == WILD:
                continue
            if wanted.kind == "variable" and wanted.text in open:
                if found.setdefault(wanted.text, known) != known:
                    break
            elif wanted != known:
                break
        else:
            yield found


def told_apart(formula: Comparison, signs: int) -> bool | None:
    """Whether a comparison of constants, or of a term with itself, holds."""
    one, other = formula.terms
    if one == other:
        holds = formula.operators[0] in ("=", "<=", ">=")
    elif one.kind == other.kind and one.kind in ("word", "string"):
        if formula.operators[0] not in ("=", "!="):
            return None
        holds = formula.operators[0] == "!="
    else:
        return None
    return holds is not bool(signs)


def constants(body: Given) -> By:
    """What a rule says that a variable of what it gives is."""
    found: dict[str, Term] = {}
    for literal in reversed(body):
        formula = literal.put(found).formula
        if isinstance(formula, Comparison) and formula.operators == ("=",) and not literal.signs:
            one, other = formula.terms
            if one.kind == "variable" and other.kind in (*FIXED, "variable"):
                found[one.text] = other
    return found


def negated(literal: Literal) -> Literal | None:
    """What holds where a literal does not; None where that cannot be said in one."""
    if isinstance(literal.formula, Comparison) and len(literal.formula.operators) != 1:
        return None
    if literal.signs > 1 or not isinstance(literal.formula, (Atom, Comparison)):
        return None
    return Literal(literal.formula, 1 - literal.signs)
