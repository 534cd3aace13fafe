"""The long comparison, outside the suite: Spark's rows are those of the local path.

    python -m tests.batch.spark_long --count 100000
    python -m tests.batch.spark_long --count 5000 --partitions 16 --check

Drawn encounters, plans, dates and switches mixed, with a bad document among every hundred.
Spark writes its answers to Parquet, the local path answers the same rows with two processes,
and the two are compared row by row, in pieces. Exit code 1 where a row differs, is missing or
doubled.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.population import population
from infucode.batch.arrow import Answering, Wanted, made_task
from infucode.batch.tasks import Question
from tests.batch.drawn import claims, mixed, text_of
from tests.batch.spark_session import begun, missing

BAD = ("{", '{"id": "no-date", "claim": "facilty"}', "", '{"id": "half')
PIECE = 2_000
"""Rows that are held at once on either side."""


def texts(count: int, seed: int, *, check: bool) -> Iterator[str]:
    """The documents: three of the population to one of every kind, and one in a hundred bad."""
    drawn, number = population(count, seed), 0
    while number < count:
        docs = [*islice(drawn, 75), *({**doc, "id": f"w{number}"} for doc in mixed(24))]
        for doc in claims(docs) if check else docs:
            yield text_of(doc).decode()
        yield BAD[number // 100 % len(BAD)]
        number += 100


def written(path: Path, count: int, seed: int, check: bool) -> int:
    """Write the documents as Parquet; returns how many there are."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([("row", pyarrow.int64()), ("document", pyarrow.string())])
    source, number = iter(islice(texts(count, seed, check=check), count)), 0
    with parquet.ParquetWriter(path, schema) as writer:
        while piece := list(islice(source, PIECE)):
            rows = list(range(number, number + len(piece)))
            writer.write_table(pyarrow.table([rows, piece], schema=schema))
            number += len(piece)
    return number


def differing(spark_rows: Path, answering: Answering, source: Path) -> Iterator[tuple[int, str]]:
    """Each row that is not the same on both sides, and how."""
    from pyarrow import dataset, parquet

    ours = parquet.ParquetFile(source)
    theirs = dataset.dataset(spark_rows)
    with answering.pool(2) as pool:
        for piece in answering(ours.iter_batches(batch_size=PIECE), pool):
            rows = piece.to_pylist()
            first, last = rows[0]["row"], rows[-1]["row"]
            place = (dataset.field("row") >= first) & (dataset.field("row") <= last)
            found: dict[int, list[Any]] = {}
            for row in theirs.to_table(filter=place).to_pylist():
                found.setdefault(row["row"], []).append(row)
            for row in rows:
                same = found.get(row["row"], [])
                if same != [row]:
                    yield row["row"], f"{len(same)} rows of Spark; here {row['outcome']}"


def main() -> int:
    """Compare, and say what was compared."""
    parser = argparse.ArgumentParser(prog="python -m tests.batch.spark_long", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--partitions", type=int, default=32)
    parser.add_argument("--check", action="store_true", help="check claims instead of coding")
    options = parser.parse_args()
    if reason := missing():
        print(f"Spark cannot run here: {reason}", file=sys.stderr)
        return 2
    import infucode.spark

    with tempfile.TemporaryDirectory(prefix="infucode-spark-") as folder:
        source, answers = Path(folder, "documents.parquet"), Path(folder, "answers")
        count = written(source, options.count, options.seed, options.check)
        question = Question.check if options.check else Question.solve
        task = made_task(question, plan=None, switches=None, as_of=None, strict=False,
                         explain="none", policies=None)  # fmt: skip
        ask = infucode.spark.check if options.check else infucode.spark.solve
        session, start = begun(Path(folder)), time.monotonic()
        df = session.read.parquet(str(source)).repartition(options.partitions)
        ask(df, whole=True).write.parquet(str(answers))
        outcomes = session.read.parquet(str(answers)).groupBy("outcome").count().collect()
        session.stop()
        print(f"Spark: {count:,} documents in {time.monotonic() - start:,.0f} s", flush=True)
        told = Counter({row["outcome"]: row["count"] for row in outcomes})
        print(f"read {count:,} = " + " + ".join(f"{k} {n:,}" for k, n in sorted(told.items())))
        answering = Answering(task, Wanted(whole=True))
        differ = list(differing(answers, answering, source))
    for row, words in differ[:20]:
        print(f"row {row} differs: {words}")
    print(f"{count - len(differ):,} rows are the same, {len(differ):,} differ")
    return 1 if differ or told.total() != count else 0


if __name__ == "__main__":
    sys.exit(main())
