"""A process that works under limits and stays, so that what it has loaded is loaded once."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import IO, Generic, TypeVar

from infucode.engine.limits import FORKS, Child, Limits, answer_with
from infucode.errors import InternalError, LimitError

S = TypeVar("S")
T = TypeVar("T")


class Worker(Generic[S]):
    """A process that does one work after another, under limits, and keeps its state `S` between.

    It is forked by `start`, or for its first work, and anew after a limit was hit.
    """

    def __init__(self, make: Callable[[], S]) -> None:
        self._make = make
        self._child: Child | None = None
        self._here: S | None = None

    def start(self, get_ready: Callable[[S], object] | None = None) -> None:
        """Fork; the process begins with `get_ready`, and no error of that matters."""
        if FORKS and self._child is None:
            make = self._make
            self._child = Child(lambda asked, said: _serve(asked, said, make(), get_ready))

    def do(
        self,
        work: Callable[[S], T],
        limits: Limits | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> T:
        """The result of `work` on the state; both work and result can be pickled.

        Raises LimitError when a limit is hit, and whatever InfucodeError the work raises.
        `meanwhile` is done here while the process works.
        """
        if self._child is None:
            self.start()
        if self._child is None:
            if self._here is None:
                self._here = self._make()
            return work(self._here)
        try:
            self._child.ask((work, limits))
            if meanwhile is not None:
                meanwhile()
            found: T = self._child.answer(limits)
            return found
        except (LimitError, InternalError):
            self.stop()
            raise

    def __enter__(self) -> Worker[S]:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process, if there is one."""
        if self._child is not None:
            self._child.kill()
            self._child = None


def _serve(
    questions: IO[bytes], answers: IO[bytes], state: S, get_ready: Callable[[S], object] | None
) -> None:
    if get_ready is not None:
        with suppress(Exception):
            get_ready(state)
    while True:
        work, limits = pickle.load(questions)
        answer_with(answers, partial(work, state), limits)
