"""What runs in the driver: the question is checked, packed with its policies, and planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING

from infucode.batch.arrow import DOCUMENT, LIMITS, Answering, Wanted, made_task
from infucode.batch.plan import require_plan
from infucode.batch.tasks import Question, Task
from infucode.engine.limits import Limits
from infucode.spark.packed import pack
from infucode.spark.types import require_frame, require_spark, spark_type
from infucode.spark.worker import OnWorker

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def solve(
    df: DataFrame,
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
    limits: Limits = LIMITS,
) -> DataFrame:
    """The answers to a DataFrame of documents: what `infucode batch solve` gives, row by row.

    `document` names the column with JSON in each row; `keep` the columns to pass through, all
    others by default. `whole` adds the answer as JSON in the column `answer`; `explain="full"`
    does so always, as proofs stand only there. `policies` is a folder of the driver, which is
    sent along. `limits` are those of a batch of at most 250 documents, as in `infucode batch`.

    Raises UsageError and PolicyError for what no document could be answered with.
    """
    task = made_task(
        Question.solve, plan=plan, switches=switches, as_of=as_of, strict=strict,
        explain=explain, policies=policies,
    )  # fmt: skip
    return _answers(df, task, _wanted(document, keep, whole), limits)


def check(
    df: DataFrame,
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
    limits: Limits = LIMITS,
) -> DataFrame:
    """The claims of a DataFrame of documents, checked: as `infucode batch check`, row by row.

    As `solve`. `tables` is a folder of imported tables: one that the driver and every executor
    see under this name, or the name under which it was sent with `addFile` or `--archives`.
    """
    task = made_task(
        Question.check, plan=plan, switches=switches, as_of=as_of, strict=strict,
        explain=explain, policies=policies, tables=tables,
    )  # fmt: skip
    return _answers(df, task, _wanted(document, keep, whole), limits)


def _wanted(document: str, keep: Sequence[str] | None, whole: bool) -> Wanted:
    return Wanted(document, None if keep is None else tuple(keep), whole)


def _answers(df: DataFrame, task: Task, wanted: Wanted, limits: Limits) -> DataFrame:
    require_spark()
    require_frame(df)
    from pyspark.sql.types import StructField, StructType

    require_plan(task)
    answering = Answering(task, wanted, limits)
    passed = [df.schema[name] for name in wanted.passed(df.columns, answering.columns)]
    own = [StructField(n, spark_type(shape)) for n, shape in answering.columns.items()]
    return df.mapInArrow(OnWorker(answering, pack(task)), StructType([*passed, *own]))
