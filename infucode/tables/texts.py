"""Rows of a text table: tab-separated or comma-separated, in whatever encoding it was saved."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from typing import IO

from infucode.tables.findings import refused

Row = tuple[int, list[str]]
"""The line on which a row begins, 1-based, and its cells."""
Opener = Callable[[], IO[bytes]]

_BLOCK = 1 << 20
_HEAD = 65_536
_MOST_FIELD = 1 << 17
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TextTable:
    """A text file or zip member, read in one pass for its encoding and then row by row.

    ``ended`` says whether its last line has a line end. Raises TablesError for what is no text.
    """

    def __init__(self, open_: Opener, name: str, size: int) -> None:
        self._open, self.name, self.size = open_, name, size
        self.encoding, self.ended = _encoding_of(open_, name)
        self.tabbed = "\t" in self._head()
        self._source: IO[bytes] | None = None

    def _head(self) -> str:
        with self._open() as file:
            return file.read(_HEAD).decode(self.encoding, errors="replace")

    def share(self) -> float:
        """How much of the file is read, from 0 to 1."""
        at = self._source.tell() if self._source is not None and not self._source.closed else 0
        return min(1.0, at / self.size) if self.size else 1.0

    def rows(self) -> Iterator[Row]:
        """Every row, in order. Raises TablesError where the text cannot be read."""
        with self._open() as source:
            self._source = source
            text = io.TextIOWrapper(source, encoding=self.encoding, errors="replace")
            try:
                yield from _tabbed(text) if self.tabbed else _commas(text)
            except csv.Error as error:
                raise refused(self.name, f"cannot be read as a table: {error}") from None


def _tabbed(text: io.TextIOWrapper) -> Iterator[Row]:
    for number, line in enumerate(text, 1):
        if '"' in line:
            yield number, [_unquoted(cell) for cell in line.rstrip("\n").split("\t")]
        else:
            yield number, line.rstrip("\n").split("\t")


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _commas(text: io.TextIOWrapper) -> Iterator[Row]:
    csv.field_size_limit(_MOST_FIELD)
    reader = csv.reader(text, strict=True)
    before = 0
    for cells in reader:
        yield before + 1, cells
        before = reader.line_num


def _encoding_of(open_: Opener, name: str) -> tuple[str, bool]:
    """The encoding of a text, and whether its last line is ended.

    UTF-8 or UTF-16 where a mark or the bytes say so, else Windows-1252, in which CMS saves.
    """
    with open_() as file:
        block = file.read(_BLOCK)
        marked = next((name for mark, name in _BOMS if block.startswith(mark)), None)
        decoder = codecs.getincrementaldecoder("utf-8")()
        plain, last = True, b""
        while block:
            if marked != "utf-16" and b"\0" in block:
                raise refused(name, "this is no text", "give the file or zip of CMS")
            plain = plain and _decodes(decoder, block)
            last, block = block[-2:], file.read(_BLOCK)
        plain = plain and _decodes(decoder, b"", final=True)
    ended = last.rstrip(b"\0").endswith((b"\n", b"\r"))
    return marked or ("utf-8" if plain else "cp1252"), ended


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True
