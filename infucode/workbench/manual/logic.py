"""The rules under one id in words: conditions with what they mean and which rules give them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from infucode.render.manual_content import Condition, Logic, Rows
from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Comparison,
    Conditional,
    Literal,
    Signature,
    Term,
)
from infucode.rulebook.library import Library
from infucode.rulebook.rules import Rule
from infucode.rulebook.types import SETTINGS
from infucode.workbench.manual.phrases import Phrases, joined, plain

MOST_GLOSSES = 2
"""Of a predicate that more rules give, only their ids are named."""
KIND = {"input": "record", "assumed": "supposed", "table": "table", "setting": "plan"}


class Teller:
    """Tells the rules of one plan. ``answers`` are its own to each switch and number."""

    def __init__(self, library: Library, answers: Mapping[str, str]) -> None:
        self.library, self.phrases, self.answers = library, Phrases(library), answers
        self.by_head: dict[Signature, list[Rule]] = {}
        for rule in library.rules:
            self.by_head.setdefault(rule.clause.head.signature, []).append(rule)

    def logic(self, rules: Sequence[Rule], beaten_by: Iterable[str] = ()) -> tuple[Logic, ...]:
        """Each rule with a body: what it decides first, then what it goes by.

        Exceptions set aside the rules that decide; where none does, all.
        """
        outcomes = [r for r in rules if self._is_outcome(r.clause.head.signature)]
        helpers = [r for r in rules if r not in outcomes]
        beaters = list(beaten_by)
        told = [self._rule(rule, beaters) for rule in outcomes]
        told += [self._rule(r, [] if outcomes else beaters) for r in helpers if r.clause.body]
        return tuple(told)

    def _rule(self, rule: Rule, beaters: Sequence[str]) -> Logic:
        head = rule.clause.head
        conditions = [self.condition(literal, rule.papers.id) for literal in rule.clause.body]
        conditions += [Condition("unless", f"{id} goes first", rules=(id,)) for id in beaters]
        declared = self.library.vocabulary.get(head.signature)
        return Logic(
            self._gives(head),
            declared.text if declared is not None else "",
            self._is_outcome(head.signature),
            tuple(conditions),
            rule.text,
            rule.place,
        )

    def _is_outcome(self, signature: Signature) -> bool:
        declared = self.library.vocabulary.get(signature)
        return declared is not None and declared.kind == "outcome"

    def _gives(self, head: Atom) -> str:
        """What a rule gives: an outcome by its name and arguments, a helper as a phrase."""
        if not self._is_outcome(head.signature):
            return self.phrases.atom(head)
        declared = self.library.vocabulary[head.signature]
        told = [
            self.phrases.term(term)
            for term, kind in zip(head.terms, declared.types, strict=True)
            if kind.name != "rule"
        ]
        return f"{plain(head.name)}: {', '.join(told)}"

    def condition(self, literal: Literal, own: str) -> Condition:
        """One literal of a body of the rule `own`."""
        formula, negated = literal.formula, literal.signs == 1
        if isinstance(formula, Atom):
            return self._atom(formula, negated, own)
        if isinstance(formula, Comparison):
            return Condition("compare", self.phrases.comparison(formula, negated))
        if isinstance(formula, Aggregate):
            return self._aggregate(formula, negated, own)
        return self._conditional(formula, negated, own)

    def _atom(self, atom: Atom, negated: bool, own: str) -> Condition:
        text = self.phrases.atom(atom, negated)
        if atom.signature in SETTINGS:
            name = atom.terms[0].text
            answer = self.answers.get(name, "")
            return Condition("plan", text, f"in this plan: {plain(answer)}" if answer else "")
        declared = self.library.vocabulary.get(atom.signature)
        givers = self.by_head.get(atom.signature, [])
        ids = tuple(dict.fromkeys(rule.papers.id for rule in givers))
        others = tuple(id for id in ids if id != own)
        if declared is not None:
            return Condition(KIND[declared.kind], text, declared.text, others, own in ids)
        texts = list(dict.fromkeys(r.papers.text for r in givers if r.papers.id != own))
        gloss = " / ".join(texts) if len(texts) <= MOST_GLOSSES else ""
        return Condition("rule", text, gloss, others, own in ids)

    def _aggregate(self, formula: Aggregate, negated: bool, own: str) -> Condition:
        text = self.phrases.aggregate(formula, negated)
        with_conditions = [element for element in formula.elements if element.condition]
        if not with_conditions:
            return Condition("compare", text)
        if len(formula.elements) == 1:
            below = tuple(self.condition(lit, own) for lit in with_conditions[0].condition)
            return Condition("compare", f"{text}, where:", below=below)
        return Condition("compare", f"{text}, from:", below=tuple(self._elements(formula, own)))

    def _elements(self, formula: Aggregate, own: str) -> Iterator[Condition]:
        for element in formula.elements:
            names = joined([self.phrases.term(term) for term in element.terms])
            below = tuple(self.condition(literal, own) for literal in element.condition)
            yield Condition("compare", f"{names}, where:" if below else names, below=below)

    def _conditional(self, formula: Conditional, negated: bool, own: str) -> Condition:
        below = tuple(self.condition(literal, own) for literal in formula.condition)
        inner = self.condition(formula.literal, own)
        word = "not so for each" if negated else "for each"
        return Condition(inner.kind, f"{inner.text}, {word} where:", inner.gloss, inner.rules,
                         inner.own, below)  # fmt: skip

    def tables(self, rules: Sequence[Rule]) -> tuple[Rows, ...]:
        """The rows under an id, by predicate, with the columns of the vocabulary."""
        found: dict[Signature, list[tuple[str, ...]]] = {}
        for rule in rules:
            head = rule.clause.head
            if not rule.clause.body:
                row = tuple(map(self._cell, head.terms))
                found.setdefault(head.signature, []).append(row)
        return tuple(self._rows(signature, rows) for signature, rows in found.items())

    def _cell(self, term: Term) -> str:
        return term.text[1:-1] if term.kind == "string" else self.phrases.term(term)

    def _rows(self, signature: Signature, rows: list[tuple[str, ...]]) -> Rows:
        declared = self.library.vocabulary.get(signature)
        name, gloss = plain(signature[0]), declared.text if declared is not None else ""
        columns = tuple(label for label, _ in declared.arguments) if declared is not None else ()
        return Rows(name, gloss, columns, tuple(rows))


def reading_of(rules: Sequence[Rule]) -> Mapping[str, str]:
    """The settings that rules read by name, each with its kind (`reading` or `value`)."""
    return {
        atom.terms[0].text: atom.name
        for rule in rules
        for atom in rule.clause.atoms()
        if atom.signature in SETTINGS
    }
