"""What questions about all encounters cost: `diff`, a what-if, and `prove`.

Run: `python -m benchmarks.prove`; `--part 54` answers one in 54 parts of the five-service
encounters of the space `time`; `--whole` answers all of up to five.
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
from infucode.questions.what_if import change_of
from infucode.space.asking_again import AskingAgain
from infucode.space.prove import Prover, library_of
from infucode.space.spaces import space_named

POLICIES = Path(__file__).resolve().parents[1] / "policies"
SERVICES = 5
CUT = 40
ASKED = 200
WANTED = {"diff": "10 s", "what-if": "2 ms", "prove": "both plans in 600 s on two cores"}


def smallest_disagreement(one: str, other: str) -> float:
    """Seconds of `infucode diff` from nothing to the smallest disagreement of two plans."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "infucode", "diff", one, other, "--space", "places"]
    command += ["--services", "1", "--jobs", "1", "--format", "json"]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def what_if(plan: str, administrations: int, *, explain: bool = False) -> tuple[float, float]:
    """Milliseconds of a what-if, from the change to the solution: the first, and the median of
    the others. The document is read again each time."""
    encounter = load_encounter(str(EXAMPLES[administrations]))
    asking = AskingAgain(Policy.load(plan), encounter, questions=ASKED)
    first = encounter.administrations[0].id
    taken = []
    for minutes in range(10, 10 + ASKED):
        begin = time.process_time()
        other = asking.changed([change_of(f"{first}.minutes={minutes}")])
        asking.solve(other, explain=explain)
        taken.append((time.process_time() - begin) * 1000)
    return taken[0], statistics.median(taken[1:])


def proved(plan: str, space: str, services: int) -> tuple[int, float, float]:
    """Encounters of all sizes under all invariants, seconds for them and megabytes."""
    begin = time.process_time()
    prover = _prover(plan, space)
    verdicts = prover.run(services)
    assert all(verdict.broken is None for verdict in verdicts)
    return sum(prover.walk.looked.values()), time.process_time() - begin, _megabytes()


def sampled(plan: str, every: int) -> tuple[int, float, float]:
    """The same for neighbouring parts of the largest size alone, one in so many."""
    every_one = _prover(plan, "time")
    kinds = every_one.walk.sized(SERVICES).kinds
    asked = [
        one.id
        for one in every_one.invariants
        if every_one.most(one.id) >= SERVICES and kinds.issuperset(one.changes)
    ]
    prover = _prover(plan, "time", *asked)
    parts = prover.walk.sized(SERVICES).cubes(CUT)
    first, number = len(parts) // 2, max(1, len(parts) // every)
    begin = time.process_time()
    encounters = sum(prover.part(SERVICES, cube)[0] for cube in parts[first : first + number])
    return encounters, time.process_time() - begin, _megabytes()


def _prover(plan: str, space: str, *asked: str) -> Prover:
    library = library_of(POLICIES, plan)
    day = library.profile.versions[-1].since
    return Prover(library, space_named(POLICIES, space), day, {}, asked)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _told(table: Table, name: str, found: tuple[int, float, float]) -> None:
    number, seconds, most = found
    each = f"{seconds:,.0f} s for {number:,}, {seconds / number * 1e6:,.0f} microseconds each"
    table.add_row(name, f"{each}; {most:,.0f} MB", WANTED["prove"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", type=int, default=12, help="one in so many parts")
    parser.add_argument("--whole", action="store_true", help="every part")
    options = parser.parse_args()
    table = Table("what", "cost", "wanted")
    one, other = Policy.plans(POLICIES)[:2]
    cost = smallest_disagreement(one, other)
    table.add_row(f"diff {one} {other}, smallest", f"{cost:.1f} s", WANTED["diff"])
    for administrations in EXAMPLES:
        for explain in (False, True):
            first, median = what_if(one, administrations, explain=explain)
            table.add_row(
                f"what-if, {administrations} administrations{', with reasons' * explain}",
                f"{median:.2f} ms at the median; the first {first:,.0f} ms",
                "" if explain else WANTED["what-if"],
            )
    for plan in (one, other):
        _told(table, f"prove {plan}, clock, 3 services", proved(plan, "clock", 3))
    for plan in (one, other):
        if options.whole:
            _told(table, f"prove {plan}, time, 5 services", proved(plan, "time", SERVICES))
        else:
            name = f"prove {plan}, time, one in {options.part} parts of 5 services"
            _told(table, name, sampled(plan, options.part))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
