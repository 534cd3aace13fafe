"""One edition written from its files: read, checked row by row, then as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from infucode import __version__
from infucode.errors import Problem, TablesError
from infucode.tables.addons import AddOnReader
from infucode.tables.cells import date_of
from infucode.tables.database import all_rows, create, digest_of, finish, insert
from infucode.tables.editions import ADDON, MUE, PTP, Edition
from infucode.tables.findings import Findings, refused
from infucode.tables.identify import Piece, Wishes
from infucode.tables.layouts import data_rows
from infucode.tables.mue import MueReader
from infucode.tables.pairing import Pairing
from infucode.tables.ptp import PtpReader

FEWEST = {PTP: 1_000_000, MUE: 5_000, ADDON: 500}
"""A table with fewer rows is a part of one: CMS publishes about twice as many or more."""
Progress = Callable[[str, float], None]
"""Is told the file and how much of it is read, from 0 to 1."""
_TICK = 20_000


def build(path: Path, pieces: list[Piece], wishes: Wishes, progress: Progress | None) -> Edition:
    """Write an edition to a file of its own. Raises TablesError, with every problem found."""
    first = pieces[0]
    kind = first.layout.kind
    reader = _reader(first)
    connection = create(path, kind)
    try:
        came = added = 0
        problems: list[Problem] = []
        for piece in pieces:
            findings = Findings(piece.source.label)
            rows = reader.read(_ticking(piece, progress), findings, piece.source.table.ended)
            counted = _Counted(rows)
            added += insert(connection, kind, counted)
            came += counted.count
            problems += findings.shown()
        if problems:
            raise TablesError(problems)
        _enough(first, kind, added, wishes)
        texts = tuple(reader.texts.known)
        pairing = Pairing(kind, all_rows(connection, kind))
        digest = digest_of(kind, pairing.rows(), texts)
        if pairing.contradictions:
            raise TablesError(pairing.problems(pieces))
        edition = Edition(
            kind, first.claim, first.quarter, added,
            tuple(dict.fromkeys(piece.source.origin for piece in pieces)),
            digest, f"infucode {__version__}", wishes.extract, pairing.history_from,
            _notes(first, came - added, pairing, extract=wishes.extract),
        )  # fmt: skip
        finish(connection, edition, texts)
    finally:
        connection.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(0o644)
    return edition


def _reader(piece: Piece) -> PtpReader | MueReader | AddOnReader:
    if piece.layout.kind == PTP:
        return PtpReader(piece.quarter)
    if piece.layout.kind == MUE:
        return MueReader()
    return AddOnReader(piece.quarter, dict(piece.layout.columns))


def _ticking(piece: Piece, progress: Progress | None) -> Iterator[tuple[int, list[str]]]:
    """The rows of a piece, with word of how far they are."""
    rows = data_rows(piece.source, piece.layout)
    if progress is None:
        yield from rows
        return
    label = Path(piece.source.label).name
    progress(label, 0.0)
    for number, row in enumerate(rows):
        if number % _TICK == 0:
            progress(label, piece.source.table.share())
        yield row
    progress(label, 1.0)


class _Counted:
    """An iterator that knows how many it gave."""

    def __init__(self, rows: Iterator[tuple[object, ...]]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        for row in self._rows:
            self.count += 1
            yield row


def _enough(piece: Piece, kind: str, rows: int, wishes: Wishes) -> None:
    """Raises TablesError for a table far smaller than any that CMS has published."""
    if not rows:
        raise refused(piece.source.label, "there is no row below its header", "download it again")
    if rows < FEWEST[kind] and not wishes.extract:
        raise refused(
            piece.source.label,
            f"{piece.edition} has {rows:,} rows where CMS publishes more than {FEWEST[kind]:,}: "
            "this is not all of it",
            "give the whole table, or add `--extract` to import a part knowingly; every answer "
            "from it will say so",
        )


def _notes(piece: Piece, repeated: int, pairing: Pairing, *, extract: bool) -> tuple[str, ...]:
    """What is odd about a table, but no reason to refuse it."""
    notes = []
    if repeated:
        notes.append(f"rows that stand there more than once: {repeated:,}")
    if pairing.overlapping:
        told = f"rows that overlap an earlier row of their pair: {pairing.overlapping:,}"
        notes.append(f"{told}; the one that began later counts")
    if (
        piece.layout.kind == PTP
        and not extract
        and pairing.newest
        and date_of(pairing.newest) < piece.quarter.first
    ):
        notes.append(
            f"nothing in it takes effect in {piece.quarter}, the last on "
            f"{date_of(pairing.newest)}: is the quarter right?"
        )
    return tuple(notes)
