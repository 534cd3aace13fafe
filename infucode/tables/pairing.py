"""What the rows of a table say beside one another: contradictions, overlaps, its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date as Date

from infucode.errors import Problem
from infucode.tables.cells import OPEN_END, date_of
from infucode.tables.editions import MUE, PTP
from infucode.tables.findings import Findings
from infucode.tables.identify import Piece
from infucode.tables.layouts import data_rows
from infucode.tables.ptp import WITHDRAWN

Term = tuple[int, int, object]
"""Effective, last day, indicator."""


class Pairing:
    """Reads the sorted rows of a table once; its findings stand when they have been read.

    Two rows of a pair contradict each other when both are open, or have the same dates, and their
    indicators differ. Closed rows may overlap: CMS keeps corrected ones.
    """

    def __init__(self, kind: str, rows: Iterator[tuple[object, ...]]) -> None:
        self._kind, self._rows = kind, rows
        self.contradictions: dict[tuple[str, str], None] = {}
        self.overlapping = 0
        self.newest = 0
        self._earliest_end = OPEN_END

    @property
    def history_from(self) -> Date | None:
        """The earliest deletion of a row that was once in force, or None."""
        return None if self._earliest_end == OPEN_END else date_of(self._earliest_end)

    def rows(self) -> Iterator[tuple[object, ...]]:
        """The rows as they are."""
        if self._kind == MUE:
            yield from self._rows
            return
        key: object = None
        ends: list[Term] = []
        for row in self._rows:
            one, two, effective, deleted, indicator = row[:5]
            assert isinstance(effective, int) and isinstance(deleted, int)
            if effective > self.newest:
                self.newest = effective
            if self._kind == PTP and indicator == WITHDRAWN:
                yield row
                continue
            if deleted < self._earliest_end:
                self._earliest_end = deleted
            if self._kind == PTP:
                if key != (one, two):
                    key, ends = (one, two), []
                elif ends:
                    self._compare((str(one), str(two)), ends, (effective, deleted, indicator))
                ends.append((effective, deleted, indicator))
            yield row

    def _compare(self, pair: tuple[str, str], before: Sequence[Term], term: Term) -> None:
        effective, deleted, indicator = term
        for start, end, other in before:
            if other != indicator and (
                end == deleted == OPEN_END or (start, end) == (effective, deleted)
            ):
                self.contradictions[pair] = None
                return
        if any(end > effective for _, end, _ in before):
            self.overlapping += 1

    def problems(self, pieces: Sequence[Piece]) -> list[Problem]:
        """The contradictions, where they stand in the files."""
        found: list[Problem] = []
        for piece in pieces:
            findings = Findings(piece.source.label)
            for line, cells in data_rows(piece.source, piece.layout):
                pair = (cells[0].strip(), cells[1].strip())
                if pair in self.contradictions and cells[5].strip() != str(WITHDRAWN):
                    said = f"`{pair[0]}` with `{pair[1]}` stands there with other indicators too"
                    right = "two rows of a pair that hold at once must agree"
                    findings.add(line, said, right, cells=cells, column=6)
            found += findings.shown()
        return found
