"""A run in DuckDB: its answers as tables of their own, which lie on disk and not in memory."""

from __future__ import annotations

import atexit
import gc
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infucode.batch.summary.outputs import QUESTIONS, Output, wrong_line
from infucode.batch.tables_out import COLUMNS
from infucode.batch.tasks import Question
from infucode.errors import InternalError, LimitError, UsageError
from infucode.render.csv_rows import FORMULA

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SQL = Path(__file__).resolve().parent / "sql"
MEMORY = "1GB"
"""What DuckDB holds in memory at most; the rest lies in a temporary folder."""
MOST_THREADS = 4
OUTCOMES = {
    Question.solve: frozenset(("coded", "ambiguous", "blocked")),
    Question.check: frozenset(("valid", "review", "undecided", "violating")),
}
OWN_TABLES = {
    Question.solve: ("lines", "not_reported", "questions", "warnings"),
    Question.check: ("violations", "claim_lines", "not_checked"),
}
"""The tables that only answers to one question have."""
FROM = {
    "csv": "read_csv($file, header = true, all_varchar = true, delim = ',', quote = '\"', "
    "escape = '\"', strict_mode = true)",
    "parquet": "read_parquet($file)",
}
QUOTED = f"^'( *[{re.escape(FORMULA)}])"
"""An id that was kept from being taken for a formula; it is told as it was."""


def duckdb() -> Any:
    """The module. Raises UsageError where it is not installed.

    A command ends without collecting what is left, which DuckDB would then report as leaks.
    """
    try:
        import duckdb as found
    except ImportError:
        raise UsageError("a summary needs DuckDB: install `infucode[batch]`") from None
    atexit.register(gc.unfreeze)
    return found


