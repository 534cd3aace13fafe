"""Atoms, comparisons and aggregates of a rule as phrases, with its variables as names.

Whatever the predicate, `route(Administration, iv)` is told by its name and the types of its
arguments: the route of Administration is iv. What it means stands beside it as its gloss.
"""

from __future__ import annotations

from collections.abc import Sequence

from infucode.rulebook.language import Aggregate, Atom, Comparison, Term
from infucode.rulebook.library import Library
from infucode.rulebook.types import SETTINGS
from infucode.rulebook.vocabulary import Type

COMPARED = {
    "=": ("is", "is not"),
    "!=": ("is not", "is"),
    "<": ("is less than", "is not less than"),
    "<=": ("is at most", "is more than"),
    ">": ("is more than", "is at most"),
    ">=": ("is at least", "is less than"),
}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
NOTHING = ("#sup", "#inf")
"""What the least or greatest of nothing is."""
ARITHMETIC = {"-": "−", "*": "×", "/": "÷", "\\": "modulo"}
CHOSEN = {"#min": "the least", "#max": "the greatest"}
ANY = "_"
OF = " of"
"""`day_of` is told as the day of something."""


def plain(name: str) -> str:
    """A name of the rules as words."""
    return name.replace("_", " ").strip()


def joined(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


class Phrases:
    """Words for the rules of one plan."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def types(self, atom: Atom) -> Sequence[Type | None]:
        """The types of an atom's arguments, as far as they are known."""
        found = self.library.typing.predicates.get(atom.signature)
        return found or [None] * len(atom.terms)

    def term(self, term: Term, outer: bool = True) -> str:
        """A term as a person writes it; `outer` where no parentheses are needed."""
        if term.kind == "arithmetic" and len(term.parts) == 2:
            left, right = (self.term(part, outer=False) for part in term.parts)
            text = f"{left} {ARITHMETIC.get(term.text, term.text)} {right}"
            return text if outer else f"({text})"
        if term.kind == "arithmetic":
            inner = self.term(term.parts[0])
            return f"the size of {inner}" if term.text == "|" else f"−{inner}"
        if term.kind == "string":
            return f"“{term.text[1:-1]}”"
        if term.kind == "variable":
            return "any" if term.text == ANY else variable(term.text)
        return plain(term.text)

    def atom(self, atom: Atom, negated: bool = False) -> str:
        """An atom that holds, or does not."""
        name, types = plain(atom.name), self.types(atom)
        if atom.signature in SETTINGS:
            return self._setting(atom, negated)
        is_, has = ("is not", "has no") if negated else ("is", "has a known")
        if not atom.terms:
            return f"“{name}” {'does not hold' if negated else 'holds'}"
        subject = types[0] is not None and types[0].sort == "id"
        if len(atom.terms) == 1 and not subject and types[0] is not None:
            return f"“{name}” {is_} {self.term(atom.terms[0])}"
        if len(atom.terms) == 2 and subject and types[1] != types[0]:
            declared = atom.signature in self.library.vocabulary
            of, name = self.term(atom.terms[0]), name.removesuffix(OF)
            if atom.terms[1].text == ANY:
                shown = name if declared else f"“{name}”"
                return f"{'something' if of == 'any' else of} {has} {shown}"
            shown = f"the {name}" if declared else f"“{name}”"
            return f"{shown} of {of} {is_} {self.term(atom.terms[1])}"
        told = [self.term(term) for term in atom.terms]
        if all(word == "any" for word in told):
            return f"“{name}” holds of {'nothing' if negated else 'something'}"
        holds = "does not hold" if negated else "holds"
        return f"“{name}” {holds} of {joined(told)}"

    def _setting(self, atom: Atom, negated: bool) -> str:
        name, value = atom.terms[0].text, atom.terms[1]
        is_ = "is not" if negated else "is"
        if atom.name == "value":
            return f"{self.term(value)} {is_} the plan's {name}"
        switch = self.library.switches.get(name)
        spoken = switch.spoken(value.text) if switch is not None else plain(value.text)
        shown = plain(value.text) if spoken == value.text else f"{plain(value.text)} ({spoken})"
        return f"the plan's {name} {is_} {shown}"

    def comparison(self, formula: Comparison, negated: bool = False) -> str:
        """A comparison: `Minutes is more than Limit`."""
        terms, operators = formula.terms, formula.operators
        if len(operators) == 1 and terms[1].text in NOTHING:
            there = (operators[0] == "!=") != negated
            return f"there is {'such a' if there else 'no'} {self.term(terms[0])}"
        parts = []
        for left, operator, right in zip(terms, operators, terms[1:], strict=False):
            word = COMPARED[operator][negated]
            parts.append(f"{self.term(left)} {word} {self.term(right)}")
        return joined(parts, "or" if negated else "and")

    def aggregate(self, formula: Aggregate, negated: bool = False) -> str:
        """An aggregate up to its conditions: `Total is the sum of Minutes, once for each Run`."""
        told = self._chosen(formula) if formula.function in CHOSEN else self._counted(formula)
        parts = []
        for guard, turned in ((formula.left, True), (formula.right, False)):
            if guard is not None:
                operator = TURNED.get(guard[0], guard[0]) if turned else guard[0]
                parts.append((COMPARED[operator][negated], self.term(guard[1])))
        if not parts:
            return told
        word, term = parts[0]
        if formula.left is not None and formula.left[0] == "=":
            first = f"{term} {word} {told}"
        else:
            first = f"{told} {word} {term}"
        return " and ".join([first, *(f"it {word} {term}" for word, term in parts[1:])])

    def _chosen(self, formula: Aggregate) -> str:
        firsts = [self.term(element.terms[0]) for element in formula.elements]
        if any(element.condition for element in formula.elements):
            return f"{CHOSEN[formula.function]} {joined(firsts, 'or')}"
        return f"{CHOSEN[formula.function]} of {joined(firsts)}"

    def _counted(self, formula: Aggregate) -> str:
        element = formula.elements[0] if formula.elements else None
        terms = [self.term(term) for term in element.terms] if element is not None else []
        if formula.function == "#count":
            return f"the number of different {joined(terms)}"
        rest = f", once for each {joined(terms[1:])}" if len(terms) > 1 else ", each number once"
        return f"the sum of {terms[0] if terms else 'nothing'}{rest}"


def variable(name: str) -> str:
    """A variable as it is shown: its primes as primes."""
    return name.replace("'", "′")
