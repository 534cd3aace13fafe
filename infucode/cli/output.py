"""Consoles, errors on standard error, and what happens to an error that reaches the top."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from infucode.errors import InfucodeError, InternalError, ProblemsError

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 100
INTERRUPTED = 130
CLOSED = 141
"""Nobody reads the answers any more, as with `| head -1`; no crash, and no answer either."""


def stdout() -> Console:
    """The console of the answer: as wide as the terminal, or a fixed width when piped."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else PIPED_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False)


@lru_cache(maxsize=1)
def stderr() -> Console:
    """The console of everything that is not the answer."""
    from rich.console import Console

    width = None if sys.stderr.isatty() else PIPED_WIDTH
    return Console(stderr=True, width=width, highlight=False)


def note(text: str) -> None:
    """One line on standard error that is no error: what was done, what to do next."""
    from infucode.render.shown import shown

    stderr().print(shown(text), markup=False, soft_wrap=True)


def report_error(error: InfucodeError) -> int:
    """Show an error on standard error; returns its exit code."""
    from infucode.render.errors_view import render_problems
    from infucode.render.shown import shown

    if isinstance(error, ProblemsError):
        render_problems(error, stderr())
    elif isinstance(error, InternalError):
        first, _, rest = str(error).partition("\n")
        stderr().print(f"infucode failed: {shown(first)}", markup=False)
        stderr().print("this is a bug of ours; INFUCODE_DEBUG=1 shows where", markup=False)
        if os.environ.get("INFUCODE_DEBUG"):
            stderr().print(rest, markup=False)
    else:
        stderr().print(f"error: {shown(str(error))}", markup=False)
    return error.exit_code


def code_of(work: Callable[[], int]) -> int:
    """The exit code of a command. Raises nothing."""
    try:
        return work()
    except InfucodeError as error:
        return report_error(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED
    except Exception as error:
        return _crash(error)


def _crash(error: Exception) -> int:
    if os.environ.get("INFUCODE_DEBUG"):
        raise error
    return report_error(InternalError(f"{type(error).__name__}: {error}"))
