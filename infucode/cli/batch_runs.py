"""What `infucode batch` does once it knows what it is asked for, and what it says of it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from infucode.batch.flat_rows import arrow
from infucode.batch.inputs import STANDARD, TABLES, require_readable
from infucode.batch.parts import Counts, receipt_of
from infucode.batch.plan import require_plan
from infucode.batch.run import Progress, Settings, nothing, rejects_of, run_to_file, run_to_stream
from infucode.batch.tables_out import write_tables
from infucode.batch.tasks import Task
from infucode.cli.answers import EXIT as SOLVED
from infucode.cli.check_answers import EXIT as CHECKED
from infucode.cli.output import note, stderr
from infucode.errors import (
    DocumentError,
    InternalError,
    LimitError,
    PolicyError,
    TablesError,
    UsageError,
)

REFUSED = {
    kind.code: kind.exit_code
    for kind in (DocumentError, InternalError, LimitError, PolicyError, TablesError, UsageError)
}
EXIT = {**SOLVED, **CHECKED}
MANY = 1_000
"""Documents from which on it is said how long they took."""


def answer_many(
    task: Task, inputs: Sequence[str], output: str, wanted: Settings, form: str | None = None
) -> int:
    """Run a batch; returns the highest exit code of its documents. No workers: one a core.

    `form` is how tables are written beside the answers, if they are wanted.
    Raises UsageError and PolicyError for what no document could be answered with.
    """
    require_plan(task)
    require_readable(inputs)
    if form is not None:
        _require_tables(output, form)
    settings = replace(wanted, workers=wanted.workers or cores())
    start = time.monotonic()
    with batch_bar(inputs) as told:
        if output == STANDARD:
            sys.stdout.flush()
            counts = run_to_stream(
                task, inputs, sys.stdout.buffer, sys.stderr.buffer, settings, told
            )
        else:
            counts = run_to_file(task, inputs, _path(output, inputs), settings, told)
    _say(counts, time.monotonic() - start, None if output == STANDARD else Path(output))
    if form is not None:
        say_tables(Path(output), tables_of(Path(output)), form)
    if settings.cache:
        share = counts.cached / max(1, counts.answered.total())
        note(f"  known before {counts.cached:,} ({share:.1%}): equal to another but for names")
    return code_of(counts)


def tables_of(output: Path) -> Path:
    """The folder of the tables that a run writes beside its answers."""
    return output.with_name(f"{output.stem}.tables")


def say_tables(answers: Path, folder: Path, form: str) -> None:
    """Write the tables of some answers, and name each with its rows."""
    for name, rows in sorted(write_tables(answers, folder, form).items()):
        note(f"{folder / f'{name}.{form}'}: {rows:,} rows")


def _require_tables(output: str, form: str) -> None:
    """Raises UsageError where no tables can be written after the run."""
    if output == STANDARD:
        raise UsageError("tables are made from a file of answers; name one: `-o answers.ndjson`")
    if form == "parquet":
        arrow("parquet")


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def code_of(counts: Counts) -> int:
    """The highest exit code of all documents."""
    codes = [EXIT[outcome] for outcome in counts.answered]
    codes += [REFUSED[code] for code in counts.rejected]
    return max(codes, default=0)


def _path(output: str, inputs: Sequence[str]) -> Path:
    """The file of answers. Raises UsageError for what cannot be one, or must not be lost."""
    path = Path(output)
    if path.is_dir():
        raise UsageError(
            f"`{output}` is a folder; name a file, such as `{path / 'answers.ndjson'}`"
        )
    if path.exists() and not path.is_file():
        raise UsageError(f"`{output}` is no file; `-o -` writes to standard output")
    if path.suffix.lower() in TABLES:
        raise UsageError(
            f"answers are NDJSON, and `{output}` is called a table; name "
            f"`{path.with_suffix('.ndjson')}`, and `--tables-as` writes tables beside it"
        )
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder `{path.parent}` to write `{path.name}` to")
    if rejects_of(path) == path:
        raise UsageError(f"`{output}` is what the rejects of another output are called")
    for written in (path, rejects_of(path), receipt_of(path)):
        for name in inputs:
            if name != STANDARD and written.exists() and written.samefile(name):
                raise UsageError(
                    f"`{name}` is an input, and `{written}` would be written over it"
                )
    return path


def _say(counts: Counts, seconds: float, output: Path | None) -> None:
    """The sum of it all: what was read is what was answered and what was rejected."""
    answered, rejected = counts.answered.total(), counts.rejected.total()
    many = counts.read >= MANY
    rate = f" ({seconds:,.0f} s, {counts.read / seconds:,.0f} a second)" if many else ""
    note(f"read {counts.read:,} = answered {answered:,} + rejected {rejected:,}{rate}")
    for kind, number in sorted(counts.answered.items()):
        note(f"  {kind} {number:,}")
    if rejected and output is not None:
        note(f"  rejected {rejected:,}: the reasons are in {rejects_of(output)}")


@contextmanager
def batch_bar(inputs: Sequence[str]) -> Iterator[Progress]:
    """A bar with rate and time left on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield nothing
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    sized = STANDARD not in inputs
    total = sum(Path(name).stat().st_size for name in inputs if Path(name).is_file())
    columns = (
        BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TextColumn("{task.fields[said]}"),
        TimeRemainingColumn(),
    )  # fmt: skip
    begun = time.monotonic()
    with Progress(*columns, console=stderr(), transient=True, auto_refresh=False) as shown:
        task = shown.add_task("", total=total if sized and total else None, said="")

        def told(done: int, counts: Counts) -> None:
            rate = counts.read / max(time.monotonic() - begun, 0.001)
            rejected = counts.rejected.total()
            said = f"{counts.read:,} read, {rejected:,} rejected, {rate:,.0f} a second"
            shown.update(task, completed=done, said=said, refresh=True)

        yield told
