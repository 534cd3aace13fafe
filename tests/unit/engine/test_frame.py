"""The strata that can fire on an encounter give what all strata give."""

from __future__ import annotations

from pathlib import Path

import pytest

from infucode import Policy, load_encounter
from infucode.engine.facts import facts_of
from infucode.engine.fixpoint import answer
from infucode.engine.program import Program

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "benchmarks").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_cannot_fire_is_left_out_and_nothing_else(path: Path) -> None:
    policy = Policy.load("cpcp026")
    encounter = load_encounter(path)
    program: Program = policy.program(policy.rulebook(encounter.date))
    facts = facts_of(encounter, policy.library.vocabulary)
    model = program.model(facts)
    stated = {signature for signature, _ in facts.signed} | set(program.tables)
    whole = {
        s: r for s, r in model.relations.items() if s in program.inputs or s in program.tables
    }
    answer(program.frame.about, program.steps, whole)
    assert {s: r.rows for s, r in whole.items()} == {
        s: r.rows for s, r in model.relations.items()
    }
    live = program.frame.live(stated)
    assert live is program.frame.live(stated)
    left_out = {head for stratum in program.frame.about for head in stratum.heads} - {
        head for stratum in live for head in stratum.heads
    }
    assert ("deny", 2) in left_out and ("line", 6) not in left_out
