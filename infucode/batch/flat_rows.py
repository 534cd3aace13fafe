"""Rows of CSV and Parquet files, each with its place, as the flat form reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from infucode.errors import UsageError

CELL = 1_000_000
"""Characters of one cell at most."""
GROUP = 4096
"""Rows of a Parquet file that are held at once."""
ID = "id"


class Row(NamedTuple):
    """A row, where it begins, and why it cannot be read, where that is so."""

    number: int
    """The line of a CSV file; the row of a Parquet file."""
    cells: Mapping[str, object]
    wrong: str = ""


Rows = Generator[Row, None, None]


def rows_of(name: str, *, id_only: bool = False) -> Rows:
    """The rows of a table; of Parquet the column `id` alone, where that is asked for.

    Raises UsageError for what is no table with such a column.
    """
    is_parquet = name.lower().endswith(".parquet")
    return _parquet_rows(name, id_only) if is_parquet else _csv_rows(name)


def text_of(cell: object) -> str | None:
    """A cell as text without the space around it; None where it says nothing. Bytes that are no
    UTF-8 are kept, to be refused.
    """
    if cell is None:
        return None
    text = cell.decode("utf-8", "surrogateescape") if isinstance(cell, bytes) else str(cell)
    return text.strip() or None


def _csv_rows(name: str) -> Rows:
    csv.field_size_limit(CELL)
    with Path(name).open("rb") as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.reader(text, strict=True)
        try:
            head = _head(next(reader, []), name)
            line = reader.line_num + 1
            for cells in reader:
                if any(cells):
                    wrong = _misfit(cells, head, f"{name}:{line}")
                    yield Row(line, dict(zip(head, cells, strict=False)), wrong)
                line = reader.line_num + 1
        except csv.Error as error:
            raise UsageError(f"`{name}:{reader.line_num}` is no CSV: {error}") from None


def _misfit(cells: Sequence[str], head: Sequence[str], place: str) -> str:
    """Why a row does not fit its head: a cut line, or a comma that is not in quotes.

    Its cells may stand in others' columns. Raises UsageError where the id may, as whose row it is
    can then not be told.
    """
    if len(cells) == len(head):
        return ""
    count = f"has {len(cells)} cells for {len(head)} columns"
    if head[0] != ID:
        help = "mend it, or make `id` the first column, and its encounter alone is refused"
        raise UsageError(f"`{place}` {count}; {help}")
    return f"the row of line {place.rpartition(':')[2]} {count}"


def _head(columns: Iterable[str], name: str) -> list[str]:
    head = [column.strip() for column in columns]
    if ID not in head:
        sign = next((sign for sign in (";", "\t", "|") if len(head) == 1 and sign in head[0]), "")
        help = f"write commas between its columns instead of {sign!r}" if sign else (
            "every row names its encounter there"
        )  # fmt: skip
        raise UsageError(f"`{name}` has no column `{ID}`; {help}")
    twice = sorted({column for column in head if head.count(column) > 1})
    if twice:
        raise UsageError(f"`{name}` has the column `{twice[0]}` twice")
    return head


def _parquet_rows(name: str, id_only: bool) -> Rows:
    parquet = arrow("parquet")
    import pyarrow

    try:
        table = parquet.ParquetFile(name)
        head = _head(table.schema_arrow.names, name)
        wanted = [ID] if id_only else head
        number = 1
        for batch in table.iter_batches(batch_size=GROUP, columns=wanted):
            columns = [_cells(batch.column(column)) for column in wanted]
            for cells in zip(*columns, strict=True):
                yield Row(number, dict(zip(wanted, cells, strict=True)))
                number += 1
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"`{name}` is no Parquet file that can be read: {reason}") from None


def _cells(column: Any) -> list[object]:
    """The values of a column; those that Python cannot hold one by one, as text."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return [_cell(value) for value in column]


def _cell(value: Any) -> object:
    """Text that is no UTF-8 as its bytes, and a time of nanoseconds or of the year 10000 as text.

    Raises the ArrowException of what cannot be read at all.
    """
    import pyarrow

    try:
        return value.as_py()
    except UnicodeDecodeError:
        if pyarrow.types.is_nested(value.type):
            return b"\xff"
        return value.cast(pyarrow.binary()).as_py()
    except (ValueError, OverflowError):
        return value.cast(pyarrow.string()).as_py()


def arrow(module: str) -> Any:
    """A module of pyarrow. Raises UsageError where that is not installed."""
    from importlib import import_module

    try:
        return import_module(f"pyarrow.{module}")
    except ImportError:
        raise UsageError(
            "Parquet needs pyarrow: install `infucode[batch]`, or use CSV or NDJSON"
        ) from None
