"""Bars on a terminal for work that takes long."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from infucode.cli.output import stderr

if TYPE_CHECKING:
    from rich.progress import TaskID

    from infucode.model.proving import Progress


@contextmanager
def bars() -> Iterator[Callable[[str, float], None] | None]:
    """A bar for each thing that is told by name and share, from 0 to 1; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress
    from rich.text import Text

    with progress.Progress(console=stderr(), transient=True) as shown:
        tasks: dict[str, TaskID] = {}

        def told(name: str, share: float) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(Text(name).markup, total=1.0)
            shown.update(tasks[name], completed=share)

        yield told


@contextmanager
def sized_bars(
    named: Callable[[Progress], str],
) -> Iterator[Callable[[Progress], None]]:
    """A bar for each size of a walk over encounters, by the name that `named` gives it."""
    with bars() as shown:

        def told(progress: Progress) -> None:
            if shown is not None:
                shown(named(progress), progress.parts / max(progress.of_parts, 1))

        yield told


@contextmanager
def counted_bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error for work that is counted; nothing where that is no terminal."""
    done = 0
    with bars() as told:

        def advance(number: int) -> None:
            nonlocal done
            done += number
            if told is not None:
                told(what, done / max(total, 1))

        yield advance
