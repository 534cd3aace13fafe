"""Answers of a batch as tables: lines, what is not reported, questions, warnings, violations.

One row for each thing, keyed by encounter and code set. The tables of a run are written beside
one another, as CSV or Parquet, from its file of answers, one answer at a time.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from infucode.batch.flat_rows import arrow
from infucode.errors import UsageError
from infucode.render.csv_rows import safe_cell

WAY = ("encounter", "policy", "version", "as_of", "outcome")
COLUMNS: dict[str, tuple[str, ...]] = {
    "answers": (*WAY, "code_sets", "questions", "digest"),
    "lines": (*WAY, "code_set", "code", "units", "modifiers", "date", "visit", "access",
              "administrations", "services", "charge", "certain", "rules", "says", "hangs_on"),
    "not_reported": (*WAY, "code_set", "administration", "service", "part", "rule", "says"),
    "questions": (*WAY, "fact", "administration", "says", "matters_because"),
    "warnings": (*WAY, "rule", "says"),
    "violations": (*WAY, "rule", "severity", "lines", "administrations", "says", "cite"),
    "claim_lines": (*WAY, "line", "state"),
    "not_checked": (*WAY, "what", "why"),
}  # fmt: skip
NUMBERS = frozenset(("code_sets", "questions", "code_set", "units", "visit"))
GROUP = 20_000
"""Rows that Parquet is given at once."""
Row = dict[str, object]


class Sink(Protocol):
    """Takes the rows of one table."""

    def add(self, row: Row) -> None: ...

    def close(self) -> None: ...


def rows_of(answer: Mapping[str, Any]) -> Iterator[tuple[str, Row]]:
    """The rows of one answer, each with the table that it goes to."""
    policy = answer["policy"]
    way = {
        "encounter": answer["encounter"], "policy": policy["id"], "version": policy["version"],
        "as_of": policy["as_of"], "outcome": answer["outcome"],
    }  # fmt: skip
    sets = answer.get("code_sets", [])
    asks = answer.get("asks", [])
    counts = {"code_sets": len(sets), "questions": len(asks), "digest": policy["digest"]}
    yield "answers", {**way, **counts}
    for number, code_set in enumerate(sets, 1):
        for line in code_set["lines"]:
            yield "lines", {**way, "code_set": number, **_line(line)}
        for item in code_set["not_reported"]:
            yield "not_reported", {**way, "code_set": number, **item}
    for table, key in (
        ("not_reported", "not_reported"), ("questions", "asks"), ("warnings", "warnings"),
        ("violations", "violations"), ("not_checked", "not_checked"), ("claim_lines", "lines"),
    ):  # fmt: skip
        for item in answer.get(key, ()):
            yield table, {**way, **item}


def _line(line: Mapping[str, Any]) -> Row:
    because = line["because"]
    return {
        **line,
        "certain": "yes" if line["certain"] else "no",
        "rules": [item["rule"] for item in because],
        "says": [item["says"] for item in because],
        "hangs_on": [f"{item['switch']}={item['value']}" for item in line["hangs_on"]],
    }


def _cell(value: object) -> str:
    """A value as text; items of a list stand behind one another."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " | ".join(map(str, value))
    return str(value)


class _Csv:
    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._columns = columns
        self._writer = csv.writer(self._file)
        self._writer.writerow(columns)

    def add(self, row: Row) -> None:
        self._writer.writerow([safe_cell(_cell(row.get(name))) for name in self._columns])

    def close(self) -> None:
        self._file.close()


class _Parquet:
    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        import pyarrow

        self._schema = pyarrow.schema(
            [(n, pyarrow.int64() if n in NUMBERS else pyarrow.string()) for n in columns]
        )
        self._table = pyarrow.Table
        self._writer = arrow("parquet").ParquetWriter(path, self._schema)
        self._rows: list[Row] = []

    def add(self, row: Row) -> None:
        self._rows.append(
            {n: row.get(n) if n in NUMBERS else _cell(row.get(n)) for n in self._schema.names}
        )
        if len(self._rows) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._table.from_pylist(self._rows, schema=self._schema))
            self._rows = []

    def close(self) -> None:
        self._flush()
        self._writer.close()


SINKS: dict[str, Callable[[Path, Sequence[str]], Sink]] = {"csv": _Csv, "parquet": _Parquet}


def write_tables(answers: Path, folder: Path, kind: str) -> dict[str, int]:
    """Write the tables that the answers have; returns their rows.

    They appear together, when all are whole. Tables of this kind that other answers had in the
    folder, and these have not, are removed; the other kind is left alone.
    Raises UsageError for a file that holds no answers and for a folder that cannot be written.
    """
    if kind == "parquet":
        arrow("parquet")
    written = _Written(folder, kind)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with answers.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                for name, row in _read(line, f"{answers}:{number}"):
                    written.add(name, row)
        written.finish()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"`{error.filename or folder}` cannot be used: {reason}") from error
    finally:
        written.close()
    return written.rows


class _Written:
    """The tables of one run while they are written, beside those that stood there before."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder, self.kind = folder, kind
        self.rows: dict[str, int] = {}
        self._sinks: dict[str, Sink] = {}

    def add(self, name: str, row: Row) -> None:
        if name not in self._sinks:
            self._sinks[name] = SINKS[self.kind](self._partial(name), COLUMNS[name])
            self.rows[name] = 0
        self._sinks[name].add(row)
        self.rows[name] += 1

    def finish(self) -> None:
        """Put the tables under their names, in place of those that are there."""
        while self._sinks:
            self._sinks.popitem()[1].close()
        for name in COLUMNS:
            if name in self.rows:
                self._partial(name).replace(self._whole(name))
            else:
                self._whole(name).unlink(missing_ok=True)

    def close(self) -> None:
        """Leave nothing half written behind."""
        for sink in self._sinks.values():
            with suppress(OSError):
                sink.close()
        for name in self.rows:
            with suppress(OSError):
                self._partial(name).unlink(missing_ok=True)

    def _whole(self, name: str) -> Path:
        return self.folder / f"{name}.{self.kind}"

    def _partial(self, name: str) -> Path:
        return self.folder / f"{name}.{self.kind}.tmp"


def _read(line: str, place: str) -> list[tuple[str, Row]]:
    try:
        return list(rows_of(json.loads(line)))
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"`{place}` is no answer of `infucode batch solve` or `check`") from None
