"""What a batch costs beside a fresh clingo for each encounter and a coder in plain Python.

Run: `python -m benchmarks.batch [--count 4000]`. Every row is a process of its own and takes
JSON lines in and gives JSON lines, or lines of a claim, out. Figures are processor time, so other
work on the machine bears on them less than on wall time, but it does: the last column counts in
*ticks*, a fixed piece of plain Python timed before and after the row, in the same process.
Compare rows of one run only. `--scaling` runs it all with one and two workers (wall time).

Fresh clingo: the sliced, folded rulebook as text in a new Control, once for each encounter;
worlds of missing stops are left out (they would each be another). The oracle is `tests/oracle`,
written from the rule map for clarity; encounters with an open stop are left out there.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.population import population
from infucode.batch.answers import Answerer
from infucode.batch.run import Settings, run_to_file
from infucode.batch.serving import COLLECT
from infucode.batch.tasks import Detail, Document, Task
from infucode.documents import parse_encounter
from infucode.engine.answer import read_answer
from infucode.engine.facts import facts_of
from infucode.policy import Policy
from infucode.render.json_view import dumps, solution_to_json

SMALL = 250
"""Encounters of a small batch."""
SLOWER = 40
"""The slow rows are given one of so many encounters."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a row cost."""

    name: str
    encounters: int
    seconds: float
    tick: float
    megabytes: float


def tick() -> float:
    """Processor seconds of a fixed piece of plain Python, the best of five."""
    best = 1.0
    for _ in range(5):
        start = time.process_time()
        found = {(n, str(n)): n % 7 for n in range(20_000)}
        sum(value for (n, _), value in found.items() if n % 3)
        best = min(best, time.process_time() - start)
    return best


def batch(texts: Sequence[bytes], explain: Detail, size: int = 0) -> None:
    """The batch engine in one process, which looks for garbage as seldom as a worker does; 0 for
    batches of the size that a run takes."""
    gc.disable()
    answerer = _ready(explain)
    size = size or Settings().together(answerer.task)
    for number, begin in enumerate(range(0, len(texts), size), 1):
        part = texts[begin : begin + size]
        answerer.results([Document("population", n, text) for n, text in enumerate(part, 1)])
        if number % COLLECT == 0:
            gc.collect()


_READY: dict[Detail, Answerer] = {}


def _ready(explain: Detail) -> Answerer:
    if explain not in _READY:
        _READY[explain] = Answerer(Task(explain=explain))
    return _READY[explain]


def quickly(texts: Sequence[bytes]) -> None:
    """The batch engine without reasons."""
    batch(texts, Detail.none)


def in_small_batches(texts: Sequence[bytes]) -> None:
    """The same, fewer of them answered together."""
    batch(texts, Detail.none, SMALL)


def with_reasons(texts: Sequence[bytes]) -> None:
    """The batch engine with sentences, citations and stand-ins."""
    batch(texts, Detail.short)


def one_by_one(texts: Sequence[bytes]) -> None:
    """`Policy.solve` without reasons for each."""
    policy = Policy.load()
    for text in texts:
        solution = policy.solve(parse_encounter(text, name="a.json"), explain=False).solution
        dumps(solution_to_json(solution), compact=True)


def fresh_clingo(texts: Sequence[bytes]) -> None:
    """A new Control for each encounter."""
    policy = Policy.load()
    for text in texts:
        encounter = parse_encounter(text, name="a.json")
        program = policy.program(policy.rulebook(encounter.date))
        facts = facts_of(encounter, policy.library.vocabulary)
        answer = read_answer(program.outcomes_of(program.run(facts)), facts.names, encounter)
        json.dumps([line.shown for line in answer.lines])


def oracle(texts: Sequence[bytes]) -> None:
    """The coder in plain Python."""
    from tests.oracle.answer import code
    from tests.oracle.plans import CPCP026

    for text in texts:
        json.dumps(repr(code(json.loads(text), CPCP026)))


def closed(texts: Sequence[bytes]) -> list[bytes]:
    """Those in which every infusion has its stop."""
    return [
        text
        for text in texts
        if all(
            "stop" in item
            for item in json.loads(text)["administrations"]
            if item["technique"] == "infusion"
        )
    ]


def cost(name: str, work: Callable[[Sequence[bytes]], None], texts: Sequence[bytes]) -> Cost:
    """What some work costs, in a process of its own, once it has warmed up."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_cost, (name, work, texts))


def _cost(name: str, work: Callable[[Sequence[bytes]], None], texts: Sequence[bytes]) -> Cost:
    work(texts[: max(4, len(texts) // 2)])
    before = tick()
    start = time.process_time()
    work(texts)
    seconds = time.process_time() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(name, len(texts), seconds, (before + tick()) / 2, most)


def costs(count: int) -> list[Cost]:
    """Every row."""
    texts = [json.dumps(doc, separators=(",", ":")).encode() for doc in population(count)]
    few = texts[::SLOWER]
    return [
        cost("batch, reasons off", quickly, texts),
        cost(f"batches of {SMALL:,}, reasons off", in_small_batches, texts),
        cost("batch, short reasons", with_reasons, texts[::4]),
        cost("one by one, reasons off", one_by_one, texts[::4]),
        cost("a fresh clingo for each", fresh_clingo, few),
        cost("the oracle, plain Python", oracle, closed(texts[::4])),
    ]


def scaling(count: int) -> list[tuple[int, float]]:
    """Wall seconds of the whole run with one and with two workers, the lesser of two turns."""
    best: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "population.ndjson"
        docs = (json.dumps(doc, separators=(",", ":")) + "\n" for doc in population(count))
        source.write_text("".join(docs), encoding="utf-8")
        for turn in range(2):
            for workers in (1, 2):
                output = Path(folder) / f"answers-{turn}-{workers}.ndjson"
                start = time.perf_counter()
                run_to_file(Task(), [str(source)], output, Settings(workers=workers))
                seconds = time.perf_counter() - start
                best[workers] = min(best.get(workers, seconds), seconds)
    return sorted(best.items())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--scaling", action="store_true", help="one and two workers instead")
    chosen = parser.parse_args()
    console = Console(width=100)
    if chosen.scaling:
        table = Table("workers", "seconds", "encounters a second")
        for workers, seconds in scaling(chosen.count):
            table.add_row(str(workers), f"{seconds:.1f}", f"{chosen.count / seconds:,.0f}")
        console.print(table)
        return
    table = Table("", "encounters", "a second", "ms each", "peak MB", "ticks each")
    rows = costs(chosen.count)
    for row in rows:
        each = row.seconds / row.encounters
        table.add_row(
            row.name, f"{row.encounters:,}", f"{1 / each:,.0f}", f"{each * 1000:.2f}",
            f"{row.megabytes:.0f}", f"{each / row.tick:.3f}",
        )  # fmt: skip
    console.print(table)
    by_name = {row.name: row.seconds / row.encounters / row.tick for row in rows}
    times = by_name["a fresh clingo for each"] / by_name["batch, reasons off"]
    console.print(f"the batch is {times:.0f} times as fast as a fresh clingo for each encounter")
    console.print(f"one tick: {rows[0].tick * 1000:.1f} ms of processor time")


if __name__ == "__main__":
    main()
