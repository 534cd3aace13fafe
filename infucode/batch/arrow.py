"""The Arrow function: batches of documents in, batches of answers out, one row for each document.

A column holds a document as JSON in each row; what stands in the other columns is passed through.
No row is dropped: a document that is refused has the outcome ``rejected`` and its problems. The
same function answers here and in the workers of Spark. Needs `infucode[batch]`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from pathlib import Path
from typing import Any

from infucode.batch.arrow_columns import Shape, arrays_of, arrow_type, columns_of, rows_of
from infucode.batch.plan import require_plan
from infucode.batch.pool import Pool
from infucode.batch.run import BATCH, RECYCLE
from infucode.batch.tasks import Detail, Document, Question, Result, Task
from infucode.engine.limits import Limits
from infucode.errors import UsageError
from infucode.rulebook.nearest import nearest

DOCUMENT = "document"
WRONG = "_wrong"
"""A column so named behind that of the documents says why a document cannot be read at all."""
LIMITS = Limits(60.0, 4096)


def made_task(
    question: Question, *, plan: str | None, switches: Mapping[str, str] | None,
    as_of: Date | str | None, strict: bool, explain: str, policies: str | Path | None,
    tables: str | Path | None = None,
) -> Task:  # fmt: skip
    """What is asked, from plain values. Raises UsageError for those that cannot be."""
    if explain not in [*Detail]:
        known = ", ".join(f"`{word}`" for word in Detail)
        raise UsageError(f"`{explain}` is no way to explain; there are {known}")
    try:
        day = Date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    except ValueError:
        raise UsageError(f"`{as_of}` is no date as YYYY-MM-DD, such as 2024-08-05") from None
    return Task(
        question, plan, None if policies is None else Path(policies), dict(switches or {}), day,
        strict, Detail(explain), None if tables is None else Path(tables),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which columns are read and which are given."""

    document: str = DOCUMENT
    keep: tuple[str, ...] | None = None
    """The columns that are passed through; None for all but the documents."""
    whole: bool = False
    """Whether the whole answer stands in a column too, as JSON."""

    def passed(self, given: Sequence[str], own: Iterable[str]) -> list[str]:
        """The columns to pass through, of those that are given.

        Raises UsageError for columns that are not there, and for one that the answer has too.
        """
        for name in (self.document, *(self.keep or ())):
            if name not in given:
                there = ", ".join(f"`{column}`" for column in given)
                hint = nearest(name, tuple(given)) or f"there are {there}"
                raise UsageError(f"there is no column `{name}`; {hint}")
        if self.keep is not None:
            kept = list(self.keep)
        else:
            kept = [n for n in given if n not in (self.document, self.document + WRONG)]
        both = next((name for name in kept if name in set(own)), None)
        if both is not None:
            raise UsageError(
                f"the column `{both}` is one of the answer's too; rename it, or leave it out of "
                "`keep`"
            )
        return kept


@dataclass(frozen=True)
class Answering:
    """The Arrow function of one question; plain values, as the workers of Spark are sent it."""

    task: Task
    wanted: Wanted = field(default_factory=Wanted)
    limits: Limits = LIMITS
    recycle: int = RECYCLE
    """Megabytes of memory from which on a process that answers is replaced by a new one."""

    @property
    def columns(self) -> dict[str, Shape]:
        """The columns of an answer. Proofs have no shape of their own, only the answer's."""
        whole = self.wanted.whole or self.task.explain is Detail.full
        return columns_of(self.task.question, whole=whole)

    def pool(self, workers: int = 1) -> Pool:
        """Processes that answer, to be entered."""
        return Pool(self.task, workers, self.limits, self.recycle)

    def __call__(self, batches: Iterable[Any], pool: Pool) -> Iterator[Any]:
        """The answers to each record batch, in order; a large one is answered in pieces.

        Raises UsageError for columns that cannot be.
        """
        waiting: deque[Any] = deque()

        def read() -> Iterator[list[Document]]:
            for batch in batches:
                for first in range(0, batch.num_rows, BATCH):
                    waiting.append(batch.slice(first, BATCH))
                    yield self._documents(waiting[-1])

        for results in pool.results(read()):
            yield self._answers(waiting.popleft(), results)

    def schema(self, given: Any) -> Any:
        """The schema of the answers to documents of a schema. Raises UsageError as above."""
        import pyarrow

        columns = self.columns
        passed = [given.field(name) for name in self.wanted.passed(given.names, columns)]
        own = [pyarrow.field(name, arrow_type(shape)) for name, shape in columns.items()]
        return pyarrow.schema([*passed, *own])

    def _documents(self, batch: Any) -> list[Document]:
        name = self.wanted.document
        texts = _bytes(_column(batch, name), name)
        wrong: list[Any] = [None] * len(texts)
        if name + WRONG in batch.schema.names:
            wrong = _column(batch, name + WRONG).to_pylist()
        return [Document(name, 0, t, w or "") for t, w in zip(texts, wrong, strict=True)]

    def _answers(self, batch: Any, results: Sequence[Result]) -> Any:
        import pyarrow

        rows = list(rows_of(results, self.task.question))
        schema = self.schema(batch.schema)
        own = arrays_of(rows, self.columns)
        passed = [_column(batch, name) for name in schema.names[: len(schema) - len(own)]]
        return pyarrow.RecordBatch.from_arrays([*passed, *own], schema=schema)


