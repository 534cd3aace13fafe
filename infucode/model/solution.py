"""The answer of ``solve`` as typed values: section 2 of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """Exactly which rules gave an answer."""

    id: str
    title: str
    version: str
    as_of: Date
    digest: str
    switches: tuple[tuple[str, str], ...] = ()
    """Only those overridden for this run."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that fired, in words with its numbers, and where it comes from."""

    rule: str
    says: str
    cite: str


@dataclass(frozen=True, slots=True)
class HangsOn:
    """A switch whose other answers (``other``) would change this line."""

    switch: str
    value: str
    basis: str
    other: tuple[str, ...]
    question: str = ""
    """What the switch answers, as a sentence; for people only."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line to report. ``units`` is whole and positive; ``charge`` is money as text."""

    code: str
    label: str
    units: int
    modifiers: tuple[str, ...]
    date: Date
    visit: int
    access: str | None
    administrations: tuple[str, ...]
    services: tuple[str, ...]
    charge: str | None
    certain: bool
    because: tuple[Reason, ...]
    hangs_on: tuple[HangsOn, ...]


@dataclass(frozen=True, slots=True)
class Assumption:
    """What one code set supposes of a fact that the record only half-states."""

    fact: str
    administration: str | None
    value: str
    says: str


@dataclass(frozen=True, slots=True)
class NotReported:
    """Something that was done and earns no line, and why."""

    administration: str | None
    service: str | None
    part: str
    """``all``, ``40 minutes``, ``additional hours`` or ``drug``."""
    rule: str
    says: str
    cite: str


@dataclass(frozen=True, slots=True)
class CodeSet:
    """One code set that the documented facts allow."""

    assuming: tuple[Assumption, ...]
    lines: tuple[Line, ...]
    not_reported: tuple[NotReported, ...] = ()
    """Only what is not reported under this set and not under every other."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An open question about a half-stated fact."""

    fact: str
    administration: str | None
    says: str
    matters_because: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to know that changes no line."""

    rule: str
    says: str
    cite: str


@dataclass(frozen=True, slots=True)
class Solution:
    """The answer to ``solve``: every code set that the facts allow, with reasons."""

    encounter: str
    policy: PolicyRef
    outcome: str
    """``coded``, ``ambiguous`` or ``blocked``."""
    code_sets: tuple[CodeSet, ...]
    not_reported: tuple[NotReported, ...]
    asks: tuple[Ask, ...]
    warnings: tuple[Warned, ...]


def claimed(solution: Solution) -> object:
    """What two answers have to share to be alike: the outcome and each code set."""
    return solution.outcome, [
        sorted((line.code, line.units, line.modifiers, line.date) for line in code_set.lines)
        for code_set in solution.code_sets
    ]
