"""Outputs that are none, not whole, of another question, or doubled: what is said of each."""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from infucode.batch.parts import Counts, Parts
from infucode.batch.run import Settings, run_to_file
from infucode.batch.summary.telling import compare, summarize
from infucode.batch.tables_out import write_tables
from infucode.batch.tasks import Task
from infucode.cli.app import run
from infucode.errors import UsageError
from tests.unit.batch.recounted import checked, solution, write


def some(folder: Path, name: str = "a.ndjson", number: int = 5) -> Path:
    source = random.Random(name)
    return write(folder / name, [solution(f"e{n}", source) for n in range(number)])


def refusal(*given: str | Path) -> str:
    with pytest.raises(UsageError) as raised:
        if len(given) == 1:
            summarize(str(given[0]), None)
        else:
            compare(str(given[0]), str(given[1]), None)
    return str(raised.value)


def test_what_is_no_output_is_refused(tmp_path: Path) -> None:
    some(tmp_path, "answers.ndjson")
    assert "did you mean `answers.ndjson`?" in refusal(tmp_path / "answer.ndjson")
    assert "name a file, not `-`" in refusal("-")
    other = tmp_path / "visits.ndjson"
    other.write_text('{"id":"one"}\n')
    assert "its first line is no answer" in refusal(other)
    other.write_bytes(b"\xff\xfe\n")
    assert "its first line is no answer" in refusal(other)
    assert "holds no table of answers" in refusal(tmp_path)
    lone = tmp_path / "lines.csv"
    lone.write_text("encounter,code\n")
    assert "none of the tables" in refusal(lone)
    receipt = tmp_path / "answers.ndjson.manifest.json"
    receipt.write_text("{}")
    assert f"name its answers: `{tmp_path / 'answers.ndjson'}`" in refusal(receipt)
    reject = {"schema": "infucode.reject.v1", "problems": []}
    rejects = write(tmp_path / "answers.rejects.ndjson", [reject])
    assert "as `answers.ndjson`" in refusal(rejects)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense\n", "answers.ndjson:6` is no answer of `infucode batch solve`"),
        ('{"schema":"infucode.solution.v1","enc', "6` is half an answer"),
        ('{"schema":"infucode.solution.v1"}\n', "6` is no answer"),
        ("[1]\n", "6` is no answer"),
        (json.dumps(checked("c", random.Random(1))) + "\n", "6` answers another question"),
        ("\xff\n", "6` is no answer"),
    ],
)
def test_a_line_that_is_no_answer_is_named(text: str, said: str, tmp_path: Path) -> None:
    path = some(tmp_path, "answers.ndjson")
    with path.open("ab") as file:
        file.write(text.encode("latin-1"))
    assert said in refusal(path)


def test_units_that_are_no_number_are_named(tmp_path: Path) -> None:
    source = random.Random(3)
    answer = solution("e", source)
    while not answer["code_sets"][0]["lines"]:
        answer = solution("e", source)
    answer["code_sets"][0]["lines"][0]["units"] = "many"
    assert "a.ndjson:1` is no answer" in refusal(write(tmp_path / "a.ndjson", [answer]))


def test_names_with_signs_of_patterns_mean_themselves(tmp_path: Path) -> None:
    some(tmp_path, "a1.ndjson", 3)
    path = some(tmp_path, "a[1]*?.ndjson", 5)
    assert ("documents", "5 answered") in summarize(str(path), None).about


def visit(id: str) -> str:
    item = {
        "id": "a1", "drug": "ketorolac", "category": "therapeutic", "route": "im",
        "technique": "injection", "start": "09:10",
    }  # fmt: skip
    doc = {
        "id": id, "claim": "facility", "place_of_service": "22", "date": "2024-08-05",
        "administrations": [item],
    }  # fmt: skip
    return json.dumps(doc) + "\n"


def test_a_run_that_is_not_finished_is_told_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in it.ndjson"
    source.write_text("".join(visit(f"v{n}") for n in range(4)))
    output = tmp_path / "out.ndjson"

    def killed(self: Parts, number: int, counts: Counts) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Parts, "finish", killed)
        task = Task(plan="medicare", switches={"midnight": "reset"})
        with pytest.raises(KeyboardInterrupt):
            run_to_file(task, [str(source)], output, Settings(part=2, batch=2))
    said = refusal(output)
    assert "is not finished: 2 of its parts are done" in said
    command = f"infucode batch solve '{source}' -o {output} --policy medicare "
    assert command + "--switch midnight=reset" in said
    assert refusal(tmp_path / "out.ndjson.work") == said
    some(tmp_path, "out.ndjson")
    assert "a newer run" in summarize(str(output), None).notes[0]


def test_an_output_that_was_cut_is_told_by_its_counts(tmp_path: Path) -> None:
    source = tmp_path / "in.ndjson"
    source.write_text(visit("one") + visit("two"))
    output = tmp_path / "out.ndjson"
    run_to_file(Task(), [str(source)], output, Settings())
    first, _ = output.read_text().splitlines(keepends=True)
    output.write_text(first)
    assert "holds 1 answers, and the run gave 2" in refusal(output)


