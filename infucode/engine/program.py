"""A rulebook ready to run: folded once, sliced by the facts at hand, lifted for batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import clingo

from infucode.engine.control import Grounded, ground
from infucode.engine.facts import Facts, constant
from infucode.passes.fold import fold_all, setting_terms
from infucode.passes.lift import ENCOUNTER, dependent, lift, merge_shapes
from infucode.passes.slices import MOST_SLICES, Shape, Slicer
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Clause, Signature
from infucode.rulebook.library import Library, outcome_signatures
from infucode.rulebook.rules import weave

LABEL: Signature = ("label", 2)


@dataclass(slots=True)
class Text:
    """Program text, one statement a line, and where each line comes from."""

    lines: list[str]
    places: list[str]
    clauses: list[Clause]
    reads: frozenset[Signature]
    """The predicates that its bodies read; other facts are left out."""
    rules: tuple[int, ...]
    """The index in the rulebook of the rule behind each line."""
    slice: list[tuple[int, Clause]]
    """What it was made from, held so that no other slice can take its identity."""
    lifted: list[str] | None = None


@dataclass(slots=True)
class Program:
    """The program of one rulebook. Equal facts give equal atoms."""

    book: Rulebook
    folded: list[tuple[int, Clause]]
    slicer: Slicer
    lifted: frozenset[Signature]
    outcomes: frozenset[Signature]
    _texts: dict[int, Text] = field(default_factory=dict)
    _labels: dict[str, str] | None = None

    @classmethod
    def of(cls, book: Rulebook) -> Program:
        """Fold a rulebook and prepare its slices."""
        folded = fold_all([rule.clause for rule in book.rules], setting_terms(book))
        outcomes = outcome_signatures(book.vocabulary)
        inputs = [p.signature for p in book.vocabulary.values() if p.kind in ("input", "assumed")]
        clauses = [clause for _, clause in folded]
        lifted = dependent(clauses, [*inputs, *outcomes])
        return cls(book, folded, Slicer(clauses, outcomes), lifted, outcomes)

    def text(self, shape: Shape, *, whole: bool = False) -> Text:
        """The slice for facts of a shape."""
        cut = self.slicer.slice(shape, whole=whole)
        found = self._texts.get(id(cut))
        if found is None:
            if len(self._texts) >= MOST_SLICES:
                self._texts.clear()
            rules = tuple(self.folded[i][0] for i, _ in cut)
            clauses = [clause for _, clause in cut]
            reads = frozenset(atom.signature for clause in clauses for atom in clause.atoms())
            found = self._texts[id(cut)] = Text(
                [str(clause) for clause in clauses],
                [self.book.rules[i].place for i in rules],
                clauses,
                reads,
                rules,
                cut,
            )
        return found

    def run(self, facts: Facts, *, whole: bool = False) -> Grounded:
        """Ground the slice over complete facts; every atom is then a fact.

        With `whole`, rules that reach no outcome are run too and all facts are kept.
        Raises PolicyError if the rules leave an atom open.
        """
        text = self.text(facts.shape, whole=whole)
        used = [atom for key, atom in facts.signed if whole or key in text.reads]
        return ground(text.lines, used, text.places)

    def solve(self, batch: Sequence[Facts]) -> list[list[clingo.Symbol]]:
        """The outcome atoms of each encounter, in one grounding if there are several."""
        if len(batch) == 1:
            return [self.outcomes_of(self.run(batch[0]))]
        return self.run_many(batch)

    def run_many(self, batch: Sequence[Facts]) -> list[list[clingo.Symbol]]:
        """The outcome atoms of each of a batch of encounters, from one grounding."""
        text = self.text(merge_shapes(facts.shape for facts in batch))
        if text.lifted is None:
            text.lifted = [str(lift(clause, self.lifted)) for clause in text.clauses]
        facts = _lifted_facts(batch, text.reads)
        grounded = ground(text.lifted, facts, text.places)
        found: dict[clingo.Symbol, list[clingo.Symbol]] = {}
        for name, arity in self.outcomes:
            for atom in grounded.of(name, arity + 1):
                first, *rest = atom.arguments
                found.setdefault(first, []).append(clingo.Function(name, rest))
        return [found.get(constant(f"e{i}"), []) for i in range(len(batch))]

    @property
    def labels(self) -> dict[str, str]:
        """The policy's short labels, by code."""
        if self._labels is None:
            self._labels = {
                clause.head.terms[0].text[1:-1]: clause.head.terms[1].text[1:-1]
                for _, clause in self.folded
                if clause.head.signature == LABEL
            }
        return self._labels

    def outcomes_of(self, grounded: Grounded) -> list[clingo.Symbol]:
        """The outcome atoms of a single run."""
        return [atom for name, arity in self.outcomes for atom in grounded.of(name, arity)]


def _lifted_facts(batch: Sequence[Facts], reads: frozenset[Signature]) -> list[clingo.Symbol]:
    atoms = []
    for number, facts in enumerate(batch):
        encounter = constant(f"e{number}")
        atoms.append(clingo.Function(ENCOUNTER, [encounter]))
        atoms += [
            clingo.Function(key[0], [encounter, *atom.arguments])
            for key, atom in facts.signed
            if key in reads
        ]
    return atoms


def check_safety(library: Library) -> None:
    """Ground every rule over nothing. Raises PolicyError for unsafe variables and the like.

    Table rows stay out, so that a rule which joins tables without end cannot hang the load.
    """
    woven = weave(library.rules, outcome_signatures(library.vocabulary))
    rules = [rule for rule in woven if rule.clause.body or any(rule.clause.head.variables())]
    lines = [str(rule.clause) for rule in rules]
    places = [rule.place for rule in rules]
    ground(lines, [], places)
