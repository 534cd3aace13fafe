"""PTP edits: a pair of codes, from when to when, and whether a modifier lifts it.

Layout: column 1, column 2, `*` where it stood before 1996, effective date, deletion date or `*`,
indicator 0, 1 or 9, rationale. Indicator 9 is of pairs withdrawn from the day they took effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from infucode.tables.cells import Choices, Codes, Days, Marks, Texts, number_of
from infucode.tables.editions import Quarter
from infucode.tables.findings import Findings, Unreadable
from infucode.tables.layouts import PTP_COLUMNS
from infucode.tables.texts import Row

WITHDRAWN = 9
_WIDTH = len(PTP_COLUMNS)
PtpRow = tuple[str, str, int, int, int, int, int]
"""Column 1, column 2, effective, last day, indicator, number of the rationale, before 1996."""


class PtpReader:
    """Reads the rows of the files of one edition; what repeats is read once."""

    def __init__(self, quarter: Quarter) -> None:
        last, beyond = number_of(quarter.last), f"is after {quarter}, the quarter of this table"
        codes = Codes()
        self.texts = Texts()
        self._readers = (
            codes,
            codes,
            Marks(),
            Days(open_=False, last=last, beyond=beyond),
            Days(open_=True),
            Choices("019", "a modifier indicator", alone=True),
            self.texts,
        )

    def read(self, rows: Iterator[Row], findings: Findings, ended: bool) -> Iterator[PtpRow]:
        """The rows that are right; what is wrong is noted. ``ended``: the last line is."""
        codes, _, marks, starts, ends, indicators, texts = self._readers
        line, why, cells = 0, 0, [""]
        for line, cells in rows:
            try:
                one, two, mark, start, end, indicator, reason = cells
                effective, deleted, why = starts[start], ends[end], texts[reason]
                row = (
                    codes[one], codes[two], effective, deleted, indicators[indicator], why,
                    marks[mark],
                )  # fmt: skip
            except (ValueError, Unreadable):
                if len(cells) > _WIDTH and not any(cells[_WIDTH:]):
                    yield from self.read(iter([(line, cells[:_WIDTH])]), findings, True)
                else:
                    self._explain(line, cells, findings)
                continue
            if deleted < effective:
                said = "this pair was deleted before it took effect"
                findings.add(line, said, "swap or mend the dates", cells=cells, column=5)
                continue
            yield row
        whole = texts.cut_off(why) if line and not ended and texts.known else ""
        if whole:
            said = f"the last line breaks off within `{whole}`"
            findings.add(line, said, "the file is not whole: download it again", cells=cells)

    def _explain(self, line: int, cells: list[str], findings: Findings) -> None:
        """Say of every cell of a row what is wrong with it."""
        if len(cells) != _WIDTH:
            said = f"this line has {len(cells)} columns; a PTP edit has {_WIDTH}"
            findings.add(line, said, "the line is cut off or damaged", cells=cells)
            return
        readers: tuple[Mapping[str, int | str], ...] = self._readers
        for column, (reader, cell) in enumerate(zip(readers, cells, strict=True), 1):
            try:
                reader[cell]
            except Unreadable as error:
                title = PTP_COLUMNS[column - 1][0]
                said, right = error.args
                findings.add(line, f"{title}: {said}", right, cells=cells, column=column)
