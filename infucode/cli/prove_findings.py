"""`infucode prove --findings`: what whole spaces show of the rulebook."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING

from infucode.cli.output import stdout
from infucode.cli.progress import sized_bars

if TYPE_CHECKING:
    from infucode.model.findings import Found
    from infucode.model.proving import Progress
    from infucode.space.findings import Watch

NEW = 1


def find(
    folder: Path,
    names: Sequence[str],
    chosen: Iterable[str],
    services: int,
    day: Date | None,
    switches: Mapping[str, str],
    jobs: int,
    seconds: float | None,
    *,
    usual: bool,
) -> Found:
    """The findings over some plans and spaces, with the marks of the folder.

    Raises PolicyError and UsageError.
    """
    from infucode.model.findings import Found
    from infucode.policy import Policy
    from infucode.space.answering import book_of
    from infucode.space.findings import Watch, findings_of
    from infucode.space.findings_marks import read_marks
    from infucode.space.spaces import space_named

    marks, chosen = read_marks(folder), tuple(chosen)
    watches: list[Watch] = []
    begin = time.monotonic()
    for plan in names:
        library = Policy.load(plan, policies=folder).library
        on = day or library.profile.versions[-1].since
        book = book_of(library, on, switches)
        watches += [Watch(plan, book, space_named(folder, name), on) for name in chosen]
    complete = True
    for watch in watches:
        left = None if seconds is None else max(seconds - (time.monotonic() - begin), 0.0)
        _watch(watch, services, jobs, left)
        complete = complete and watch.walk.complete
        if not watch.walk.complete:
            break
    looked = [watch for watch in watches if watch.walk.looked]
    found, outside, fired = findings_of(looked)
    rows = tuple(
        (w.plan, w.walk.models.space.name, max(w.walk.looked), sum(w.walk.looked.values()))
        for w in looked
    )
    known = tuple(found)
    took = time.monotonic() - begin
    return Found(known, marks, tuple(outside), fired, rows, complete, took, usual)


def _watch(watch: Watch, services: int, jobs: int, seconds: float | None) -> None:
    from infucode.render.words import counted

    def named(progress: Progress) -> str:
        size = counted(progress.services, "service")
        return f"{watch.plan}, {watch.walk.models.space.name}: {size}"

    with sized_bars(named) as told:
        watch.run(services, jobs, seconds, told)


def write(found: Found, *, as_json: bool, every: bool, plain: bool) -> int:
    """Prints the findings. 1 where one is not marked, or a mark is stale."""
    from infucode.documents.dump import encounter_to_data
    from infucode.render.findings_view import findings_to_json, render_findings
    from infucode.render.json_view import dumps

    if as_json:
        documents = [
            None if one.witness is None else encounter_to_data(one.witness.encounter)
            for one in found.findings
        ]
        sys.stdout.write(dumps(findings_to_json(found, documents)))
    else:
        render_findings(found, every=every, console=stdout(), ascii_only=plain)
    return NEW if found.new or found.stale else 0
