"""MUE values: the most units of a code, and how they are judged. They carry no dates: a table is
of its quarter alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from infucode.tables.cells import Choices, Codes, Texts
from infucode.tables.findings import Findings, Unreadable
from infucode.tables.layouts import MUE_COLUMNS
from infucode.tables.texts import Row

MueRow = tuple[str, int, int, int]
"""Code, units, indicator, number of the rationale."""
_MOST_UNITS = 10_000_000


class _Units(dict[str, int]):
    def __missing__(self, text: str) -> int:
        written = text.strip()
        if not (written.isascii() and written.isdigit()) or int(written) > _MOST_UNITS:
            raise Unreadable(f"`{text}` is not a number of units", "units are whole")
        self[text] = int(written)
        return self[text]


class MueReader:
    """Reads the rows of one table; a code that stands twice must say the same."""

    def __init__(self) -> None:
        self.texts = Texts()
        self._readers: tuple[Mapping[str, int | str], ...] = (
            Codes(),
            _Units(),
            Choices("123", "an adjudication indicator", alone=False),
            self.texts,
        )
        self._seen: dict[str, tuple[int, MueRow]] = {}

    def read(self, rows: Iterator[Row], findings: Findings, ended: bool) -> Iterator[MueRow]:
        """The rows that are right, each code once; what is wrong is noted."""
        line, cells, row = 0, [""], None
        for line, cells in rows:
            row = self._row(line, cells, findings)
            if row is None:
                continue
            before, same = self._seen.setdefault(row[0], (line, row))
            if same is row:
                yield row
            elif same[:3] != row[:3]:
                said = f"`{row[0]}` stands in line {before} with other values"
                findings.add(line, said, "a code has one value", cells=cells, column=1)
        whole = self.texts.cut_off(row[3]) if row is not None and not ended else ""
        if whole:
            said = f"the last line breaks off within `{whole}`"
            findings.add(line, said, "the file is not whole: download it again", cells=cells)

    def _row(self, line: int, cells: list[str], findings: Findings) -> MueRow | None:
        width = len(MUE_COLUMNS)
        if len(cells) < width or any(cells[width:]):
            said = f"this line has {len(cells)} columns; an MUE has {width}"
            findings.add(line, said, "the line is cut off or damaged", cells=cells)
            return None
        found: list[int | str] = []
        for column, (reader, cell) in enumerate(zip(self._readers, cells, strict=False), 1):
            try:
                found.append(reader[cell])
            except Unreadable as error:
                said, right = error.args
                title = MUE_COLUMNS[column - 1][0]
                findings.add(line, f"{title}: {said}", right, cells=cells, column=column)
        if len(found) < width:
            return None
        code, units, indicator, why = found
        return str(code), int(units), int(indicator), int(why)
