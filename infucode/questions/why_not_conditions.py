"""The conditions of a rule, with what is asked of them again and again worked out beforehand."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from infucode.passes.values import Row, Value, term_value
from infucode.questions.why_not_terms import OPEN, Binding, value_in
from infucode.rulebook.language import Atom, Literal, Signature, Term

Pattern = tuple[Value | None, ...]
"""The arguments of a goal; None where any value will do."""
Slot = tuple[str, Value | None, Term | None]
"""Of an argument: a variable's name, or a constant, or arithmetic."""
Lookup = tuple[tuple[str | None, ...], tuple[Value | None, ...]]
"""Names to look up in a binding, and what stands where there is none."""


class Condition(NamedTuple):
    """A literal of a rule's body, made for one place in the order of its conditions."""

    literal: Literal
    signature: Signature | None
    """None for anything but an atom."""
    positive: bool
    """Whether it is an atom that has to hold."""
    negative: bool
    """Whether it is an atom that must not hold."""
    slots: tuple[Slot, ...]
    kind: str
    """`about` an encounter by rules, stated as an `input`, or `fixed`."""
    lookup: Lookup | None
    """Of its arguments, if none is arithmetic."""
    fresh: tuple[tuple[int, str], ...] | None
    """Places and names of the variables that it may be the first to give; None where some
    argument has to be looked at together with others."""
    text: str
    names: tuple[str, ...]
    """Its variables, sorted."""

    def pattern(self, binding: Binding) -> Pattern:
        """What is known of the arguments of an atom."""
        if self.lookup is not None:
            return tuple(map(binding.get, *self.lookup))  # type: ignore[arg-type]
        return tuple(
            [
                binding.get(name) if name else value if term is None else _known(term, binding)
                for name, value, term in self.slots
            ]
        )

    def given(self, row: Row, binding: Binding) -> Binding | None:
        """As `bound`, for a row that fits a pattern in which nothing is open."""
        if self.fresh is None:
            return self.bound(row, binding)
        bound = binding.copy()
        for place, name in self.fresh:
            if name not in bound:
                bound[name] = row[place]
        return bound

    def bound(self, row: Row, binding: Binding) -> Binding | None:
        """The binding with what a row gives an atom; None where it does not fit."""
        bound = dict(binding)
        for (name, own, term), value in zip(self.slots, row, strict=True):
            if name:
                if name == "_":
                    continue
                known = bound.get(name)
                if known is None or known == OPEN:
                    bound[name] = value
                elif value not in (known, OPEN):
                    return None
                continue
            known = own if term is None else value_in(term, bound)
            if known is not None and known != OPEN and value not in (known, OPEN):
                return None
        return bound

    def may_be_whole(self, known: set[str]) -> bool:
        """Whether all arguments of an atom can be known where these variables are."""
        atom = self.literal.atom
        return (
            atom is not None
            and all(name != "_" for name, _, _ in self.slots)
            and known.issuperset(atom.variables())
        )


def condition_of(literal: Literal, kind: str, known: Collection[str]) -> Condition:
    """A literal where these variables are surely known when it is reached."""
    atom, text = literal.atom, str(literal)
    names = tuple(sorted(literal.formula.variables()))
    if atom is None:
        return Condition(literal, None, False, False, (), "", None, None, text, names)
    slots, negative = tuple(map(slot, atom.terms)), literal.signs == 1
    return Condition(
        literal, atom.signature, not negative, negative, slots, kind, lookup(slots, None),
        _fresh(atom, known), text, names,
    )  # fmt: skip


def slot(term: Term) -> Slot:
    """An argument as it is looked up."""
    if term.kind == "variable":
        return term.text, None, None
    if term.kind in ("arithmetic", "function"):
        return "", None, term
    return "", term_value(term), None


def lookup(slots: Collection[Slot], without: Value | None) -> Lookup | None:
    """How arguments are looked up; a variable that is not known has the value `without`."""
    if any(term is not None for _, _, term in slots):
        return None
    names = tuple([name or None for name, _, _ in slots])
    return names, tuple([without if name else value for name, value, _ in slots])


def _fresh(atom: Atom, known: Collection[str]) -> tuple[tuple[int, str], ...] | None:
    plain = [t.text for t in atom.terms if t.kind == "variable" and t.text != "_"]
    new = [name for name in plain if name not in known]
    inner = {
        name
        for term in atom.terms
        if term.kind in ("arithmetic", "function")
        for name in term.variables()
    }
    if len(set(new)) < len(new) or not inner.isdisjoint(new):
        return None
    return tuple(
        (place, t.text)
        for place, t in enumerate(atom.terms)
        if t.kind == "variable" and t.text in new
    )


def _known(term: Term, binding: Binding) -> Value | None:
    value = value_in(term, binding)
    return None if value == OPEN else value
