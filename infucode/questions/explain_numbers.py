"""Comparisons, totals and arithmetic of a proof: each number with what it is of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from infucode.passes.instances import Instance
from infucode.passes.values import Row, Value
from infucode.questions.explain_words import SUBJECTS, UNITS, Phrases, plain
from infucode.questions.proofs import Bound
from infucode.rulebook.language import Aggregate, Atom, Clause, Comparison, Term
from infucode.rulebook.types import SETTINGS
from infucode.rulebook.vocabulary import ANY_NUMBER, Type

ORDERINGS = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""The comparisons of size, each with what holds where it does not."""
NOTHING = Term("number", "0")


class Named(NamedTuple):
    """Where a number of a rule comes from: a label, the administration it is of, a setting."""

    label: str
    subject: str = ""
    setting: str = ""


def is_telling(formula: Comparison) -> bool:
    """Whether a comparison of size or an equation says something: `Minutes > 0` does not."""
    if any(term.kind == "special" for term in formula.terms):
        return False
    if not ORDERINGS.keys() & set(formula.operators) and "=" not in formula.operators:
        return False
    return formula.operators != (">",) or formula.terms[1] != NOTHING


class Numbers(Phrases):
    """Words for the numbers of one answer as well."""

    def comparison(
        self, bound: Bound, clause: Clause, formula: Comparison, values: Row
    ) -> tuple[str, str]:
        """A comparison with its numbers and their names, and the setting that it reads."""
        names = {v: self._named(v, clause, bound) for t in formula.terms for v in t.variables()}
        sides = self.sides(bound, clause, formula, values)
        text = sides[0] + "".join(
            f" {o} {side}" for o, side in zip(formula.operators, sides[1:], strict=True)
        )
        return text, next((n.setting for n in names.values() if n.setting), "")

    def sides(self, bound: Bound, clause: Clause, formula: Comparison, values: Row) -> list[str]:
        """What a comparison compares, in words."""
        names = {v: self._named(v, clause, bound) for t in formula.terms for v in t.variables()}
        types = {v: bound[v][1] for v in names if v in bound}
        unit = next((kind for kind in types.values() if kind and kind.name in UNITS), None)
        if unit is not None:
            types = {v: unit if kind == ANY_NUMBER else kind for v, kind in types.items()}
        return [
            self._side(term, value, bound, names, types)
            for term, value in zip(formula.terms, values, strict=True)
        ]

    def is_itself(self, bound: Bound, clause: Clause, formula: Comparison) -> bool:
        """Whether a comparison is of a number with itself: both may come from one ground atom."""
        atoms = []
        for term in formula.terms:
            binder = next(_binders(term.text, clause), None) if term.kind == "variable" else None
            if binder is None:
                return False
            values = [bound[t.text][0] if t.text in bound else t.text for t in binder.terms]
            atoms.append((binder.name, *values))
        first, *others = atoms
        return all(
            len(first) == len(other)
            and all(a == b or "_" in (a, b) for a, b in zip(first, other, strict=True))
            for other in others
        )

    def reckoned(self, item: Instance, clause: Clause) -> Iterator[str]:
        """The arithmetic in the head of a rule: `1 = (counted total 110 - 30) / 60`."""
        bound = self.words.bound(item)
        kinds = self.types(item.head)
        for term, value, kind in zip(clause.head.terms, item.head[1:], kinds, strict=True):
            kinds_in = [bound[v][1] for v in term.variables() if v in bound]
            dated = "/" in str(term) and any(k and k.name == "clock" for k in kinds_in)
            if dated or term.kind != "arithmetic" or len(term.parts) != 2:
                continue
            names = {v: self._named(v, clause, bound) for v in term.variables()}
            spelled = self._spelled(term, bound, names)
            yield f"{self.value(value, kind)} = {spelled}{_rounded(term)}"

    def _side(
        self,
        term: Term,
        value: Value,
        bound: Bound,
        names: dict[str, Named],
        types: dict[str, Type | None],
    ) -> str:
        if term.kind == "variable":
            named = names[term.text]
            text = self.value(value, types.get(term.text))
            return f"{text} ({_of(named, text)})" if _of(named, text) else text
        variables = list(term.variables())
        if not variables:
            return self.words.word(value, None)
        kind = next((types[v] for v in variables if types.get(v) is not None), None)
        clocks = kind is not None and kind.name == "clock" and len(variables) > 1
        if "/" in str(term):
            kind = None
        text = f"{value} minutes" if clocks else self.value(value, kind)
        return f"{text} ({self._spelled(term, bound, names)}{_rounded(term)})"

    def _spelled(
        self,
        term: Term,
        bound: Bound,
        names: dict[str, Named],
    ) -> str:
        """Arithmetic with the numbers and names in place of its variables."""
        if term.kind == "variable" and term.text in bound:
            value, kind = bound[term.text]
            word = self.words.word(value, kind)
            label = names[term.text].label
            return f"{label} {word}" if label else word
        if term.kind == "arithmetic" and len(term.parts) == 2:
            left, right = (self._inner(part, bound, names) for part in term.parts)
            return f"{left} {term.text} {right}"
        return str(term)

    def _inner(
        self,
        term: Term,
        bound: Bound,
        names: dict[str, Named],
    ) -> str:
        text = self._spelled(term, bound, names)
        return f"({text})" if term.kind == "arithmetic" else text

    def _named(self, variable: str, clause: Clause, bound: Bound) -> Named:
        for atom in _binders(variable, clause):
            if atom.signature in SETTINGS:
                setting = atom.terms[0].text
                return Named(plain(setting), "", setting)
            first = atom.terms[0]
            if first.kind == "variable" and first.text in bound and first.text != variable:
                value, kind = bound[first.text]
                if kind is not None and kind.name in SUBJECTS:
                    return Named(plain(atom.name), self.words.word(value, kind))
            return Named(plain(atom.name))
        return Named(plain(variable.rstrip("'").lower()))


def _rounded(term: Term) -> str:
    return ", rounded down" if "/" in str(term) else ""


def _binders(variable: str, clause: Clause) -> Iterator[Atom]:
    """The atoms that give a variable its value; none where an aggregate or equation does."""
    for literal in clause.body:
        formula = literal.formula
        if isinstance(formula, Aggregate):
            if any(g.text == variable for g in formula.guards):
                return
        elif isinstance(formula, Atom) and not literal.signs and variable in _plainly(formula):
            yield formula


def _plainly(atom: Atom) -> set[str]:
    """The variables that are arguments of an atom by themselves."""
    return {term.text for term in atom.terms if term.kind == "variable"}


def _of(named: Named, text: str) -> str:
    """`rank of ceftriaxone 10:10`; the label is left out where the unit says it already."""
    label = named.label.removesuffix(" of")
    if text.endswith((f" {label}", f" {label.removesuffix('s')}")):
        label = ""
    if not named.subject:
        return label
    return f"{label} of {named.subject}" if label else named.subject
