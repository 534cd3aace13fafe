"""A case: an encounter and what a policy must make of it, as an analyst wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date

from infucode.model.encounter import Encounter


@dataclass(frozen=True, slots=True)
class Source:
    """Where a published example comes from."""

    title: str
    url: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """The total ``units`` of all lines that fit: what is None here fits anything."""

    code: str
    units: int
    modifiers: tuple[str, ...] | None = None
    date: Date | None = None
    visit: int | None = None
    access: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedNotReported:
    """An administration or a service that must stand among what is not reported."""

    rule: str
    administration: str | None = None
    service: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedAsk:
    """A question that must be put; without an administration it is about the whole stay."""

    fact: str
    administration: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What the answer must be. None: the case does not speak of it; empty: there is none."""

    outcome: str
    lines: tuple[ExpectedLine, ...] | None = None
    complete: bool = True
    """Whether a line that no expected line fits is wrong; only where there are ``lines``."""
    absent: tuple[str, ...] = ()
    not_reported: tuple[ExpectedNotReported, ...] | None = None
    asks: tuple[ExpectedAsk, ...] | None = None
    code_sets: tuple[tuple[ExpectedLine, ...], ...] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case. ``expected`` is None where it speaks only of rules."""

    name: str
    file: str
    line: int
    policy: str
    encounter: Encounter
    switches: tuple[tuple[str, str], ...] = ()
    expected: Expected | None = None
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    why: str = ""
    source: Source | None = None

    @property
    def place(self) -> str:
        """``file:line``."""
        return f"{self.file}:{self.line}"
