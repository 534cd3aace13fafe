"""What clingo makes of each rule over a finished answer: its ground instances, and their time."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import clingo

from infucode.engine.control import ground
from infucode.engine.facts import Facts
from infucode.engine.program import Program
from infucode.passes.replay import FIRED, replay_lines
from infucode.passes.values import symbol_of_atom
from infucode.rulebook.language import Clause, Signature

FIRED_PLACES = 7
"""The arguments of the atom that stands for an instance."""
NOTHING, RULE = "nothing", "rule"
"""The parts of a program: one to be prepared by, and the clause."""


@dataclass(slots=True)
class Ground:
    """The ground instances of one rule in all encounters that were grounded."""

    instances: int = 0
    nanoseconds: int = 0
    clauses: int = 0

    def add(self, other: Ground) -> None:
        """Count those of another too."""
        self.instances += other.instances
        self.nanoseconds += other.nanoseconds
        self.clauses += other.clauses


def whole_seconds(program: Program, facts: Facts) -> float:
    """Processor time of grounding the whole program over what an encounter states."""
    begun = time.process_time()
    program.run(facts)
    return time.process_time() - begun


def ground_instances(program: Program, facts: Facts) -> dict[str, Ground]:
    """Ground each clause alone over the finished answer of an encounter; by rule id.

    The answer is stated, so a clause is grounded as it is in the whole program and gives no
    other clause more to do. What grounding nothing takes is left out. Raises what grounding
    raises.
    """
    relations = program.known(facts).relations
    atoms = {
        signature: [symbol_of_atom(signature[0], row) for row in relation.rows]
        for signature, relation in [*relations.items(), *program.settings.items()]
    }
    found: dict[str, Ground] = {}
    for stratum in program.frame.about:
        for position in stratum.rules:
            step = program.steps[position]
            if step is not None and step.can_fire(relations):
                rule = program.book.rules[position].papers.id
                found.setdefault(rule, Ground()).add(_grounded(step.clause, atoms))
    return found


def _grounded(clause: Clause, atoms: Mapping[Signature, Sequence[clingo.Symbol]]) -> Ground:
    reads = dict.fromkeys(atom.signature for atom in clause.atoms())
    control = ground([], [atom for key in reads for atom in atoms.get(key, ())]).control
    control.add(NOTHING, [], "")
    control.add(RULE, [], replay_lines(0, clause)[0])
    _nanoseconds(control, NOTHING)
    empty = _nanoseconds(control, NOTHING)
    spent = _nanoseconds(control, RULE) - empty
    instances = control.symbolic_atoms.by_signature(FIRED, FIRED_PLACES)
    return Ground(sum(1 for _ in instances), max(spent, 0), 1)


def _nanoseconds(control: clingo.Control, part: str) -> int:
    begun = time.process_time_ns()
    control.ground([(part, [])])
    return time.process_time_ns() - begun
