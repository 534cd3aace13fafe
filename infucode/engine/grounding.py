"""The grounder's way to an answer: rules folded, sliced by the facts at hand, lifted for batches.

It is what the compiled rules are checked against, and what an audit asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import clingo

from infucode.engine.control import Grounded, ground
from infucode.engine.facts import Facts, constant
from infucode.errors import PolicyError, Problem
from infucode.passes.fold import fold_all, setting_terms
from infucode.passes.lift import ENCOUNTER, dependent, lift, merge_shapes
from infucode.passes.slices import MOST_SLICES, Shape, Slicer
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Clause, Signature
from infucode.rulebook.library import Library, input_signatures, outcome_signatures
from infucode.rulebook.rules import Rule, weave


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


class Grounding:
    """The program of one rulebook as text for the grounder. Equal facts give equal atoms."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.folded = fold_all([rule.clause for rule in book.rules], setting_terms(book))
        self.outcomes = outcome_signatures(book.vocabulary)
        clauses = [clause for _, clause in self.folded]
        inputs = input_signatures(book.vocabulary)
        self.slicer = Slicer(clauses, self.outcomes)
        self.lifted = dependent(clauses, [*inputs, *self.outcomes])
        self._texts: dict[int, Text] = {}

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
    try:
        ground(lines, [], places)
    except PolicyError as error:
        by_place = {rule.place: rule for rule in rules}
        raise PolicyError([_located(p, by_place) for p in error.problems]) from None


def _located(problem: Problem, rules: Mapping[str, Rule]) -> Problem:
    """A problem of a rule with its column: where the variable stands that it names first."""
    rule = rules.get(f"{problem.file}:{problem.line}")
    if rule is None or problem.column:
        return problem
    _, _, named = problem.message.partition("`")
    terms = (t for t in rule.clause.terms() if t.text == named.partition("`")[0])
    return rule.problem(problem.message, problem.help, next((t.place for t in terms), None))
