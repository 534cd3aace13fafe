"""Shapes of columns as types of Spark, and what must be installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from infucode.batch.arrow_columns import TEXT, TRUTH, WHOLE, Shape
from infucode.errors import UsageError

NEEDED = ("pyspark", "pyarrow", "pandas")


def require_spark() -> None:
    """Raises UsageError where a package is missing; Spark's Arrow functions need pandas too."""
    for name in NEEDED:
        try:
            import_module(name)
        except ImportError as error:
            raise UsageError(f"Spark needs {name}: install `infucode[spark]` ({error})") from None


def require_frame(df: Any) -> None:
    """Raises UsageError for what is no DataFrame of Spark."""
    if not callable(getattr(df, "mapInArrow", None)):
        kind = f"{type(df).__module__}.{type(df).__qualname__}"
        raise UsageError(
            f"`{kind}` is no DataFrame of Spark; `infucode.batch.arrow` answers tables of pyarrow"
        )


def spark_type(shape: Shape) -> Any:
    """A shape as a type of Spark."""
    from pyspark.sql import types

    if isinstance(shape, list):
        return types.ArrayType(spark_type(shape[0]))
    if isinstance(shape, dict):
        fields = [types.StructField(name, spark_type(below)) for name, below in shape.items()]
        return types.StructType(fields)
    kinds = {TEXT: types.StringType, WHOLE: types.LongType, TRUTH: types.BooleanType}
    return kinds[shape]()
