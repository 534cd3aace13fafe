"""Documents of NDJSON and JSON files and of standard input, one after another."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from infucode.batch.tasks import Document
from infucode.documents.source import MAX_BYTES
from infucode.errors import UsageError

STANDARD = "-"
STANDARD_NAME = "<stdin>"
BLOCK = 1 << 20
LINES = (".ndjson", ".jsonl")
SINGLE = (".json",)
TABLES = (".csv", ".parquet")


def require_readable(inputs: Sequence[str]) -> None:
    """Raises UsageError for an input that cannot be read, or of a kind that is not known."""
    for name in inputs:
        if name == STANDARD:
            continue
        path = Path(name)
        if path.is_dir():
            raise UsageError(f"`{name}` is a folder; name the files in it")
        if path.suffix.lower() not in (*LINES, *SINGLE, *TABLES):
            kinds = ", ".join(f"`{ending}`" for ending in (*LINES, *SINGLE, *TABLES))
            raise UsageError(f"`{name}` is none of {kinds}; `-` reads NDJSON from standard input")
        try:
            with path.open("rb"):
                pass
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"`{name}` cannot be read: {reason}") from error
    _apart(inputs)
    if list(inputs).count(STANDARD) > 1:
        raise UsageError("`-` stands twice among the inputs; standard input is read once")


def described(inputs: Sequence[str]) -> list[dict[str, Any]] | None:
    """Name, size and checksum of each input; None where one can be read only once."""
    if STANDARD in inputs:
        return None
    found = []
    for name in inputs:
        path = Path(name)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        found.append({"name": name, "size": path.stat().st_size, "sha256": digest})
    return found


def documents(inputs: Sequence[str]) -> Iterator[Document]:
    """Every document of every input, in order. Blank lines are none."""
    apart = _apart(inputs)
    for name in inputs:
        if name == STANDARD:
            yield from _lines(sys.stdin.buffer, STANDARD_NAME)
        elif _is_table(name):
            from infucode.batch.flat import flat_documents

            yield from flat_documents(name, apart)
        else:
            with Path(name).open("rb") as file:
                if Path(name).suffix.lower() in SINGLE:
                    yield Document(name, 0, file.read(MAX_BYTES + 1))
                else:
                    yield from _lines(file, name)


def _apart(inputs: Sequence[str]) -> frozenset[int]:
    """Which encounters of the tables are in pieces. Raises UsageError for what is no table."""
    tables = [name for name in inputs if _is_table(name)]
    if not tables:
        return frozenset()
    from infucode.batch.flat_ids import apart_in

    return apart_in(tables)


def _is_table(name: str) -> bool:
    return name != STANDARD and Path(name).suffix.lower() in TABLES


def _lines(file: IO[bytes], name: str) -> Iterator[Document]:
    """A line too long to be a document is cut where that is certain; the rest is skipped."""
    number = 0
    while line := file.readline(MAX_BYTES + 2):
        number += 1
        if not line.endswith(b"\n") and len(line) > MAX_BYTES:
            _skip(file)
        text = line.rstrip(b"\r\n")
        if number == 1:
            text = text.removeprefix(b"\xef\xbb\xbf")
        if text.strip():
            yield Document(name, number, text)


def _skip(file: IO[bytes]) -> None:
    while (more := file.readline(BLOCK)) and not more.endswith(b"\n"):
        pass
