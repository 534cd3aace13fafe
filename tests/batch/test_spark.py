"""Spark gives the rows that the local path gives, whatever happens to its workers.

A real Spark on two cores. Skipped where there is no Java or no `infucode[spark]`; the long
comparison is `python -m tests.batch.spark_long`.
"""

from __future__ import annotations

import io
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import infucode.spark
from infucode.batch import arrow
from infucode.batch.run import Settings, rejects_of, run_to_file
from infucode.batch.tasks import Question, Task
from infucode.engine.limits import Limits
from infucode.errors import UsageError
from infucode.rulebook.where import policies_folder
from infucode.spark import frames
from infucode.spark.packed import pack, require_same_program, require_same_tables
from infucode.tables import Store
from infucode.tables.identify import Wishes
from infucode.tables.importing import import_files
from tests.batch import spark_trouble
from tests.batch.drawn import claims, mixed, text_of
from tests.batch.spark_session import ROOT, begun, missing
from tests.docs.walk import blocks
from tests.unit.tables import files

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=missing() or "Spark can run"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
Rows = list[dict[str, Any]]
BAD = ("", "{", "[]", '{"id": "no-date", "claim": "facilty"}')


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the workers note what they do; they take the variable over when Spark begins."""
    folder = tmp_path_factory.mktemp("notes")
    os.environ[spark_trouble.NOTES] = str(folder)
    yield folder
    del os.environ[spark_trouble.NOTES]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory, notes: Path) -> Iterator[Any]:
    session = begun(tmp_path_factory.mktemp("spark"))
    yield session
    session.stop()


@pytest.fixture(autouse=True)
def without_notes(notes: Path) -> None:
    for path in notes.iterdir():
        path.unlink()


def frame(spark: Any, docs: Sequence[Any], partitions: int = 3, bad: Sequence[Any] = ()) -> Any:
    """Documents with a number and a partition key, spread over partitions."""
    texts = [*(text_of(doc).decode() for doc in docs), *bad]
    rows = [(n, f"site {n % 4}", text) for n, text in enumerate(texts)]
    schema = "row int, site string, document string"
    return spark.createDataFrame(rows, schema).repartition(partitions, "row")


def rows_of(answers: Any) -> Rows:
    return answers.toArrow().sort_by("row").to_pylist()  # type: ignore[no-any-return]


def local(df: Any, **options: Any) -> Rows:
    """What the Arrow function gives here for the same rows."""
    return arrow.solve(df.toArrow().sort_by("row"), **options).to_pylist()  # type: ignore[no-any-return]


def test_the_rows_are_those_of_the_local_path(spark: Any) -> None:
    from pyspark.sql import functions as F

    good = frame(spark, mixed(30), 3, [*BAD, None])
    broken = spark.range(100, 102).select(
        F.col("id").cast("int").alias("row"), F.lit("site 9").alias("site"),
        F.concat(F.lit('{"id": "'), F.unhex(F.lit("FF")).cast("string"), F.lit('"}'))
        .alias("document"),
    )  # fmt: skip
    answers = infucode.spark.solve(good.union(broken), whole=True)
    found = rows_of(answers)
    assert found[:35] == local(good, whole=True)
    assert [row["row"] for row in found] == [*range(35), 100, 101], "read = answered + rejected"
    assert {"coded", "ambiguous", "blocked", "rejected"} == {row["outcome"] for row in found}
    assert {row["policy"] for row in found[:30]} == {"cpcp026", "medicare"}
    assert len({row["as_of"] for row in found[:30]}) > 2, "dates are mixed"
    assert all("0xff" in row["problems"][0]["message"] for row in found[35:])
    assert answers.schema["site"].dataType.typeName() == "string"


def test_claims_are_checked_with_the_tables_of_the_driver(spark: Any, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    written = [files.write_ptp(tmp_path), files.write_mue(tmp_path)]
    import_files([str(path) for path in written], store, Wishes(extract=True))
    docs = claims(mixed(12))
    df = frame(spark, docs, 2)
    options: dict[str, Any] = {"tables": tmp_path / "store", "explain": "short"}
    found = rows_of(infucode.spark.check(df, **options))
    given = df.toArrow().sort_by("row")
    assert found == arrow.check(given, **options).to_pylist()
    assert found != arrow.check(given, explain="short").to_pylist(), "the tables were read"
    assert sum(len(row["violations"]) for row in found) > 3


def test_a_killed_worker_costs_no_row_and_gives_none_twice(
    spark: Any, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "OnWorker", spark_trouble.KilledOnce)
    monkeypatch.setattr(arrow, "BATCH", 5)
    df = frame(spark, mixed(24), 2)
    found = rows_of(infucode.spark.solve(df))
    assert (notes / "killed").exists()
    assert len(list(notes.glob("attempt-*"))) > 2, "a task was tried again"
    assert found == local(df)


def test_skewed_and_empty_partitions(spark: Any) -> None:
    shot = {"drug": "x", "category": "therapeutic", "route": "im", "technique": "injection"}
    huge = mixed(1)[0] | {"policy": "cpcp026", "id": "huge"}
    huge["administrations"] = [{"id": f"a{n}", **shot} for n in range(500)]
    docs = [{k: v for k, v in huge.items() if k != "switches"}, *mixed(20)]
    df = frame(spark, docs, 3)
    skewed = df.filter("row < 18").coalesce(1).union(df.filter("row >= 18"))
    assert skewed.rdd.getNumPartitions() == 4
    found = rows_of(infucode.spark.solve(skewed))
    assert found == local(df) and len(found) == 21
    assert found[0]["encounter"] == "huge" and found[0]["lines"]
    nothing = infucode.spark.solve(df.filter("row < 0")).toArrow()
    assert nothing.num_rows == 0 and "lines" in nothing.column_names


def test_an_endless_encounter_is_rejected_alone(
    spark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "OnWorker", spark_trouble.Endless)
    stay = {"claim": "facility", "place_of_service": "22", "date": "2024-08-05"}
    shot = {"id": "a1", "drug": "x", "category": "therapeutic", "route": "im",
            "technique": "injection"}  # fmt: skip
    docs = [{**stay, "id": f"e{n}", "administrations": [shot]} for n in range(12)]
    df = frame(spark, docs, 2)
    found = rows_of(infucode.spark.solve(df, limits=Limits(5.0, 4096)))
    refused = {row["row"]: row for row in found if row["outcome"] == "rejected"}
    assert {number: row["error"] for number, row in refused.items()} == {
        7: "limit", 11: "internal",
    }  # fmt: skip
    assert "no answer within 5 seconds" in refused[7]["problems"][0]["message"]
    assert [row for row in found if row["row"] not in refused] == [
        row for row in local(df) if row["row"] not in refused
    ]


def test_policies_are_loaded_once_for_each_worker(
    spark: Any, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "OnWorker", spark_trouble.Noted)
    df = frame(spark, mixed(16), 8)
    assert len(rows_of(infucode.spark.solve(df))) == 16
    partitions = len(list(notes.glob("partition-*")))
    workers = {path.name.split("-")[1] for path in notes.glob("loaded-*")}
    assert partitions == 8 and len(workers) <= 4
    assert len(list(notes.glob("loaded-*"))) == len(workers)


def test_own_policies_travel_with_the_question(spark: Any, tmp_path: Path) -> None:
    own = tmp_path / "policies"
    shutil.copytree(policies_folder(None), own)
    for path in own.rglob("*.lp"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(" is the initial service", " begins"), encoding="utf-8")
    df = frame(spark, mixed(4), 1)
    options: dict[str, Any] = {"explain": "full", "switches": {"midnight": "reset"}}
    wanted = local(df, policies=own, **options)
    answers = infucode.spark.solve(df, policies=own, **options)
    shutil.rmtree(own)
    found = rows_of(answers)
    assert found == wanted != local(df, **options)
    assert '"proof"' in "".join(row["answer"] or "" for row in found)
    assert any("begins" in (row["answer"] or "") for row in found)


def test_the_flat_form_is_grouped_by_encounter(spark: Any, tmp_path: Path) -> None:
    source, output = tmp_path / "flat.csv", tmp_path / "answers.ndjson"
    parts = ("id", "drug", "category", "route", "technique", "start", "stop")
    head = ",".join(["id,claim,place_of_service,date", *(f"administration.{n}" for n in parts)])
    stay = "facility,22,2024-08-05"
    lines = [head, f",{stay},a1,ketorolac,therapeutic,im,injection,09:10,"]
    for n in range(12):
        lines.append(f"v{n},{stay},a1,ceftriaxone,therapeutic,iv,infusion,10:00,10:4{n % 10}")
        lines.append(f"v{n},,,,a2,ondansetron,therapeutic,iv,push,10:0{n % 10},")
        if n == 3:
            lines.append("v3,professional,,,,,,,,,")
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    counts = run_to_file(Task(), [str(source)], output, Settings())
    cells = [line.split(",") for line in lines[1:]]
    random.Random(4).shuffle(numbered := list(enumerate(cells)))
    rows = [(n, "north", *(cell or None for cell in row)) for n, row in numbered]
    schema = ", ".join(f"`{name}` string" for name in head.split(","))
    df = spark.createDataFrame(rows, f"row int, region string, {schema}").repartition(2)
    documents = infucode.spark.documents(df, order="row", keep=["region"])
    assert documents.columns == ["id", "region", "document", "document_wrong"]
    found = infucode.spark.solve(documents, whole=True).toArrow().to_pylist()
    answered = sorted(row["answer"] for row in found if row["outcome"] != "rejected")
    assert answered == sorted(output.read_text(encoding="utf-8").splitlines())
    assert len(found) == counts.read == 13 and len(answered) == 11
    refused = {row["id"]: row["problems"][0]["message"] for row in found if row["error"]}
    assert refused == {
        "v3": "the rows of encounter `v3` differ in `claim`",
        None: "`id` is missing from the document",
    }
    assert rejects_of(output).read_bytes().count(b"\n") == 2
    with pytest.raises(UsageError, match="no column `rwo`; did you mean `row`"):
        infucode.spark.documents(df, order="rwo")


def test_what_cannot_be_asked_is_told_before_any_work(spark: Any, tmp_path: Path) -> None:
    df = frame(spark, mixed(1), 1)
    for options, said in (
        ({"document": "documnt"}, "no column `documnt`; did you mean `document`"),
        ({"keep": ["sit"]}, "no column `sit`; did you mean `site`"),
        ({"plan": "medicar"}, "did you mean `medicare`"),
        ({"policies": tmp_path}, "is not a policy folder"),
    ):
        with pytest.raises(UsageError, match=said):
            infucode.spark.solve(df, **options)
    with pytest.raises(UsageError, match="is one of the answer's too"):
        infucode.spark.solve(df.withColumnRenamed("site", "outcome"))
    with pytest.raises(UsageError, match="no folder of tables here, nor one that was sent"):
        infucode.spark.check(df, tables="no-such-tables")
    with pytest.raises(UsageError, match=r"is no DataFrame of Spark; `infucode\.batch\.arrow`"):
        infucode.spark.solve(df.toArrow())


def test_a_worker_with_other_rules_or_tables_refuses(tmp_path: Path) -> None:
    from dataclasses import replace

    packed = pack(arrow.made_task(
        Question.check, plan=None, switches=None, as_of=None, strict=False, explain="none",
        policies=None, tables=tmp_path,
    ))  # fmt: skip
    require_same_program(packed)
    require_same_tables(packed, tmp_path)
    with pytest.raises(UsageError, match=r"the driver runs infucode 0\.0\.9 .* and this worker"):
        require_same_program(replace(packed, version="0.0.9", program="other"))
    with pytest.raises(UsageError, match=r"sees other tables than the driver \(ptp-2024Q3"):
        require_same_tables(replace(packed, tables={"ptp-2024Q3": 9}), tmp_path)


def test_the_page_runs_as_it_stands(spark: Any, tmp_path: Path) -> None:
    """The Python of docs/how-to/spark.md, in order, each with what it prints."""
    names: dict[str, Any] = {"spark": spark}
    printed, shown = "", 0
    for block in blocks((ROOT / "docs/how-to/spark.md").read_text(encoding="utf-8")):
        if block.language == "python":
            text = block.text.replace('"answers")', f'"{tmp_path / "answers"}")')
            with redirect_stdout(io.StringIO()) as out:
                exec(compile(text, "spark.md", "exec"), names)
            printed = "\n".join(line.rstrip() for line in out.getvalue().strip("\n").split("\n"))
        elif block.language == "text":
            assert block.text.rstrip("\n") == printed, f"line {block.line}"
            shown += 1
    assert shown > 4
