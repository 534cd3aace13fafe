"""Without Spark `infucode.spark` can be imported, and says what to install."""

from __future__ import annotations

import sys

import pytest

import infucode.spark
from infucode.errors import UsageError
from infucode.spark.types import NEEDED


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_missing_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in NEEDED:
        monkeypatch.setitem(sys.modules, module, sys)
    monkeypatch.setitem(sys.modules, name, None)
    for call in (infucode.spark.solve, infucode.spark.check):
        with pytest.raises(UsageError, match=rf"needs {name}: install `infucode\[spark\]`"):
            call(object())
    with pytest.raises(UsageError, match="needs"):
        infucode.spark.documents(object(), order="row")


def test_importing_it_loads_no_spark() -> None:
    import subprocess

    code = "import sys, infucode.spark; sys.exit(any(n in sys.modules for n in ('pyspark', 'pandas', 'pyarrow')))"  # noqa: E501
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
