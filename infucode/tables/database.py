"""One edition as an SQLite file: written once, never changed, opened read-only.

Rows lie sorted by their codes (`WITHOUT ROWID`), so that a few codes are found without reading
the rest. Dates are numbers YYYYMMDD, so that any SQLite tool shows them as they are.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from infucode.errors import Problem, TablesError, UsageError
from infucode.tables.editions import ADDON, MUE, PTP, Edition, edition_of

APPLICATION = 0x1F0C0DE
FORMAT = 1
_PAGE = 4096
_CACHE_KIB = 131_072
_BATCH = 20_000
_TABLES = {
    PTP: """CREATE TABLE pair (
        column1 TEXT, column2 TEXT, effective INTEGER, deleted INTEGER, indicator INTEGER,
        rationale INTEGER, before_1996 INTEGER,
        PRIMARY KEY (column1, column2, effective, deleted, indicator)) WITHOUT ROWID""",
    MUE: """CREATE TABLE mue (
        code TEXT PRIMARY KEY, units INTEGER, indicator INTEGER, rationale INTEGER
        ) WITHOUT ROWID""",
    ADDON: """CREATE TABLE addon (
        addon TEXT, primary_code TEXT, effective INTEGER, deleted INTEGER, type INTEGER,
        claims TEXT, note INTEGER,
        PRIMARY KEY (addon, primary_code, effective, deleted, claims)) WITHOUT ROWID""",
}
_INSERT = {
    PTP: "INSERT OR IGNORE INTO pair VALUES (?,?,?,?,?,?,?)",
    MUE: "INSERT OR IGNORE INTO mue VALUES (?,?,?,?)",
    ADDON: "INSERT OR IGNORE INTO addon VALUES (?,?,?,?,?,?,?)",
}
_ALL = {
    PTP: "SELECT * FROM pair ORDER BY column1, column2, effective, deleted, indicator",
    MUE: "SELECT * FROM mue ORDER BY code",
    ADDON: "SELECT * FROM addon ORDER BY addon, primary_code, effective, deleted, claims",
}


def create(path: Path, kind: str) -> sqlite3.Connection:
    """An empty edition file. Nothing of it counts before it has its final name."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        f"page_size = {_PAGE}",
        "journal_mode = OFF",
        "synchronous = OFF",
        "locking_mode = EXCLUSIVE",
        f"cache_size = -{_CACHE_KIB}",
        f"application_id = {APPLICATION}",
        f"user_version = {FORMAT}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE edition (data TEXT)")
    connection.execute("CREATE TABLE text (number INTEGER PRIMARY KEY, text TEXT)")
    connection.execute(_TABLES[kind])
    return connection


def insert(connection: sqlite3.Connection, kind: str, rows: Iterable[tuple[object, ...]]) -> int:
    """Add rows as they come; returns how many came. One that is there already is passed over."""
    before = connection.total_changes
    connection.executemany(_INSERT[kind], rows)
    return connection.total_changes - before


def all_rows(connection: sqlite3.Connection, kind: str) -> Iterator[tuple[object, ...]]:
    """Every row of the table, in its order."""
    cursor = connection.execute(_ALL[kind])
    while batch := cursor.fetchmany(_BATCH):
        yield from batch


def texts_of(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The rationales or notes, by their numbers."""
    return tuple(text for _, text in connection.execute("SELECT * FROM text ORDER BY number"))


def digest_of(kind: str, rows: Iterable[tuple[object, ...]], texts: tuple[str, ...]) -> str:
    """A SHA-256 over rows in their order and texts: the same table gives the same, whether it
    came as text or workbook, zipped or not."""
    found = hashlib.sha256(f"{kind}{texts}".encode())
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        found.update(repr(batch).encode())
    return found.hexdigest()


def finish(connection: sqlite3.Connection, edition: Edition, texts: Iterable[str]) -> None:
    """Write what the file is, and end it."""
    connection.executemany("INSERT INTO text VALUES (?, ?)", enumerate(texts))
    connection.execute("INSERT INTO edition VALUES (?)", (json.dumps(edition.plain()),))
    connection.execute("COMMIT")
    connection.close()


def damaged(path: Path, why: str) -> TablesError:
    """The error for an edition file that cannot be trusted."""
    again = "import that table again with `--replace`"
    help = f"{again}, or drop it: `infucode tables remove {path.stem}`"
    return TablesError([Problem(str(path), 0, 0, f"this stored table is damaged: {why}", help)])


def connect(path: Path) -> tuple[sqlite3.Connection, Edition]:
    """An edition, open for reading. Raises TablesError where it is not what it should be."""
    try:
        _measure(path)
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise damaged(path, str(error)) from None
    try:
        (format_,) = connection.execute("PRAGMA user_version").fetchone()
        if format_ != FORMAT:
            raise damaged(path, f"its format is {format_}; this infucode reads {FORMAT}")
        ((data,),) = connection.execute("SELECT data FROM edition").fetchall()
        return connection, edition_of(json.loads(data))
    except (sqlite3.Error, ValueError, KeyError, TypeError, UsageError) as error:
        connection.close()
        raise damaged(path, str(error)) from None
    except BaseException:
        connection.close()
        raise


def _measure(path: Path) -> None:
    """Whether a file has the length that its own head says. Raises TablesError, OSError."""
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0"):
        raise damaged(path, "it is no table of infucode")
    if int.from_bytes(head[68:72], "big") != APPLICATION:
        raise damaged(path, "it is no table of infucode")
    pages = int.from_bytes(head[28:32], "big")
    if path.stat().st_size != pages * _PAGE:
        raise damaged(path, f"it has {path.stat().st_size:,} bytes instead of {pages * _PAGE:,}")


def verify(path: Path) -> Edition:
    """Read an edition from end to end. Raises TablesError unless every row is as imported."""
    connection, edition = connect(path)
    try:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise damaged(path, str(found))
        rows = all_rows(connection, edition.kind)
        if digest_of(edition.kind, rows, texts_of(connection)) != edition.digest:
            raise damaged(path, "its rows are not those that were imported")
    except (sqlite3.Error, IndexError, TypeError) as error:
        raise damaged(path, str(error)) from None
    finally:
        connection.close()
    return edition


@dataclass(slots=True)
class Opened:
    """An open edition; its texts are read when first needed."""

    path: Path
    connection: sqlite3.Connection
    edition: Edition
    _texts: tuple[str, ...] = field(default=())

    def text(self, number: int) -> str:
        """The rationale or note of a number. Raises TablesError where there is none."""
        if not self._texts:
            self._texts = texts_of(self.connection)
        if not 0 <= number < len(self._texts):
            raise damaged(self.path, f"it has no text {number}")
        return self._texts[number]
