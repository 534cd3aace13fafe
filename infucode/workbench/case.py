"""A case: an encounter and what a policy must make of it, as an analyst wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING

from infucode.model.encounter import Encounter
from infucode.workbench.case_tables import CaseTables

if TYPE_CHECKING:
    from infucode.tables import Store

Says = tuple[tuple[str, tuple[str, ...]], ...]
"""Rule ids, each with its sentences, filled in."""

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
class ExpectedViolation:
    """Something that the check must find. Without ``lines`` of whatever lines; a single line is
    the one that it is about."""

    rule: str
    severity: str | None = None
    lines: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ExpectedOmitted:
    """A line that the record earns and the claim lacks: what is None here fits anything."""

    code: str
    units: int | None = None
    modifiers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ExpectedCheck:
    """What the check of the claim must find. None: the case does not speak of it.

    What denies a line or wants it reviewed, and is not named, is wrong.
    """

    outcome: str | None = None
    lines: tuple[tuple[str, str], ...] | None = None
    """The state of each line that is named."""
    violations: tuple[ExpectedViolation, ...] | None = None
    omitted: tuple[ExpectedOmitted, ...] | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What the answer must be. None: the case does not speak of it; empty: there is none."""

    outcome: str
    """Of the record; empty where only the check of a claim is spoken of."""
    lines: tuple[ExpectedLine, ...] | None = None
    complete: bool = True
    """Whether a line that no expected line fits is wrong; only where there are ``lines``."""
    absent: tuple[str, ...] = ()
    not_reported: tuple[ExpectedNotReported, ...] | None = None
    asks: tuple[ExpectedAsk, ...] | None = None
    code_sets: tuple[tuple[ExpectedLine, ...], ...] | None = None
    check: ExpectedCheck | None = None


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
    says: Says = ()
    """Rules and all that they say in the answer; what other rules say is not spoken of."""
    tables: CaseTables | None = None
    """Imported rows that its claim is checked against."""

    @property
    def is_claim(self) -> bool:
        """Whether its encounter has a claim to be checked."""
        return bool(self.encounter.claim_lines) or self.encounter.claim_stated

    @property
    def store(self) -> Store | None:
        """Where a check of its claim looks for imported rows."""
        return self.tables.store if self.tables else None

    @property
    def place(self) -> str:
        """``file:line``."""
        return f"{self.file}:{self.line}"
