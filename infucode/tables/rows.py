"""What a slice holds: the rows in force for the codes at hand, and which editions answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date

from infucode.tables.editions import Edition, Quarter

EXACT, LATER, STANDING = "exact", "later", "standing"


@dataclass(frozen=True, slots=True)
class PtpEdit:
    """A pair in force. ``indicator`` 0: no modifier lifts it; 1: one may. ``deleted`` is the last
    day in force, None while it is open."""

    column1: str
    column2: str
    indicator: int
    effective: Date
    deleted: Date | None
    rationale: str


@dataclass(frozen=True, slots=True)
class Mue:
    """The most units of a code. ``indicator`` 1: a line; 2: a date, absolute; 3: a date, open to
    review. No row is not "no limit": some values are confidential."""

    code: str
    units: int
    indicator: int
    rationale: str


@dataclass(frozen=True, slots=True)
class AddOn:
    """An add-on code with its lawful primaries in force.

    ``type`` 1: the list is closed; 2: the contractor makes it; 3: the contractor may add to it.
    ``elsewhere`` are primaries that count only on the other claim type.
    """

    code: str
    type: int
    primaries: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether a primary that is not listed is no primary."""
        return self.type == 1


@dataclass(frozen=True, slots=True)
class Used:
    """An edition that answered. ``basis``: `exact`, the quarter of the date; `later`, an edition
    whose dated rows reach back to it; `standing`, the last one published that year."""

    kind: str
    edition: Edition
    basis: str
    says: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A table that could not answer; ``says`` is why, and what to import."""

    kind: str
    claim: str
    quarter: Quarter
    says: str


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows in force on a date for some codes, in the order of their codes."""

    claim: str
    date: Date
    ptp: tuple[PtpEdit, ...] = ()
    mue: tuple[Mue, ...] = ()
    addons: tuple[AddOn, ...] = ()
    used: tuple[Used, ...] = ()
    missing: tuple[Missing, ...] = ()

    def answered(self, kind: str) -> bool:
        """Whether a table of that kind answered, so that no row means no row."""
        return any(used.kind == kind for used in self.used)
