"""What one encounter of eight administrations costs, and what each statement of policy adds.

Run: `python -m benchmarks.solve`. Medians of 200 in one process; compare figures of one run only.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infucode import Policy, load_encounter
from infucode.engine.answer import read_answer
from infucode.engine.control import ground
from infucode.engine.facts import facts_of
from infucode.engine.program import Program
from infucode.engine.trace import Tracer
from infucode.model.encounter import Encounter
from infucode.questions.hangs import StandIns
from infucode.questions.reasons import Reasons

RUNS = 200
ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "benchmarks" / "eight.yaml"


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median wall milliseconds of `work`, garbage collection off."""
    times = []
    gc.collect()
    gc.disable()
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    gc.enable()
    return statistics.median(times) * 1000


def main() -> None:
    """Print the table."""
    policy = Policy.load()
    encounter = load_encounter(EXAMPLE)
    day = encounter.date
    book = policy.rulebook(day)
    program = policy.program(book)
    facts = facts_of(encounter, policy.library.vocabulary)
    text = program.text(facts.shape)
    used = [atom for key, atom in facts.signed if key in text.reads]
    grounded = program.run(facts)
    atoms = program.outcomes_of(grounded)
    rules = sum(bool(clause.body) for clause in text.clauses)
    solver_rules = len(text.lines)
    rows = [
        ("load: read, check and join all policy files", median(Policy.load, 5)),
        ("build: fold the profile into the rules", median(lambda: Program.of(book), 20)),
        (
            "build: slice for a new shape of facts",
            median(lambda: Program.of(book).text(facts.shape), 20),
        ),
        ("facts", median(lambda: facts_of(encounter, policy.library.vocabulary))),
        ("ground", median(lambda: ground(text.lines, used, text.places))),
        ("read all atoms, each checked to be a fact", median(grounded.atoms)),
        ("decode", median(lambda: read_answer(atoms, facts.names, encounter))),
        ("solve, without explanation", median(lambda: policy.solve(encounter, explain=False))),
        ("solve, with messages and stand-ins", median(lambda: policy.solve(encounter), 50)),
        ("all proof trees and the confirmation", median(lambda: _explain(policy, encounter), 50)),
        ("the whole command", _command()),
    ]
    _print(rows, solver_rules, rules)
    _print_batch(program, encounter, policy, day)


def _explain(policy: Policy, encounter: Encounter) -> None:
    book = policy.rulebook(encounter.date)
    program = policy.program(book)
    facts = facts_of(encounter, policy.library.vocabulary)
    reasons = Reasons(program, Tracer(program), encounter, facts)
    assert reasons.full.confirmed
    for atom in reasons.atoms:
        if (atom.name, len(atom.arguments)) in program.outcomes:
            reasons.proof(atom)


def _command() -> float:
    def call() -> None:
        subprocess.run(
            [sys.executable, "-m", "infucode", "solve", str(EXAMPLE)],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    return median(call, 7)


def _print(rows: list[tuple[str, float]], statements: int, rules: int) -> None:
    table = Table("step", "ms", f"us per statement ({statements}, {rules} of them rules)")
    for name, value in rows:
        table.add_row(name, f"{value:.2f}", f"{value * 1000 / statements:.1f}")
    Console(width=100).print(table)


def _print_batch(program: Program, encounter: Encounter, policy: Policy, day: date) -> None:
    facts = facts_of(encounter, policy.library.vocabulary)
    table = Table("lifted batch", "ms an encounter")
    for size in (1, 10, 50, 100):
        table.add_row(
            str(size), f"{median(partial(program.run_many, [facts] * size), 5) / size:.2f}"
        )
    table.add_row("stand-ins asked", str(len(StandIns(program, lambda _n, _v: program).switches)))
    Console(width=100).print(table)
    Console(width=100).print(f"eight administrations, {day}, one process", style="dim")


if __name__ == "__main__":
    main()
