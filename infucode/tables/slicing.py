"""The rows of the chosen editions for a few codes, in force on a date."""

from __future__ import annotations

from datetime import date as Date

from infucode.tables.addons import CONTRACTOR
from infucode.tables.cells import date_of, end_of, number_of
from infucode.tables.choosing import Shelf
from infucode.tables.database import Opened
from infucode.tables.editions import BOTH, MUE, PTP
from infucode.tables.ptp import WITHDRAWN
from infucode.tables.rows import AddOn, Missing, Mue, PtpEdit, Slice, Used

_CHUNK = 400
"""Codes in one query, within what SQLite takes as parameters."""


def fill(
    shelf: Shelf,
    used: tuple[Used, ...],
    missing: tuple[Missing, ...],
    codes: list[str],
    date: Date,
    claim: str,
) -> Slice:
    """The rows of the chosen editions for these codes. Raises sqlite3.Error, TablesError."""
    day = number_of(date)
    ptp: tuple[PtpEdit, ...] = ()
    mue: tuple[Mue, ...] = ()
    addons: tuple[AddOn, ...] = ()
    for item in used:
        opened = shelf.opened(item.edition.name)
        if item.kind == PTP:
            ptp = pairs(opened, codes, day)
        elif item.kind == MUE:
            mue = values(opened, codes)
        else:
            addons = lists(opened, codes, day, claim)
    return Slice(claim, date, ptp, mue, addons, used, missing)


def _marks(codes: list[str]) -> str:
    return ",".join("?" * len(codes))


def _chunks(codes: list[str]) -> list[list[str]]:
    return [codes[at : at + _CHUNK] for at in range(0, len(codes), _CHUNK)]


def pairs(opened: Opened, codes: list[str], day: int) -> tuple[PtpEdit, ...]:
    """The pairs in force among these codes; of two rows of a pair the one that began later."""
    found: dict[tuple[str, str], PtpEdit] = {}
    for first in _chunks(codes):
        for second in _chunks(codes):
            rows = opened.connection.execute(
                "SELECT column1, column2, effective, deleted, indicator, rationale FROM pair "
                f"WHERE column1 IN ({_marks(first)}) AND column2 IN ({_marks(second)}) "
                "AND effective <= ? AND deleted >= ? AND indicator != ?",
                [*first, *second, day, day, WITHDRAWN],
            )
            for row in rows:
                edit = _edit(opened, row)
                before = found.get((edit.column1, edit.column2))
                if before is None or before.effective <= edit.effective:
                    found[edit.column1, edit.column2] = edit
    return tuple(found[key] for key in sorted(found))


def history(opened: Opened, one: str, two: str) -> tuple[PtpEdit, ...]:
    """Every row of a pair, in whichever column each code stands, withdrawn ones too."""
    rows = opened.connection.execute(
        "SELECT column1, column2, effective, deleted, indicator, rationale FROM pair "
        "WHERE (column1 = ? AND column2 = ?) OR (column1 = ? AND column2 = ?)",
        [one, two, two, one],
    )
    return tuple(_edit(opened, row) for row in rows)


def partners(opened: Opened, code: str, day: int) -> tuple[tuple[PtpEdit, ...], ...]:
    """The pairs in force with a code in column 1, and those with it in column 2."""
    found = []
    for column in ("column1", "column2"):
        rows = opened.connection.execute(
            "SELECT column1, column2, effective, deleted, indicator, rationale FROM pair "
            f"WHERE {column} = ? AND effective <= ? AND deleted >= ? AND indicator != ?",
            [code, day, day, WITHDRAWN],
        )
        edits = {}
        for row in rows:
            edits[row[:2]] = _edit(opened, row)
        found.append(tuple(edits[key] for key in sorted(edits)))
    return tuple(found)


def _edit(opened: Opened, row: tuple[str, str, int, int, int, int]) -> PtpEdit:
    one, two, effective, deleted, indicator, why = row
    return PtpEdit(
        one, two, indicator, date_of(effective), end_of(deleted), opened.text(why)
    )  # fmt: skip


def values(opened: Opened, codes: list[str]) -> tuple[Mue, ...]:
    """The MUE of each code that has one."""
    found = []
    for some in _chunks(codes):
        for code, units, indicator, why in opened.connection.execute(
            "SELECT code, units, indicator, rationale FROM mue "
            f"WHERE code IN ({_marks(some)}) ORDER BY code",
            some,
        ):
            found.append(Mue(code, units, indicator, opened.text(why)))
    return tuple(found)


def lists(opened: Opened, codes: list[str], day: int, claim: str) -> tuple[AddOn, ...]:
    """The lawful primaries of each add-on code among these."""
    here: dict[str, list[str]] = {}
    elsewhere: dict[str, list[str]] = {}
    types: dict[str, int] = {}
    notes: dict[str, dict[str, None]] = {}
    for some in _chunks(codes):
        for addon, primary, type_, claims, note in opened.connection.execute(
            "SELECT addon, primary_code, type, claims, note FROM addon "
            f"WHERE addon IN ({_marks(some)}) AND effective <= ? AND deleted >= ? "
            "ORDER BY addon, primary_code, effective",
            [*some, day, day],
        ):
            types[addon] = max(type_, types.get(addon, 0))
            if opened.text(note):
                notes.setdefault(addon, {})[opened.text(note)] = None
            if primary != CONTRACTOR:
                counts = claims in (BOTH, claim)
                (here if counts else elsewhere).setdefault(addon, []).append(primary)
    return tuple(
        AddOn(
            code,
            types[code],
            tuple(dict.fromkeys(here.get(code, ()))),
            tuple(
                dict.fromkeys(p for p in elsewhere.get(code, ()) if p not in here.get(code, ()))
            ),
            tuple(notes.get(code, ())),
        )
        for code in sorted(types)
    )
