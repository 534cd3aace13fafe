"""Add-on codes: their lawful primaries, since when and until when, and for which claims.

Dates are YYYYDDD. A row ends with the first deletion among the add-on code, the primary code and
the edit itself. A note that says practitioners only, or facilities only, limits its row to those
claims. The primary `CCCCC` stands for what the contractor lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from infucode.tables.cells import Choices, Codes, JulianDays, Texts, number_of
from infucode.tables.editions import BOTH, FACILITY, PROFESSIONAL, Quarter
from infucode.tables.findings import Findings, Unreadable
from infucode.tables.texts import Row

CONTRACTOR = "CCCCC"
AddOnRow = tuple[str, str, int, int, int, str, int]
"""Add-on, primary, effective, last day, type, claims that it is for, number of the note."""
_FACILITY_ONLY = re.compile(r"\bfacilit(?:y|ies) only\b", re.I)
_PRACTITIONER_ONLY = re.compile(r"\bpractitioners? only\b", re.I)
_FIXED = re.compile(
    r"(?P<type>[123])(?P<gap> ?)(?P<addon>[0-9A-Z]{5})(?P=gap)(?P<addon_deleted>[\d ]{7})(?P=gap)"
    r"(?P<primary>[0-9A-Z]{5})(?P=gap)(?P<primary_deleted>[\d ]{7})(?P=gap)"
    r"(?P<effective>\d{7})(?:(?P=gap)(?P<deleted>[\d ]{7})(?:(?P=gap)(?P<note>.*))?|\s*)"
)
"""One record of the text of fixed width, in the order of the workbook's columns."""
_TITLES = {
    "type": "edit type",
    "addon": "add-on code",
    "addon_deleted": "deletion of the add-on code",
    "primary": "primary code",
    "primary_deleted": "deletion of the primary code",
    "effective": "effective date",
    "deleted": "deletion date",
    "note": "special instruction",
}


_NEEDED = ("type", "addon", "primary", "effective")


class AddOnReader:
    """Reads the rows of one table, by header or by fixed width."""

    def __init__(self, quarter: Quarter, columns: Mapping[str, int]) -> None:
        last, beyond = number_of(quarter.last), f"is after {quarter}, the quarter of this table"
        codes, ends = Codes(), JulianDays(open_=True)
        self.texts = Texts()
        self._columns = columns
        self._readers: dict[str, Mapping[str, str] | Mapping[str, int]] = {
            "type": Choices("123", "an edit type", alone=True),
            "addon": codes,
            "addon_deleted": ends,
            "primary": codes,
            "primary_deleted": ends,
            "effective": JulianDays(open_=False, last=last, beyond=beyond),
            "deleted": ends,
            "note": self.texts,
        }
        self._seen: dict[tuple[object, ...], tuple[int, int]] = {}

    def read(self, rows: Iterator[Row], findings: Findings, ended: bool) -> Iterator[AddOnRow]:
        """The rows that are right; what is wrong is noted."""
        line, cells = 0, [""]
        for line, cells in rows:
            parts = self._parts(line, cells, findings)
            row = self._row(line, cells, parts, findings) if parts else None
            if row is None:
                continue
            before, type_ = self._seen.setdefault((row[:4], row[5]), (line, row[4]))
            if type_ != row[4]:
                said = f"this pair stands in line {before} with edit type {type_}"
                findings.add(line, said, "a pair has one edit type", cells=cells)
            elif before == line:
                yield row
        if line and not ended and len(cells) < len(self._columns):
            said = f"the last line breaks off after {len(cells)} of {len(self._columns)} columns"
            findings.add(line, said, "the file is not whole: download it again", cells=cells)

    def _parts(self, line: int, cells: list[str], findings: Findings) -> dict[str, str] | None:
        """The cells by what they are."""
        if self._columns:
            if len(cells) <= max(self._columns[part] for part in _NEEDED):
                said = f"this line has {len(cells)} columns, the header {len(self._columns)}"
                findings.add(line, said, "the line is cut off or damaged", cells=cells)
                return None
            padded = [*cells, *[""] * (max(self._columns.values()) + 1 - len(cells))]
            return {part: padded[at] for part, at in self._columns.items()}
        match = _FIXED.fullmatch(cells[0].rstrip()) if len(cells) == 1 else None
        match = match or _FIXED.fullmatch("\t".join(cells).rstrip())
        if match is None:
            said = "this line is no record of an add-on table of fixed width"
            findings.add(line, said, "give the workbook (.xlsx) of the same zip", cells=cells)
            return None
        return {part: text or "" for part, text in match.groupdict().items() if part != "gap"}

    def _row(
        self, line: int, cells: list[str], parts: dict[str, str], findings: Findings
    ) -> AddOnRow | None:
        found: dict[str, int | str] = {}
        for part, cell in parts.items():
            try:
                found[part] = self._readers[part][cell]
            except Unreadable as error:
                said, right = error.args
                column = self._columns.get(part, -1) + 1
                said = f"{_TITLES[part]}: {said}"
                findings.add(line, said, right, cells=cells, column=column)
        if len(found) < len(parts):
            return None
        ends = [found[part] for part in ("addon_deleted", "primary_deleted", "deleted")
                if part in found]  # fmt: skip
        note = int(found.get("note", self.texts[""]))
        return (
            str(found["addon"]), str(found["primary"]), int(found["effective"]),
            min(map(int, ends)), int(found["type"]), _claims(self.texts.known[note]), note,
        )  # fmt: skip


def _claims(note: str) -> str:
    if _FACILITY_ONLY.search(note):
        return FACILITY
    return PROFESSIONAL if _PRACTITIONER_ONLY.search(note) else BOTH
