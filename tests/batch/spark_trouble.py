"""Functions for Spark in which something goes wrong, or is noted; sent to its workers by name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infucode.batch.answers import Answerer
from infucode.model.encounter import Encounter
from infucode.spark import worker
from infucode.spark.worker import OnWorker

NOTES = "INFUCODE_TEST_NOTES"
"""The folder in which the workers note what they did."""


def folder() -> Path:
    return Path(os.environ[NOTES])


@dataclass(frozen=True)
class KilledOnce(OnWorker):
    """The first worker that has given a batch is killed; every attempt is noted."""

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        (folder() / f"attempt-{os.getpid()}-{time.monotonic_ns()}").touch()
        for batch in super().__call__(batches):
            yield batch
            try:
                (folder() / "killed").touch(exist_ok=False)
            except FileExistsError:
                continue
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Noted(OnWorker):
    """Notes each loading of the policies, and each partition."""

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        (folder() / f"partition-{os.getpid()}-{time.monotonic_ns()}").touch()
        yield from super().__call__(batches)
        ((_, _, pool),) = worker._kept
        for process in pool._workers:
            (folder() / f"loaded-{os.getpid()}-{process.process.pid}").touch()


@dataclass(frozen=True)
class Endless(OnWorker):
    """One encounter is never answered, and over another the process that answers it is killed."""

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        answer = Answerer._answer

        def changed(self: Answerer, encounter: Encounter) -> tuple[bytes, str]:
            while encounter.id == "e7":
                time.sleep(0.01)
            if encounter.id == "e11":
                os.kill(os.getpid(), signal.SIGKILL)
            return answer(self, encounter)

        Answerer._answer = changed  # type: ignore[method-assign]
        try:
            yield from super().__call__(batches)
        finally:
            Answerer._answer = answer  # type: ignore[method-assign]
            while worker._kept:
                worker._kept.pop()[2].__exit__()
