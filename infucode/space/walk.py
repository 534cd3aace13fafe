"""The walk over the encounters of a space: size after size, in parts that processes share."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeVar

import clingo

from infucode.engine.limits import Limits, limit_memory
from infucode.errors import LimitError, UsageError
from infucode.model.proving import Asked, Progress
from infucode.space.models import Models, Sized
from infucode.workbench.jobs import shared

R = TypeVar("R")
Cube = tuple[clingo.Symbol, ...]
PARTS = 40
"""A size is cut into at least so many parts where several processes share it."""
CUT = 3
"""From so many services on a size is cut into parts."""


class Walk:
    """One run over the sizes of a space, and what it has looked at."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self.looked: dict[int, int] = {}
        """By number of services, the encounters that the last run looked at."""
        self.complete = False
        """Whether it looked at all of the last size."""
        self.progress = Progress()
        self._sizes: dict[int, Sized] = {}
        self._until: float | None = None

    def begin(self, seconds: float | None) -> None:
        """Start a run anew, for so long at most."""
        self.looked, self.complete, self.progress = {}, False, Progress()
        self._until = None if seconds is None else time.monotonic() + seconds

    def sized(self, size: int) -> Sized:
        """The encounters of a size; ground once."""
        if size not in self._sizes:
            self._sizes[size] = self.models.of_size(size)
        return self._sizes[size]

    def enter(self, size: int) -> bool:
        """Ground a size. False where the run ends before: see `over`."""
        self.complete = False
        if self._is_over() and self.looked:
            return False
        try:
            self.sized(size)
        except KeyboardInterrupt:
            return False
        except LimitError:
            if not any(self.looked.values()):
                raise
            return False
        return True

    def over(
        self,
        size: int,
        part: Callable[[int, Cube], tuple[int, R]],
        jobs: int,
        take: Callable[[R], None],
        told: Callable[[Progress], None],
    ) -> None:
        """Have `take` what `part` finds in each part of a size, beside how many that holds.

        It ends early where the time is over, where memory runs out, or at a KeyboardInterrupt;
        `complete` says so. Raises LimitError where memory runs out before anything is known.
        """
        if not self.enter(size):
            return
        cubes = self.sized(size).cubes(PARTS if size >= CUT else 1)
        progress = self.progress
        progress.services, progress.parts, progress.of_parts = size, 0, len(cubes)
        self.looked[size], self.complete = 0, False
        try:
            for _, (count, found) in shared(partial(_within_memory, part, size), cubes, jobs):
                self.looked[size] += count
                progress.encounters += count
                progress.parts += 1
                take(found)
                told(progress)
                if self._is_over():
                    break
        except KeyboardInterrupt:
            return
        except LimitError:
            if not any(self.looked.values()):
                raise
            return
        self.complete = progress.parts == progress.of_parts

    def require_some(self) -> None:
        """Raises UsageError where all sizes were looked at and hold no encounter at all: what
        holds of none of them is no answer."""
        if self.complete and not any(self.looked.values()):
            name, most = self.models.space.name, max(self.looked)
            raise UsageError(f"the space `{name}` holds no encounter of {most} services or fewer")

    def _is_over(self) -> bool:
        return self._until is not None and time.monotonic() > self._until

    def asked(self, plans: tuple[str, ...], services: int, seconds: float) -> Asked:
        """What the last run was asked, and how much of it was looked at."""
        space, sizes = self.models.space, tuple(self.looked.items())
        return Asked(plans, space.name, space.text, services, sizes, self.complete, seconds)


def _within_memory(
    part: Callable[[int, Cube], tuple[int, R]], size: int, cube: Cube
) -> tuple[int, R]:
    try:
        return part(size, cube)
    except MemoryError:
        raise LimitError("memory ran out; allow more, or ask for fewer services") from None


@contextmanager
def within_memory(megabytes: int | None) -> Iterator[None]:
    """Take up no more than so much memory besides what there is, in this process and in each
    that it starts; None: no limit. Nothing is limited where a system cannot."""
    if megabytes is None or sys.platform == "win32":
        yield
        return
    import resource

    with suppress(ImportError):
        import numpy  # noqa: F401  (what it maps for itself does not count)
    before = resource.getrlimit(resource.RLIMIT_AS)
    limit_memory(Limits(megabytes=megabytes))
    try:
        yield
    except MemoryError:
        raise LimitError("memory ran out; allow more with `--memory-limit`") from None
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
