"""Which rules fired in an answer, by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from infucode.engine.derivations import Derivations
from infucode.engine.fixpoint import Stratum
from infucode.engine.program import Program
from infucode.engine.relations import Relation
from infucode.passes.instances import Instance
from infucode.passes.slices import Shape, Slicer, Slot
from infucode.passes.values import TEXT_MARK, GroundAtom, Value
from infucode.policy import Solved
from infucode.questions.check import Judged
from infucode.questions.completions import MOST_SETS
from infucode.questions.reasons import Reasons
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Clause, Signature
from infucode.rulebook.types import SETTINGS

ARRANGING = frozenset({("opens", 2), ("own_line", 3), ("charged_access", 3), ("remark", 2)})
"""Outcomes that only arrange or tell: by themselves they do not make a rule fire."""
READY = 8
"""So many programs are kept ready to be asked."""


def fired_rules(solved: Solved) -> frozenset[str]:
    """The ids of the rules that fired in any code set, and of the notices that were given.

    An id that gives outcomes fired where one of them is in the answer; an id of helpers only,
    where an instance of one rests on what the record states, or stands behind one that does.
    So a table fires where one of its rows was used.
    """
    found = {warning.rule for warning in solved.solution.warnings}
    for item in solved._found[:MOST_SETS]:
        found |= _fired(item.reasons)
    return frozenset(found)


def fired_in_claim(judged: Judged) -> frozenset[str]:
    """The ids of the rules that fired over the lines of a claim."""
    found = {violation.rule for violation in judged.checked.violations}
    return frozenset(found | (_fired(judged.reasons) if judged.reasons else set()))


def decisive_ids(book: Rulebook, outcomes: Iterable[tuple[str, int]]) -> set[str]:
    """The ids that have a rule whose head is an outcome."""
    known = set(outcomes)
    return {rule.papers.id for rule in book.rules if rule.clause.head.signature in known}


def _fired(reasons: Reasons) -> set[str]:
    asked = _asked(reasons.program)
    rules = reasons.program.book.rules
    found: set[str] = set()
    for item in asked.live(reasons.derivations, reasons.facts.shape):
        id = rules[item.rule].papers.id
        if (item.head[0], len(item.head) - 1) in asked.outcomes or id not in asked.decisive:
            found.add(id)
    return found


@lru_cache(maxsize=READY)
def _asked(program: Program) -> _Asked:
    return _Asked(program)


class _Asked:
    """What is the same for every answer of one program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.outcomes = program.outcomes - ARRANGING
        self.decisive = decisive_ids(program.book, self.outcomes)
        frame = program.frame
        self._about = _clauses(program, frame.about)
        self._tables = frozenset(n for stratum in frame.tables for n in stratum.rules)
        self._held = _shape_of(program.tables)
        self._slicer = Slicer([clause for _, clause in self._about], program.outcomes)

    def live(self, derivations: Derivations, shape: Shape) -> Iterator[Instance]:
        """The instances that rest on the record, and all that stand behind them."""
        reached = self._reached(shape)
        waiting = list(self._resting(derivations, reached))
        seen = set(waiting)
        while waiting:
            item = waiting.pop()
            yield item
            for atom in _holds(item):
                for other in derivations.behind(atom):
                    if other not in seen and other.rule in reached:
                        seen.add(other)
                        waiting.append(other)

    def _reached(self, shape: Shape) -> frozenset[int]:
        """The rules through which facts of a shape can reach an outcome, and all tables."""
        cut = self._slicer.slice({**self._held, **shape})
        return self._tables.union(self._about[index][0] for index, _ in cut)

    def _resting(self, derivations: Derivations, reached: frozenset[int]) -> Iterator[Instance]:
        """The instances that rest on what the record states, in the order of definition."""
        about = {
            (name, *row)
            for (name, arity), relation in derivations.relations.items()
            if (name, arity) in self.program.inputs and (name, arity) not in SETTINGS
            for row in relation.rows
        }
        for stratum in self.program.frame.about:
            items = [
                item
                for head in stratum.heads
                if head in derivations.relations
                for own in derivations.of(head).values()
                for item in own
                if item.rule in reached
            ]
            grows = bool(items)
            while grows:
                left = [item for item in items if not _rests(item, about)]
                rests = [item for item in items if _rests(item, about)]
                yield from rests
                about.update(item.head for item in rests)
                grows = stratum.recursive and bool(rests) and bool(left)
                items = left


def _clauses(program: Program, strata: Iterable[Stratum]) -> list[tuple[int, Clause]]:
    """The rules of some strata that the settings leave, each with its position."""
    steps = ((n, program.steps[n]) for stratum in strata for n in stratum.rules)
    return [(n, step.clause) for n, step in steps if step is not None]


def _shape_of(relations: Mapping[Signature, Relation]) -> Shape:
    """Which words stand at each place of what holds of every encounter."""
    return {
        signature: [_slot([row[n] for row in relation.rows]) for n in range(signature[1])]
        for signature, relation in relations.items()
    }


def _slot(values: Sequence[Value]) -> Slot:
    words = [v for v in values if isinstance(v, str) and not v.startswith(TEXT_MARK)]
    return frozenset(words) if len(words) == len(values) else None


def _rests(item: Instance, about: set[GroundAtom]) -> bool:
    return any(atom in about for atom in _holds(item))


def _holds(item: Instance) -> Iterator[GroundAtom]:
    yield from item.holds
    for element in item.elements:
        yield from element.holds
