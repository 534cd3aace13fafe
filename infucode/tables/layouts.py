"""Which table a file is, by its header: the layouts that CMS publishes.

PTP: notice lines, a title, then a header over one to four lines, the further ones blank under
`Column 1`. MUE: a notice, then a header whose second column names the provider. Add-on codes: a
header of eight named columns, or a text of fixed width without any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from infucode.tables.editions import ADDON, BOTH, FACILITY, MUE, PROFESSIONAL, PTP
from infucode.tables.findings import refused
from infucode.tables.sources import Source
from infucode.tables.texts import Row
from infucode.tables.workbook import WorkbookTable

MOST_BEFORE_HEADER = 60
_MOST_HEADER_LINES = 6
_CODE_LENGTH = 5
PTP_COLUMNS = (
    ("Column 1", "column 1"),
    ("Column 2", "column 2"),
    ("in existence prior to 1996", "exist"),
    ("Effective Date", "effective"),
    ("Deletion Date", "deletion"),
    ("Modifier", "modifier"),
    ("PTP Edit Rationale", "rationale"),
)
"""Each column's title, and the word that its header must have."""
MUE_COLUMNS = (
    ("HCPCS/CPT Code", "hcpcs"),
    ("MUE Values", "mue value"),
    ("MUE Adjudication Indicator", "adjudication"),
    ("MUE Rationale", "rationale"),
)
ADDON_COLUMNS = {
    "type": "aocedittype",
    "addon": "addoncode",
    "addon_deleted": "aocdeldt",
    "primary": "primarycode",
    "primary_deleted": "primarycodedeldt",
    "effective": "aocediteffdt",
    "deleted": "aoceditdeldt",
    "note": "specialinstructionnotes",
}
"""Each column's part in the table, and its title without spaces and signs."""
_NEEDED = ("type", "addon", "primary", "effective", "deleted")


@dataclass(frozen=True, slots=True)
class Layout:
    """A recognised table: ``start`` is the line of the first row; ``columns`` are the places of
    the add-on columns, empty where they do not vary."""

    kind: str
    claim: str
    start: int
    columns: tuple[tuple[str, int], ...] = ()


def recognise(source: Source) -> Layout:
    """The layout of a source. Raises TablesError where it is none of those known."""
    if isinstance(source.table, WorkbookTable):
        for sheet in source.table.sheets():
            source.table.sheet = sheet
            layout = _by_header(source.label, _head(source))
            if layout is not None:
                return layout
    else:
        rows = _head(source)
        layout = _by_header(source.label, rows) or _fixed(rows)
        if layout is not None:
            return layout
    raise refused(
        source.label,
        "no header of a PTP, MUE or add-on table is in this file",
        "give the file as CMS publishes it, its notice and header lines included",
    )


def _head(source: Source) -> list[Row]:
    return list(islice(source.table.rows(), MOST_BEFORE_HEADER + _MOST_HEADER_LINES))


def _words(cell: str) -> str:
    return " ".join(cell.split()).lower()


def _squeezed(cell: str) -> str:
    return re.sub(r"[^a-z0-9]", "", cell.lower()).removesuffix("julian")


def _by_header(label: str, rows: Sequence[Row]) -> Layout | None:
    for at, (line, cells) in enumerate(rows[:MOST_BEFORE_HEADER]):
        words = [_words(cell) for cell in cells]
        if words[:2] == ["column 1", "column 2"]:
            return _ptp(label, rows, at)
        if len(words) > 1 and words[0].startswith("hcpcs") and "mue value" in words[1]:
            return _mue(label, line, rows[at + 1 :], cells)
        if _squeezed(ADDON_COLUMNS["addon"]) in map(_squeezed, cells):
            return _addon(label, line, rows[at + 1 :], cells)
    return None


