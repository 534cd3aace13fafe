"""The watchdog: work in a process of its own that can be killed while it grounds.

The grounder cannot be interrupted from within, and the system may run out of memory before it
does, so a child process works under a memory limit and its parent watches the clock.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any, NoReturn, TypeVar

from infucode.errors import InfucodeError, InternalError, LimitError

T = TypeVar("T")
FORKS = hasattr(os, "fork") and sys.platform != "darwin"
"""Where processes cannot fork, all work is done in this one, without limits."""
LONGEST = 0x7FFFFFFF
"""Milliseconds that a process can be waited for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one question may take and how much more memory it may take up than the process
    has mapped before: wall seconds, megabytes."""

    seconds: float = 60.0
    megabytes: int = 2048


def guarded(
    work: Callable[[], T], limits: Limits, meanwhile: Callable[[], object] | None = None
) -> T:
    """The result of `work`, done in a forked process under `limits`.

    Raises LimitError when a limit is hit, and whatever InfucodeError the work raises. Where
    processes cannot fork the work is done here, without limits. `meanwhile` is done here while
    the process works.
    """
    if not FORKS:
        return work()
    child = Child(lambda _questions, answers: answer_with(answers, work, limits))
    try:
        if meanwhile is not None:
            meanwhile()
        found: T = child.answer(limits)
        return found
    finally:
        child.kill()


class Child:
    """A forked process with a pipe each way, which it serves until it ends."""

    def __init__(self, serve: Callable[[IO[bytes], IO[bytes]], object]) -> None:
        (questions, asking), (answers, answering) = os.pipe(), os.pipe()
        self._id = os.fork()
        if not self._id:
            os.close(asking)
            os.close(answers)
            _live(serve, questions, answering)
        os.close(questions)
        os.close(answering)
        self._questions, self._answers = os.fdopen(asking, "wb"), os.fdopen(answers, "rb")

    def ask(self, question: object) -> None:
        """Send a question. If the process is gone, that is seen when the answer is wanted."""
        with suppress(BrokenPipeError):
            pickle.dump(question, self._questions)
            self._questions.flush()

    def answer(self, limits: Limits | None) -> Any:
        """The next answer, waited for from now on. Raises LimitError, or what the work raised."""
        waiting = select.poll()
        waiting.register(self._answers, select.POLLIN)
        if limits is None:
            waiting.poll()
        elif not waiting.poll(min(limits.seconds * 1000, LONGEST)):
            raise LimitError(f"no answer within {limits.seconds:g} seconds")
        try:
            kind, value = pickle.load(self._answers)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise _out_of_memory(limits) from None
        if kind == "error":
            raise value
        if kind == "crash":
            raise InternalError(value)
        return value

    def kill(self) -> None:
        """End the process at once."""
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._id, signal.SIGKILL)
            os.waitpid(self._id, 0)
        for pipe in (self._questions, self._answers):
            with suppress(BrokenPipeError):
                pipe.close()


def _live(
    serve: Callable[[IO[bytes], IO[bytes]], object], questions: int, answers: int
) -> NoReturn:
    """All that the forked process does. What libraries write to standard error is not shown."""
    try:
        if sys.__stderr__ is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        serve(os.fdopen(questions, "rb"), os.fdopen(answers, "wb"))
    finally:
        os._exit(0)


def answer_with(answers: IO[bytes], work: Callable[[], object], limits: Limits | None) -> None:
    """Send what a piece of work gives, or why it gives nothing."""
    try:
        with _limited(limits):
            message = pickle.dumps(("value", work()))
    except MemoryError:
        message = pickle.dumps(("error", _out_of_memory(limits)))
    except InfucodeError as error:
        message = pickle.dumps(("error", error))
    except Exception as error:
        import traceback

        message = pickle.dumps(("crash", f"{error!r}\n{traceback.format_exc()}"))
    answers.write(message)
    answers.flush()


def _out_of_memory(limits: Limits | None) -> LimitError:
    within = "the memory" if limits is None else f"{limits.megabytes} MB of memory"
    return LimitError(f"no answer within {within}")


@contextmanager
def _limited(limits: Limits | None) -> Iterator[None]:
    if limits is None:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    _limit_memory(limits)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def limit_memory(limits: Limits) -> None:
    """From here on this process gets no more memory than `limits` allow, where a system can say.

    What it has mapped already does not count: a process forked from a large one has all of that.
    """
    if sys.platform != "win32":
        with suppress(ValueError, OSError):
            _limit_memory(limits)


def _limit_memory(limits: Limits) -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _mapped() + limits.megabytes * 1024 * 1024
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _mapped() -> int:
    """Bytes of address space that this process has; 0 where the system does not tell."""
    import resource

    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0
