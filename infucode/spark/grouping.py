"""The flat form on Spark: rows of an encounter become its document.

The rows of a DataFrame have no order, and the order of administrations can decide (where nobody
charted the clock, for one), so a column must say it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from infucode.batch.arrow import DOCUMENT, WRONG
from infucode.batch.flat import Building
from infucode.batch.tasks import Document
from infucode.errors import UsageError
from infucode.rulebook.nearest import nearest
from infucode.spark.types import require_frame, require_spark

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ID, ROWS, ALONE = "id", "rows", "alone"


def documents(
    df: DataFrame, *, order: str | Sequence[str], keep: Sequence[str] = ()
) -> DataFrame:
    """A document for each encounter of a DataFrame in the flat form, in the column `document`.

    `order` names the columns that say how the rows of an encounter follow one another; `keep`
    columns that are no field of the document, such as a partition key: rows that differ in one
    are of different encounters. A row without `id` is an encounter of its own, and is refused.

    Gives `id`, the columns to keep, `document` (as bytes, so that those that are no UTF-8 are
    refused and not mended), and `document_wrong`: why an encounter cannot be put together, which
    `solve` and `check` read. Raises UsageError for columns that are not there.
    """
    require_spark()
    require_frame(df)
    from pyspark.sql import functions as F
    from pyspark.sql.types import BinaryType, StringType, StructField, StructType

    by = [order] if isinstance(order, str) else list(order)
    _require(df.columns, [ID, *by, *keep])
    if not by:
        raise UsageError("`order` names no column; it says how the rows of an encounter follow")
    text = {field.name for field in df.schema if isinstance(field.dataType, StringType)}
    fields = [name for name in df.columns if name not in {ID, *by, *keep}]
    cells = [_cell(name, name in text) for name in fields]
    id = F.trim(F.col(ID).cast("string"))
    id = F.when(id != "", id)
    alone = F.when(id.isNull(), F.monotonically_increasing_id()).otherwise(F.lit(0))
    row = F.struct(
        *(_column(name).alias(f"_{n}") for n, name in enumerate(by)),
        F.struct(F.lit(0).alias("_"), *cells).alias("row"),
    )
    placed = df.select(id.alias(ID), alone.alias(ALONE), *map(_column, keep), row.alias(ROWS))
    rows = placed.groupBy(ID, ALONE, *map(_column, keep)).agg(
        F.sort_array(F.collect_list(ROWS)).alias(ROWS)
    )
    kept = [df.schema[name] for name in keep]
    made = [StructField(DOCUMENT, BinaryType()), StructField(DOCUMENT + WRONG, StringType())]
    schema = StructType([StructField(ID, StringType()), *kept, *made])
    return rows.mapInArrow(_Put(tuple(keep), tuple(fields)), schema)


def _column(name: str) -> Any:
    """A column whose name may hold dots."""
    from pyspark.sql import functions as F

    return F.col("`" + name.replace("`", "``") + "`")


def _cell(name: str, text: bool) -> Any:
    """A cell; text as bytes, as Spark's need not be UTF-8."""
    return (_column(name).cast("binary") if text else _column(name)).alias(name)


def _require(given: Sequence[str], wanted: Sequence[str]) -> None:
    for name in wanted:
        if name not in given:
            hint = nearest(name, tuple(given))
            there = ", ".join(f"`{column}`" for column in given)
            raise UsageError(f"there is no column `{name}`; {hint or f'there are {there}'}")


class _Put:
    """Puts the rows of each encounter together; for `mapInArrow`."""

    def __init__(self, keep: tuple[str, ...], fields: tuple[str, ...]) -> None:
        self.keep, self.fields = keep, fields

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """`id`, the columns to keep, the document and what is wrong with it."""
        import pyarrow

        for batch in batches:
            ids = batch.column(ID)
            pairs = zip(ids.to_pylist(), batch.column(ROWS).to_pylist(), strict=True)
            made = [self._put(id, rows) for id, rows in pairs]
            columns = {
                ID: ids,
                **{name: batch.column(name) for name in self.keep},
                DOCUMENT: pyarrow.array([item.text for item in made], pyarrow.binary()),
                DOCUMENT + WRONG: pyarrow.array(
                    [item.wrong or None for item in made], pyarrow.string()
                ),
            }
            yield pyarrow.RecordBatch.from_arrays([*columns.values()], names=[*columns])

    def _put(self, id: str | None, rows: Sequence[Mapping[str, Any]]) -> Document:
        building = Building(id, 0)
        for row in rows:
            building.add({ID: id} | {name: _plain(row["row"][name]) for name in self.fields})
        return building.document(DOCUMENT)


def _plain(cell: object) -> object:
    return cell.decode("utf-8", "surrogateescape") if isinstance(cell, bytes) else cell
