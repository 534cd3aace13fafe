"""What a record would earn if it stated one fact more of which it is silent.

A repair says of a denied line what documentation it lacks, and only where the line would then
stand: each value that the fact may have is tried. Nothing that a record states is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from infucode.engine.claim_facts import Record
from infucode.engine.facts import facts_of
from infucode.model.encounter import Encounter
from infucode.model.solution import PolicyRef
from infucode.questions.check_record import coded
from infucode.questions.solve import Solver
from infucode.questions.unlock_evidence import FILE, Field, Silence
from infucode.questions.unlock_record import completed

MOST_SUPPOSED = 24
"""Completed records for one kind of fact."""


@dataclass(frozen=True)
class Supposed:
    """The record of a claim, with what is absent filled in."""

    solver: Solver
    encounter: Encounter
    policy: PolicyRef
    strict: bool = False

    def records(self, fact: str) -> Iterator[Record]:
        """What the record earns with each value of each absent fact of this kind.

        Nothing where the policy folder does not declare what may be supposed. Raises PolicyError
        where what it declares cannot be read.
        """
        program = self.solver.program
        folder = program.book.library.folder
        if not (folder / FILE).exists():
            return
        facts = facts_of(self.encounter, program.book.vocabulary)
        absent = Silence(program, self.encounter, facts, folder).of(fact)
        ways = [(f, value) for f in absent if self._may_be_asked(f) for value in f.values]
        for way in ways[:MOST_SUPPOSED]:
            yield self._record(completed(self.encounter, [way], facts.names))

    def _may_be_asked(self, field: Field) -> bool:
        """The first access needs no reason; only a further one does."""
        kind = self.solver.program.book.vocabulary[field.signature].types[0].name
        used = {item.access for item in self.encounter.administrations}
        return kind != "access" or field.id != min(used)

    def _record(self, encounter: Encounter) -> Record:
        facts = facts_of(encounter, self.solver.program.book.vocabulary)
        return coded(
            self.solver, encounter, facts, self.policy, explain=False, strict=self.strict
        ).record
