"""Worker processes: each answers one batch at a time, is watched, and is replaced when it must.

A batch over which a worker runs out of time, out of memory or ends is halved, and so on down to
one document, which then is rejected: nobody else's answer is lost with it. A worker that was
killed from outside just gets its batch again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from infucode.batch.answers import Answerer
from infucode.batch.rejects import rejected
from infucode.batch.serving import BATCH_DONE, BEGUN, OUT_OF_MEMORY, READY, RETIRED, serve
from infucode.batch.tasks import Document, Result, Task
from infucode.engine.limits import Limits
from infucode.errors import InternalError, LimitError

ATTEMPTS = 3
"""So often a batch is tried in which a worker ended for no reason that it could tell."""
AHEAD = 4
"""So many batches for each worker are read before the first of them is answered."""


@dataclass(slots=True)
class _Piece:
    """Documents that are sent together; ``place`` is where they stand in their batch."""

    batch: int
    place: int
    documents: Sequence[Document]
    attempts: int = 0

    def halves(self) -> list[_Piece]:
        middle = len(self.documents) // 2
        return [
            _Piece(self.batch, self.place, self.documents[:middle]),
            _Piece(self.batch, self.place + middle, self.documents[middle:]),
        ]


@dataclass(slots=True)
class _Worker:
    """One process, what it works on, and since when."""

    process: BaseProcess
    pipe: Connection
    ready: bool = False
    """Whether it has loaded what it needs; that takes no time from the first batch."""
    piece: _Piece | None = None
    since: float = field(default_factory=time.monotonic)
    """When it was begun, and then when it got its batch."""


@dataclass(slots=True)
class _Batch:
    """The results of a batch as they come in."""

    results: list[Result | None]
    missing: int = field(init=False)

    def __post_init__(self) -> None:
        self.missing = len(self.results)


class Pool:
    """Answers batches in their order, with several processes."""

    def __init__(
        self,
        task: Task,
        workers: int,
        limits: Limits,
        recycle: int,
        answering: Callable[[Task], Answerer] = Answerer,
    ) -> None:
        """`recycle` is the memory in megabytes from which on a worker is replaced; `answering`
        makes what answers in each."""
        self.task, self.limits, self.recycle = task, limits, recycle
        self._answering = answering
        self._context = multiprocessing.get_context()
        self._workers: list[_Worker] = []
        self._number = max(1, workers)
        self._stillborn = 0
        """Processes in a row that ended before they began, with no batch done in between."""
        self._queue: deque[_Piece] = deque()
        self._batches: dict[int, _Batch] = {}

    def __enter__(self) -> Pool:
        self._workers = [self._new() for _ in range(self._number)]
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            _end(worker)
        self._workers = []

    def results(self, batches: Iterable[Sequence[Document]]) -> Iterator[list[Result]]:
        """The results of each batch, in order. Only a few batches are read ahead."""
        source = enumerate(batches)
        wanted, read, finished = 0, 0, False
        while True:
            self._send()
            while wanted < read and not self._batches[wanted].missing:
                batch = self._batches.pop(wanted)
                wanted += 1
                yield [result for result in batch.results if result is not None]
            while not finished and read - wanted < AHEAD * self._number:
                taken = next(source, None)
                if taken is None:
                    finished = True
                    break
                number, documents = taken
                read = number + 1
                self._batches[number] = _Batch([None] * len(documents))
                self._queue.append(_Piece(number, 0, documents))
            if finished and wanted == read:
                return
            self._send()
            self._wait()

    # ---- processes ----

    def _new(self) -> _Worker:
        here, there = self._context.Pipe()
        inherited = [worker.pipe for worker in self._workers] + [here]
        fork = self._context.get_start_method() == "fork"
        process = self._context.Process(
            target=serve,
            args=(
                there,
                self.task,
                self.limits,
                self.recycle,
                inherited if fork else [],
                self._answering,
            ),
            daemon=True,
        )
        process.start()
        there.close()
        return _Worker(process, here)

    def _replace(self, worker: _Worker) -> None:
        _end(worker)
        self._workers.remove(worker)
        self._workers.append(self._new())

    def _send(self) -> None:
        for worker in list(self._workers):
            if worker.ready and worker.piece is None and self._queue:
                piece = self._queue.popleft()
                worker.piece, worker.since = piece, time.monotonic()
                try:
                    worker.pipe.send(list(piece.documents))
                except OSError:
                    self._lost(worker)

    def _wait(self) -> None:
        """Until a worker tells something, ends, or has worked for too long. One is at work."""
        busy = {w.pipe: w for w in self._workers if w.piece is not None or not w.ready}
        now = time.monotonic()
        ends = [worker.since + self._allowed(worker) for worker in busy.values()]
        for pipe in wait(list(busy), max(0.0, min(ends) - now)):
            worker = busy[pipe]  # type: ignore[index]
            try:
                said, results = worker.pipe.recv()
            except (EOFError, OSError):
                self._lost(worker)
                continue
            self._told(worker, said, results)
        now = time.monotonic()
        for worker in busy.values():
            piece = worker.piece
            if worker not in self._workers or (worker.ready and piece is None):
                continue
            if now - worker.since < self._allowed(worker) or worker.pipe.poll():
                continue
            if piece is None:
                self._lost(worker)
            else:
                self._replace(worker)
                reason = f"no answer within {self.limits.seconds:g} seconds"
                self._divide(piece, LimitError(reason))

    def _allowed(self, worker: _Worker) -> float:
        """Seconds for its batch, or for its beginning."""
        return self.limits.seconds if worker.ready else BEGUN

    def _told(self, worker: _Worker, said: str, results: list[Result]) -> None:
        self._stillborn = 0
        if said == READY:
            worker.ready = True
            return
        piece, worker.piece = worker.piece, None
        assert piece is not None
        if said == OUT_OF_MEMORY:
            self._replace(worker)
            reason = f"no answer within {self.limits.megabytes} MB of memory"
            self._divide(piece, LimitError(reason))
            return
        if len(results) != len(piece.documents):
            raise InternalError(f"{len(results)} results of {len(piece.documents)} documents")
        self._keep(piece, results)
        if said == RETIRED:
            self._replace(worker)
        else:
            assert said == BATCH_DONE

    def _lost(self, worker: _Worker) -> None:
        """A worker ended without a word: its documents are tried again, and then apart."""
        piece, worker.piece = worker.piece, None
        self._replace(worker)
        if piece is None:
            self._stillborn += 1
            if self._stillborn > ATTEMPTS * self._number:
                raise InternalError("the processes that answer end before they begin")
            return
        piece.attempts += 1
        if piece.attempts < ATTEMPTS:
            self._queue.appendleft(piece)
        else:
            self._divide(piece, InternalError("the process that answered it ended each time"))

    def _divide(self, piece: _Piece, error: LimitError | InternalError) -> None:
        if len(piece.documents) > 1:
            self._queue.extendleft(reversed(piece.halves()))
        else:
            self._keep(piece, [rejected(piece.documents[0], error)])

    def _keep(self, piece: _Piece, results: Sequence[Result]) -> None:
        batch = self._batches[piece.batch]
        batch.results[piece.place : piece.place + len(results)] = results
        batch.missing -= len(results)


def _end(worker: _Worker) -> None:
    with suppress(OSError):
        worker.pipe.close()
    if worker.process.pid is not None and worker.process.is_alive():
        with suppress(ProcessLookupError):
            os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.join()
