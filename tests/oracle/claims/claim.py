"""The claim as it is judged: its lines, and what the document says of setting and dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.oracle.scope import FACILITY_POS, HOME, inpatient

from .tables import ADMINISTRATION, Tables, may_be_drug, own_tables

Doc = dict[str, Any]
OTHER_COVER = {"medicare", "medicaid"}


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One line as claimed; `units` is None where they are not whole or below one."""

    id: str
    place: int
    code: str
    units: int | None
    modifiers: tuple[str, ...]
    date: str
    visit: int | None = None
    administrations: tuple[str, ...] = ()
    charge: str | None = None
    described: bool = False
    ndc: bool = False

    @property
    def waste(self) -> bool:
        """The line is for what was thrown away; no service or device is."""
        return "JW" in self.modifiers and may_be_drug(self.code)

    @property
    def key(self) -> tuple[str, str, bool]:
        """What is summed before it is held against the record: code, date, waste or not."""
        return (self.code, self.date, self.waste)

    @property
    def free(self) -> bool:
        """The charge is zero."""
        return self.charge is not None and float(self.charge) == 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing said of a line; `severity` is deny, review, advise or undecided."""

    rule: str
    severity: str
    line: str
    other: str | None = None

    @property
    def lines(self) -> frozenset[str]:
        """The line and the one that it was held against."""
        return frozenset({self.line} | ({self.other} if self.other else set()))


@dataclass(frozen=True, slots=True)
class Claim:
    """What holds for every line of a claim."""

    doc: Doc
    settings: dict[str, str]
    tables: Tables = field(repr=False)

    @property
    def facility(self) -> bool:
        """The claim is an institutional one."""
        return bool(self.doc["claim"] == "facility")

    @property
    def first_day(self) -> str:
        """The first date of service."""
        return str(self.doc["date"])[:10]

    @property
    def last_day(self) -> str | None:
        """The day on which the stay ended, where that is stated."""
        ends = self.doc.get("ends")
        if ends is None:
            return None
        text = str(ends)
        return text[:10] if len(text) > len("HH:MM") else self.first_day

    @property
    def in_facility(self) -> bool:
        """A professional claim from a facility place of service (V1)."""
        return not self.facility and str(self.doc.get("place_of_service", "")) in FACILITY_POS

    @property
    def basic_charge(self) -> bool:
        """The facility's basic charge holds every administration (V7, S64)."""
        everything = self.settings["facility_basic_charge"] == "all"
        return inpatient(self.doc) or (self.facility and everything)

    @property
    def other_cover(self) -> bool:
        """The plan does not judge this line of business (G4)."""
        business = self.doc.get("line_of_business", "unknown")
        return self.settings["plan"] == "cpcp026" and business in OTHER_COVER

    @property
    def at_home(self) -> bool:
        """Care at home, which CPCP026 leaves to another policy (S108)."""
        return self.settings["plan"] == "cpcp026" and (
            str(self.doc.get("place_of_service", "")) == HOME
        )

    def judges(self, line: ClaimLine) -> bool:
        """The plan's rules speak of this line at all."""
        return not self.other_cover and not (self.at_home and line.code in ADMINISTRATION)


def claim_of(doc: Doc, settings: dict[str, str], tables: Tables | None = None) -> Claim:
    """The claim of a document, judged by the oracle's own tables unless others are given."""
    facility = doc["claim"] == "facility"
    return Claim(doc, settings, tables or own_tables(facility=facility))


def lines_of(doc: Doc) -> list[ClaimLine]:
    """The claim lines in their order; a line without a date is of the first date of service."""
    first = str(doc["date"])[:10]
    return [_line(row, place, first) for place, row in enumerate(doc.get("claim_lines") or (), 1)]


def _line(row: Doc, place: int, first: str) -> ClaimLine:
    charge, visit = row.get("charge"), row.get("visit")
    return ClaimLine(
        id=str(row["id"]),
        place=place,
        code=str(row["code"]),
        units=_units(row.get("units", 1)),
        modifiers=tuple(sorted(str(m) for m in row.get("modifiers") or ())),
        date=str(row.get("date") or first)[:10],
        visit=None if visit is None else int(visit),
        administrations=tuple(row.get("administrations") or ()),
        charge=None if charge in (None, "") else str(charge),
        described=bool(row.get("description")),
        ndc=bool(row.get("ndc")),
    )


def _units(value: object) -> int | None:
    """Whole units of at least one, else None (M1)."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    return int(number) if number >= 1 and number == int(number) else None
