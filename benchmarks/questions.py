"""What `why-not` and `unlock` cost, warm, for eight administrations.

Run: `python -m benchmarks.questions`. Medians in one process, wall and processor time, of every
code with a label that the claim does not have; compare figures of one run only. The answer of
`solve` is there already for `why-not`; `unlock` includes it. Where nothing that is missing can
help, most of the time goes into the smallest core, so it stands apart.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from benchmarks.solve import EXAMPLES
from infucode import Policy, load_encounter
from infucode.model.encounter import Encounter
from infucode.questions.unlock import Asked
from infucode.questions.why_not import Asked as WhyAsked
from infucode.questions.why_not import WhyNotAsker

RUNS = 1
Times = dict[str, tuple[float, float]]


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Median wall and processor milliseconds of a few runs after a first one."""
    work()
    walls, cores = [], []
    for _ in range(RUNS):
        wall, core = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - wall) * 1000)
        cores.append((time.process_time() - core) * 1000)
    return statistics.median(walls), statistics.median(cores)


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
    why: Times = {}
    unlock: dict[str, Times] = {}
    for code in missing(policy, encounter)[:: chosen.every]:
        question, wanted = Asked(code), WhyAsked(code)
        why[code] = timed(lambda wanted=wanted: asker.answer(wanted))  # type: ignore[misc]
        state = policy.unlock(encounter, question).state
        own = unlock.setdefault(state, {})
        own[code] = timed(lambda question=question: policy.unlock(encounter, question))  # type: ignore[misc]
    table = Table("question", "codes", "ms, median", "ms of processor", "dearest")
    for name, times in (("why-not", why), *((f"unlock, {s}", t) for s, t in unlock.items())):
        walls, cores = zip(*times.values(), strict=True)
        dearest = max(times, key=lambda code: times[code][0])
        table.add_row(
            name, str(len(times)), f"{statistics.median(walls):.1f}",
            f"{statistics.median(cores):.1f}", f"{dearest}: {times[dearest][0]:.0f}",
        )  # fmt: skip
    base = timed(lambda: policy.solve(encounter, explain=False))
    table.add_row("solve, for comparison", "", f"{base[0]:.1f}", f"{base[1]:.1f}", "")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
