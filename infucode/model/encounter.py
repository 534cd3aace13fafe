"""The encounter document as typed values: section 1 of the contract.

Times are whole minutes from midnight of ``Encounter.date``; a field that the record leaves out
is ``None`` (or empty), never a guessed value. The defaults here are the contract's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Date
from decimal import Decimal


def drug_key(text: str) -> str:
    """Case and spaces aside, equal texts name one drug."""
    return " ".join(text.casefold().split())


@dataclass(frozen=True, slots=True)
class After:
    """A stated gap: this run began ``minutes`` after ``administration`` ended."""

    administration: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Pump:
    """How a prolonged infusion by pump was set up. ``planned_minutes`` in minutes."""

    kind: str | None = None
    supplied_by: str | None = None
    planned_minutes: int | None = None
    extra_setups: int | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of package that was opened: ``size`` in the dose's unit."""

    size: Decimal
    count: int
    kind: str


@dataclass(frozen=True, slots=True)
class Dose:
    """What was given and thrown away, in ``unit``; ``per_unit`` is one billing unit."""

    hcpcs: str | None = None
    administered: Decimal | None = None
    discarded: Decimal | None = None
    per_unit: Decimal | None = None
    unit: str | None = None
    ndc: str | None = None
    containers: tuple[Container, ...] = ()


@dataclass(frozen=True, slots=True)
class Administration:
    """One delivery of one drug or fluid, as the record states it."""

    id: str
    drug: str
    route: str
    hcpcs: str | None = None
    category: str | None = None
    technique: str | None = None
    start: int | None = None
    stop: int | None = None
    segments: tuple[tuple[int, int], ...] = ()
    minutes: int | None = None
    rate_ml_per_hour: Decimal | None = None
    volume_ml: Decimal | None = None
    after: After | None = None
    concurrent_with: tuple[str, ...] = ()
    access: str = "line-1"
    bag: str | None = None
    visit: int = 1
    purpose: str = "treatment"
    indication: str | None = None
    attended: bool | None = None
    discontinued: bool | None = None
    sequential_reason: str | None = None
    intensity: tuple[str, ...] = ()
    via: str | None = None
    lesions: int | None = None
    pump: Pump | None = None
    counseling: bool | None = None
    dose_group: str | None = None
    supervision: str | None = None
    supplied_by: str = "provider"
    documentation: tuple[tuple[str, bool], ...] = ()
    dose: Dose | None = None
    note: str | None = None

    @property
    def began(self) -> int | None:
        """The minute at which it, or its first segment, began; none without a clock time."""
        if self.start is None and self.segments:
            return self.segments[0][0]
        return self.start


@dataclass(frozen=True, slots=True)
class Access:
    """One IV access; every lumen of one catheter is one access."""

    id: str
    reason: str | None = None
    device: str | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """Another service of the stay; ``day`` counts from 0 on ``Encounter.date``."""

    id: str
    code: str
    modifiers: tuple[str, ...] = ()
    provider: str | None = None
    separately_identifiable: bool | None = None
    day: int | None = None
    visit: int = 1
    units: int = 1
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One line of a claim to be checked; ``day`` counts from 0 on ``Encounter.date``."""

    id: str
    code: str
    units: Decimal | None = None
    modifiers: tuple[str, ...] = ()
    day: int | None = None
    visit: int | None = None
    administrations: tuple[str, ...] = ()
    charge: Decimal | None = None
    description: str | None = None
    ndc: str | None = None


@dataclass(frozen=True, slots=True)
class Encounter:
    """One patient's stay or set of visits that one policy judges together."""

    id: str
    claim: str
    date: Date
    administrations: tuple[Administration, ...]
    type_of_bill: str | None = None
    place_of_service: str | None = None
    line_of_business: str = "unknown"
    provider_type: str = "unknown"
    policy: str | None = None
    patient_age_years: int | None = None
    observation: bool | None = None
    ends: int | None = None
    primary_reason: tuple[str, ...] = ()
    accesses: tuple[Access, ...] = ()
    services: tuple[Service, ...] = ()
    claim_lines: tuple[ClaimLine, ...] = ()
    switches: tuple[tuple[str, str], ...] = ()
    claim_stated: bool = field(default=False, compare=False)
    """Whether the document has a list of claim lines; an empty list is a claim too."""
    file: str = field(default="<memory>", compare=False)
    """Where it was read from, for messages only."""

    def administration(self, id: str) -> Administration:
        """The administration with this id. Raises KeyError if there is none."""
        for item in self.administrations:
            if item.id == id:
                return item
        raise KeyError(id)
