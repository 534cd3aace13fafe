"""Compile: a clause becomes a Python function that joins relations row by row.

The function holds nothing of the policy: names are numbered, constants and relations are its
arguments, so that clauses of one form share one function. Literals are taken in the order in
which they can be answered from what is bound: tests first, then rows found by an index, then
aggregates, then whole relations. The grounder gives the same atoms (tests/properties).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from types import CodeType, FunctionType
from typing import NamedTuple

from infucode.passes.solving import NEVER, invert, is_bound, ready, split
from infucode.passes.values import (
    INFIMUM,
    SUPREMUM,
    Value,
    number,
    quotient,
    remainder,
    term_value,
)
from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Comparison,
    Conditional,
    Element,
    Literal,
    Signature,
    Term,
)

MOST_FUNCTIONS = 8192
WILD = "_"
_OPERATORS = {"=": "=="}


class Access(NamedTuple):
    """What a function reads: all rows of a predicate, its rows by the values at some places, or
    only its newest rows."""

    signature: Signature
    places: tuple[int, ...] | None = None
    newest: bool = False


class Compiled(NamedTuple):
    """A function, called as `function(out, *what it reads, *constants)`."""

    function: Callable[..., None]
    accesses: tuple[Access, ...]
    constants: tuple[Value, ...]


@lru_cache(maxsize=MOST_FUNCTIONS)
def _function(text: str) -> Callable[..., None]:
    module = compile(text, "<clause>", "exec")
    code = next(item for item in module.co_consts if isinstance(item, CodeType))
    names = {"number": number, "quotient": quotient, "remainder": remainder}
    return FunctionType(code, {**names, "SUPREMUM": SUPREMUM, "INFIMUM": INFIMUM})


def compile_clause(clause: Clause, newest: int | None = None) -> Compiled:
    """A function that adds the head's rows to the dictionary `out`.

    `newest` is the position of a body literal of which only the newest rows are joined.
    """
    writer = Writer(clause, singletons(clause))
    writer.groups = any(True for _ in clause.aggregates())
    literals = list(clause.body)
    if newest is not None:
        writer.atom(literals.pop(newest), newest=True)
    writer.body(literals)
    writer.line(f"out[{writer.row(clause.head.terms)}] = None")
    return writer.compiled()


def singletons(clause: Clause) -> frozenset[str]:
    """The variables that stand in one place only: nobody asks for their value."""
    once: set[str] = set()
    again: set[str] = set()
    for term in clause.terms():
        if term.kind == "variable":
            (again if term.text in once else once).add(term.text)
    return frozenset(once - again | {WILD})


class Writer:
    """Writes the text of one function, literal by literal."""

    def __init__(self, clause: Clause, wild: frozenset[str], *, counting: bool = False) -> None:
        self.wild, self.bound = wild, set[str]()
        self.counted: dict[int, str] | None = {} if counting else None
        """Where the elements of each aggregate are kept, if they are wanted."""
        self.groups = False
        """Whether rows that agree in what is wanted of them are worth taking once."""
        self.outer = frozenset(clause.variables())
        self.lines: list[str] = []
        self.depth = 1
        self._names: dict[str, str] = {}
        self._accesses: dict[Access, str] = {}
        self._constants: dict[tuple[type, Value], str] = {}
        self._fresh = 0

    def compiled(self) -> Compiled:
        """The finished function."""
        parameters = ["out", *self._accesses.values(), *self._constants.values()]
        text = "\n".join([f"def rule({', '.join(parameters)}):", *self.lines, ""])
        constants = tuple(value for _, value in self._constants)
        return Compiled(_function(text), tuple(self._accesses), constants)

    def line(self, text: str) -> None:
        self.lines.append(" " * self.depth + text)

    def block(self, text: str) -> None:
        """A line under which all that follows stands."""
        self.line(text)
        self.depth += 1

    def fresh(self, letter: str) -> str:
        self._fresh += 1
        return f"{letter}{self._fresh}"

    def name(self, variable: str) -> str:
        return self._names.setdefault(variable, f"v{len(self._names)}")

    def access(self, signature: Signature, places: tuple[int, ...], newest: bool = False) -> str:
        """The parameter that holds the rows of a predicate, by `places` if there are any."""
        wanted = Access(signature, places or None, newest)
        return self._accesses.setdefault(wanted, f"r{len(self._accesses)}")

    def value(self, term: Term) -> str:
        """A term as an expression; its variables are bound."""
        if term.kind == "variable":
            return self.name(term.text)
        if term.kind != "arithmetic":
            constant = term_value(term)
            key = type(constant), constant
            return self._constants.setdefault(key, f"c{len(self._constants)}")
        parts = [self.value(part) for part in term.parts]
        if len(parts) == 1:
            return f"number({'abs' if term.text == '|' else '-'}({parts[0]}))"
        if term.text == "/":
            return f"quotient({parts[0]}, {parts[1]})"
        if term.text == "\\":
            return f"remainder({parts[0]}, {parts[1]})"
        return f"number({parts[0]} {term.text} {parts[1]})"

    def row(self, terms: Sequence[Term]) -> str:
        return tuple_text([self.value(term) for term in terms])

    def body(self, literals: Sequence[Literal]) -> None:
        """Join literals in the best order. Raises ValueError if there is none."""
        rest = [part for literal in literals for part in split(literal)]
        ranks: list[float] = []
        known = -1
        while rest:
            if len(self.bound) != known:
                ranks = [ready(item, self.bound, self.wild, self.outer) for item in rest]
                known = len(self.bound)
            best = ranks.index(min(ranks))
            if ranks.pop(best) == NEVER:
                raise ValueError(f"`{rest[best]}` binds too little")
            self._literal(rest.pop(best))

    def _literal(self, literal: Literal) -> None:
        formula = literal.formula
        if isinstance(formula, Atom) and not literal.signs:
            self.atom(literal)
        elif isinstance(formula, Aggregate):
            self._aggregate(formula, literal.signs)
        elif isinstance(formula, Conditional):
            self._conditional(formula)
        elif isinstance(formula, Comparison) and not literal.signs and self._assigned(formula):
            pass
        else:
            self.block(f"if {self._test(literal)}:")

    def _assigned(self, formula: Comparison) -> bool:
        found = invert(formula, self.bound)
        if found is None:
            return False
        variable, term = found
        text = self.value(term)
        self.line(f"{self.name(variable)} = {text}")
        self.bound.add(variable)
        return True

    def _test(self, literal: Literal) -> str:
        """Whether a literal holds, all its variables bound or wild."""
        formula = literal.formula
        negated = "not " if literal.signs == 1 else ""
        if isinstance(formula, Atom):
            return f"{negated}({self._member(formula)})"
        assert isinstance(formula, Comparison)
        values = [self.value(term) for term in formula.terms]
        pairs = zip(formula.operators, values[1:], strict=True)
        text = values[0] + "".join(f" {_OPERATORS.get(o, o)} {v}" for o, v in pairs)
        return f"{negated}({text})"

    def _member(self, atom: Atom) -> str:
        known = [n for n, term in enumerate(atom.terms) if not self._is_wild(term)]
        if not known:
            return self.access(atom.signature, ())
        if len(known) == len(atom.terms):
            return f"{self.row(atom.terms)} in {self.access(atom.signature, ())}"
        return f"{self._key(atom, known)} in {self.access(atom.signature, tuple(known))}"

    def _key(self, atom: Atom, places: Sequence[int]) -> str:
        values = [self.value(atom.terms[n]) for n in places]
        return values[0] if len(values) == 1 else tuple_text(values)

    def _is_wild(self, term: Term) -> bool:
        return term.kind == "variable" and term.text in self.wild

    def atom(self, literal: Literal, *, newest: bool = False) -> None:
        """Go through the rows of a positive literal, or ask whether there is one."""
        atom = literal.atom
        assert atom is not None
        known = [
            n
            for n, term in enumerate(atom.terms)
            if not self._is_wild(term) and is_bound(term, self.bound)
        ]
        free = [n for n in range(len(atom.terms)) if n not in known]
        if not newest and all(self._is_wild(atom.terms[n]) for n in free):
            self.block(f"if {self._member(atom)}:")
            return
        if self.groups and not newest and not known and self._group(atom):
            return
        if newest or not known:
            source = self.access(atom.signature, (), newest)
        else:
            index = self.access(atom.signature, tuple(known))
            source = f"{index}.get({self._key(atom, known)}, ())"
        pattern, tests = self._pattern(atom, known if newest or not known else (), free)
        self.block(f"for {tuple_text(pattern)} in {source}:")
        if tests:
            self.block(f"if {' and '.join(tests)}:")

    def _group(self, atom: Atom) -> bool:
        """Go through the distinct values at the places that are wanted, if some are not.

        What is counted for each of them is then counted once.
        """
        places = [n for n, term in enumerate(atom.terms) if not self._is_wild(term)]
        variables = dict.fromkeys(atom.terms[n].text for n in places)
        if not len(variables) == len(places) < len(atom.terms):
            return False
        source = self.access(atom.signature, tuple(places))
        self.bound.update(variables)
        names = [self.name(variable) for variable in variables]
        self.block(f"for {names[0] if len(names) == 1 else tuple_text(names)} in {source}:")
        return True

    def _pattern(
        self, atom: Atom, checked: Sequence[int], free: Sequence[int]
    ) -> tuple[list[str], list[str]]:
        """The targets of a loop over rows, and what must hold of a row."""
        pattern, tests = [WILD] * len(atom.terms), []
        for n in checked:
            pattern[n] = self.fresh("t")
            tests.append(f"{pattern[n]} == {self.value(atom.terms[n])}")
        for n in free:
            variable = atom.terms[n].text
            if variable in self.wild:
                continue
            if variable in self.bound:
                pattern[n] = self.fresh("t")
                tests.append(f"{pattern[n]} == {self.name(variable)}")
            else:
                pattern[n] = self.name(variable)
                self.bound.add(variable)
        return pattern, tests

    def _aggregate(self, aggregate: Aggregate, signs: int) -> None:
        seen = self.fresh("s")
        self.line(f"{seen} = {{*()}}")
        if self.counted is not None:
            self.counted[id(aggregate)] = self.fresh("e")
            self.line(f"{self.counted[id(aggregate)]} = {{}}")
        extremum = aggregate.function in ("#min", "#max")
        for element in aggregate.elements:
            depth, bound = self.depth, set(self.bound)
            self.body(element.condition)
            counts = self.value(element.terms[0]) if extremum else self.row(element.terms)
            self.line(f"{seen}.add({counts})")
            if self.counted is not None:
                self.line(f"{self.counted[id(aggregate)]}[{self._element(element)}] = None")
            self.depth, self.bound = depth, bound
        self.guard(aggregate, signs, seen)

    def _element(self, element: Element) -> str:
        """An element's terms and the atoms that held for it."""
        plain = [c.formula for c in element.condition if not c.signs]
        atoms = [self.ground(atom) for atom in plain if isinstance(atom, Atom)]
        return tuple_text([self.row(element.terms), tuple_text(atoms)])

    def ground(self, atom: Atom) -> str:
        """A ground atom: its name and its values."""
        return self.row((Term("word", atom.name), *atom.terms))

    def guard(self, aggregate: Aggregate, signs: int, seen: str) -> None:
        """Bind or test the value of an aggregate over the set `seen`."""
        result = self.fresh("n")
        self.line(f"{result} = {_VALUES[aggregate.function].format(seen)}")
        tests = []
        for side in (aggregate.left, aggregate.right):
            if side is None:
                continue
            operator, term = side
            if term.kind == "variable" and term.text not in self.bound:
                self.line(f"{self.name(term.text)} = {result}")
                self.bound.add(term.text)
                continue
            sides = (self.value(term), result) if side is aggregate.left else (
                result, self.value(term))  # fmt: skip
            tests.append(f"{sides[0]} {_OPERATORS.get(operator, operator)} {sides[1]}")
        if tests:
            text = " and ".join(tests)
            self.block(f"if not ({text}):" if signs == 1 else f"if {text}:")

    def _conditional(self, formula: Conditional) -> None:
        whole = self.fresh("s")
        self.line(f"{whole} = True")
        depth, bound = self.depth, set(self.bound)
        self.body(formula.condition)
        self.block(f"if not {self._test(formula.literal)}:")
        self.line(f"{whole} = False")
        self.depth, self.bound = depth, bound
        self.block(f"if {whole}:")


_VALUES = {
    "#count": "len({})",
    "#sum": "number(sum([t[0] for t in {0}])) if {0} else 0",
    "#sum+": "number(sum([t[0] for t in {0} if t[0] > 0])) if {0} else 0",
    "#min": "min({0}) if {0} else SUPREMUM",
    "#max": "max({0}) if {0} else INFIMUM",
}


def tuple_text(parts: Sequence[str]) -> str:
    """A tuple of expressions or targets."""
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
