"""Work that several processes share, one item at a time; results come as they are ready."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeVar, cast

from infucode.errors import InfucodeError, InternalError, UsageError

T = TypeVar("T")
R = TypeVar("R")


def jobs_of(asked: int | None) -> int:
    """How many processes to use: as asked, else one for each core that this process may use.

    Raises UsageError for less than one.
    """
    if asked is not None and asked < 1:
        raise UsageError(f"`--jobs {asked}` is no number of processes; give 1 or more")
    if "fork" not in get_all_start_methods():
        return 1
    return asked or len(os.sched_getaffinity(0))


def shared(work: Callable[[T], R], items: Sequence[T], jobs: int) -> Iterator[tuple[int, R]]:
    """The place of each item and what `work` makes of it, in the order in which they are done.

    Raises what `work` raises, InternalError where a process ends by itself.
    """
    if jobs <= 1 or len(items) <= 1:
        for place, item in enumerate(items):
            yield place, work(item)
        return
    lines: dict[Connection, BaseProcess] = {}
    waiting = iter(range(len(items)))
    try:
        for _ in range(min(jobs, len(items))):
            line, process = _started(work, items, tuple(lines))
            lines[line] = process
            line.send(next(waiting))
        busy = len(lines)
        while busy:
            ready = wait(list(lines))
            for line in [line for line in lines if line in ready]:
                place, result = _taken(line)
                if isinstance(result, InfucodeError):
                    raise result
                following = next(waiting, None)
                if following is None:
                    lines.pop(line).terminate()
                    busy -= 1
                else:
                    line.send(following)
                yield place, cast(R, result)
    finally:
        for process in lines.values():
            process.terminate()


def _taken(line: Connection) -> tuple[int, object]:
    try:
        found = line.recv()
    except EOFError:
        raise InternalError("a process of several ended by itself; try `--jobs 1`") from None
    assert isinstance(found, tuple)
    return found


def _started(
    work: Callable[[T], R], items: Sequence[T], others: Sequence[Connection]
) -> tuple[Connection, BaseProcess]:
    """A process and the line to it. `others` are the lines to those that were started before:
    a process that held their ends open would keep them waiting once this one is killed."""
    context = get_context("fork")
    mine, other = context.Pipe()
    held = (mine, *others)
    process = context.Process(target=_serve, args=(other, held, work, items), daemon=True)
    process.start()
    other.close()
    return mine, process


def _serve(
    line: Connection,
    held: Sequence[Connection],
    work: Callable[[T], R],
    items: Sequence[T],
) -> None:
    for end in held:
        end.close()
    while True:
        try:
            place = line.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            answer: tuple[int, object] = place, work(items[place])
        except InfucodeError as error:
            answer = place, error
        except KeyboardInterrupt:
            return
        except Exception as error:
            answer = place, InternalError(f"{type(error).__name__}: {error}")
        try:
            line.send(answer)
        except BrokenPipeError:
            return  # nobody is left to be told
