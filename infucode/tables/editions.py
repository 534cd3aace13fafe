"""Editions: which table, for which claims, of which quarter; what a file name tells of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from typing import Any

from infucode.errors import UsageError

PTP, MUE, ADDON = KINDS = ("ptp", "mue", "addon")
FACILITY, PROFESSIONAL = CLAIMS = ("facility", "professional")
BOTH = "both"
"""The claims of an add-on table: CMS publishes one for all, with rows for one kind alone."""

TITLES = {PTP: "PTP edits", MUE: "MUE values", ADDON: "add-on code edits"}
_MONTHS_A_QUARTER = 3
_VERSION_BEFORE = 1994
"""PTP version 30.x is of 2024: the year is the version counted from here."""

_PTP_VERSION = re.compile(r"cci(?P<whose>pra|oph)-?v(?P<major>\d\d)(?P<minor>[0-3])r\d+", re.I)
_MUE_EFFECTIVE = re.compile(r"eff(?:ective)?[-_ ]?(\d\d)[-_](\d\d)[-_](\d{4})", re.I)
_YEAR_QUARTER = re.compile(r"(?<!\d)(20\d\d)[-_ ]?q([1-4])(?!\d)", re.I)
_QUARTER_YEAR = re.compile(r"(?<![a-z])q([1-4])[-_ ]?(20\d\d)(?!\d)", re.I)
_PART = re.compile(r"[-_]f(\d{1,2})(?![0-9a-z])", re.I)
_CLAIM_WORDS = (
    (re.compile(r"ccioph|hospital|facility|(?<![a-z])oph(?![a-z])", re.I), FACILITY),
    (re.compile(r"ccipra|practitioner|(?<![a-z])pra(?![a-z])", re.I), PROFESSIONAL),
)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter, the time for which CMS publishes an edition."""

    year: int
    number: int

    @classmethod
    def of(cls, date: Date) -> Quarter:
        """The quarter that a date of service lies in."""
        return cls(date.year, (date.month - 1) // _MONTHS_A_QUARTER + 1)

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """A quarter written as `2024Q3`. Raises UsageError for anything else."""
        match = re.fullmatch(r"\s*(\d{4})[- ]?[qQ]([1-4])\s*", text)
        if match is None or int(match[1]) == 0:
            raise UsageError(f"`{text}` is not a quarter: write it as 2024Q3")
        return cls(int(match[1]), int(match[2]))

    @property
    def first(self) -> Date:
        return Date(self.year, (self.number - 1) * _MONTHS_A_QUARTER + 1, 1)

    @property
    def last(self) -> Date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


@dataclass(frozen=True, slots=True)
class Origin:
    """A file that rows came from, the member of a zip if it is one, and the file's SHA-256."""

    file: str
    member: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What the store holds of one table of one quarter.

    ``history_from`` is the earliest deletion date in the table: a row that was in force then or
    later is still in it; None where nothing was ever deleted. ``extract`` marks a table that its
    owner said to be a part only. ``digest`` is over the rows, whatever file they came from.
    """

    kind: str
    claim: str
    quarter: Quarter
    rows: int
    origins: tuple[Origin, ...]
    digest: str
    imported_by: str
    extract: bool = False
    history_from: Date | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The word for it in commands and as a file: `ptp-facility-2024Q3`, `addon-2025Q4`."""
        return edition_name(self.kind, self.claim, self.quarter)

    def plain(self) -> dict[str, Any]:
        """As JSON data; the inverse of `edition_of`."""
        return {
            "kind": self.kind,
            "claim": self.claim,
            "quarter": str(self.quarter),
            "rows": self.rows,
            "extract": self.extract,
            "history_from": self.history_from.isoformat() if self.history_from else None,
            "origins": [
                {"file": o.file, "member": o.member or None, "sha256": o.sha256}
                for o in self.origins
            ],
            "digest": self.digest,
            "imported_by": self.imported_by,
            "notes": list(self.notes),
        }


def edition_of(data: Mapping[str, Any]) -> Edition:
    """An edition from its JSON data. Raises KeyError, TypeError, ValueError or UsageError."""
    history = data["history_from"]
    return Edition(
        str(data["kind"]),
        str(data["claim"]),
        Quarter.parse(data["quarter"]),
        int(data["rows"]),
        tuple(Origin(o["file"], o["member"] or "", o["sha256"]) for o in data["origins"]),
        str(data["digest"]),
        str(data["imported_by"]),
        bool(data["extract"]),
        Date.fromisoformat(history) if history else None,
        tuple(data["notes"]),
    )


def edition_name(kind: str, claim: str, quarter: Quarter) -> str:
    """`ptp-facility-2024Q3`; without a claim where the table is for all."""
    return "-".join([kind, *([] if claim == BOTH else [claim]), str(quarter)])


def name_parts(name: str) -> tuple[str, str, Quarter] | None:
    """Kind, claim and quarter of an edition name, or None if it is none."""
    kind, *claim, quarter = name.split("-")
    whose = claim[0] if claim else BOTH
    if kind not in KINDS or len(claim) > 1 or (whose == BOTH) != (kind == ADDON):
        return None
    if whose not in (*CLAIMS, BOTH) or not re.fullmatch(r"\d{4}Q[1-4]", quarter):
        return None
    return kind, whose, Quarter.parse(quarter)


def quarters_in(name: str) -> frozenset[Quarter]:
    """Every quarter that a file name speaks of: more than one is a contradiction.

    The PTP version names year and quarter (31.3 is the fourth of 2025), MUE names the day on
    which the table takes effect, others the quarter itself.
    """
    found = {Quarter(int(m[1]), int(m[2])) for m in _YEAR_QUARTER.finditer(name)}
    found |= {Quarter(int(m[2]), int(m[1])) for m in _QUARTER_YEAR.finditer(name)}
    for match in _PTP_VERSION.finditer(name):
        found.add(Quarter(_VERSION_BEFORE + int(match["major"]), int(match["minor"]) + 1))
    for month, _, year in _MUE_EFFECTIVE.findall(name):
        if 1 <= int(month) <= 12:
            found.add(Quarter(int(year), (int(month) - 1) // _MONTHS_A_QUARTER + 1))
    return frozenset(found)


def claims_in(name: str) -> frozenset[str]:
    """Every claim type that a file name speaks of."""
    return frozenset(claim for pattern, claim in _CLAIM_WORDS if pattern.search(name))


def part_in(name: str) -> int | None:
    """The number of a part file (`ccipra-v302r0-f2.txt`: 2), or None."""
    match = _PART.search(name)
    return int(match[1]) if match else None


def is_medicaid(name: str) -> bool:
    """Whether a file name is of the Medicaid tables, which differ from Medicare's."""
    return re.search(r"medicaid|(?<![a-z])mcd(?![a-z])", name, re.I) is not None
