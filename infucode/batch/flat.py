"""The flat form: a table with a row for each administration, service or claim line.

Rows of one encounter stand together; where they do not, it is refused (`flat_ids`). A column is
a field of the document: those of the stay by their own name (`id` is the encounter's), those of a
row behind the kind of row that it is: `administration.drug`, `service.code`, `claim_line.units`,
`access.id`. A row may hold several kinds at once. Cells that are empty say nothing. A field of
the stay may stand on every row of the encounter or on some of them; where rows differ in it, the
encounter is refused. Lists are written with spaces between the items (`administration.intensity`,
`claim_line.modifiers`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from decimal import Decimal

from infucode.batch.flat_ids import Apart, digest_of
from infucode.batch.flat_rows import ID, Row, rows_of, text_of
from infucode.batch.tasks import Document
from infucode.documents.source import MAX_BYTES

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
DATE = "date"
"""A day, where a table may have midnight of that day."""
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def flat_documents(name: str, apart: Apart = frozenset()) -> Iterator[Document]:
    """The documents of a table, each as JSON; those whose rows are `apart` cannot be read.

    Raises UsageError for what is no such table.
    """
    begun: Building | None = None
    for row in rows_of(name):
        id = text_of(row.cells.get(ID))
        if begun is not None and (id == begun.id if id else _goes_on(row)):
            if id is None:
                begun.refuse(f"the row of line {row.number} has no `id`")
        else:
            if begun is not None:
                yield begun.document(name)
            begun = Building(id, row.number)
            if id is not None and apart and digest_of(id) in apart:
                begun.refuse(f"the rows of encounter `{id}` do not stand together")
        if row.wrong:
            begun.refuse(row.wrong)
        begun.add(row.cells)
    if begun is not None:
        yield begun.document(name)


def _goes_on(row: Row) -> bool:
    """Whether a row without an id says nothing of a stay, and so is of the encounter above."""
    said = (name.partition(".")[0] for name, cell in row.cells.items() if text_of(cell))
    return all(name in KINDS for name in said)


class Building:
    """One encounter, row by row."""

    def __init__(self, id: str | None, line: int) -> None:
        self.id, self.line = id, line
        self.wrong = ""
        self._said: dict[str, object] = {}
        """What the columns of the stay say, by column."""
        self._stay: dict[str, object] = {}
        self._lists: dict[str, list[dict[str, object]]] = {}
        self._size = 0

    def refuse(self, why: str) -> None:
        """Have the encounter refused; the first reason counts."""
        self.wrong = self.wrong or why

    def add(self, row: Mapping[str, object]) -> None:
        """Take in one row; of an encounter beyond the limit nothing more is kept."""
        parts: dict[str, dict[str, object]] = {}
        for column, cell in row.items():
            value = _value(column, cell)
            if value is None or self._is_full(value):
                continue
            kind, dot, field = column.partition(".")
            if dot and kind in KINDS:
                self._put(parts.setdefault(kind, {}), field, value, column)
            elif column not in self._said:
                self._said[column] = value
                self._put(self._stay, column, value, column)
            elif self._said[column] != value:
                self.refuse(f"the rows of encounter `{self.id}` differ in `{column}`")
        for kind, part in parts.items():
            self._lists.setdefault(KINDS[kind], []).append(part)

    def document(self, name: str) -> Document:
        """The encounter as JSON; one whose rows cannot be put together cannot be read."""
        for key in self._lists.keys() & self._stay.keys():
            self.refuse(f"the column `{key}` stands beside columns of its fields")
        data = {"administrations": [], **self._stay, **self._lists}
        text = json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogateescape")
        return Document(name, self.line, text, self.wrong)

    def _is_full(self, value: object) -> bool:
        self._size += len(str(value))
        if self._size > MAX_BYTES:
            self.refuse(f"the rows of encounter `{self.id}` are larger than the limit of 1 MB")
        return self._size > MAX_BYTES

    def _put(self, target: dict[str, object], field: str, value: object, column: str) -> None:
        """`dose.hcpcs` goes into the mapping `dose`."""
        first, dot, rest = field.partition(".")
        if dot:
            inner = target.setdefault(first, {})
            if isinstance(inner, dict):
                self._put(inner, rest, value, column)
                return
        if first in target:
            self.refuse(f"the column `{column}` says what another column says")
        else:
            target[first] = value


def _value(column: str, cell: object) -> object:
    """A cell as the document has it; None where it says nothing."""
    if isinstance(cell, bool | int | list | dict):
        return _inside(cell)
    text = text_of(_inside(cell, column.rpartition(".")[2]))
    if text is None:
        return None
    if column in LISTS:
        return text.split()
    if column in FLAGS:
        return _TRUTH.get(text.lower(), text)
    if column in WHOLE:
        text = _without_fraction(text) if isinstance(cell, float | Decimal) else text
        if text.isascii() and text.isdecimal() and str(int(text)) == text:
            return int(text)
    return text


def _without_fraction(text: str) -> str:
    """A whole number of a column of floats, as tables have them where some cells are empty."""
    whole, dot, fraction = text.partition(".")
    return whole if dot and not fraction.strip("0") else text


def _inside(cell: object, field: str = "") -> object:
    """A value of a table as JSON has it, also inside lists and structs."""
    if isinstance(cell, list):
        return [_inside(item) for item in cell]
    if isinstance(cell, dict):
        return {key: _inside(item, key) for key, item in cell.items() if item is not None}
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "surrogateescape")
    if isinstance(cell, Decimal) and cell.is_finite():
        return format(cell, "f")
    if isinstance(cell, datetime) and field == DATE and cell.tzinfo is None:
        return cell.date().isoformat() if cell.time() == time() else str(cell)
    return cell if cell is None or isinstance(cell, bool | int | str) else str(cell)
