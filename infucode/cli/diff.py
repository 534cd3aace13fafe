"""`infucode diff`: where two rulebooks disagree, in a space or in a file of encounters."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infucode.cli.epilog import examples
from infucode.cli.options import AsOf, Plain, Policies, read_date
from infucode.cli.output import note, stdout
from infucode.cli.progress import sized_bars
from infucode.cli.prove import DEFAULT_SPACE, Limit, ProveFormat
from infucode.cli.test import Jobs
from infucode.errors import UsageError

if TYPE_CHECKING:
    from infucode.model.proving import Progress
    from infucode.space.on_file import Each
    from infucode.space.sides import Ready

HELP = (
    "Compare two rulebooks over every encounter of a space: each kind of disagreement once, by "
    "the smallest encounter that shows it. Or, with --on, over the encounters of a file: what "
    "changes, by rule and by code. A side is a plan, PLAN@DATE, PLAN:SWITCH=VALUE,... or "
    "FOLDER/PLAN for the plan of another policy folder."
)
EXAMPLES = examples(
    "infucode diff cpcp026 medicare --services 1",
    "infucode diff cpcp026 mine/cpcp026 --on visits.ndjson --list changed.csv",
)
DIFFERENT, OPEN = 1, 10
DEFAULT_SERVICES = 2
DEFAULT_TOP = 10
On = Annotated[
    list[str] | None,
    typer.Option(
        "--on", metavar="FILE", show_default=False,
        help="Compare over the encounters of this file instead: NDJSON, JSON, CSV or Parquet, "
        "as `infucode batch` reads them; - is NDJSON on standard input. Repeatable.",
    ),
]  # fmt: skip
ListTo = Annotated[
    str | None,
    typer.Option(
        "--list", metavar="FILE", show_default=False,
        help="With --on: write a row for each encounter and administration that changes, and "
        "for each document that was rejected, as CSV.",
    ),
]  # fmt: skip
Top = Annotated[
    int | None,
    typer.Option(
        "--top", metavar="N", min=1, show_default=False,
        help="With --on: rows of each table and kinds that are shown. [default: 10]",
    ),
]  # fmt: skip


def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="The first side.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The second side.")],
    space: Annotated[
        str | None,
        typer.Option("--space", metavar="NAME", show_default=False,
                     help="The space of encounters; `infucode prove --list` shows all. "
                     "[default: time]"),
    ] = None,
    services: Annotated[
        int | None,
        typer.Option("--services", metavar="N", min=1, max=8, show_default=False,
                     help="The most services of an encounter. [default: 2]"),
    ] = None,
    on: On = None,
    listed: ListTo = None,
    force: Annotated[
        bool, typer.Option("--force", help="With --list: write over a file.")
    ] = False,
    top: Top = None,
    as_of: AsOf = None,
    time_limit: Limit = None,
    jobs: Jobs = None,
    format: Annotated[
        ProveFormat, typer.Option("--format", "-f", help="How to write the differences.")
    ] = ProveFormat.text,
    policies: Policies = None,
    plain: Plain = False,
) -> int:  # fmt: skip
    """Exit code 0 if nothing differs, 1 if something does, 10 if not all was looked at."""
    from infucode.rulebook.where import policies_folder
    from infucode.space.sides import ready, side_of
    from infucode.workbench.jobs import jobs_of

    _check(on, space, services, listed, top)
    number = jobs_of(jobs)
    folder = policies_folder(policies)
    day = read_date(as_of)
    told = [side_of(text, folder) for text in (one, other)]
    if on:
        sides = ready(told, day)
        shown = None if format is ProveFormat.json else top or DEFAULT_TOP
        return _on_file(sides, on, listed, force, day, time_limit, number, shown, plain)
    return _in_space(
        ready(told, day), folder, space or DEFAULT_SPACE, services or DEFAULT_SERVICES,
        time_limit, number, format, plain,
    )  # fmt: skip


def _check(
    on: list[str] | None,
    space: str | None,
    services: int | None,
    listed: str | None,
    top: int | None,
) -> None:
    if on:
        for name, given in (("--space", space), ("--services", services)):
            if given is not None:
                raise UsageError(f"`{name}` is about a space, and `--on` names a file; give one")
        return
    for name, value in (("--list", listed), ("--top", top)):
        if value is not None:
            raise UsageError(f"`{name}` is about a file of encounters; give `--on FILE` too")


def _in_space(
    sides: Sequence[Ready],
    folder: Path,
    space: str,
    services: int,
    time_limit: float | None,
    jobs: int,
    format: ProveFormat,
    plain: bool,
) -> int:
    from infucode.documents.dump import encounter_to_data
    from infucode.render.diff_view import disagreements_to_json, render_disagreements
    from infucode.render.json_view import dumps
    from infucode.render.words import counted
    from infucode.space.diff import Differ
    from infucode.space.spaces import space_named

    chosen = space_named(folder, space)
    differ = Differ(sides[0].book, sides[1].book, chosen, max(side.day for side in sides))
    begin = time.monotonic()

    def named(progress: Progress) -> str:
        kinds = counted(len(progress.broken), "kind")
        return f"{counted(progress.services, 'service')}, {kinds}"

    with sized_bars(named) as told:
        found = differ.run(services, jobs=jobs, seconds=time_limit, told=told)
    asked = differ.asked((sides[0].name, sides[1].name), services, time.monotonic() - begin)
    if format is ProveFormat.json:
        documents = [encounter_to_data(one.encounter) for one in found]
        sys.stdout.write(dumps(disagreements_to_json(asked, found, documents)))
    else:
        render_disagreements(asked, found, console=stdout(), ascii_only=plain)
    if found:
        return DIFFERENT
    return 0 if asked.complete else OPEN


def _on_file(
    sides: Sequence[Ready],
    files: list[str],
    listed: str | None,
    force: bool,
    day: Date | None,
    time_limit: float | None,
    jobs: int,
    top: int | None,
    plain: bool,
) -> int:
    """Compare over files; `top` is None for JSON."""
    from infucode.cli.batch_runs import MANY, REFUSED, batch_bar
    from infucode.render.json_view import dumps
    from infucode.render.replay_view import render_replay, replay_to_json
    from infucode.space.on_file import Replayer

    replayer = Replayer(sides, files, day)
    with batch_bar(files) as told, _listing(listed, force) as each:
        found = replayer.run(workers=jobs, seconds=time_limit, each=each, told=told)
    if top is None:
        sys.stdout.write(dumps(replay_to_json(found)))
    else:
        render_replay(found, top=top, console=stdout(), ascii_only=plain)
    if found.read >= MANY:
        rate = found.read / max(found.seconds, 0.001)
        note(f"read {found.read:,} in {found.seconds:,.0f} s, {rate:,.0f} a second")
    if listed is not None:
        note(f"wrote {listed}")
    if found.changed:
        return DIFFERENT
    if not found.complete:
        return OPEN
    return max((REFUSED[code] for code in found.rejected), default=0)


@contextmanager
def _listing(path: str | None, force: bool) -> Iterator[Each]:
    """Where each change is written to. Raises UsageError for what cannot be written."""
    from infucode.render.replay_view import COLUMNS, detail_rows
    from infucode.space.on_file import nothing

    if path is None:
        yield nothing
        return
    try:
        with Path(path).open("w" if force else "x", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            yield lambda one: writer.writerows(detail_rows(one))
    except FileExistsError:
        raise UsageError(f"`{path}` is there already; --force writes over it") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"`{path}` cannot be written: {reason}") from error
