"""`infucode batch` on Spark: a DataFrame of documents in, a DataFrame of answers out.

>>> import infucode.spark
>>> answers = infucode.spark.solve(df, document="document")     # doctest: +SKIP
>>> answers.groupBy("outcome").count().show()                   # doctest: +SKIP

Needs `infucode[spark]` here and infucode in the Python of the executors; docs/how-to/spark.md.
"""

from __future__ import annotations

from infucode.spark.frames import check, solve
from infucode.spark.grouping import documents

__all__ = ["check", "documents", "solve"]