def test_nothing_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.ndjson"
    empty.write_text("\n")
    assert "is empty, and nothing beside it says" in refusal(empty)
    source = tmp_path / "in.ndjson"
    source.write_text("{}\n{\n")
    output = tmp_path / "out.ndjson"
    run_to_file(Task(), [str(source)], output, Settings())
    assert run(["batch", "summary", str(output)]) == 0
    said = capsys.readouterr().out
    assert "read 2 = answered 0 + rejected 2" in said and "no encounter was answered" in said
    assert "Rejects by reason" in said and "Codes" not in said
    for kind in ("json", "csv", "html"):
        assert run(["batch", "summary", str(output), "-f", kind]) == 0
    source.write_text("\n")
    run_to_file(Task(), [str(source)], output, Settings(force=True))
    assert ("documents", "read 0 = answered 0 + rejected 0") in summarize(str(output), 5).about
    assert compare(str(output), str(some(tmp_path)), 5).sections[0].rows[0]["encounters"] == 5


def test_two_questions_are_not_compared(tmp_path: Path) -> None:
    solved = some(tmp_path)
    claims = write(tmp_path / "c.ndjson", [checked("e1", random.Random(1))])
    said = refusal(claims, solved)
    assert "`batch check`" in said and "`batch solve`" in said
    assert "compared with itself" in refusal(solved, solved)


def test_doubled_ids_are_told(tmp_path: Path) -> None:
    source = random.Random(2)
    twice = [solution(id, source) for id in ("e1", "e2", "e1", "e3")]
    path = write(tmp_path / "twice.ndjson", twice)
    report = summarize(str(path), None)
    assert "the id `e1` stands more than once; answers are counted" in report.notes[-1]
    assert sum(row["encounters"] for row in report.sections[0].rows) == 4
    assert "the id `e1` stands more than once: it cannot be told" in refusal(some(tmp_path), path)
    write_tables(path, tmp_path / "tables", "csv")
    assert "`e1` stands 2 times" in refusal(tmp_path / "tables")


def test_tables_of_two_runs_are_refused(tmp_path: Path) -> None:
    tables, others = tmp_path / "tables", tmp_path / "others"
    write_tables(some(tmp_path, number=30), tables, "csv")
    claims = [checked(f"e{n}", random.Random(n)) for n in range(30)]
    write_tables(write(tmp_path / "c.ndjson", claims), others, "csv")
    shutil.copy(others / "violations.csv", tables)
    assert "the tables are of two runs" in refusal(tables)
    (tables / "violations.csv").unlink()
    write_tables(some(tmp_path, "b.ndjson", 3), others, "csv")
    shutil.copy(others / "answers.csv", tables)
    assert "lines.csv` tells of `e" in refusal(tables)
    write_tables(some(tmp_path), tables, "parquet")
    assert "holds tables twice" in refusal(tables)


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("encounter,outcome\n")
    assert "has no column `policy`" in refusal(path)
    broken = tmp_path / "answers.parquet"
    broken.write_bytes(b"PAR1 no more")
    path.unlink()
    assert "cannot be read" in refusal(broken)


def test_without_duckdb_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert run(["batch", "summary", str(some(tmp_path))]) == 2
    assert "needs DuckDB: install `infucode[batch]`" in capsys.readouterr().err


def test_what_lies_on_disk_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "room"))
    (tmp_path / "room").mkdir()
    summarize(str(some(tmp_path)), None)
    assert not list((tmp_path / "room").iterdir())


def test_other_rules_are_told_and_allowed(tmp_path: Path) -> None:
    source = random.Random(8)
    answers = [solution(f"e{n}", source) for n in range(5)]
    before = write(tmp_path / "a.ndjson", answers)
    for answer in answers:
        answer["policy"]["digest"] = "sha256:cccccccccccccccc"
    after = write(tmp_path / "b.ndjson", answers)
    report = compare(str(before), str(after), None)
    assert "judged by other rules" in report.notes[0] and "cccccccccccc)" in report.notes[0]
    assert [row["fate"] for row in report.sections[0].rows] == ["unchanged"]


def test_runs_without_reasons_are_compared_by_what_they_say(tmp_path: Path) -> None:
    source = random.Random(9)
    answers = [solution(f"e{n}", source) for n in range(20)]
    before = write(tmp_path / "a.ndjson", answers)
    for answer in answers:
        for one in answer["code_sets"]:
            for line in one["lines"]:
                line["because"] = []
    report = compare(str(before), str(write(tmp_path / "b.ndjson", answers)), None)
    assert [row["fate"] for row in report.sections[0].rows] == ["unchanged"]
    (rules,) = (section for section in report.sections if section.id == "rules")
    assert not rules.rows and "Of lines nothing is compared" in rules.note
