"""What nearly held: rule bodies of which one comparison alone fails, with its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from infucode.engine.derivations import Derivations
from infucode.engine.relations import read
from infucode.passes.instances import ANY, Instance, compile_instances
from infucode.passes.values import GroundAtom, Row, term_value
from infucode.questions.explain_numbers import ORDERINGS, is_telling
from infucode.questions.proofs import signature_of
from infucode.rulebook.language import Atom, Clause, Comparison, Literal
from infucode.rulebook.types import SETTINGS

DEEPEST = 4
"""How many rules that only pass on what another gives are looked through."""


class Miss(NamedTuple):
    """An instance of a rule that would have fired, had one comparison held."""

    item: Instance
    clause: Clause
    formula: Comparison
    values: Row

    @property
    def distance(self) -> int:
        """By how much the two sides miss each other."""
        left, right = self.values[0], self.values[-1]
        return abs(left - right) if isinstance(left, int) and isinstance(right, int) else 0


class Near:
    """Runs rules over a finished answer with a comparison turned round."""

    def __init__(self, derivations: Derivations) -> None:
        self.derivations, self.frame = derivations, derivations.frame
        self._misses: dict[int, list[Miss]] = {}

    def run(self, position: int, clause: Clause) -> list[Instance]:
        """How a clause fires over the answer; `position` is the rule that it stands for."""
        relations = self.derivations.relations
        if any(atom.signature not in relations for atom in clause.positive()):
            return []
        found: list[tuple[Any, ...]] = []
        compiled = compile_instances(clause)
        reads = [read(relations, access) for access in compiled.accesses]
        compiled.function(found.append, *reads, *compiled.constants)
        return [Instance(position, *item) for item in found]

    def misses(self, pattern: GroundAtom, depth: int = DEEPEST) -> list[Miss]:
        """What would have given an atom of this pattern, nearest first; `ANY` fits all."""
        found: dict[tuple[object, ...], Miss] = {}
        for miss in self._through(pattern, depth, set()):
            found.setdefault((miss.item.rule, miss.values, miss.item.variables), miss)
        return sorted(found.values(), key=lambda miss: miss.distance)

    def _through(self, pattern: GroundAtom, depth: int, seen: set[GroundAtom]) -> Iterator[Miss]:
        if pattern in seen:
            return
        seen.add(pattern)
        for position in self.frame.positions.get(signature_of(pattern), ()):
            clause = self.frame.rules[position].clause
            if not clause.body:
                return
            yield from (m for m in self._of(position) if _fits(m.item.head, pattern))
            below = passed_on(clause)
            if below is not None and depth and self._settings_hold(clause):
                yield from self._through(_inner(clause, below, pattern), depth - 1, seen)

    def _of(self, position: int) -> list[Miss]:
        if position not in self._misses:
            self._misses[position] = list(self._find(position))
        return self._misses[position]

    def _find(self, position: int) -> Iterator[Miss]:
        clause = self.frame.rules[position].clause
        for place, literal in enumerate(clause.body):
            formula = literal.formula
            if not isinstance(formula, Comparison) or literal.signs or not turns(formula):
                continue
            turned = replace(formula, operators=(ORDERINGS[formula.operators[0]],))
            body = (*clause.body[:place], Literal(turned), *clause.body[place + 1 :])
            number = sum(isinstance(x.formula, Comparison) for x in clause.body[:place])
            for item in self.run(position, replace(clause, body=body)):
                yield Miss(item, clause, formula, item.compared[number])

    def _settings_hold(self, clause: Clause) -> bool:
        """Whether the plan answers its switches as the rule wants them."""
        for literal in clause.body:
            atom = literal.atom
            if atom is None or atom.signature not in SETTINGS or atom.name != "reading":
                continue
            rows = self.derivations.relations[atom.signature].rows
            if (tuple(term.text for term in atom.terms) in rows) == bool(literal.signs):
                return False
        return True


def turns(formula: Comparison) -> bool:
    """Whether it is one comparison of size that says something."""
    return (
        len(formula.operators) == 1 and formula.operators[0] in ORDERINGS and is_telling(formula)
    )


def passed_on(clause: Clause) -> Atom | None:
    """The one atom that a rule rests on beside settings; None where there are more."""
    others = [x for x in clause.body if x.atom is None or x.atom.signature not in SETTINGS]
    if len(others) != 1 or others[0].signs or others[0].atom is None:
        return None
    return others[0].atom


def _inner(clause: Clause, below: Atom, pattern: GroundAtom) -> GroundAtom:
    """The pattern of the atom that a rule passes on."""
    bound = {
        term.text: value
        for term, value in zip(clause.head.terms, pattern[1:], strict=True)
        if term.kind == "variable"
    }
    values = [
        bound.get(t.text, ANY.text) if t.kind == "variable" else term_value(t)
        for t in below.terms
    ]
    return (below.name, *values)


def _fits(head: GroundAtom, pattern: Sequence[object]) -> bool:
    return all(wanted in (ANY.text, own) for own, wanted in zip(head, pattern, strict=True))
