"""A rulebook ready to run over the facts of an encounter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import clingo

from infucode.engine.derivations import Derivations, setting_relations
from infucode.engine.facts import Facts
from infucode.engine.fixpoint import Step, answer
from infucode.engine.frame import Frame
from infucode.engine.relations import Relation
from infucode.passes.fold import setting_term, setting_terms
from infucode.passes.values import Row, row_of, symbol_of_atom
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Clause, Signature
from infucode.rulebook.library import input_signatures, outcome_signatures
from infucode.rulebook.types import variable_types
from infucode.rulebook.vocabulary import Type

if TYPE_CHECKING:
    from infucode.engine.control import Grounded
    from infucode.engine.grounding import Grounding, Text
    from infucode.passes.slices import Shape

LABEL: Signature = ("label", 2)


@dataclass(frozen=True, slots=True)
class Model:
    """The answer of one program over one encounter: the rows of every predicate."""

    program: Program
    facts: Facts
    relations: dict[Signature, Relation]

    def outcomes(self) -> list[clingo.Symbol]:
        """The atoms that the program reads as its answer."""
        return self.program.outcomes_in(self.relations)

    def derivations(self) -> Derivations:
        """How the answer came about."""
        program = self.program
        given = {s: r for s, r in self.relations.items() if s in program.inputs}
        given.update(program.settings)
        return Derivations(
            program.frame,
            self.relations,
            given,
            program.frame.strata,
            program.table_derivations,
        )


class Program:
    """The program of one rulebook. Equal facts give equal answers."""

    def __init__(self, book: Rulebook, frame: Frame) -> None:
        self.book, self.frame = book, frame
        self.outcomes = outcome_signatures(book.vocabulary)
        self.outcome_order = sorted(self.outcomes)
        self.inputs = input_signatures(book.vocabulary)
        self.steps = frame.steps(setting_terms(book))
        self._stated: Model | None = None
        self._types: dict[int, tuple[list[str], Mapping[str, Type]]] = {}

    @classmethod
    def of(cls, book: Rulebook, frame: Frame | None = None) -> Program:
        """A program of its own, or one that shares what `frame` has compiled already."""
        if frame is None or frame.rules is not book.rules:
            outcomes = outcome_signatures(book.vocabulary)
            frame = Frame.of(book.rules, input_signatures(book.vocabulary), outcomes)
        return cls(book, frame)

    @cached_property
    def settings(self) -> dict[Signature, Relation]:
        """What the plan fixes, as rows."""
        return setting_relations(self.book)

    def types(self, rule: int) -> tuple[list[str], Mapping[str, Type]]:
        """The variables of a rule, and the types of those that are known."""
        if rule not in self._types:
            clause = self.book.rules[rule].clause
            self._types[rule] = (
                clause.variables(),
                variable_types(clause, self.book.library.typing),
            )
        return self._types[rule]

    @cached_property
    def tables(self) -> dict[Signature, Relation]:
        """What holds of every encounter."""
        found: dict[Signature, Relation] = {}
        for stratum in self.frame.tables:
            rows = self.frame.facts(stratum)
            if rows is None:
                answer((stratum,), self.steps, found)
            else:
                found[stratum.heads[0]] = Relation(rows)
        return found

    @cached_property
    def table_derivations(self) -> Derivations:
        """How what holds of every encounter came about."""
        return Derivations(self.frame, self.tables, self.settings, self.frame.tables)

    def model(self, facts: Facts) -> Model:
        """The one answer over complete facts. Raises PolicyError if a rule fails on them.

        What is supposed is added to the answer over what is stated, which is kept for the next
        world of the same encounter.
        """
        if facts.assumed:
            return self._supposing(self._stated_model(facts), facts)
        relations = dict(self.tables)
        _state(relations, self._read(facts.signed))
        answer(self.frame.live(relations), self.steps, relations)
        self._stated = Model(self, facts, relations)
        return self._stated

    def known(self, facts: Facts) -> Model:
        """The model of these facts; the same object if they were the last to be answered."""
        if self._stated is not None and self._stated.facts is facts:
            return self._stated
        return self.model(facts)

    def _stated_model(self, facts: Facts) -> Model:
        size, last = len(facts.signed) - len(facts.assumed), self._stated
        if (
            last is not None
            and last.facts.names is facts.names
            and len(last.facts.signed) == size
        ):
            return last
        return self.model(Facts(facts.names, facts.signed[:size], facts.shape))

    def _supposing(self, model: Model, facts: Facts) -> Model:
        relations = dict(model.relations)
        extra = list(self._read(facts.signed[len(model.facts.signed) :]))
        signatures = {signature for signature, _ in extra}
        for signature in signatures & set(relations):
            relations[signature] = Relation(dict(relations[signature].rows))
        _state(relations, extra)
        self.frame.readers.update(self.steps, relations, signatures)
        return Model(self, facts, relations)

    def stating(
        self, model: Model, rows: Mapping[Signature, Mapping[Row, None]]
    ) -> dict[Signature, Relation]:
        """What a model would hold if some inputs had other rows."""
        relations = dict(model.relations)
        for signature, own in rows.items():
            relations.pop(signature, None)
            if own and signature in self.frame.reads:
                relations[signature] = Relation(dict(own))
        self.frame.readers.update(self.steps, relations, rows)
        return relations

    def changes(self, overrides: Mapping[str, str]) -> dict[int, Step | None]:
        """The rules that are others under other answers to some switches, by position."""
        terms = setting_terms(self.book)
        for name, value in overrides.items():
            terms[name] = setting_term(self.book.type_of(name), value)
        found = {}
        for name in overrides:
            for position in self.frame.reading(name):
                step = self.frame.step(position, terms)
                if step is not self.steps[position]:
                    found[position] = step
        return found

    def instead(
        self, model: Model, changes: Mapping[int, Step | None]
    ) -> dict[Signature, Relation]:
        """What a model of this program would hold if some rules were others.

        A predicate that keeps its rows keeps its relation.
        """
        relations = dict(model.relations)
        self.frame.readers.update(self.steps.but(changes), relations, (), changes)
        return relations

    def _read(
        self, signed: Iterable[tuple[Signature, clingo.Symbol]]
    ) -> Iterable[tuple[Signature, clingo.Symbol]]:
        return (item for item in signed if item[0] in self.frame.reads)

    def outcomes_in(self, relations: Mapping[Signature, Relation]) -> list[clingo.Symbol]:
        """The atoms that the program reads as its answer."""
        return [
            symbol_of_atom(signature[0], row)
            for signature in self.outcome_order
            if (found := relations.get(signature)) is not None
            for row in found.rows
        ]

    def solve(self, batch: Sequence[Facts]) -> list[list[clingo.Symbol]]:
        """The outcome atoms of each encounter."""
        return [self.known(facts).outcomes() for facts in batch]

    @cached_property
    def labels(self) -> dict[str, str]:
        """The policy's short labels, by code."""
        own = [n for n, head in enumerate(self.frame.order.heads) if head == LABEL]
        heads = [step.clause.head for n in own if (step := self.steps[n]) is not None]
        return {head.terms[0].text[1:-1]: head.terms[1].text[1:-1] for head in heads}

    # ---- the grounder's way ----

    @cached_property
    def grounding(self) -> Grounding:
        """The same rulebook for the grounder."""
        from infucode.engine.grounding import Grounding

        return Grounding(self.book)

    @property
    def folded(self) -> list[tuple[int, Clause]]:
        """The clauses that the settings leave, each with its position."""
        return self.grounding.folded

    @property
    def lifted(self) -> frozenset[Signature]:
        """The predicates that hang on an encounter."""
        return self.grounding.lifted

    def text(self, shape: Shape, *, whole: bool = False) -> Text:
        """The slice for facts of a shape."""
        return self.grounding.text(shape, whole=whole)

    def run(self, facts: Facts, *, whole: bool = False) -> Grounded:
        """Ground the slice over complete facts."""
        return self.grounding.run(facts, whole=whole)

    def run_many(self, batch: Sequence[Facts]) -> list[list[clingo.Symbol]]:
        """The outcome atoms of each of a batch of encounters, from one grounding."""
        return self.grounding.run_many(batch)

    def outcomes_of(self, grounded: Grounded) -> list[clingo.Symbol]:
        """The outcome atoms of a single run of the grounder."""
        return self.grounding.outcomes_of(grounded)


def _state(
    relations: dict[Signature, Relation], signed: Iterable[tuple[Signature, clingo.Symbol]]
) -> None:
    for signature, symbol in signed:
        relation = relations.get(signature)
        if relation is None:
            relation = relations[signature] = Relation()
        relation.rows[row_of(symbol)] = None
