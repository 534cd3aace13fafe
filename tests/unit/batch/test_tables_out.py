"""Answers as tables: no line, gap, question, warning or violation is missing."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from infucode.batch.tables_out import COLUMNS, write_tables
from infucode.documents import encounter_from_data
from infucode.errors import UsageError
from tests.batch.drawn import checked_alone, claims, mixed, solved_alone


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    docs = mixed(6)
    path = tmp_path_factory.mktemp("answers") / "answers.ndjson"
    lines = [solved_alone(encounter_from_data(doc), explain=True) for doc in docs]
    lines += [checked_alone(encounter_from_data(doc), explain=True) for doc in claims(docs)]
    path.write_bytes(b"".join(lines))
    return path


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_thing_of_every_answer_has_its_row(answers: Path, tmp_path: Path) -> None:
    rows = write_tables(answers, tmp_path, "csv")
    read: list[dict[str, Any]] = [json.loads(line) for line in answers.read_bytes().splitlines()]
    solved = [answer for answer in read if "code_sets" in answer]
    lines = [n for answer in solved for s in answer["code_sets"] for n in s["lines"]]
    assert [row["code"] for row in table(tmp_path, "lines")] == [line["code"] for line in lines]
    assert len(lines) > 3
    shown = table(tmp_path, "lines")
    assert shown[0]["says"] == " | ".join(reason["says"] for reason in lines[0]["because"])
    gaps = [n for answer in solved for n in answer["not_reported"]]
    gaps += [n for answer in solved for s in answer["code_sets"] for n in s["not_reported"]]
    assert rows.get("not_reported", 0) == len(gaps)
    assert rows["answers"] == len(read)
    for name, key in (("questions", "asks"), ("warnings", "warnings"),
                      ("violations", "violations"), ("not_checked", "not_checked")):  # fmt: skip
        assert rows.get(name, 0) == sum(len(answer.get(key, ())) for answer in read), name


def test_parquet_holds_the_rows_of_csv(answers: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = write_tables(answers, tmp_path, "csv")
    assert write_tables(answers, tmp_path, "parquet") == rows
    for name, number in rows.items():
        found = parquet.read_table(tmp_path / f"{name}.parquet")
        assert found.num_rows == number and tuple(found.column_names) == COLUMNS[name]


def test_what_is_no_answer_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.ndjson"
    path.write_text('{"encounter": "e"}\n')
    with pytest.raises(UsageError, match=r"x.ndjson:1` is no answer"):
        write_tables(path, tmp_path / "out", "csv")
    with pytest.raises(UsageError, match="no such file"):
        write_tables(tmp_path / "none.ndjson", tmp_path / "out", "csv")


def test_a_folder_that_is_used_again_holds_the_new_answers_alone(
    answers: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "tables"
    write_tables(answers, folder, "csv")
    before = {path.name for path in folder.iterdir()}
    assert {"lines.csv", "violations.csv"} <= before
    (folder / "own.csv").write_text("of somebody else")
    line = next(n for n in answers.read_bytes().splitlines() if b"code_sets" not in n)
    checked = tmp_path / "checked.ndjson"
    checked.write_bytes(line + b"\n")
    rows = write_tables(checked, folder, "csv")
    names = {path.name for path in folder.iterdir()}
    assert names == {f"{name}.csv" for name in rows} | {"own.csv"}
    assert "lines.csv" not in names and len(table(folder, "answers")) == 1


def test_answers_that_break_off_leave_the_tables_of_before(answers: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    write_tables(answers, folder, "csv")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    broken = tmp_path / "broken.ndjson"
    broken.write_bytes(answers.read_bytes().splitlines()[0] + b"\n{\n")
    with pytest.raises(UsageError, match=r"broken.ndjson:2` is no answer"):
        write_tables(broken, folder, "csv")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
