"""The command line. Data goes to standard output, everything else to standard error."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from functools import partial

OBJECTS_BEFORE_COLLECTION = 100_000
"""A command makes many objects that last to its end; looking for garbage among them is waste."""


def main() -> None:
    """Run the command and end with the contract's exit code."""
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    arguments = sys.argv[1:]
    if are_files_to_solve(arguments):
        code = solve_plainly(arguments[1:])
    else:
        from infucode.cli.app import run

        code = run(arguments)
    gc.freeze()
    sys.exit(code)


def are_files_to_solve(arguments: Sequence[str]) -> bool:
    """Whether it is `solve` and files alone, so that nothing needs to be parsed."""
    command, files = arguments[:1], arguments[1:]
    return command == ["solve"] and bool(files) and not any(map(_is_option, files))


def _is_option(argument: str) -> bool:
    return argument.startswith("-") and argument != "-"


def solve_plainly(files: Sequence[str]) -> int:
    """What `infucode solve` does with files alone; typer takes longer to load than the rest."""
    from infucode.cli.answers import answer_files
    from infucode.cli.output import code_of

    return code_of(partial(answer_files, files))
