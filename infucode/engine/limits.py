"""The watchdog: work in a process of its own that can be killed while it grounds.

The grounder cannot be interrupted from within, and the system may run out of memory before it
does, so a child process works under a memory limit and its parent watches the clock.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from infucode.errors import InfucodeError, InternalError, LimitError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large one question may grow: wall seconds, megabytes."""

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
    import multiprocessing

    if "fork" not in multiprocessing.get_all_start_methods() or sys.platform == "darwin":
        return work()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(work, sender, limits), daemon=True)
    child.start()
    sender.close()
    try:
        if meanwhile is not None:
            meanwhile()
        if not receiver.poll(limits.seconds):
            raise LimitError(f"no answer within {limits.seconds:g} seconds")
        try:
            kind, value = pickle.loads(receiver.recv_bytes())
        except (EOFError, OSError):
            child.join(1)
            raise LimitError(f"no answer within {limits.megabytes} MB of memory") from None
    finally:
        child.kill()
        child.join()
        receiver.close()
    if kind == "error":
        raise value
    if kind == "crash":
        raise InternalError(value)
    result: T = value
    return result


def _child(work: Callable[[], object], sender: Connection, limits: Limits) -> None:
    try:
        _limit_memory(limits.megabytes)
        message = pickle.dumps(("value", work()))
    except MemoryError:
        message = pickle.dumps(
            ("error", LimitError(f"no answer within {limits.megabytes} MB of memory"))
        )
    except InfucodeError as error:
        message = pickle.dumps(("error", error))
    except Exception as error:
        import traceback

        message = pickle.dumps(("crash", f"{error!r}\n{traceback.format_exc()}"))
    sender.send_bytes(message)
    sender.close()
    os._exit(0)


def _limit_memory(megabytes: int) -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = megabytes * 1024 * 1024
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
