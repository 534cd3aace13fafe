"""The flat form: a table with a row for each administration, service or claim line.

Rows of one encounter stand together. A column is a field of the document: those of the stay by
their own name (`id` is the encounter's), those of a row behind the kind of row that it is:
`administration.drug`, `service.code`, `claim_line.units`, `access.id`. A row may hold several
kinds at once. Cells that are empty say nothing. A field of the stay may stand on every row of the
encounter or on some of them; where rows differ in it, the encounter is refused. Lists are
written with spaces between the items (`administration.intensity`, `claim_line.modifiers`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from infucode.batch.tasks import Document
from infucode.errors import UsageError

KINDS = {
    "administration": "administrations",
    "access": "accesses",
    "service": "services",
    "claim_line": "claim_lines",
}
LISTS = frozenset((
    "primary_reason", "administration.intensity", "administration.concurrent_with",
    "service.modifiers", "claim_line.modifiers", "claim_line.administrations",
))  # fmt: skip
WHOLE = frozenset((
    "patient_age_years", "administration.minutes", "administration.visit",
    "administration.lesions", "service.visit", "service.units", "service.minutes",
    "claim_line.visit", "claim_line.units",
))  # fmt: skip
FLAGS = frozenset((
    "observation", "administration.attended", "administration.discontinued",
    "administration.counseling", "service.separately_identifiable",
))  # fmt: skip
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
CELL = 1_000_000
"""Characters of one cell at most."""
Row = Mapping[str, object]


def require_table(name: str) -> None:
    """Raises UsageError for what is no such table, as far as its first rows and its end tell."""
    with closing(_rows(name)) as rows:
        next(rows, None)


def flat_documents(name: str) -> Iterator[Document]:
    """The documents of a table, each as JSON. Raises UsageError for what is no such table."""
    begun: Building | None = None
    for number, row in _rows(name):
        id = _text(row.get("id"))
        if begun is None or id is None or id != begun.id:
            if begun is not None:
                yield begun.document(name)
            begun = Building(id, number)
        begun.add(row)
    if begun is not None:
        yield begun.document(name)


class Building:
    """One encounter, row by row."""

    def __init__(self, id: str | None, line: int) -> None:
        self.id, self.line = id, line
        self.stay: dict[str, object] = {}
        self.lists: dict[str, list[dict[str, object]]] = {}
        self.differs: str | None = None

    def add(self, row: Row) -> None:
        """Take in one row."""
        parts: dict[str, dict[str, object]] = {}
        for column, cell in row.items():
            value = _value(column, cell)
            if value is None:
                continue
            kind, dot, field = column.partition(".")
            if dot and kind in KINDS:
                _put(parts.setdefault(kind, {}), field, value)
            elif column in self.stay and self.stay[column] != value:
                self.differs = self.differs or column
            else:
                _put(self.stay, column, value)
        for kind, part in parts.items():
            self.lists.setdefault(KINDS[kind], []).append(part)

    def document(self, name: str) -> Document:
        """The encounter as JSON; one whose rows differ in a field of the stay cannot be read."""
        wrong = ""
        if self.differs is not None:
            wrong = f"the rows of encounter `{self.id}` differ in `{self.differs}`"
        data = {"administrations": [], **self.stay, **self.lists}
        text = json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogateescape")
        return Document(name, self.line, text, wrong)


def _put(target: dict[str, object], field: str, value: object) -> None:
    """`dose.hcpcs` goes into the mapping `dose`."""
    first, dot, rest = field.partition(".")
    if not dot:
        target[field] = value
        return
    inner = target.setdefault(first, {})
    if isinstance(inner, dict):
        _put(inner, rest, value)


def _value(column: str, cell: object) -> object:
    """A cell as the document has it; None where it says nothing."""
    if isinstance(cell, bool | list):
        return cell
    if isinstance(cell, int):
        return cell
    text = _text(cell)
    if text is None:
        return None
    if column in LISTS:
        return text.split()
    if column in FLAGS:
        return _TRUTH.get(text.lower(), text)
    if column in WHOLE and text.isascii() and text.isdecimal() and str(int(text)) == text:
        return int(text)
    return text


def _text(cell: object) -> str | None:
    if cell is None:
        return None
    text = str(cell).strip()
    return text or None


def _rows(name: str) -> Generator[tuple[int, Row], None, None]:
    return _parquet_rows(name) if name.lower().endswith(".parquet") else _csv_rows(name)


def _csv_rows(name: str) -> Generator[tuple[int, Row], None, None]:
    """Rows with the line that each begins on; bytes that are no UTF-8 are kept, to be refused."""
    csv.field_size_limit(CELL)
    with Path(name).open("rb") as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.reader(text, strict=True)
        try:
            head = _head(next(reader, []), name)
            line = reader.line_num + 1
            for cells in reader:
                if len(cells) > len(head):
                    raise UsageError(f"`{name}:{line}` has {len(cells)} cells, more than columns")
                if any(cells):
                    yield line, dict(zip(head, cells, strict=False))
                line = reader.line_num + 1
        except csv.Error as error:
            raise UsageError(f"`{name}:{reader.line_num}` is no CSV: {error}") from None


def _head(columns: Iterable[str], name: str) -> list[str]:
    head = [column.strip() for column in columns]
    if "id" not in head:
        raise UsageError(f"`{name}` has no column `id`; see `infucode batch --help`")
    twice = sorted({column for column in head if head.count(column) > 1})
    if twice:
        raise UsageError(f"`{name}` has the column `{twice[0]}` twice")
    return head


def _parquet_rows(name: str) -> Generator[tuple[int, Row], None, None]:
    parquet = arrow("parquet")
    import pyarrow

    try:
        table = parquet.ParquetFile(name)
        head = _head(table.schema_arrow.names, name)
        number = 1
        for batch in table.iter_batches(batch_size=4096):
            for row in batch.to_pylist():
                yield number, {column: row[column] for column in head}
                number += 1
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"`{name}` is no Parquet file that can be read: {reason}") from None


def arrow(module: str) -> Any:
    """A module of pyarrow. Raises UsageError where that is not installed."""
    from importlib import import_module

    try:
        return import_module(f"pyarrow.{module}")
    except ImportError:
        raise UsageError(
            "Parquet needs pyarrow: install `infucode[batch]`, or use CSV or NDJSON"
        ) from None