def _column(batch: Any, name: str) -> Any:
    """Raises UsageError where there is none or there are two."""
    places = batch.schema.get_all_field_indices(name)
    if len(places) == 1:
        return batch.column(places[0])
    there = f"the column `{name}` stands twice" if places else f"there is no column `{name}`"
    raise UsageError(f"{there} among {', '.join(f'`{n}`' for n in batch.schema.names)}")


def _bytes(column: Any, name: str) -> list[bytes]:
    """The documents as they are, also those that are no UTF-8; where there is none, empty."""
    import pyarrow

    kind = column.type
    if pyarrow.types.is_string(kind):
        column = column.cast(pyarrow.binary())
    elif pyarrow.types.is_large_string(kind) or str(kind) == "string_view":
        column = column.cast(pyarrow.large_binary())
    elif not (pyarrow.types.is_binary(kind) or pyarrow.types.is_large_binary(kind)):
        raise UsageError(f"the column `{name}` holds {kind}; a document is JSON in text or bytes")
    return [text or b"" for text in column.to_pylist()]


def solve(
    table: Any,
    *,
    document: str = DOCUMENT,
    keep: Sequence[str] | None = None,
    whole: bool = False,
    plan: str | None = None,
    switches: Mapping[str, str] | None = None,
    as_of: Date | str | None = None,
    strict: bool = False,
    explain: str = "none",
    policies: str | Path | None = None,
    workers: int = 1,
    limits: Limits = LIMITS,
) -> Any:
    """The answers to a table of documents, as a table: what `infucode batch solve` gives.

    `table` is a Table, RecordBatch or RecordBatchReader of pyarrow. Raises UsageError and
    PolicyError for what no document could be answered with.
    """
    task = made_task(
        Question.solve, plan=plan, switches=switches, as_of=as_of, strict=strict,
        explain=explain, policies=policies,
    )  # fmt: skip
    wanted = Wanted(document, None if keep is None else tuple(keep), whole)
    return _table(Answering(task, wanted, limits), table, workers)


def check(
    table: Any,
    *,
    document: str = DOCUMENT,
    keep: Sequence[str] | None = None,
    whole: bool = False,
    plan: str | None = None,
    switches: Mapping[str, str] | None = None,
    as_of: Date | str | None = None,
    strict: bool = False,
    explain: str = "none",
    policies: str | Path | None = None,
    tables: str | Path | None = None,
    workers: int = 1,
    limits: Limits = LIMITS,
) -> Any:
    """The claims of a table of documents, checked, as a table: as `infucode batch check`.

    As `solve`; `tables` is the folder of imported tables.
    """
    task = made_task(
        Question.check, plan=plan, switches=switches, as_of=as_of, strict=strict,
        explain=explain, policies=policies, tables=tables,
    )  # fmt: skip
    wanted = Wanted(document, None if keep is None else tuple(keep), whole)
    return _table(Answering(task, wanted, limits), table, workers)


def _table(answering: Answering, table: Any, workers: int) -> Any:
    try:
        import pyarrow
    except ImportError:
        raise UsageError("Arrow tables need pyarrow: install `infucode[batch]`") from None
    require_plan(answering.task)
    batches = table.to_batches() if isinstance(table, pyarrow.Table) else table
    if isinstance(batches, pyarrow.RecordBatch):
        batches = [batches]
    schema = answering.schema(table.schema)
    with answering.pool(workers) as pool:
        return pyarrow.Table.from_batches(answering(batches, pool), schema)
