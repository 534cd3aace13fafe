"""A second process beside the server: lints whole folders and runs cases, one request at a time.

What takes seconds must not keep an editor waiting for a hover.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from infucode.workbench.server.messages import Failed, Ran, receive, send


class Work:
    """What the process can do; it remembers what it read."""

    def __init__(self) -> None:
        from infucode.workbench.remembered import Remembered

        self.known = Remembered()

    def lint(self, root: Path) -> object:
        """Every finding in a folder, as the command gives them; of a `lint.toml` that cannot be
        understood its problems."""
        from infucode.errors import PolicyError
        from infucode.model.lint import Finding
        from infucode.workbench.lint.running import lint

        try:
            return lint(root, load=self.known.load).findings
        except PolicyError as error:
            return tuple(Finding("settings-file", "error", p) for p in error.problems)

    def cases(self, root: Path, files: list[Path], places: frozenset[str]) -> object:
        """The outcomes of the cases at some places (``file:line``) of some files."""
        from infucode.workbench.cases import Plans, load_cases, run_case

        plans = Plans(root)
        found = []
        for case in load_cases(files, plans):
            if case.place in places:
                result = run_case(case, plans)
                found.append(Ran(case.file, case.line, case.name, result.differences))
        return found


def main() -> None:
    """Answer requests until the server closes the stream."""
    from infucode.errors import InfucodeError

    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    work = Work()
    while True:
        try:
            name, arguments = receive(requests)
        except EOFError:
            return
        do: Callable[..., object] = getattr(work, name)
        try:
            answer = do(*arguments)
        except InfucodeError as error:
            answer = Failed(str(error))
        except Exception:
            answer = Failed("infucode failed: " + traceback.format_exc(limit=-1))
        try:
            send(answers, answer)
        except BrokenPipeError:
            return


if __name__ == "__main__":
    main()
