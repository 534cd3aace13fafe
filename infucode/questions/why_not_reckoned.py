"""The minutes behind a number that rules reckon from them: `0 hours` as `85 of 91 minutes`."""

from __future__ import annotations

from typing import NamedTuple

from infucode.passes.values import GroundAtom
from infucode.questions.explain_words import UNITS
from infucode.questions.proofs import Bound
from infucode.questions.reasons import Reasons
from infucode.questions.why_not_labels import Failing
from infucode.questions.why_not_terms import OPEN, Binding, compared, value_in
from infucode.rulebook.language import Clause, Comparison, Term
from infucode.rulebook.types import SETTINGS

MOST_FURTHER = 6000
"""So many minutes more or less are tried: what a stay of some days holds."""
TURNED = {">": ">=", ">=": ">=", "<": "<=", "<=": "<="}
"""A comparison of size, and how the least or most number that does is spoken of."""


class Reckoned(NamedTuple):
    """A comparison of minutes that says the same as one of what is reckoned from them."""

    rule: int
    clause: Clause
    bound: Bound
    formula: Comparison
    values: tuple[int, int]
    """The minutes that there are, and those that would do."""

    @property
    def name(self) -> str:
        """The variable of the minutes."""
        return self.formula.terms[0].text


def reckoned(reasons: Reasons, failing: Failing) -> Reckoned | None:
    """What a failing comparison of size says of minutes.

    None where its number is not reckoned from minutes, or where that is not known.
    """
    formula = failing.literal.formula
    if not isinstance(formula, Comparison) or formula.operators[0] not in TURNED:
        return None
    left, right = formula.terms[0], value_in(formula.terms[-1], failing.binding)
    if len(formula.terms) != 2 or left.kind != "variable" or not isinstance(right, int):
        return None
    sign, limit = formula.operators[0], right
    source = _source(failing.clause, failing.binding, left.text)
    while source is not None:
        atom, place = source
        item = reasons.prover.shortest.instance(atom)
        if item is None:
            return None
        clause = reasons.program.book.rules[item.rule].clause
        bound = reasons.bound(item)
        binding: Binding = {name: value for name, (value, _) in bound.items()}
        term = clause.head.terms[place]
        name = _moved(term, clause)
        if name is None:
            return None
        if term.kind == "arithmetic":
            needed = _needed(
                Comparison((term, Term("number", str(limit))), (sign,)), name, binding
            )
            if needed is None:
                return None
            sign, limit = TURNED[sign], needed
            kind = bound[name][1]
            if kind is not None and kind.name in UNITS:
                shown = Comparison((Term("variable", name), Term("number", str(limit))), (sign,))
                return Reckoned(item.rule, clause, bound, shown, (int(binding[name]), limit))
        source = _source(clause, binding, name)
    return None


def _source(clause: Clause, binding: Binding, name: str) -> tuple[GroundAtom, int] | None:
    """The ground atom that gives a variable of a rule its number, and where it stands there."""
    for atom in clause.positive():
        if atom.signature in SETTINGS:
            continue
        for place, term in enumerate(atom.terms):
            if term.kind == "variable" and term.text == name:
                ground = (atom.name, *(value_in(t, binding) for t in atom.terms))
                return None if OPEN in ground else (ground, place)
    return None


def _moved(term: Term, clause: Clause) -> str | None:
    """The first variable of a term that is no setting: it could be otherwise."""
    settings = {
        name
        for atom in clause.positive()
        if atom.signature in SETTINGS
        for name in atom.variables()
    }
    return next((name for name in term.variables() if name not in settings), None)


def _needed(formula: Comparison, name: str, binding: Binding) -> int | None:
    """The number nearest to that of a variable with which a comparison holds."""
    now = binding[name]
    if not isinstance(now, int):
        return None
    step = 1 if formula.operators[0] in (">", ">=") else -1
    for further in range(1, MOST_FURTHER + 1):
        number = now + step * further
        if number < 0:
            return None
        if compared(formula, {**binding, name: number})[0]:
            return number
    return None
