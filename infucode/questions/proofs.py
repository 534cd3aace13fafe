"""The proof tree of any atom of an answer, in the user's names."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Protocol

from infucode.engine.derivations import Derivations
from infucode.model.proof import Step
from infucode.passes.instances import ANY, Instance
from infucode.passes.values import TEXT_MARK, GroundAtom, Row, Value
from infucode.questions.explain_shortest import Shortest
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Aggregate, Atom, Comparison, Signature
from infucode.rulebook.rules import Rule
from infucode.rulebook.types import SETTINGS
from infucode.rulebook.vocabulary import Type

UNREACHED = 1_000_000_000
"""A position beyond every atom that a tree shows."""
Bound = dict[str, tuple[Value, Type | None]]
Head = tuple[str, str, str, str, str, str, str, tuple[tuple[str, str], ...]]
"""The fields of a step up to its bindings."""


class Words(Protocol):
    """What a proof needs to speak of the values of an encounter."""

    def word(self, value: Value, kind: Type | None) -> str:
        """A value in words, by the type of the place where it stands."""

    def bound(self, item: Instance) -> Bound:
        """The variables of an instance with their values and types."""

    def types(self, rule: int) -> tuple[list[str], Mapping[str, Type]]:
        """The variables of a rule, and the types of those that are known."""

    def says(self, item: Instance) -> str:
        """What the rule of an instance says, its numbers filled in."""


def signature_of(atom: GroundAtom) -> Signature:
    """The predicate of a ground atom."""
    return str(atom[0]), len(atom) - 1


class Prover:
    """Builds the trees of one answer; what several trees share is worded once."""

    def __init__(self, book: Rulebook, derivations: Derivations, words: Words) -> None:
        self.book, self.derivations, self.words = book, derivations, words
        self.shortest = Shortest(derivations)
        self._texts: dict[GroundAtom, str] = {}
        self._leaves: dict[GroundAtom, Step | None] = {}
        self._chosen: dict[GroundAtom, tuple[Instance, int]] = {}
        self._heads: dict[GroundAtom, Head] = {}
        self._trees: dict[GroundAtom, tuple[Step, tuple[GroundAtom, ...]]] = {}
        """Trees that repeat nothing from outside, with the atoms that they show."""
        self._reach = UNREACHED

    def tree(self, atom: GroundAtom) -> Step:
        """The whole tree of an atom; what it shows twice is shown once."""
        self._reach = UNREACHED
        return self._step(atom, {})

    def _step(self, atom: GroundAtom, shown: dict[GroundAtom, int]) -> Step:
        """The tree of an atom; those in `shown` were shown already, and are added to."""
        if atom not in self._leaves:
            self._leaves[atom] = self._leaf(atom)
        leaf = self._leaves[atom]
        if leaf is not None:
            return leaf
        item, others = self._chosen[atom]
        rule = self.book.rules[item.rule]
        if atom in shown:
            self._reach = min(self._reach, shown[atom])
            return Step("repeated", self.text(atom), rule=rule.papers.id, place=rule.place)
        tree, atoms = self._trees.get(atom, (None, ()))
        if tree is not None and shown.keys().isdisjoint(atoms):
            for own in atoms:
                shown[own] = len(shown)
            return tree
        begin, outside = len(shown), self._reach
        shown[atom], self._reach = begin, UNREACHED
        tree = self._grown(atom, item, others, shown)
        if self._reach >= begin:
            self._trees[atom] = tree, tuple(islice(shown, begin, None))
        self._reach = min(self._reach, outside)
        return tree

    def _grown(
        self, atom: GroundAtom, item: Instance, others: int, shown: dict[GroundAtom, int]
    ) -> Step:
        rule = self.book.rules[item.rule]
        children = tuple(self._children(item, rule, shown))
        head = self._heads.get(atom)
        if head is None:
            head = self._heads[atom] = self._head(atom, item, rule)
        return Step(*head, children, others)

    def _leaf(self, atom: GroundAtom) -> Step | None:
        """The step of what has no reasons of its own; else its best instance is remembered."""
        key = signature_of(atom)
        if key in SETTINGS:
            return self._setting(atom)
        declared = self.book.vocabulary.get(key)
        if atom in self.derivations.given and declared is not None:
            return Step("assumed" if declared.kind == "assumed" else "fact", self.text(atom))
        item = self.shortest.instance(atom)
        if item is None:
            return Step("fact", self.text(atom))
        self._chosen[atom] = item, len(self.derivations.behind(atom)) - 1
        rule = self.book.rules[item.rule]
        if rule.clause.body:
            return None
        papers = rule.papers
        return Step("table", self.text(atom), rule=papers.id, place=rule.place, cite=papers.cite)

    def _head(self, atom: GroundAtom, item: Instance, rule: Rule) -> Head:
        """A rule's step without what stands below it."""
        bound, word = self.words.bound(item), self.words.word
        return (
            "rule",
            self.text(atom),
            self.words.says(item),
            rule.papers.id,
            rule.place,
            rule.papers.cite,
            "",
            tuple([(name, word(*value)) for name, value in bound.items()]),
        )

    def _children(self, item: Instance, rule: Rule, shown: dict[GroundAtom, int]) -> list[Step]:
        steps: list[Step] = []
        holds, absent = iter(item.holds), iter(item.absent)
        compared, guards = iter(item.compared), iter(item.guards)
        aggregate = 0
        for literal in rule.clause.body:
            formula = literal.formula
            if isinstance(formula, Atom):
                if literal.signs == 1:
                    steps.append(Step("absent", "not " + self.text(next(absent))))
                else:
                    steps.append(self._step(next(holds), shown))
            elif isinstance(formula, Comparison):
                steps.append(self._comparison(item, formula, next(compared)))
            elif isinstance(formula, Aggregate):
                steps.append(self._aggregate(item, formula, next(guards), aggregate, shown))
                aggregate += 1
        return steps

    def _comparison(self, item: Instance, formula: Comparison, values: Row) -> Step:
        _, types = self.words.types(item.rule)
        shown = [
            self.words.word(v, types.get(t.text) if t.kind == "variable" else None)
            for v, t in zip(values, formula.terms, strict=True)
        ]
        text = shown[0] + "".join(
            f" {o} {v}" for o, v in zip(formula.operators, shown[1:], strict=True)
        )
        return Step("comparison", f"{text}  ({_spaced(formula)})")

    def _aggregate(
        self,
        item: Instance,
        formula: Aggregate,
        guards: Row,
        number: int,
        shown: dict[GroundAtom, int],
    ) -> Step:
        elements = [e for e in item.elements if e.aggregate == number]
        if formula.function in ("#min", "#max"):
            elements = [e for e in elements if e.terms and e.terms[0] in guards][:1]
        seen = dict.fromkeys((e.terms, e.holds) for e in elements)
        _, types = self.words.types(item.rule)
        values = ", ".join(
            self.words.word(v, types.get(t.text))
            for v, t in zip(guards, formula.guards, strict=True)
        )
        children = [self._step(atom, shown) for _, holds in seen for atom in holds]
        return Step(
            "aggregate",
            f"{formula.function[1:]} is {values}, over {len(seen)}",
            children=tuple(children),
        )

    def _setting(self, atom: GroundAtom) -> Step:
        name, value = str(atom[1]), atom[2]
        setting = self.book.settings[name]
        text = str(value).removeprefix(TEXT_MARK)
        return Step("setting", f"{name} = {text}", cite=setting.cite, basis=setting.basis)

    def text(self, atom: GroundAtom) -> str:
        """An atom in the user's names."""
        found = self._texts.get(atom)
        if found is None:
            found = self._texts[atom] = self._text(atom)
        return found

    def _text(self, atom: GroundAtom) -> str:
        typing = self.book.library.typing.predicates
        types = typing.get(signature_of(atom)) or [None] * (len(atom) - 1)
        words = [
            "anything" if v == ANY.text else self.words.word(v, t)
            for v, t in zip(atom[1:], types, strict=True)
        ]
        return f"{atom[0]}({', '.join(words)})" if words else str(atom[0])


def _spaced(formula: Comparison) -> str:
    rest = "".join(f" {o} {t}" for o, t in zip(formula.operators, formula.terms[1:], strict=True))
    return f"{formula.terms[0]}{rest}"
