"""Every error that infucode raises.

InfucodeError                  code         exit  whose fault
+-- UsageError                 usage        2     the command line
+-- DocumentError              document     5     the encounter document (carries them all)
+-- PolicyError                policy       3     the policy files (carries them all)
+-- TablesError                tables       5     a table file or the store (carries them all)
+-- LimitError                 limit        4     nobody's: out of time or memory, no answer
+-- InternalError              internal     1     ours

Messages are lower case, without a final stop, with the user's words in backticks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place.

    ``line`` and ``column`` are 1-based; 0 means that the place is the whole file.
    ``source`` is the text of that line, shown with a caret under ``column``.
    """

    file: str
    line: int
    column: int
    message: str
    help: str = ""
    source: str = ""
    field: str = ""
    check: str = ""
    """The id of the check of the policies that found it, where it has one."""

    @property
    def place(self) -> str:
        """``file``, ``file:line`` or ``file:line:column``, as far as it is known."""
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)

    def __str__(self) -> str:
        lines = [f"{self.place}: {self.message}"]
        if self.source.strip() and self.line:
            lines.append(f"    {self.source}")
            if self.column:
                lead = "".join("\t" if c == "\t" else " " for c in self.source[: self.column - 1])
                lines.append(f"    {lead}^")
        if self.help:
            lines.append(f"    help: {self.help}")
        return "\n".join(lines)


def named(check: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems under the id of the check that found them, unless they have one."""
    return (p if p.check else replace(p, check=check) for p in problems)


class InfucodeError(Exception):
    """The root: catch this to catch everything that infucode raises on purpose."""

    code = "internal"
    exit_code = 1


class UsageError(InfucodeError):
    """The command or the call asks for something that does not exist."""

    code = "usage"
    exit_code = 2


class ProblemsError(InfucodeError):
    """An error made of one or more located problems, all found in one pass."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[type, tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class DocumentError(ProblemsError):
    """The encounter document is refused; ``problems`` names every reason."""

    code = "document"
    exit_code = 5


class PolicyError(ProblemsError):
    """The policy files are refused; ``problems`` names every reason."""

    code = "policy"
    exit_code = 3


class TablesError(ProblemsError):
    """A table from outside is refused, or the store of such tables is damaged."""

    code = "tables"
    exit_code = 5


class LimitError(InfucodeError):
    """The time or memory limit was reached before an answer was found."""

    code = "limit"
    exit_code = 4


class InternalError(InfucodeError):
    """A promise that infucode makes to itself was broken: a bug of ours."""
