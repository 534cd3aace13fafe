"""What a worker process does: it answers the batches that it is sent until nobody sends any."""

from __future__ import annotations

import gc
import os
import signal
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from infucode.batch.answers import Answerer
from infucode.batch.tasks import Result, Task
from infucode.engine.limits import LONGEST, Limits, limit_memory

READY, BATCH_DONE, OUT_OF_MEMORY, RETIRED = "ready", "done", "memory", "retired"
COLLECT = 20
"""Batches between two looks for garbage, of which there is little."""
ALONE = 5.0
"""Seconds beyond the limit after which a process ends by itself, as nobody is left to end it."""
BEGUN = 120.0
"""Seconds within which a process is ready, also on a machine that is busy with other things."""
MEGABYTE = 1024 * 1024


def serve(
    pipe: Connection,
    task: Task,
    limits: Limits,
    recycle: int,
    inherited: Sequence[Connection],
    answering: Callable[[Task], Answerer] = Answerer,
) -> None:
    """Answer batches until the other end is closed."""
    for other in inherited:
        other.close()
    _let_go(pipe)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(limits)
    gc.disable()
    _end_alone(BEGUN + ALONE)
    answerer, done = answering(task), 0
    answerer.get_ready()
    gc.collect()
    gc.freeze()
    _end_alone(0)
    with suppress(EOFError, OSError):
        pipe.send((READY, []))
        while True:
            documents = pipe.recv()
            said, results = BATCH_DONE, list[Result]()
            _end_alone(limits.seconds + ALONE)
            try:
                results = answerer.results(documents)
            except MemoryError:
                said = OUT_OF_MEMORY
            _end_alone(0)
            done += 1
            if said == BATCH_DONE and done % COLLECT == 0:
                gc.collect()
                if resident() > recycle:
                    said = RETIRED
            pipe.send((said, results))
    os._exit(0)


def _let_go(pipe: Connection) -> None:
    """Close what the process above has open to others, such as the JVM of Spark.

    They would not see its end before that of this process.
    """
    for name in os.listdir("/dev/fd") if os.path.isdir("/dev/fd") else ():  # noqa: PTH112, PTH208
        number = int(name)
        with suppress(OSError):
            if number > 2 and number != pipe.fileno() and stat.S_ISSOCK(os.fstat(number).st_mode):
                empty = os.open(os.devnull, os.O_RDWR)
                os.dup2(empty, number)
                os.close(empty)


def _end_alone(seconds: float) -> None:
    """Have the system end this process after so long, also while it grounds; 0 for never."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, min(seconds, LONGEST / 1000))


def resident() -> float:
    """Megabytes of memory that this process holds; its most so far where the system keeps no
    present figure."""
    if sys.platform == "win32":
        return 0.0
    import resource

    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize() / MEGABYTE
    except (OSError, ValueError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / MEGABYTE if sys.platform == "darwin" else most / 1024
