"""Several answers to the switches at once: which rules and tables hold under which of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from infucode.batch.engine.settled import firing_of
from infucode.engine.fixpoint import Step, Stratum, answer
from infucode.engine.program import Program
from infucode.engine.relations import Relation
from infucode.passes.values import Row
from infucode.rulebook.language import Clause, Signature

Bits = int
"""A bit for each answer to the switches."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one program, or of several that differ in a switch."""

    inputs: frozenset[Signature]
    strata: Sequence[tuple[Stratum, Sequence[tuple[Clause, Bits]]]]
    tables: Mapping[Signature, Mapping[Row, Bits]]
    variants: int = 1
    outcomes: frozenset[Signature] = field(default=frozenset())

    @property
    def all(self) -> Bits:
        """The bits of all variants."""
        return (1 << self.variants) - 1


def rules_of(programs: Sequence[Program], supposed: Iterable[Signature]) -> Rules:
    """The rules of programs of one frame, settled as far as they can be without an encounter."""
    frame = programs[0].frame
    inputs = frozenset((*programs[0].inputs, *supposed))
    tables = [{s: found for s, found in p.tables.items() if found.rows} for p in programs]
    steps = [program.steps for program in programs]
    strata = settled(frame.about, steps, tables, inputs)
    rows: dict[Signature, dict[Row, Bits]] = {}
    for number, known in enumerate(tables):
        for signature, relation in known.items():
            own = rows.setdefault(signature, {})
            for row in relation.rows:
                own[row] = own.get(row, 0) | 1 << number
    return Rules(inputs, strata, rows, len(programs), frozenset(programs[0].outcomes))


def settled(
    about: Iterable[Stratum],
    steps: Sequence[Sequence[Step | None]],
    tables: Sequence[dict[Signature, Relation]],
    inputs: frozenset[Signature],
) -> list[tuple[Stratum, list[tuple[Clause, Bits]]]]:
    """What `settle` does, for several variants that share what is open; adds to their tables."""
    open_ = set(inputs)
    found = []
    for stratum in about:
        own = [[step for n in stratum.rules if (step := s[n]) is not None] for s in steps]
        reads = {a.signature for part in own for step in part for a in step.clause.atoms()}
        if open_.isdisjoint(reads) and open_.isdisjoint(stratum.heads):
            for variant, known in zip(steps, tables, strict=True):
                answer((stratum,), variant, known)
            continue
        clauses: dict[Clause, Bits] = {}
        for number, (part, known) in enumerate(zip(own, tables, strict=True)):
            for step in firing_of(part, stratum, known, open_):
                clauses[step.clause] = clauses.get(step.clause, 0) | 1 << number
        if clauses:
            open_.update(clause.head.signature for clause in clauses)
            found.append((stratum, list(clauses.items())))
    return found
