"""The process that stays: it keeps its state, and no limit outlasts one piece of work."""

from __future__ import annotations

import mmap
import os
import signal
import time
from collections.abc import Iterator
from functools import partial

import pytest

from infucode.engine import worker as module
from infucode.engine.limits import Limits, guarded
from infucode.engine.worker import Worker
from infucode.errors import InternalError, LimitError, UsageError

Numbers = list[int]


def add(numbers: Numbers, number: int) -> Numbers:
    numbers.append(number)
    return numbers


def process(_: Numbers) -> int:
    return os.getpid()


def fail(_: Numbers, error: Exception) -> None:
    raise error


def sleep(_: Numbers) -> None:
    time.sleep(30)


def die(_: Numbers) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fill(_: Numbers, size: int) -> int:
    return len(bytearray(size))


@pytest.fixture(name="worker")
def _worker() -> Iterator[Worker[Numbers]]:
    with Worker[Numbers](list) as worker:
        yield worker


def test_it_keeps_its_state_in_a_process_of_its_own(worker: Worker[Numbers]) -> None:
    assert worker.do(partial(add, number=1)) == [1]
    assert worker.do(partial(add, number=2), Limits()) == [1, 2]
    assert worker.do(process) == worker.do(process) != os.getpid()


def test_it_gets_ready_and_no_error_of_that_matters(worker: Worker[Numbers]) -> None:
    worker.start(partial(add, number=7))
    assert worker.do(partial(add, number=8)) == [7, 8]
    worker.stop()
    worker.start(partial(fail, error=ValueError("not now")))
    assert worker.do(partial(add, number=9)) == [9]


def test_something_is_done_meanwhile(worker: Worker[Numbers]) -> None:
    seen: Numbers = []
    assert worker.do(partial(add, number=1), meanwhile=partial(seen.append, 5)) == [1]
    assert seen == [5]


def test_errors_are_the_same_errors_and_the_state_stays(worker: Worker[Numbers]) -> None:
    worker.do(partial(add, number=1))
    with pytest.raises(UsageError, match="no such thing"):
        worker.do(partial(fail, error=UsageError("no such thing")))
    assert worker.do(partial(add, number=2)) == [1, 2]
    with pytest.raises(InternalError, match="a bug"):
        worker.do(partial(fail, error=ValueError("a bug")))


def test_after_a_limit_another_process_works(worker: Worker[Numbers]) -> None:
    worker.do(partial(add, number=1))
    with pytest.raises(LimitError, match=r"within 0\.3 seconds"):
        worker.do(sleep, Limits(seconds=0.3))
    assert worker.do(partial(add, number=2)) == [2]
    with pytest.raises(LimitError, match="600 MB of memory"):
        worker.do(partial(fill, size=4_000_000_000), Limits(megabytes=600))
    with pytest.raises(LimitError, match="memory"):
        worker.do(die)
    assert worker.do(partial(add, number=3)) == [3]


def test_a_memory_limit_holds_for_its_work_alone(worker: Worker[Numbers]) -> None:
    assert worker.do(partial(fill, size=1_000), Limits(megabytes=600)) == 1_000
    assert worker.do(partial(fill, size=1_000_000_000)) == 1_000_000_000


def test_what_was_mapped_before_is_not_counted(worker: Worker[Numbers]) -> None:
    """A process with much memory of its own may still ask."""
    with mmap.mmap(-1, 3_000_000_000):
        limits = Limits(megabytes=600)
        assert guarded(lambda: 7, limits) == 7
        assert worker.do(partial(fill, size=100_000_000), limits) == 100_000_000
        with pytest.raises(LimitError, match="600 MB of memory"):
            worker.do(partial(fill, size=1_000_000_000), limits)


def test_where_nothing_forks_it_works_here(
    worker: Worker[Numbers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FORKS", False)
    worker.start()
    assert worker.do(partial(add, number=1)) == [1]
    assert worker.do(partial(add, number=2), Limits()) == [1, 2]
    assert worker.do(process) == os.getpid()
