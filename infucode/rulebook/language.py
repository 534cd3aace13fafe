"""The rule language as plain values: what a policy rule may consist of.

clingo parses and locates; these values are what checks and passes work on. ``str()`` of a
clause is program text that means the same as the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

Signature = tuple[str, int]
Place = tuple[int, int]
"""Line and column (UTF-8 bytes), both 1-based."""


@dataclass(frozen=True, slots=True)
class Term:
    """``kind``: variable, word, number, string, special (#sup, #inf), arithmetic or function."""

    kind: str
    text: str
    parts: tuple[Term, ...] = ()
    place: Place = field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        if self.kind == "arithmetic":
            if len(self.parts) == 1:
                return (
                    f"|{self.parts[0]}|" if self.text == "|" else f"{self.text}({self.parts[0]})"
                )
            return f"({self.parts[0]}{self.text}{self.parts[1]})"
        if self.kind == "function":
            inner = ",".join(map(str, self.parts))
            return f"{self.text}({inner}{',' if not self.text and len(self.parts) == 1 else ''})"
        return self.text

    def variables(self) -> Iterator[str]:
        """The names of its variables, `_` left out."""
        if self.kind == "variable":
            if self.text != "_":
                yield self.text
        else:
            for part in self.parts:
                yield from part.variables()

    def put(self, by: Mapping[str, Term]) -> Term:
        """The term with variables replaced."""
        if self.kind == "variable":
            return by.get(self.text, self)
        return replace(self, parts=tuple(p.put(by) for p in self.parts)) if self.parts else self


@dataclass(frozen=True, slots=True)
class Atom:
    """A predicate applied to terms."""

    name: str
    terms: tuple[Term, ...]
    place: Place = field(default=(0, 0), compare=False)

    @property
    def signature(self) -> Signature:
        return self.name, len(self.terms)

    def __str__(self) -> str:
        return f"{self.name}({','.join(map(str, self.terms))})" if self.terms else self.name

    def variables(self) -> Iterator[str]:
        for term in self.terms:
            yield from term.variables()

    def put(self, by: Mapping[str, Term]) -> Atom:
        return replace(self, terms=tuple(t.put(by) for t in self.terms))


@dataclass(frozen=True, slots=True)
class Comparison:
    """``terms[0] operators[0] terms[1] ...``."""

    terms: tuple[Term, ...]
    operators: tuple[str, ...]

    def __str__(self) -> str:
        rest = "".join(f"{o}{t}" for o, t in zip(self.operators, self.terms[1:], strict=True))
        return f"{self.terms[0]}{rest}"

    def variables(self) -> Iterator[str]:
        for term in self.terms:
            yield from term.variables()

    def put(self, by: Mapping[str, Term]) -> Comparison:
        return replace(self, terms=tuple(t.put(by) for t in self.terms))


@dataclass(frozen=True, slots=True)
class Element:
    """``terms : condition`` inside an aggregate."""

    terms: tuple[Term, ...]
    condition: tuple[Literal, ...]

    def __str__(self) -> str:
        return f"{','.join(map(str, self.terms))}:{','.join(map(str, self.condition))}"

    def put(self, by: Mapping[str, Term]) -> Element:
        return Element(
            tuple(t.put(by) for t in self.terms), tuple(lit.put(by) for lit in self.condition)
        )


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``left function { elements } right``; guards are (operator, term) as clingo prints them."""

    function: str
    elements: tuple[Element, ...]
    left: tuple[str, Term] | None
    right: tuple[str, Term] | None
    place: Place = field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        left = f"{self.left[1]}{self.left[0]}" if self.left else ""
        right = f"{self.right[0]}{self.right[1]}" if self.right else ""
        return f"{left}{self.function}{{{';'.join(map(str, self.elements))}}}{right}"

    @property
    def guards(self) -> tuple[Term, ...]:
        return tuple(guard[1] for guard in (self.left, self.right) if guard)

    def variables(self) -> Iterator[str]:
        """Those of the guards: the rest is local to the elements or bound outside."""
        for term in self.guards:
            yield from term.variables()

    def put(self, by: Mapping[str, Term]) -> Aggregate:
        return replace(
            self,
            elements=tuple(e.put(by) for e in self.elements),
            left=(self.left[0], self.left[1].put(by)) if self.left else None,
            right=(self.right[0], self.right[1].put(by)) if self.right else None,
        )


@dataclass(frozen=True, slots=True)
class Conditional:
    """``literal : condition`` in a body."""

    literal: Literal
    condition: tuple[Literal, ...]

    def __str__(self) -> str:
        return f"{self.literal}:{','.join(map(str, self.condition))}"

    def variables(self) -> Iterator[str]:
        yield from ()

    def put(self, by: Mapping[str, Term]) -> Conditional:
        return Conditional(self.literal.put(by), tuple(c.put(by) for c in self.condition))


Formula = Atom | Comparison | Aggregate | Conditional


@dataclass(frozen=True, slots=True)
class Literal:
    """A formula under ``signs`` times `not`."""

    formula: Formula
    signs: int = 0

    def __str__(self) -> str:
        return "not " * self.signs + str(self.formula)

    @property
    def atom(self) -> Atom | None:
        """The atom of a plain literal, whatever its sign."""
        return self.formula if isinstance(self.formula, Atom) else None

    def put(self, by: Mapping[str, Term]) -> Literal:
        return Literal(self.formula.put(by), self.signs)

    def atoms(self) -> Iterator[Atom]:
        """Every atom in it, also inside aggregates and conditions."""
        formula = self.formula
        if isinstance(formula, Atom):
            yield formula
        elif isinstance(formula, Aggregate):
            for element in formula.elements:
                for literal in element.condition:
                    yield from literal.atoms()
        elif isinstance(formula, Conditional):
            yield from formula.literal.atoms()
            for literal in formula.condition:
                yield from literal.atoms()

    def comparisons(self) -> Iterator[Comparison]:
        """Every comparison in it."""
        formula = self.formula
        if isinstance(formula, Comparison):
            yield formula
        elif isinstance(formula, Aggregate):
            for element in formula.elements:
                for literal in element.condition:
                    yield from literal.comparisons()
        elif isinstance(formula, Conditional):
            yield from formula.literal.comparisons()
            for literal in formula.condition:
                yield from literal.comparisons()


@dataclass(frozen=True, slots=True)
class Clause:
    """``head :- body``."""

    head: Atom
    body: tuple[Literal, ...]
    place: Place = field(default=(0, 0), compare=False)
    end: int = field(default=0, compare=False)
    """The last line."""

    def __str__(self) -> str:
        return f"{self.head}:-{';'.join(map(str, self.body))}." if self.body else f"{self.head}."

    def atoms(self) -> Iterator[Atom]:
        """The atoms of the body."""
        for literal in self.body:
            yield from literal.atoms()

    def positive(self) -> Iterator[Atom]:
        """The atoms of positive plain literals."""
        for literal in self.body:
            if not literal.signs and isinstance(literal.formula, Atom):
                yield literal.formula

    def comparisons(self) -> Iterator[Comparison]:
        """Every comparison of the body, also inside aggregates."""
        for literal in self.body:
            yield from literal.comparisons()

    def aggregates(self) -> Iterator[Aggregate]:
        """The aggregates of the body."""
        for literal in self.body:
            if isinstance(literal.formula, Aggregate):
                yield literal.formula

    def terms(self) -> Iterator[Term]:
        """Every term of head and body, and every part of each."""
        stack = [t for atom in (self.head, *self.atoms()) for t in atom.terms]
        stack += [t for comparison in self.comparisons() for t in comparison.terms]
        for aggregate in self.aggregates():
            stack += [*aggregate.guards, *(t for e in aggregate.elements for t in e.terms)]
        while stack:
            term = stack.pop()
            yield term
            stack.extend(term.parts)

    def variables(self) -> list[str]:
        """The variables outside aggregates and conditions, sorted."""
        names = set(self.head.variables())
        for literal in self.body:
            names.update(literal.formula.variables())
        return sorted(names)

    def put(self, by: Mapping[str, Term]) -> Clause:
        """The clause with variables replaced."""
        return replace(self, head=self.head.put(by), body=tuple(b.put(by) for b in self.body))
