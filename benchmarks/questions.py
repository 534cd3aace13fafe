"""What `why-not` and `unlock` cost, warm, for eight administrations.

Run: `python -m benchmarks.questions`. Medians in one process of every code with a label that the
claim does not have: wall time, processor time, and *ticks*, a fixed piece of plain Python timed
before and after each question; compare figures of one run only. The answer of `solve` is there
already for `why-not`; `unlock` includes it. Where nothing that is missing can help, most of the
time of `unlock` goes into the smallest core, so it stands apart; so does a code of which
`why-not` tells no miss.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.batch import tick
from benchmarks.solve import EXAMPLES
from infucode import Policy, load_encounter
from infucode.model.encounter import Encounter
from infucode.questions.unlock import Asked
from infucode.questions.why_not import Asked as WhyAsked
from infucode.questions.why_not import WhyNotAsker

RUNS = 3
TARGETS = {"why-not": 40, "unlock": 120}
"""Milliseconds at the median that are wanted."""


class Cost(NamedTuple):
    """What a question cost, in milliseconds and in ticks."""

    wall: float
    core: float
    ticks: float


Costs = dict[str, Cost]


def timed(work: Callable[[], object]) -> Cost:
    """The least of a few runs after a first one."""
    work()
    walls, cores, before = [], [], tick()
    for _ in range(RUNS):
        wall, core = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - wall) * 1000)
        cores.append((time.process_time() - core) * 1000)
    own = (before + tick()) / 2 * 1000
    return Cost(min(walls), min(cores), min(cores) / own)


def missing(policy: Policy, encounter: Encounter) -> list[str]:
    """The labelled codes that no code set has."""
    solution = policy.solve(encounter, explain=False).solution
    have = {line.code for s in solution.code_sets for line in s.lines}
    labels = policy.program(policy.rulebook(encounter.date)).labels
    return sorted(set(labels) - have)


def main() -> None:
    """Print the medians over all codes, and the dearest ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth code")
    chosen = parser.parse_args()
    policy = Policy.load()
    encounter = load_encounter(EXAMPLES[8])
    solved = policy.solve(encounter)
    asker = WhyNotAsker(encounter, solved.solution, solved.found)
    why: dict[str, Costs] = {}
    unlock: dict[str, Costs] = {}
    for code in missing(policy, encounter)[:: chosen.every]:
        question, wanted = Asked(code), WhyAsked(code)
        told = "told" if asker.answer(wanted).misses else "no miss"
        why.setdefault(told, {})[code] = timed(partial(asker.answer, wanted))
        state = policy.unlock(encounter, question).state
        unlock.setdefault(state, {})[code] = timed(partial(policy.unlock, encounter, question))
    table = Table("question", "codes", "ms, median", "ms of processor", "ticks", "dearest, ms")
    for name, groups in (("why-not", why), ("unlock", unlock)):
        whole = {code: cost for own in groups.values() for code, cost in own.items()}
        add(table, f"{name} (wanted: {TARGETS[name]} ms)", whole)
        for kind, own in groups.items():
            add(table, f"  {kind}", own)
    add(table, "solve", {"": timed(partial(policy.solve, encounter, explain=False))})
    Console(width=100).print(table)
    Console().print(f"one tick: {tick() * 1000:.1f} ms of processor time")


def add(table: Table, name: str, costs: Costs) -> None:
    """A row with the medians of some questions."""
    walls, cores, ticks = zip(*costs.values(), strict=True)
    dearest = max(costs, key=lambda code: costs[code].core)
    medians = (f"{statistics.median(own):.1f}" for own in (walls, cores, ticks))
    table.add_row(name, str(len(costs)), *medians, f"{dearest} {costs[dearest].core:.0f}".strip())


if __name__ == "__main__":
    main()
