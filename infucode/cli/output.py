"""Consoles, and errors on standard error."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from typing import TYPE_CHECKING

from infucode.errors import InfucodeError, InternalError, ProblemsError

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 100


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
