"""Rows of an XLSX table, read with the standard library alone, as they stream past.

Only what a table of CMS needs: the cells of each sheet as text. Formulas count by their stored
value; styles, and so dates that a spreadsheet keeps as day numbers, are not looked at: CMS writes
its dates as digits.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any
from xml.etree import ElementTree

from infucode.tables.findings import refused
from infucode.tables.texts import Row

_LETTERS = 26
_MOST_COLUMN = 64
_BLOCK = 1 << 18
DAMAGED = (zipfile.BadZipFile, ElementTree.ParseError, KeyError, EOFError, OSError, ValueError)


class WorkbookTable:
    """An XLSX file: the first sheet with rows that look like a table. Raises TablesError."""

    ended = True

    def __init__(self, open_: Callable[[], IO[bytes]], name: str) -> None:
        self._open, self.name = open_, name
        self._done = 0.0
        self.sheet = ""

    def share(self) -> float:
        """How much of the file is read, from 0 to 1."""
        return self._done

    def sheets(self) -> list[str]:
        """The sheets, in the order of their numbers."""
        with self._archive() as archive:
            found = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        return sorted(found, key=lambda name: (len(name), name))

    def rows(self) -> Iterator[Row]:
        """Every row of ``sheet`` (by default the first) that is not empty, by its number."""
        sheets = self.sheets()
        if not sheets:
            raise refused(self.name, "this workbook has no sheet")
        try:
            with self._archive() as archive:
                shared = _shared_strings(archive)
                yield from self._rows_of(archive, self.sheet or sheets[0], shared)
        except DAMAGED as error:
            said = str(error) or type(error).__name__
            raise refused(
                self.name, f"this workbook is damaged: {said}", "download it again"
            ) from None

    @contextmanager
    def _archive(self) -> Iterator[zipfile.ZipFile]:
        with self._open() as file:
            try:
                archive = zipfile.ZipFile(file)
            except (zipfile.BadZipFile, OSError) as error:
                raise refused(
                    self.name, f"this workbook is damaged: {error}", "download it again"
                ) from None
            with archive:
                yield archive

    def _rows_of(self, archive: zipfile.ZipFile, sheet: str, shared: list[str]) -> Iterator[Row]:
        size = archive.getinfo(sheet).file_size or 1
        parser: Any = ElementTree.XMLPullParser(["start", "end"])
        number, inside = 0, ElementTree.Element("none")
        with archive.open(sheet) as file:
            while block := file.read(_BLOCK):
                parser.feed(block)
                self._done = min(1.0, file.tell() / size)
                for event, element in parser.read_events():
                    name = element.tag.rpartition("}")[2]
                    if event == "start":
                        inside = element if name == "sheetData" else inside
                    elif name == "row":
                        number = int(element.get("r", number + 1))
                        cells = _cells(element, shared)
                        inside.clear()
                        if any(cells):
                            yield number, cells
        parser.close()


def _cells(row: ElementTree.Element, shared: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row:
        at = _column(cell.get("r", ""), len(cells))
        if at >= _MOST_COLUMN:
            continue
        cells.extend([""] * (at + 1 - len(cells)))
        cells[at] = _text(cell, shared)
    return cells


def _column(reference: str, next_: int) -> int:
    """The 0-based column of a reference such as `C7`, or the next one where there is none."""
    column = 0
    for letter in reference:
        if not letter.isalpha():
            break
        column = column * _LETTERS + ord(letter.upper()) - ord("A") + 1
    return column - 1 if column else next_


def _text(cell: ElementTree.Element, shared: list[str]) -> str:
    """The value of a cell: a shared or inline text, or a number without a needless fraction."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter() if part.tag.endswith("}t"))
    value = next((part.text or "" for part in cell if part.tag.endswith("}v")), "")
    if kind == "s":
        return shared[int(value)]
    if kind == "n" and value:
        whole, _, fraction = value.partition(".")
        if "e" in value.lower():
            number = float(value)
            return str(int(number)) if number.is_integer() else value
        return whole if not fraction.strip("0") else value
    return value


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return []
    found: list[str] = []
    root: ElementTree.Element | None = None
    with archive.open(name) as file:
        for event, element in ElementTree.iterparse(file, ["start", "end"]):
            root = element if root is None else root
            if event == "end" and element.tag.endswith("}si"):
                found.append(_string(element))
                root.clear()
    return found


def _string(element: ElementTree.Element) -> str:
    """The text of a shared string, its phonetic readings left out."""
    parts = []
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(part.text or "" for part in child if part.tag.endswith("}t"))
    return "".join(parts)
