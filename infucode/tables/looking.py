"""What is asked of the tables by hand: everything about some codes, and what answers when."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Date

from infucode.errors import UsageError
from infucode.tables.cells import number_of
from infucode.tables.choosing import choose
from infucode.tables.database import damaged
from infucode.tables.editions import CLAIMS, KINDS, PTP, Quarter
from infucode.tables.rows import Missing, PtpEdit, Slice, Used
from infucode.tables.slicing import history, partners
from infucode.tables.store import Store

_CODE = re.compile(r"[0-9A-Z]{5}")


@dataclass(frozen=True, slots=True)
class Looked:
    """The tables about some codes on one claim type and date.

    ``pairs`` are the PTP edits in force among the codes; of a single code, all that it is in.
    ``past`` are the rows of the same pairs that are not in force, withdrawn ones included.
    """

    codes: tuple[str, ...]
    slice: Slice
    pairs: tuple[PtpEdit, ...]
    past: tuple[PtpEdit, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """What answers for the first day of a quarter on one claim type, by kind of table."""

    quarter: Quarter
    claim: str
    answers: tuple[Used | Missing, ...]


def read_codes(texts: Iterable[str]) -> tuple[str, ...]:
    """Codes of a command line, in capitals, each once. Raises UsageError for what is none."""
    codes = tuple(dict.fromkeys(text.strip().upper() for text in texts))
    for code in codes:
        if not _CODE.fullmatch(code):
            raise UsageError(f"`{code}` is not a code: a code has five digits or letters")
    return codes


def look_up(store: Store, codes: Sequence[str], date: Date, claim: str) -> Looked:
    """Everything about some codes. Raises TablesError for a damaged table."""
    found = store.slice(codes, date, claim)
    edition = next((used.edition for used in found.used if used.kind == PTP), None)
    if edition is None:
        return Looked(tuple(codes), found, (), ())
    opened = store.opened(edition.name)
    try:
        if len(codes) == 1:
            first, second = partners(opened, codes[0], number_of(date))
            return Looked(tuple(codes), found, (*first, *second), ())
        rows = [
            edit
            for number, one in enumerate(codes)
            for two in codes[number + 1 :]
            for edit in history(opened, one, two)
        ]
    except sqlite3.Error as error:
        raise damaged(opened.path, str(error)) from None
    past = tuple(edit for edit in rows if edit not in found.ptp)
    return Looked(tuple(codes), found, found.ptp, past)


def covers(store: Store, date: Date | None) -> list[Cover]:
    """What answers for each quarter of which something is there, or for that of a date."""
    if date is not None:
        quarters = [Quarter.of(date)]
    else:
        quarters = sorted({quarter for _, _, quarter in store.names().values()})
    return [
        Cover(quarter, claim, _answers(store, date or quarter.first, claim))
        for quarter in quarters
        for claim in CLAIMS
    ]


def _answers(store: Store, date: Date, claim: str) -> tuple[Used | Missing, ...]:
    used, missing = choose(store, date, claim)
    answers: list[Used | Missing] = [*used, *missing]
    return tuple(sorted(answers, key=lambda item: KINDS.index(item.kind)))