class Database:
    """DuckDB over a temporary folder, told statements by the names of their files."""

    def __init__(self, folder: Path) -> None:
        self._module = duckdb()
        config = {
            "memory_limit": MEMORY,
            "threads": min(MOST_THREADS, os.cpu_count() or 1),
            "temp_directory": str(folder / "spilled"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        self._connection: DuckDBPyConnection = self._module.connect(
            str(folder / "summary.duckdb"), config=config
        )
        self.wrong: type[Exception] = self._module.Error

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def run(self, name: str, **values: object) -> DuckDBPyConnection:
        """Run a file of SQL; of the values only those that it names are given to it."""
        text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
        return self.ask(text, **{key: v for key, v in values.items() if f"${key}" in text})

    def ask(self, text: str, **values: object) -> DuckDBPyConnection:
        """Run SQL. Raises LimitError without room, and what DuckDB raises."""
        try:
            return self._connection.execute(text, values or None)
        except (self._module.OutOfMemoryException, MemoryError) as error:
            raise LimitError(f"a summary of so much needs more room: {_reason(error)}") from None

    def number(self, text: str, **values: object) -> int:
        """The one number that a query gives."""
        row = self.ask(text, **values).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def database() -> Iterator[Database]:
    """A database that is gone afterwards; what DuckDB raises is an error of ours."""
    with tempfile.TemporaryDirectory(prefix="infucode-summary-") as folder:
        found = Database(Path(folder))
        try:
            yield found
        except found.wrong as error:
            if "space" in str(error) and "device" in str(error):
                raise UsageError(f"there is no room in `{folder}`: {_reason(error)}") from None
            raise InternalError(f"DuckDB: {_reason(error)}") from error
        finally:
            found.close()


def load(base: Database, output: Output, schema: str) -> Question | None:
    """Read a run into a schema, which is then the one in use; returns what it was asked.

    None where it holds no answers and nothing says what it was asked. Raises UsageError for
    what is no output, or not a whole one.
    """
    base.ask(f"CREATE SCHEMA {schema}")
    base.ask(f"USE {schema}")
    read = _load_answers if output.kind == "ndjson" else _load_tables
    question = read(base, output)
    base.run("counted")
    return question


def glob(path: Path) -> str:
    """A file by a pattern that fits no other."""
    return escape(str(path.resolve()))


def _load_answers(base: Database, output: Output) -> Question | None:
    schema = next((s for s, q in QUESTIONS.items() if q is output.question), "")
    try:
        base.run("read_answers", file=glob(output.path))
        wrong = base.number(
            "SELECT count(*) FROM read_answers WHERE schema IS DISTINCT FROM $schema "
            "OR encounter IS NULL OR outcome IS NULL OR policy IS NULL",
            schema=schema,
        )
    except base.wrong as error:
        raise UsageError(wrong_line(output) or _unreadable(output.path, error)) from None
    if wrong:
        raise UsageError(wrong_line(output) or f"`{output.path}` holds what is no answer")
    base.run("unfold_answers")
    _require_all(base, output)
    return output.question


def _require_all(base: Database, output: Output) -> None:
    """The answers are as many as the run said when it was finished."""
    try:
        wanted = sum((output.receipt or {})["counts"]["answered"].values())
    except (KeyError, TypeError, AttributeError):
        return
    found = base.number("SELECT count(*) FROM answers")
    if found != wanted:
        raise UsageError(
            f"`{output.path}` holds {found:,} answers, and the run gave {wanted:,}, as "
            f"`{output.path.name}.manifest.json` beside it says: it was cut or changed since"
        )


def _load_tables(base: Database, output: Output) -> Question | None:
    for name in COLUMNS:
        path = output.table(name)
        if path is None:
            columns = ", ".join(f"{column} VARCHAR" for column in COLUMNS[name])
            base.ask(f"CREATE TABLE t_{name} ({columns})")
            continue
        try:
            _copy(base, name, path, output.kind)
        except base.wrong as error:
            raise UsageError(_unreadable(path, error)) from None
    try:
        _require_one_run(base, output)
        base.run("from_tables")
    except base.wrong as error:
        raise UsageError(_unreadable(output.path, error)) from None
    return _question_of_tables(base, output)


def _copy(base: Database, name: str, path: Path, kind: str) -> None:
    """A table of a run as it was written. Raises UsageError where it lacks one."""
    there = {
        column[0]
        for column in base.ask(f"SELECT * FROM {FROM[kind]} LIMIT 0", file=glob(path)).description
        or ()
    }
    lacking = [column for column in COLUMNS[name] if column not in there]
    if lacking:
        raise UsageError(f"`{path}` has no column `{lacking[0]}`: it is no table of answers")
    if kind == "csv":
        replaced = "regexp_replace(encounter, $quoted, '\\1') AS encounter"
        base.ask(
            f"CREATE TABLE t_{name} AS SELECT * REPLACE ({replaced}) FROM {FROM[kind]}",
            file=glob(path), quoted=QUOTED,
        )  # fmt: skip
    else:
        base.ask(f"CREATE TABLE t_{name} AS SELECT * FROM {FROM[kind]}", file=glob(path))


def _require_one_run(base: Database, output: Output) -> None:
    """Raises UsageError for ids that stand twice, and for rows of another run."""
    doubled = base.ask(
        "SELECT encounter, count(*) FROM t_answers GROUP BY encounter HAVING count(*) > 1 "
        "ORDER BY encounter LIMIT 1"
    ).fetchone()
    if doubled:
        raise UsageError(
            f"in the tables of `{output.path}` the encounter `{doubled[0]}` stands "
            f"{doubled[1]} times, and its rows cannot be told apart; name the file of answers "
            "instead"
        )
    for name in COLUMNS:
        lost = base.ask(
            f"SELECT min(encounter) FROM t_{name} AS own WHERE NOT EXISTS "
            "(SELECT 1 FROM t_answers AS known WHERE known.encounter = own.encounter)"
        ).fetchone()
        if lost and lost[0] is not None:
            raise UsageError(
                f"`{output.table(name)}` tells of `{lost[0]}`, and `answers` beside it does not: "
                "the tables are of two runs; write them anew into an empty folder"
            )


def _question_of_tables(base: Database, output: Output) -> Question | None:
    """Raises UsageError for words that are no outcomes, and for tables of two questions."""
    found = {row[0] for row in base.ask("SELECT DISTINCT outcome FROM answers").fetchall()}
    if not found:
        return None
    question = next((q for q, words in OUTCOMES.items() if found <= words), None)
    if question is None:
        words = ", ".join(f"`{word}`" for word in sorted(map(str, found)))
        raise UsageError(f"`{output.path}` holds outcomes of no question: {words}")
    other = Question.check if question is Question.solve else Question.solve
    for name in OWN_TABLES[other]:
        path = output.table(name)
        if path is not None:
            raise UsageError(
                f"`{path}` is of `infucode batch {other}`, and `answers` beside it of "
                f"`{question}`: the tables are of two runs; write them anew into an empty folder"
            )
    return question


def _unreadable(path: Path, error: Exception) -> str:
    return f"`{path}` cannot be read: {_reason(error)}"


def _reason(error: BaseException) -> str:
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return text[:1].lower() + text[1:].rstrip(". ")
