"""Where a batch's processor time goes, stage by stage.

Run: `python -m benchmarks.batch_stages [--count 4000] [--size 1000] [--explain none|short]`.
Each stage is timed without those that it calls. A clock is read twice for each call, which costs
a few microseconds for each encounter; the figures of functions that are called seldom are exact.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.batch import tick
from benchmarks.population import population
from infucode.batch import answers
from infucode.batch.engine import foresight, others, plain, search, solving, taken, together
from infucode.batch.engine.answering import BatchPolicy
from infucode.batch.engine.messages import Instances
from infucode.batch.tasks import Detail, Document, Task

STAGES: tuple[tuple[str, Any, str], ...] = (
    ("reading JSON", answers, "read_quickly"),
    ("sorting", answers, "likeness"),
    ("facts into columns", taken.Taken, "__init__"),
    ("facts into the codes of a run", taken.Taken, "columns"),
    ("rules over columns", together.WholeBatch, "_answer"),
    ("rows back to encounters", foresight.Foresight, "_tell"),
    ("rows back, with other answers", others.Others, "_tell"),
    ("worlds: the search", foresight, "completed"),
    ("worlds: the search, in the end", solving, "completed"),
    ("worlds: not foreseen", search.RowSearch, "world_rows"),
    ("reasons: instances", Instances, "find"),
    ("plain answers", plain.PlainTexts, "text"),
    ("ambiguous answers", solving.RowSolver, "solve"),
    ("ambiguous answers: JSON", answers, "solution_to_json"),
    ("ambiguous answers: JSON text", answers, "_line"),
    ("the policy, one by one", BatchPolicy, "solved"),
)
"""Name, where the function stands, and what it is called there."""


class Stages:
    """Times functions, each without the others that it calls."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self._inner = [0.0]

    def watch(self, name: str, where: Any, function: str) -> None:
        """Time a function from now on."""
        own: Callable[..., Any] = getattr(where, function)

        def timed(*arguments: Any, **more: Any) -> Any:
            self._inner.append(0.0)
            start = time.process_time()
            try:
                return own(*arguments, **more)
            finally:
                spent = time.process_time() - start
                inner = self._inner.pop()
                self._inner[-1] += spent
                self.seconds[name] = self.seconds.get(name, 0.0) + spent - inner
                self.calls[name] = self.calls.get(name, 0) + 1

        setattr(where, function, timed)


def main() -> None:
    """Print the stages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--explain", choices=("none", "short"), default="none")
    chosen = parser.parse_args()
    texts = [json.dumps(doc, separators=(",", ":")).encode() for doc in population(chosen.count)]
    documents = [Document("population", n, text) for n, text in enumerate(texts, 1)]
    batches = [
        documents[begin : begin + chosen.size] for begin in range(0, len(documents), chosen.size)
    ]
    gc.disable()
    answerer = answers.Answerer(Task(explain=Detail[chosen.explain]))
    answerer.get_ready()
    for batch in batches:
        answerer.results(batch)
    stages = Stages()
    for stage in STAGES:
        stages.watch(*stage)
    before, start = tick(), time.process_time()
    for batch in batches:
        answerer.results(batch)
    whole = time.process_time() - start
    ticked = (before + tick()) / 2
    table = Table("", "calls", "ms each", "share")
    told = {**stages.seconds, "the rest": whole - sum(stages.seconds.values())}
    for name, seconds in sorted(told.items(), key=lambda item: -item[1]):
        table.add_row(
            name, f"{stages.calls.get(name, 0):,}", f"{seconds / chosen.count * 1000:.3f}",
            f"{seconds / whole:.0%}",
        )  # fmt: skip
    console = Console(width=100)
    console.print(table)
    each = whole / chosen.count
    console.print(
        f"{each * 1000:.2f} ms each, {1 / each:,.0f} a second, {each / ticked:.3f} ticks each "
        f"(a tick is {ticked * 1000:.1f} ms)"
    )


if __name__ == "__main__":
    main()
