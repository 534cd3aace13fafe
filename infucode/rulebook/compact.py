"""Rules, papers and predicates as plain lists of JSON, and back.

Reading back raises ValueError, TypeError, KeyError or IndexError for lists of another shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date
from typing import Any

from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Comparison,
    Conditional,
    Element,
    Formula,
    Literal,
    Signature,
    Term,
)
from infucode.rulebook.papers import Beats, Papers
from infucode.rulebook.rules import Rule
from infucode.rulebook.source import Source
from infucode.rulebook.vocabulary import Predicate, Type

Plain = list[Any]
KINDS = ("variable", "word", "number", "string", "special", "arithmetic", "function")
ATOM, COMPARISON, AGGREGATE, CONDITIONAL = range(4)


class _Writer:
    """Numbers the distinct terms and atoms of some rules, in the order in which they are met."""

    def __init__(self) -> None:
        self.terms: dict[Term, int] = {}
        self.atoms: dict[Atom, int] = {}
        self.plain_terms: Plain = []
        self.plain_atoms: Plain = []

    def term(self, term: Term) -> int:
        if term not in self.terms:
            plain = [KINDS.index(term.kind), term.text, *map(self.term, term.parts)]
            self.terms[term] = len(self.plain_terms)
            self.plain_terms.append(plain)
        return self.terms[term]

    def atom(self, atom: Atom) -> int:
        if atom not in self.atoms:
            plain = [atom.name, *map(self.term, atom.terms)]
            self.atoms[atom] = len(self.plain_atoms)
            self.plain_atoms.append(plain)
        return self.atoms[atom]

    def literals(self, literals: Sequence[Literal]) -> Plain:
        return [[item.signs, *self.formula(item.formula)] for item in literals]

    def formula(self, formula: Formula) -> Plain:
        if isinstance(formula, Atom):
            return [ATOM, self.atom(formula)]
        if isinstance(formula, Comparison):
            return [COMPARISON, list(map(self.term, formula.terms)), list(formula.operators)]
        if isinstance(formula, Aggregate):
            elements = [
                [list(map(self.term, e.terms)), self.literals(e.condition)]
                for e in formula.elements
            ]
            sides = [
                None if side is None else [side[0], self.term(side[1])]
                for side in (formula.left, formula.right)
            ]
            return [AGGREGATE, formula.function, elements, *sides]
        return [CONDITIONAL, self.literals([formula.literal]), self.literals(formula.condition)]

    def clause(self, clause: Clause) -> Plain:
        return [self.atom(clause.head), self.literals(clause.body), *clause.place, clause.end]


class _Reader:
    """Makes clauses that share equal terms and atoms, each when it is asked for.

    Only clauses have places.
    """

    def __init__(self, terms: Plain, atoms: Plain) -> None:
        self.plain_terms, self.plain_atoms = terms, atoms
        self.terms: list[Term | None] = [None] * len(terms)
        self.atoms: list[Atom | None] = [None] * len(atoms)
        self.positive: dict[int, Literal] = {}

    def term(self, number: int) -> Term:
        found = self.terms[number]
        if found is None:
            kind, text, *parts = self.plain_terms[number]
            found = self.terms[number] = Term(KINDS[kind], text, self.some(parts))
        return found

    def atom(self, number: int) -> Atom:
        found = self.atoms[number]
        if found is None:
            name, *own = self.plain_atoms[number]
            found = self.atoms[number] = Atom(name, self.some(own))
        return found

    def some(self, numbers: Sequence[int]) -> tuple[Term, ...]:
        return tuple([self.term(number) for number in numbers])

    def literals(self, plain: Plain) -> tuple[Literal, ...]:
        return tuple([self.literal(*item) for item in plain])

    def literal(self, signs: int, kind: int, *rest: Any) -> Literal:
        if kind == ATOM:
            (number,) = rest
            if signs:
                return Literal(self.atom(number), signs)
            if number not in self.positive:
                self.positive[number] = Literal(self.atom(number))
            return self.positive[number]
        return Literal(self.formula(kind, rest), signs)

    def formula(self, kind: int, rest: Sequence[Any]) -> Formula:
        if kind == COMPARISON:
            terms, operators = rest
            return Comparison(self.some(terms), tuple(operators))
        if kind == AGGREGATE:
            function, elements, left, right = rest
            read = tuple(Element(self.some(t), self.literals(c)) for t, c in elements)
            sides = [None if s is None else (s[0], self.term(s[1])) for s in (left, right)]
            return Aggregate(function, read, sides[0], sides[1])
        if kind == CONDITIONAL:
            (literal,), condition = map(self.literals, rest)
            return Conditional(literal, condition)
        raise ValueError(f"no formula of kind {kind}")

    def clause(self, plain: Plain) -> Clause:
        head, body, line, column, end = plain
        literals = self.literals(body) if body else ()
        return Clause(self.atom(head), literals, (line, column), end)


def _papers(papers: Papers) -> Plain:
    beats = [[item.rule, *item.on] for item in papers.beats]
    days = [None if day is None else day.isoformat() for day in (papers.since, papers.until)]
    texts = [papers.id, papers.cite, papers.text, papers.line, papers.says, papers.matters]
    return [*texts, list(papers.clauses), *days, beats, papers.rows, papers.total]


def _read_papers(plain: Plain) -> Papers:
    id, cite, text, line, says, matters, clauses, since, until, beats, *table = plain
    first, last = (None if day is None else Date.fromisoformat(day) for day in (since, until))
    read = tuple(Beats(rule, tuple(on)) for rule, *on in beats)
    return Papers(id, cite, text, line, says, matters, tuple(clauses), first, last, read, *table)


def rules_to_plain(rules: Sequence[Rule]) -> Plain:
    """Rules file by file; rules that share papers share them again when they are read."""
    papers: dict[int, int] = {}
    kept: list[Papers] = []
    rows = []
    writer = _Writer()
    for rule in rules:
        if id(rule.papers) not in papers:
            papers[id(rule.papers)] = len(kept)
            kept.append(rule.papers)
        rows.append(
            [writer.clause(rule.clause), papers[id(rule.papers)], rule.source.name, rule.layer]
        )
    return [list(map(_papers, kept)), writer.plain_terms, writer.plain_atoms, rows]


class RuleReader:
    """Reads rules back, each when it is asked for; `sources` are the files by name."""

    def __init__(self, plain: Plain, sources: Mapping[str, Source]) -> None:
        papers, terms, atoms, self._rows = plain
        self._plain_papers, self._sources = papers, sources
        self._papers: list[Papers | None] = [None] * len(papers)
        self._clauses = _Reader(terms, atoms)

    def __len__(self) -> int:
        return len(self._rows)

    def rule(self, number: int) -> Rule:
        """The rule at a position."""
        clause, papers, name, layer = self._rows[number]
        known = self._papers[papers]
        if known is None:
            known = self._papers[papers] = _read_papers(self._plain_papers[papers])
        return Rule(self._clauses.clause(clause), known, self._sources[name], layer)


def rules_from_plain(plain: Plain, sources: Mapping[str, Source]) -> tuple[Rule, ...]:
    """All rules read back; `sources` are the files by name."""
    reader = RuleReader(plain, sources)
    return tuple([reader.rule(number) for number in range(len(reader))])


def type_to_plain(kind: Type) -> Plain:
    """A type of an argument."""
    return [kind.sort, kind.name, *kind.words]


def type_from_plain(plain: Plain) -> Type:
    """A type read back."""
    sort, name, *words = plain
    return Type(sort, name, tuple(words))


def predicates_to_plain(vocabulary: Mapping[Signature, Predicate]) -> Plain:
    """The vocabulary in its order."""
    return [
        [
            p.name,
            p.kind,
            [[n, type_to_plain(t)] for n, t in p.arguments],
            p.text,
            p.absent,
            p.file,
            p.line,
            list(map(list, p.said)),
        ]
        for p in vocabulary.values()
    ]


def predicates_from_plain(plain: Plain) -> dict[Signature, Predicate]:
    """The vocabulary read back."""
    found: dict[Signature, Predicate] = {}
    for name, kind, arguments, text, absent, file, line, said in plain:
        read = tuple((argument, type_from_plain(type)) for argument, type in arguments)
        spoken = tuple((word, words) for word, words in said)
        predicate = Predicate(name, kind, read, text, absent, file, line, spoken)
        found[predicate.signature] = predicate
    return found


def types_to_plain(types: Mapping[Signature, Sequence[Type | None]]) -> Plain:
    """The inferred types of all predicates."""
    return [
        [name, *(None if kind is None else type_to_plain(kind) for kind in kinds)]
        for (name, _), kinds in types.items()
    ]


def types_from_plain(plain: Plain) -> dict[Signature, list[Type | None]]:
    """The inferred types read back."""
    return {
        (name, len(kinds)): [None if kind is None else type_from_plain(kind) for kind in kinds]
        for name, *kinds in plain
    }
