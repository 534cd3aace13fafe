"""What is wrong with a file, gathered as it is read: located, capped, counted."""

from __future__ import annotations

from collections.abc import Sequence

from infucode.errors import Problem, TablesError

MOST_SHOWN = 40
MOST_CHARACTERS = 400


class Unreadable(Exception):
    """A cell that is not what its column holds; ``args``: what is wrong, what would be right."""


class Findings:
    """The problems of one file. ``file`` is how they name it: the file, or the zip and member."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.count = 0

    def add(
        self,
        line: int,
        message: str,
        help: str = "",
        *,
        cells: Sequence[str] = (),
        column: int = 0,
    ) -> None:
        """Note a problem at a line; ``column`` is the 1-based cell of it, 0 for the whole row."""
        self.count += 1
        if len(self.problems) < MOST_SHOWN:
            source = "\t".join(cells)[:MOST_CHARACTERS]
            start = len("\t".join(cells[: column - 1])) + (column > 1) if column else 0
            at = start + 1 if column and start < len(source) else 0
            self.problems.append(Problem(self.file, line, at, message, help, source))

    def shown(self) -> list[Problem]:
        """The problems, the last one saying how many more there are."""
        more = self.count - len(self.problems)
        if more <= 0:
            return self.problems
        told = f"{more:,} more problems of this file are not listed"
        return [*self.problems, Problem(self.file, 0, 0, told, "nothing of it was imported")]


def refused(file: str, message: str, help: str = "") -> TablesError:
    """A file that is refused as a whole."""
    return TablesError([Problem(file, 0, 0, message, help)])
