"""What runs in a Python worker of Spark: the Arrow function, with what the driver sent.

A process below the worker answers, as in `infucode batch`: so an encounter that takes too long or
too much memory is rejected, and not the task. It is kept for the next partition of this worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from infucode.batch.arrow import Answering
from infucode.batch.pool import Pool
from infucode.spark.packed import (
    Packed,
    found,
    require_same_program,
    require_same_tables,
    unpacked,
)

Kept = tuple["OnWorker", Answering, Pool]
_kept: list[Kept] = []
"""At most one question with the process that answers it, for as long as this worker lives."""


@dataclass(frozen=True)
class OnWorker:
    """The function for `mapInArrow`; it is sent to the workers."""

    answering: Answering
    packed: Packed

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The answers to one partition."""
        question, answering, pool = _kept.pop() if _kept else self._begun()
        if question != self:
            pool.__exit__()
            question, answering, pool = self._begun()
        done = False
        try:
            yield from answering(batches, pool)
            done = True
        finally:
            if done:
                _kept.append((question, answering, pool))
            else:
                pool.__exit__()

    def _begun(self) -> Kept:
        """Raises UsageError where this worker has another infucode or other tables."""
        require_same_program(self.packed)
        task = self.answering.task
        tables = None if task.tables is None else found(task.tables)
        require_same_tables(self.packed, tables)
        task = replace(task, policies=unpacked(self.packed), tables=tables)
        answering = replace(self.answering, task=task)
        return self, answering, answering.pool().__enter__()
