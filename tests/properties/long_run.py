"""The long run of three promises: compiled rules and a batch of the grounder give what the
grounder gives one by one, and its replay confirms.

    python -m tests.properties.long_run --examples 5000

Draws encounters with Hypothesis, both plans in turn, and prints the counts.
"""

from __future__ import annotations

import argparse
import time

from hypothesis import HealthCheck, Phase, given, settings

from infucode import Policy, encounter_from_data
from infucode.engine.facts import Facts, facts_of
from infucode.engine.program import Program
from infucode.engine.trace import Tracer
from tests.oracle.worlds import encounters

BATCH = 50


class Run:
    """Counts and keeps the encounters of one batch."""

    def __init__(self, plan: str, confirm: bool) -> None:
        self.policy = Policy.load(plan)
        self.confirm = confirm
        self.batches: dict[str, list[Facts]] = {}
        self.programs: dict[str, Program] = {}
        self.tracers: dict[str, Tracer] = {}
        self.single = self.batched = self.confirmed = 0

    def take(self, data: dict[str, object]) -> None:
        """One encounter: grounded alone, replayed, and put aside for its batch."""
        encounter = encounter_from_data(data)
        book = self.policy.rulebook(encounter.date)
        program = self.programs.setdefault(book.digest, self.policy.program(book))
        facts = facts_of(encounter, self.policy.library.vocabulary)
        if self.confirm:
            tracer = self.tracers.setdefault(book.digest, Tracer(program))
            atoms = program.run(facts).atoms()
            rules = program.text(facts.shape).rules
            trace = tracer.trace(atoms, [atom for _, atom in facts.signed], rules)
            assert trace.confirmed, (data, trace.unsupported, trace.missing)
            self.confirmed += 1
        batch = self.batches.setdefault(book.digest, [])
        batch.append(facts)
        if len(batch) >= BATCH:
            self.flush(book.digest)

    def flush(self, digest: str) -> None:
        """Ground one batch and compare each encounter with itself alone, and compiled."""
        program, batch = self.programs[digest], self.batches.pop(digest)
        for facts, atoms in zip(batch, program.run_many(batch), strict=True):
            alone = program.outcomes_of(program.run(facts))
            assert sorted(atoms) == sorted(alone)
            assert sorted(program.model(facts).outcomes()) == sorted(alone)
            self.single += 1
        self.batched += 1


def main() -> None:
    """Draw, compare, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, default=5000)
    parser.add_argument("--plan", action="append")
    options = parser.parse_args()
    plans = options.plan or ["cpcp026", "medicare"]
    for plan in plans:
        run = Run(plan, confirm=True)

        @settings(max_examples=options.examples // len(plans), deadline=None, database=None,
                  phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(data=encounters(unknown_stops=0))
        def compare(run: Run, data: dict[str, object]) -> None:
            run.take(data)

        start = time.monotonic()
        compare(run)
        for digest in list(run.batches):
            run.flush(digest)
        print(f"{plan}: {run.single} encounters in {run.batched} batches equal one by one, "
              f"{run.confirmed} confirmed by replay, {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
