"""Why: the messages of outcomes, and the proof tree of any atom of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import clingo

from infucode.engine.answer import Outcome
from infucode.engine.derivations import Derivations
from infucode.engine.facts import Facts
from infucode.engine.program import Model, Program
from infucode.engine.wording import Wording, said_words
from infucode.model.encounter import Encounter
from infucode.model.proof import Step
from infucode.model.solution import Reason
from infucode.passes.instances import Instance
from infucode.passes.values import TEXT_MARK, Row, Value, atom_of
from infucode.questions.explain_shortest import order
from infucode.questions.proofs import Bound, Prover, signature_of
from infucode.rulebook.vocabulary import Type

if TYPE_CHECKING:
    from infucode.questions.explain_tell import Teller


class Reasons:
    """Explains the answer of one world. Nothing is replayed before it is asked for."""

    def __init__(self, program: Program, encounter: Encounter, facts: Facts) -> None:
        self.program, self.facts = program, facts
        said = said_words(list(program.book.vocabulary.values()))
        self.wording = Wording(encounter, facts.names, said)
        self._bound: dict[tuple[int, Row], Bound] = {}
        self._words: dict[tuple[Value, str], str] = {}

    @cached_property
    def model(self) -> Model:
        """The answer that is explained."""
        return self.program.known(self.facts)

    @cached_property
    def derivations(self) -> Derivations:
        """Every instance behind the answer; it also confirms the answer."""
        return self.model.derivations()

    def bound(self, item: Instance) -> Bound:
        """The variables of an instance with their values and types."""
        key = item.rule, item.variables
        found = self._bound.get(key)
        if found is None:
            names, types = self.types(item.rule)
            found = self._bound[key] = {
                name: (value, types.get(name))
                for name, value in zip(names, item.variables, strict=True)
            }
        return found

    def types(self, rule: int) -> tuple[list[str], Mapping[str, Type]]:
        """The variables of a rule, and the types of those that are known."""
        return self.program.types(rule)

    def word(self, value: Value, kind: Type | None) -> str:
        """A value in words, by the type of the place where it stands."""
        key = value, "" if kind is None else kind.name
        found = self._words.get(key)
        if found is None:
            found = self._words[key] = self.wording.value(value, kind)
        return found

    def fill(self, text: str, bound: Bound) -> str:
        """A message with its placeholders filled."""
        return self.wording.fill(text, bound)

    def says(self, item: Instance) -> str:
        """What the rule of an instance says, its numbers filled in."""
        rule = self.program.book.rules[item.rule]
        bound = self.bound(item)
        if signature_of(item.head) in self.program.outcomes and rule.papers.placeholders <= set(
            bound
        ):
            return self.fill(rule.papers.says or rule.papers.text, bound)
        return rule.papers.text

    def reason(self, outcome: Outcome) -> Reason:
        """The rule behind an outcome in words."""
        item = self._instance(outcome.atom)
        return Reason(
            outcome.rule, self.says(item), self.program.book.rules[item.rule].papers.cite
        )

    def speaks_of(self, outcome: Outcome, code: str) -> bool:
        """Whether the rule behind an outcome has a code among its values."""
        return f"{TEXT_MARK}{code}" in self._instance(outcome.atom).variables

    def matters(self, outcome: Outcome) -> str:
        """What a question would decide."""
        item = self._instance(outcome.atom)
        papers = self.program.book.rules[item.rule].papers
        return self.fill(papers.matters, self.bound(item))

    def _instance(self, atom: clingo.Symbol) -> Instance:
        return min(self.derivations.behind(atom_of(atom)), key=order)

    @cached_property
    def prover(self) -> Prover:
        """Builds the proof trees of this answer."""
        return Prover(self.program.book, self.derivations, self)

    @cached_property
    def teller(self) -> Teller:
        """Tells the proofs of this answer in short."""
        from infucode.questions.explain_tell import Teller

        return Teller(self.prover)

    def told(self, atoms: Iterable[clingo.Symbol]) -> list[Step]:
        """The short proof trees of the atoms behind one line."""
        return self.teller.trees(map(atom_of, atoms))

    def proof(self, atom: clingo.Symbol) -> Step:
        """The proof tree of an atom: repeated subtrees are shown once."""
        return self.prover.tree(atom_of(atom))
