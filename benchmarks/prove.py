"""What questions about all encounters cost: `diff`, a what-if, and `prove`.

Run: `python -m benchmarks.prove`; `--part 54` answers one in 54 parts of the five-service
encounters of the space `time` and says what all of them would take; `--whole` answers all.
Processor time, so that the figures hold on a busy machine; `diff` with loading, as a command.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.solve import EXAMPLES
from infucode import Policy, load_encounter
from infucode.questions.what_if import change_of, changed
from infucode.space.prove import Prover, library_of
from infucode.space.spaces import space_named

POLICIES = Path(__file__).resolve().parents[1] / "policies"
SERVICES = 5
CUT = 40
ASKED = 200
WANTED = {"diff": "10 s", "what-if": "2 ms", "prove": "600 s on two cores"}


def smallest_disagreement(one: str, other: str) -> float:
    """Seconds of `infucode diff` from nothing to the smallest disagreement of two plans."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "infucode", "diff", one, other, "--space", "places"]
    command += ["--services", "1", "--jobs", "1", "--format", "json"]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def what_if(plan: str) -> float:
    """Milliseconds of one what-if at the median, after the first."""
    encounter = load_encounter(str(EXAMPLES[3]))
    policy = Policy.load(plan)
    first = encounter.administrations[0].id
    taken = []
    for minutes in range(10, 10 + ASKED):
        begin = time.process_time()
        other = changed(encounter, [change_of(f"{first}.minutes={minutes}")])
        policy.solve(other, explain=False)
        taken.append((time.process_time() - begin) * 1000)
    return statistics.median(taken[1:])


def proved(plan: str, every: int) -> tuple[int, int, float, float]:
    """Encounters of one in so many parts, parts of all, seconds for them and megabytes."""
    library = library_of(POLICIES, plan)
    day = library.profile.versions[-1].since
    space = space_named(POLICIES, "time")
    every_one = Prover(library, space, day, {})
    asked = [one.id for one in every_one.invariants if every_one.most(one.id) >= SERVICES]
    prover = Prover(library, space, day, {}, asked)
    parts = prover.walk.sized(SERVICES).cubes(CUT)
    begin, number = time.process_time(), 0
    for cube in parts[every // 2 :: every]:
        number += prover.part(SERVICES, cube)[0]
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return number, len(parts), time.process_time() - begin, most


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", type=int, default=216, help="one in so many parts")
    parser.add_argument("--whole", action="store_true", help="every part")
    options = parser.parse_args()
    every = 1 if options.whole else options.part
    table = Table("what", "cost", "wanted")
    one, other = Policy.plans(POLICIES)[:2]
    cost = smallest_disagreement(one, other)
    table.add_row(f"diff {one} {other}, smallest", f"{cost:.1f} s", WANTED["diff"])
    table.add_row("what-if, median", f"{what_if(one):.2f} ms", WANTED["what-if"])
    for plan in (one, other):
        number, parts, seconds, most = proved(plan, every)
        all = seconds / max(1, len(range(every // 2, parts, every))) * parts
        table.add_row(
            f"prove {plan}, {SERVICES} services: {number:,} in {seconds:.0f} s",
            f"{number / seconds:,.0f} a second; all parts about {all:,.0f} s; {most:,.0f} MB",
            WANTED["prove"],
        )
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
