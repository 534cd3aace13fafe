"""What lint finds in a policy folder, as typed values."""

from __future__ import annotations

from dataclasses import dataclass

from infucode.errors import Problem

SEVERITIES = ("error", "warning", "info", "off")
"""The gravest first; `off` checks nothing."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines ``first`` to ``last`` of a file (1-based, both in), replaced by ``lines``."""

    file: str
    first: int
    last: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one check at one place; ``edit`` mends it without changing an answer."""

    check: str
    severity: str
    problem: Problem
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """A finding that ``lint.toml`` lets stand, with the reason that it gives."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Linted:
    """The outcome of one run, ordered by file, line, column and check."""

    folder: str
    checks: int
    """How many checks were run."""
    rules: int
    """How many rules of how many files were read."""
    files: int
    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...] = ()

    def number(self, severity: str) -> int:
        """How many findings are so grave."""
        return sum(finding.severity == severity for finding in self.findings)
