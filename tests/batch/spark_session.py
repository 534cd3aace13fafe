"""A Spark of this machine, small and quick to start, for tests and for the long comparison."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RETRIES = 4


def missing() -> str:
    """Why no Spark can run here; empty where one can."""
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        return "no java on the PATH; Spark needs Java 17 or later"
    for name in ("pyspark", "pyarrow", "pandas"):
        if find_spec(name) is None:
            return f"{name} is not installed: `pip install -e '.[spark]'`"
    return ""


def begun(folder: Path) -> Any:
    """A session on two cores of this machine; a task may fail three times before its job does."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    builder = SparkSession.builder.master(f"local[2,{RETRIES}]").appName("infucode")
    for name, value in {
        "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "spark.local.dir": str(folder),
        "spark.log.level": "OFF",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