def _ptp(label: str, rows: Sequence[Row], at: int) -> Layout:
    """A PTP header, its further lines joined below each title."""
    line, cells = rows[at]
    titles = [_words(cell) for cell in cells]
    end = at + 1
    while end < min(len(rows), at + _MOST_HEADER_LINES):
        further = [_words(cell) for cell in rows[end][1]]
        if any(further[:2]) or not any(further):
            break
        titles.extend([""] * (len(further) - len(titles)))
        for column, word in enumerate(further):
            titles[column] = f"{titles[column]} {word}".strip()
        end += 1
    _compare(label, line, titles, PTP_COLUMNS)
    return Layout(PTP, "", _next_line(rows[end:], rows[end - 1][0]))


def _mue(label: str, line: int, rest: Sequence[Row], cells: list[str]) -> Layout:
    titles = [_words(cell) for cell in cells]
    _compare(label, line, titles, MUE_COLUMNS)
    if "dme" in titles[1] or "supplier" in titles[1]:
        raise refused(
            label,
            "this is the MUE table of equipment suppliers",
            "infucode reads those of practitioners and of outpatient hospitals",
        )
    claim = PROFESSIONAL if "practitioner" in titles[1] else ""
    return Layout(MUE, FACILITY if "hospital" in titles[1] else claim, _next_line(rest, line))


def _addon(label: str, line: int, rest: Sequence[Row], cells: list[str]) -> Layout:
    squeezed = [_squeezed(cell) for cell in cells]
    places = {part: squeezed.index(t) for part, t in ADDON_COLUMNS.items() if t in squeezed}
    lacking = [part for part in _NEEDED if part not in places]
    if lacking:
        names = ", ".join(f"`{ADDON_COLUMNS[part]}`" for part in lacking)
        raise refused(label, f"the header in line {line} lacks {names}", "give the whole table")
    return Layout(ADDON, BOTH, _next_line(rest, line), tuple(places.items()))


def _compare(label: str, line: int, titles: list[str], wanted: Sequence[tuple[str, str]]) -> None:
    """Raises TablesError unless each column has its title."""
    for column, (title, word) in enumerate(wanted):
        given = titles[column] if column < len(titles) else ""
        if word not in given:
            said = f"`{given}`" if given else "missing"
            raise refused(
                label,
                f"column {column + 1} of the header in line {line} is {said}; it should be "
                f"`{title}`",
                "the columns must be those of the CMS file, in its order",
            )


def _next_line(rest: Sequence[Row], before: int) -> int:
    return rest[0][0] if rest else before + 1


def data_rows(source: Source, layout: Layout) -> Iterator[Row]:
    """The rows below the header that are not blank.

    Leading zeros that a spreadsheet took from a code, as from a number, are put back.
    """
    codes = () if source.is_text else _code_columns(layout)
    for line, cells in source.table.rows():
        if line >= layout.start and any(cells):
            for column in codes:
                if column < len(cells) and cells[column].isdigit():
                    cells[column] = cells[column].zfill(_CODE_LENGTH)
            yield line, cells


def _code_columns(layout: Layout) -> tuple[int, ...]:
    if layout.kind == ADDON:
        columns = dict(layout.columns)
        return columns["addon"], columns["primary"]
    return (0, 1) if layout.kind == PTP else (0,)


_FIXED = re.compile(r"[123] ?[0-9A-Z]{5} ?(?:\d{7}| {7}) ?[0-9A-Z]{5} ?(?:\d{7}| {7}) ?\d{7}")
"""The start of a record of the fixed-width add-on text, with or without spaces between."""


def _fixed(rows: Sequence[Row]) -> Layout | None:
    """An add-on text of fixed width: no header, each line one record, from the first on."""
    lines = [(line, cells[0] if cells else "") for line, cells in rows]
    first = next((n for n, (_, text) in enumerate(lines) if _FIXED.match(text)), None)
    if first is None:
        return None
    body = [text for _, text in lines[first:] if text.strip()]
    if not all(_FIXED.match(text) for text in body):
        return None
    return Layout(ADDON, BOTH, lines[first][0])
