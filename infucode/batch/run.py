"""A whole run: documents in, parts of answers and rejects out, in the order of the input."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import IO

from infucode.batch.answers import Answerer
from infucode.batch.cache import CachedAnswerer
from infucode.batch.inputs import documents, require_readable
from infucode.batch.manifest import manifest_of
from infucode.batch.parts import Counts, Parts
from infucode.batch.pool import Pool
from infucode.batch.tasks import Detail, Document, Question, Result, Task
from infucode.engine.limits import Limits
from infucode.errors import UsageError

BATCH, LARGE = 250, 2500
PART = 2 * LARGE
RECYCLE = 500
Progress = Callable[[int, Counts], None]
"""Told the bytes of the documents that are done, and what became of them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run is done; none of this changes an answer."""

    workers: int = 1
    limits: Limits = field(default_factory=lambda: Limits(60.0, 4096))
    recycle: int = RECYCLE
    """Megabytes of memory from which on a worker is replaced by a new one."""
    batch: int | None = None
    """Documents that are answered together; None for as many as is good for the question."""
    part: int = PART
    """Documents that are kept together: so many are done anew at most when a run was killed."""
    force: bool = False
    cache: bool = False
    """Whether encounters that are equal but for their names are answered once by each worker."""

    def together(self, task: Task) -> int:
        """How many documents are answered together: many where columns answer them, few where
        they are answered one by one, as a batch has one time limit."""
        if self.batch is not None:
            return self.batch
        by_columns = task.question is Question.solve and task.explain is not Detail.full
        return LARGE if by_columns and not task.strict and find_spec("numpy") else BATCH

    def pool(self, task: Task) -> Pool:
        """The processes that answer."""
        answering = CachedAnswerer if self.cache else Answerer
        return Pool(task, self.workers, self.limits, self.recycle, answering)


def nothing(_bytes: int, _counts: Counts) -> None:
    """Told to nobody."""


def rejects_of(output: Path) -> Path:
    """Where the documents without an answer are written."""
    return output.with_name(f"{output.stem}.rejects.ndjson")


def run_to_file(
    task: Task, inputs: Sequence[str], output: Path, settings: Settings, told: Progress = nothing
) -> Counts:
    """Answer every document into a file; a run that was killed before goes on.

    Raises UsageError for inputs that cannot be read, output that cannot be written, and parts of
    another run.
    """
    require_readable(inputs)
    manifest = manifest_of(task, inputs, "ndjson", settings.part)
    parts = Parts(output, (output, rejects_of(output)), manifest)
    counts = Counts()
    known = None if settings.force else parts.finished()
    if known is not None:
        counts.include(known)
        return counts
    try:
        parts.open(force=settings.force)
        number = _Run(parts, task, settings, counts, told).all(documents(inputs))
        parts.finish(number, counts)
    finally:
        parts.close()
    return counts


def run_to_stream(
    task: Task,
    inputs: Sequence[str],
    answers: IO[bytes],
    rejects: IO[bytes],
    settings: Settings,
    told: Progress = nothing,
) -> Counts:
    """Answer every document into a stream, in order, as soon as can be.

    Raises UsageError for a stream that takes no more, and BrokenPipeError where nobody reads it.
    """
    require_readable(inputs)
    counts, done = Counts(), 0
    with settings.pool(task) as pool:
        for results in pool.results(_cut(documents(inputs), settings.batch or BATCH)):
            with _streaming():
                answers.writelines(result.answer for result in results)
                answers.flush()
                rejects.writelines(result.rejected for result in results)
                rejects.flush()
            counts.add(results)
            done += len(results)
            told(done, counts)
    return counts


@contextmanager
def _streaming() -> Iterator[None]:
    """Says in words why a stream cannot be written."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f"the answers cannot be written: {reason}; write them to a file, `-o FILE`, and a "
            "run that was stopped can go on"
        ) from error


def _cut(found: Iterable[Document], size: int) -> Iterator[list[Document]]:
    source = iter(found)
    while batch := list(islice(source, size)):
        yield batch


class _Run:
    """The parts of a run, in order: some were done before, the others are done now."""

    def __init__(
        self, parts: Parts, task: Task, settings: Settings, counts: Counts, told: Progress
    ) -> None:
        self.parts, self.task, self.settings = parts, task, settings
        self.counts, self.told = counts, told
        self._read = 0
        self._bytes = 0
        self._open: deque[tuple[int, int, int]] = deque()
        """Of each part that is being done: its number, its batches and its bytes."""

    def all(self, found: Iterable[Document]) -> int:
        """Do what is not done; returns how many parts there are."""
        settings = self.settings
        results: list[Result] = []
        batches = 0
        with settings.pool(self.task) as pool:
            for answered in pool.results(self._batches(found)):
                results += answered
                batches += 1
                if batches == self._open[0][1]:
                    self._keep(results)
                    results, batches = [], 0
        return self._read

    def _batches(self, found: Iterable[Document]) -> Iterator[list[Document]]:
        for number, part in enumerate(_cut(found, self.settings.part)):
            self._read = number + 1
            size = sum(len(document.text) + 1 for document in part)
            known = self.parts.done(number)
            if known is not None:
                self.counts.include(known)
                self._tell(size)
                continue
            batches = list(_cut(part, self.settings.together(self.task)))
            self._open.append((number, len(batches), size))
            yield from batches

    def _keep(self, results: Sequence[Result]) -> None:
        number, _, size = self._open.popleft()
        own = Counts()
        own.add(results)
        answers = (result.answer for result in results)
        rejects = (result.rejected for result in results)
        self.parts.write(number, (answers, rejects), own)
        self.counts.include(own.data())
        self.counts.cached += own.cached
        self._tell(size)

    def _tell(self, size: int) -> None:
        self._bytes += size
        self.told(self._bytes, self.counts)
