"""Extracts of the published tables, as CSV with a heading line.

`ptp*.csv`: column1, column2, mi_practitioner, mi_outpatient_hospital (empty: no such row).
`mue*.csv`: code, prac_mue, prac_mai, oph_mue, oph_mai.
`aoc*.csv`: addon, primary, del (the date it ended), note.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAIRS = {"professional": "mi_practitioner", "facility": "mi_outpatient_hospital"}
UNITS = {"professional": "prac", "facility": "oph"}
PRACTITIONER_ONLY = "Practitioner Only"


def read(folder: Path, pattern: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row with the name of its file; SystemExit where there is no such file."""
    files = sorted(folder.glob(pattern))
    if not files:
        raise SystemExit(f"no file {pattern} in {folder}")
    for file in files:
        with file.open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                yield file.stem, row


@dataclass(frozen=True, slots=True)
class Primaries:
    """The published primaries of add-on codes that are in force."""

    of: dict[str, dict[str, bool]]
    """Add-on -> primary -> whether it is one on professional claims alone."""

    def on(self, claim: str, addon: str) -> set[str]:
        """The primaries of an add-on on claims of this kind."""
        listed = self.of.get(addon, {})
        return {code for code, office in listed.items() if claim == "professional" or not office}

    def above(self, claim: str, code: str) -> list[str]:
        """One primary of an add-on, one of that if it is an add-on itself, and so on."""
        found: list[str] = []
        while lawful := sorted(self.on(claim, code)):
            code = lawful[0]
            found.append(code)
        return found


def primaries(folder: Path) -> Primaries:
    """The add-on rows that have not ended."""
    listed: dict[str, dict[str, bool]] = {}
    for _, row in read(folder, "aoc*.csv"):
        if not row["del"].strip():
            office = PRACTITIONER_ONLY in row["note"]
            listed.setdefault(row["addon"], {})[row["primary"]] = office
    return Primaries(listed)
