"""Many encounters in one run, and what memory its workers hold over time.

Run: `python -m benchmarks.million [--count 1000000] [--workers 1] [--within SECONDS] [FOLDER]`.

Encounters of the seeded population are written to FOLDER (a temporary one if not given) as they
are drawn, and answered as `infucode batch solve` does. Every worker's memory is looked at twice a
second; a row is printed for each tenth of the run and for the first 50,000. It ends with the most
that a worker held at the end beside the first 50,000, and exit code 1 where that is more than a
tenth above, or more than 600 MB. A run that is stopped, or ends by `--within`, goes on when the
same command is given again with the same FOLDER; its memory is then that of the new processes.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.population import population
from infucode.batch.parts import Counts
from infucode.batch.run import Settings, run_to_file
from infucode.batch.tasks import Task
from infucode.errors import UsageError

FIRST = 50_000
MOST = 600.0
MORE = 1.1
LOOK = 0.5
PAGE = resource.getpagesize() / 1024 / 1024


class TimeIsUp(Exception):
    """The run has taken as long as it may."""


def children() -> list[int]:
    """The processes that this one began. Linux only."""
    own = Path(f"/proc/self/task/{threading.main_thread().native_id}/children")
    return [int(number) for number in own.read_text(encoding="ascii").split()]


def resident(process: int) -> float:
    """Megabytes that a process holds; 0 where it has ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * PAGE
    except (OSError, IndexError):
        return 0.0


class Watch:
    """Looks at the workers' memory while a run goes on, and prints what it saw."""

    def __init__(self, count: int, within: float | None) -> None:
        self.marks = sorted({*(count * n // 10 for n in range(1, 11)), min(FIRST, count)})
        self.begun, self.ends = time.monotonic(), within and time.monotonic() + within
        self.rows: list[tuple[int, float]] = []
        """Encounters read, and the most that a worker held since the row before."""
        self.new = 0
        self._most = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK):
            self._most = max([self._most, *map(resident, children())])

    def told(self, _: int, counts: Counts) -> None:
        """Progress of the run. Raises TimeIsUp."""
        self.new = counts.read
        passed = [mark for mark in self.marks if mark <= counts.read]
        if passed:
            self.marks = [mark for mark in self.marks if mark > counts.read]
            self._most = max([self._most, *map(resident, children())])
            seconds = time.monotonic() - self.begun
            print(
                f"{counts.read:>11,} read  {counts.rejected.total():,} rejected"
                f"  {seconds:>8,.0f} s  {self._most:>6.1f} MB",
                flush=True,
            )
            self.rows.append((counts.read, self._most))
            self._most = 0.0
        if self.ends is not None and time.monotonic() > self.ends:
            raise TimeIsUp


def written(path: Path, count: int) -> None:
    """Write the encounters, if they are not there: whole or not at all."""
    if path.is_file():
        return
    partial = path.with_name(path.name + ".tmp")
    with partial.open("w", encoding="utf-8") as file:
        for doc in population(count):
            file.write(json.dumps(doc, separators=(",", ":")) + "\n")
    partial.replace(path)


def verdict(rows: Sequence[tuple[int, float]]) -> tuple[bool, str]:
    """Whether memory stays, and that in words; `rows` are encounters and megabytes."""
    first = next((most for read, most in rows if read >= FIRST), rows[0][1])
    last = rows[-1][1]
    stays = last <= first * MORE and last <= MOST
    return stays, (
        f"memory of a worker: {first:.1f} MB at first, {last:.1f} MB at the end, "
        f"{last / first - 1:+.1%} (wanted: at most {MORE - 1:+.0%}, and {MOST:.0f} MB)"
    )


def main() -> int:
    """Run, and say whether memory stays."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.million", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--cache", action="store_true", help="answer what is alike once")
    parser.add_argument("--within", type=float, metavar="SECONDS", help="stop after so long")
    chosen = parser.parse_args()
    if chosen.count < 1:
        parser.error("--count is at least 1")
    with ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / f"population-{chosen.count}.ndjson"
        written(source, chosen.count)
        settings = Settings(workers=chosen.workers, cache=chosen.cache)
        watch = stack.enter_context(Watch(chosen.count, chosen.within))
        try:
            counts = run_to_file(
                Task(), [str(source)], folder / f"answers-{chosen.count}.ndjson", settings,
                watch.told,
            )  # fmt: skip
        except TimeIsUp:
            print(f"stopped after {watch.new:,}; the same command goes on from there")
            return 4
        except UsageError as error:
            print(error, file=sys.stderr)
            return error.exit_code
        seconds = time.monotonic() - watch.begun
    answered, rejected = counts.answered.total(), counts.rejected.total()
    print(
        f"read {counts.read:,} = answered {answered:,} + rejected {rejected:,}; {seconds:,.0f} s"
    )
    if chosen.cache:
        print(f"known before: {counts.cached:,}")
    if not watch.rows:
        print("the run was finished before; remove FOLDER to measure it")
        return 0
    stays, said = verdict(watch.rows)
    print(said)
    return 0 if stays and counts.read == chosen.count else 1


if __name__ == "__main__":
    sys.exit(main())
