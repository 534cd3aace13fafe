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
    """Whether it is `solve` and files, with `--explain` at most, so that little needs parsing."""
    command, rest = arguments[:1], _joined(arguments[1:])
    files = [word for word in rest if not word.startswith(PROOFS)]
    known = len(rest) - len(files) <= 1 and all(w.removeprefix(PROOFS) in DETAILS
                                                for w in rest if w not in files)  # fmt: skip
    return command == ["solve"] and bool(files) and known and not any(map(_is_option, files))


PROOFS = "--explain="
DETAILS = ("none", "short", "full")


def _joined(arguments: Sequence[str]) -> list[str]:
    """The arguments with the value of `--explain` joined to it."""
    if "--explain" not in arguments:
        return list(arguments)
    from infucode.cli.formats import with_detail

    return with_detail(arguments)


def _is_option(argument: str) -> bool:
    return argument.startswith("-") and argument != "-"


def solve_plainly(arguments: Sequence[str]) -> int:
    """What `infucode solve` does with files; typer takes longer to load than the rest."""
    from infucode.cli.answers import NOTHING_SPECIAL, answer_files
    from infucode.cli.output import code_of

    words = _joined(arguments)
    files = [word for word in words if not word.startswith(PROOFS)]
    asked = NOTHING_SPECIAL
    if len(files) < len(words):
        from infucode.cli.formats import Detail
        from infucode.cli.plans import Asked

        detail = next(word for word in words if word.startswith(PROOFS))
        asked = Asked(explain=Detail(detail.removeprefix(PROOFS)))
    return code_of(partial(answer_files, files, asked=asked))
