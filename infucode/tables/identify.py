"""Which edition a file belongs to: from its layout, its name, and what the command line adds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infucode.errors import TablesError, UsageError
from infucode.tables.editions import (
    BOTH,
    PTP,
    TITLES,
    Quarter,
    claims_in,
    edition_name,
    is_medicaid,
    part_in,
    quarters_in,
)
from infucode.tables.findings import refused
from infucode.tables.layouts import Layout, recognise
from infucode.tables.sources import Source, sources_of

_CHANGES = re.compile(r"additions|deletions|revisions|changes", re.I)
PARTS = 4
"""The files into which CMS splits the PTP table of each claim type (rows beyond one sheet)."""


_ASK_CLAIM = (
    "does not say for which claims it is: add `--claim facility` for the outpatient hospital "
    "table or `--claim professional` for the practitioner table"
)
_ASK_QUARTER = "(add `--quarter`, as in `--quarter 2024Q3`: when it is in force)"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says of all its files."""

    claim: str | None = None
    quarter: Quarter | None = None
    kind: str | None = None
    replace: bool = False
    extract: bool = False
    parts: int = PARTS


@dataclass(frozen=True, slots=True)
class Piece:
    """A source with its layout, the edition that it belongs to, and its part number."""

    source: Source
    layout: Layout
    claim: str
    quarter: Quarter
    part: int | None

    @property
    def edition(self) -> str:
        return edition_name(self.layout.kind, self.claim, self.quarter)


def pieces_of(paths: Sequence[Path], wishes: Wishes) -> tuple[dict[str, list[Piece]], list[str]]:
    """The files as pieces of editions, and notes on what was left aside.

    Raises TablesError for files that are refused, UsageError where an option is needed.
    """
    groups: dict[str, list[Piece]] = {}
    notes: list[str] = []
    refusals: list[TablesError] = []
    for path in paths:
        try:
            sources, aside = sources_of(path)
            pieces = _recognised(sources, aside, wishes)
        except TablesError as error:
            refusals.append(error)
            continue
        notes += aside
        for piece in pieces:
            groups.setdefault(piece.edition, []).append(piece)
    if refusals:
        raise TablesError(problem for error in refusals for problem in error.problems)
    return {name: _whole(name, pieces, wishes, notes) for name, pieces in groups.items()}, notes


def _recognised(sources: Sequence[Source], aside: list[str], wishes: Wishes) -> list[Piece]:
    """The tables among the members of a file; what is none is noted beside one that is."""
    found: list[Piece] = []
    refusals: list[TablesError] = []
    for source in sources:
        try:
            layout = recognise(source)
        except TablesError as error:
            refusals.append(error)
        else:
            found.append(_piece(source, layout, wishes))
    if refusals and not found:
        raise TablesError(problem for error in refusals for problem in error.problems)
    aside += [f"{e.problems[0].file}: left aside, {e.problems[0].message}" for e in refusals]
    return found


def _piece(source: Source, layout: Layout, wishes: Wishes) -> Piece:
    if any(map(is_medicaid, source.names)):
        raise refused(
            source.label, "this is a table for Medicaid", "infucode reads those for Medicare"
        )
    if any(map(_CHANGES.search, source.names)):
        raise refused(
            source.label, "this lists changes, it is no whole table", "give the whole table"
        )
    if wishes.kind not in (None, layout.kind):
        raise UsageError(
            f"`{source.label}` holds {TITLES[layout.kind]}: leave `--kind {wishes.kind}` out, "
            f"or write `--kind {layout.kind}`"
        )
    part = next((n for n in map(part_in, reversed(source.names)) if n is not None), None)
    claim, quarter = _claim(source, layout, wishes), _quarter(source, wishes)
    lacking = [
        *([] if claim else [_ASK_CLAIM]),
        *([] if isinstance(quarter, Quarter) else [f"{quarter} {_ASK_QUARTER}"]),
    ]
    if not claim or not isinstance(quarter, Quarter):
        raise UsageError(f"`{source.label}` {'; and '.join(lacking)}")
    return Piece(source, layout, claim, quarter, part if layout.kind == PTP else None)


def _claim(source: Source, layout: Layout, wishes: Wishes) -> str:
    """The claims that a table is for, or nothing where that is to be asked."""
    if layout.claim == BOTH:
        return BOTH
    told = {layout.claim} if layout.claim else claims_in(" ".join(source.names))
    if wishes.claim is not None:
        if len(told) == 1 and wishes.claim not in told:
            raise UsageError(
                f"`{source.label}` is the table for {next(iter(told))} claims: leave "
                f"`--claim {wishes.claim}` out, or give the other file"
            )
        return wishes.claim
    return next(iter(told)) if len(told) == 1 else ""


def _quarter(source: Source, wishes: Wishes) -> Quarter | str:
    """The quarter of a table, or why it is to be asked for."""
    told = frozenset[Quarter]().union(*map(quarters_in, source.names))
    if wishes.quarter is not None:
        if told and wishes.quarter not in told:
            listed = " and ".join(map(str, sorted(told)))
            raise UsageError(
                f"the name `{source.label}` is of {listed}, not of {wishes.quarter}: correct "
                "`--quarter`, or name the file rightly"
            )
        return wishes.quarter
    if len(told) == 1:
        return next(iter(told))
    return "names more than one quarter" if told else "does not say of which quarter it is"


def _whole(name: str, pieces: list[Piece], wishes: Wishes, notes: list[str]) -> list[Piece]:
    """The pieces of an edition in order, each part once. Raises TablesError if one is missing."""
    chosen: dict[object, Piece] = {}
    for piece in sorted(pieces, key=lambda p: not p.source.is_text):
        key = piece.part if piece.part is not None else piece.source.stem
        other = chosen.setdefault(key, piece)
        if other is not piece:
            if other.source.is_text == piece.source.is_text:
                raise refused(
                    piece.source.label,
                    f"this is the same part of {name} as {other.source.label}",
                    "give each part once",
                )
            notes.append(f"{piece.source.label}: left aside, the text is the same table")
    found = list(chosen.values())
    numbers = {piece.part for piece in found if piece.part is not None}
    if not numbers:
        if len(found) > 1:
            files = ", ".join(piece.source.label for piece in found)
            raise refused(
                found[1].source.label,
                f"{len(found)} files are each the whole of {name}: {files}",
                "give one, or name parts as CMS does: -f1, -f2, ...",
            )
        return found
    _check_parts(name, found, numbers, wishes)
    return sorted(found, key=lambda piece: piece.part or 0)


def _check_parts(name: str, found: list[Piece], numbers: set[int], wishes: Wishes) -> None:
    unnumbered = [piece.source.label for piece in found if piece.part is None]
    if unnumbered:
        said = f"this file of {name} has no part number, others have"
        raise refused(unnumbered[0], said, "name parts as CMS does: -f1, -f2, ...")
    wanted = set(range(1, max(wishes.parts, *numbers) + 1))
    lacking = sorted(wanted - numbers)
    if lacking and not wishes.extract:
        files = ", ".join(f"f{number}" for number in lacking)
        raise refused(
            found[0].source.label,
            f"{name} has {len(wanted)} parts; missing: {files}",
            f"give all parts at once, or add `--parts {max(numbers)}` if CMS published no more "
            "that quarter",
        )
