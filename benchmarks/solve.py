"""What one encounter costs, with and without its explanation, beside the grounder's way.

Run: `python -m benchmarks.solve`, or `--memory 20000` for the memory of a long run. Medians in
one process, wall and processor time; compare figures of one run only.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infucode import Policy, load_encounter
from infucode.engine.answer import read_answer
from infucode.engine.facts import Facts, facts_of
from infucode.engine.program import Program
from infucode.engine.trace import Tracer
from infucode.model.encounter import Administration, Encounter
from infucode.questions.hangs import StandIns
from infucode.rulebook.store import OFF, VARIABLE

RUNS = 200
ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = {3: ROOT / "benchmarks" / "three.yaml", 8: ROOT / "benchmarks" / "eight.yaml"}
BATCH = 50
STEPS = 10
Row = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class Subject:
    """One encounter, ready to be solved."""

    policy: Policy
    encounter: Encounter
    program: Program
    facts: Facts


def subject(policy: Policy, path: Path) -> Subject:
    """The encounter of a file under the plan of its day."""
    encounter = load_encounter(path)
    program = policy.program(policy.rulebook(encounter.date))
    return Subject(policy, encounter, program, facts_of(encounter, policy.library.vocabulary))


def median(work: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """Median wall and processor milliseconds of `work`, garbage collection off."""
    walls, cores = [], []
    work()
    gc.collect()
    gc.disable()
    for _ in range(runs):
        wall, core = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cores.append(time.process_time() - core)
    gc.enable()
    return statistics.median(walls) * 1000, statistics.median(cores) * 1000


def proved(item: Subject, *, short: bool) -> None:
    """Solve, and prove every line: what decided, with its numbers, or every step."""
    item.policy.solve(item.encounter).proofs(short=short)


def confirmed(item: Subject) -> None:
    """Solve, prove every line in full, confirm."""
    solved = item.policy.solve(item.encounter)
    solved.proofs()
    assert solved.confirmed()


def audited(item: Subject) -> None:
    """The grounder's replay of the rules as written over the answer."""
    atoms = item.program.run(item.facts).atoms()
    rules = item.program.text(item.facts.shape).rules
    trace = Tracer(item.program).trace(atoms, [atom for _, atom in item.facts.signed], rules)
    assert trace.confirmed


def rows_of(size: int, item: Subject) -> list[Row]:
    """What one encounter costs, step by step."""
    policy, program, facts, encounter = item.policy, item.program, item.facts, item.encounter
    atoms = program.model(facts).outcomes()
    steps: list[tuple[str, Callable[[], object], int]] = [
        ("facts", partial(facts_of, encounter, policy.library.vocabulary), RUNS),
        ("answer of the compiled rules", partial(program.model, facts), RUNS),
        ("decode", partial(read_answer, atoms, facts.names, encounter), RUNS),
        ("solve, without explanation", partial(policy.solve, encounter, explain=False), RUNS),
        ("solve, with messages and stand-ins", partial(policy.solve, encounter), RUNS // 2),
        ("solve, with all short proofs", partial(proved, item, short=True), RUNS // 2),
        ("solve, with all full proofs", partial(proved, item, short=False), RUNS // 2),
        ("solve, with all full proofs, confirmed", partial(confirmed, item), RUNS // 4),
        ("the grounder's way: answer", lambda: program.run(facts).atoms(), RUNS // 4),
        ("the grounder's way: replay", partial(audited, item), RUNS // STEPS),
    ]
    return [(f"{size}: {name}", *median(work, runs)) for name, work, runs in steps]


def loading() -> list[Row]:
    """What it costs to have a policy ready, with and without the cache folder."""
    policy = Policy.load()
    day = load_encounter(EXAMPLES[8]).date
    book = policy.rulebook(day)
    kept = median(Policy.load, 5)
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = OFF
    read = median(Policy.load, 3)
    if before is None:
        del os.environ[VARIABLE]
    else:
        os.environ[VARIABLE] = before
    return [
        ("load, files parsed and checked", *read),
        ("load, from the cache folder", *kept),
        ("order the rules of a day", *median(lambda: Program.of(book), STEPS)),
    ]


def commands() -> list[Row]:
    """What the whole command costs: a first run, and runs after it.

    The modules are compiled, as they are where the program is installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, VARIABLE: OFF, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        _command(environment, EXAMPLES[3])
        environment[VARIABLE] = str(Path(folder) / "cache")
        rows = [("the command, 8, nothing cached", *_command(environment, EXAMPLES[8]))]
        for size, path in EXAMPLES.items():
            later = [_command(environment, path) for _ in range(STEPS)]
            wall, core = (statistics.median(t) for t in zip(*later, strict=True))
            rows.append((f"the command, {size}, later", wall, core))
    return rows


def _command(environment: dict[str, str], path: Path) -> tuple[float, float]:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "infucode", "solve", str(path)],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    core = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (time.perf_counter() - start) * 1000, core * 1000


def memory(number: int) -> None:
    """The resident memory during `number` solves in one process, in megabytes."""
    policy = Policy.load()
    encounters = [load_encounter(path) for path in EXAMPLES.values()]
    table = Table("solves", "resident MB")
    for done in range(1, number + 1):
        encounter = _moved(encounters[done % len(encounters)], done)
        policy.solve(encounter, explain=done % STEPS == 0)
        if done == 1 or done % max(number // (2 * STEPS), 1) == 0:
            table.add_row(str(done), f"{_resident():.1f}")
    Console(width=100).print(table)


def _moved(encounter: Encounter, number: int) -> Encounter:
    """The same encounter at other minutes under other ids, so that no two solves are alike."""
    later = number * 7 % 500

    def moved(item: Administration) -> Administration:
        start = None if item.start is None else item.start + later
        stop = None if item.stop is None else item.stop + later + number % 11
        return replace(item, id=f"{item.id}-{number}", start=start, stop=stop)

    items = tuple(map(moved, encounter.administrations))
    return replace(encounter, id=f"e{number}", administrations=items)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1_000_000


def _print(rows: list[Row]) -> None:
    table = Table("step", "ms", "ms of processor")
    for name, wall, core in rows:
        table.add_row(name, f"{wall:.2f}", f"{core:.2f}")
    Console(width=100).print(table)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory", type=int, metavar="N", help="memory during N solves instead")
    chosen = parser.parse_args()
    if chosen.memory:
        memory(chosen.memory)
        return
    policy = Policy.load()
    items = {size: subject(policy, path) for size, path in EXAMPLES.items()}
    _print([row for size, item in items.items() for row in rows_of(size, item)])
    eight = items[8]
    batch = median(lambda: eight.program.run_many([eight.facts] * BATCH), 3)
    rows: list[Row] = [
        *loading(),
        *commands(),
        (f"the grounder's batch of {BATCH}, each", batch[0] / BATCH, batch[1] / BATCH),
    ]
    _print(rows)
    live = sum(step is not None for step in eight.program.steps)
    asked = len(StandIns(eight.program, lambda _n, _v: eight.program).switches)
    Console(width=100).print(f"{live} statements in force, {asked} stand-ins asked", style="dim")


if __name__ == "__main__":
    main()
