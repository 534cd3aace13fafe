"""Which edition answers for a date of service.

The edition of the date's own quarter answers. Where it is not there, a later one may for PTP
edits and add-on codes, whose rows carry dates and stay in the files after their deletion: but
only from the earliest deletion that the file still holds. An add-on edition of an earlier quarter
of the same year stands until CMS publishes another. MUE values carry no dates: only their own
quarter. An earlier PTP edition never answers: what came since is not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date
from typing import Protocol

from infucode.errors import UsageError
from infucode.rulebook.nearest import nearest
from infucode.tables.database import Opened
from infucode.tables.editions import (
    ADDON,
    BOTH,
    CLAIMS,
    KINDS,
    MUE,
    PTP,
    TITLES,
    Edition,
    Quarter,
    edition_name,
)
from infucode.tables.rows import EXACT, LATER, STANDING, Missing, Used

_REVISED = {PTP: "; indicators may have been revised in the meantime", ADDON: ""}


class Shelf(Protocol):
    """What is asked of a store."""

    def names(self) -> dict[str, tuple[str, str, Quarter]]: ...
    def edition(self, name: str) -> Edition: ...
    def opened(self, name: str) -> Opened: ...


def choose(shelf: Shelf, date: Date, claim: str) -> tuple[tuple[Used, ...], tuple[Missing, ...]]:
    """The editions that answer for a date and claim type, and what is missing."""
    if claim not in CLAIMS:
        hint = nearest(claim, CLAIMS) or f"write one of {', '.join(CLAIMS)}"
        raise UsageError(f"`{claim}` is not a claim type; {hint}")
    used: list[Used] = []
    missing: list[Missing] = []
    for kind in KINDS:
        found = _chosen(shelf, kind, claim, date)
        if isinstance(found, Used):
            used.append(found)
        else:
            missing.append(found)
    return tuple(used), tuple(missing)


def _chosen(shelf: Shelf, kind: str, claim: str, date: Date) -> Used | Missing:
    whose = BOTH if kind == ADDON else claim
    quarter = Quarter.of(date)
    names = shelf.names()
    exact = edition_name(kind, whose, quarter)
    if exact in names:
        edition = shelf.edition(exact)
        return Used(kind, edition, EXACT, _says(edition, ""))
    there = sorted((q, name) for name, (k, c, q) in names.items() if (k, c) == (kind, whose))
    if kind != MUE:
        for _, name in (pair for pair in there if pair[0] > quarter):
            edition = shelf.edition(name)
            if edition.history_from is not None and edition.history_from <= date:
                why = (
                    f"not of {quarter}, the quarter of the date, but its rows carry dates and it "
                    f"keeps those deleted since {edition.history_from}{_REVISED[kind]}"
                )
                return Used(kind, edition, LATER, _says(edition, why))
    if kind == ADDON:
        for q, name in reversed(there):
            if q < quarter and q.year == quarter.year:
                edition = shelf.edition(name)
                why = f"not of {quarter}; it stands unless CMS has published another since"
                return Used(kind, edition, STANDING, _says(edition, why))
    return Missing(kind, claim, quarter, _lacking(kind, claim, quarter, there))


def _says(edition: Edition, why: str) -> str:
    told = f"{TITLES[edition.kind]} of {edition.quarter}"
    if edition.claim != BOTH:
        told += f", {edition.claim} claims"
    if why:
        told += f"; {why}"
    if edition.extract:
        told += "; an extract: what it does not hold is not thereby free"
    return told


def _lacking(
    kind: str, claim: str, quarter: Quarter, there: Sequence[tuple[Quarter, str]]
) -> str:
    """That no edition answers, and of each that is there why it does not."""
    whose = "" if kind == ADDON else f" for {claim} claims"
    told = f"no {TITLES[kind]}{whose} of {quarter} are imported"
    for other, name in there:
        if kind == MUE:
            why = "MUE values carry no dates and count in their quarter alone"
        elif other < quarter:
            why = "it is older, and does not hold what came since"
        else:
            why = "it is newer, and no longer holds all that was deleted since"
        told += f"; {name} does not answer: {why}"
    return told
