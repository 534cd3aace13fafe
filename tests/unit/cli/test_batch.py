"""`infucode batch`: files, streams, what is said, and the exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infucode.batch.parts import Counts
from infucode.cli.app import run
from infucode.cli.batch_runs import code_of

ROOT = Path(__file__).resolve().parents[3]
RUN = {"drug": "ceftriaxone", "category": "therapeutic", "route": "iv", "technique": "infusion"}


def visit(id: str, **times: str) -> dict[str, object]:
    return {
        "id": id, "claim": "facility", "place_of_service": "22", "date": "2024-08-05",
        "administrations": [{"id": "a1", **RUN, **times}],
    }  # fmt: skip


def lines(path: Path, *docs: object) -> str:
    path.write_text("".join(json.dumps(doc) + "\n" for doc in docs), encoding="utf-8")
    return str(path)


def test_answers_and_rejects_stand_apart_and_add_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = lines(tmp_path / "in.ndjson", visit("one", start="10:00", stop="10:40"), {"id": 1})
    output = tmp_path / "out.ndjson"
    assert run(["batch", "solve", source, "-o", str(output), "-w", "1"]) == 5
    said = capsys.readouterr()
    assert not said.out and "read 2 = answered 1 + rejected 1" in said.err
    assert "out.rejects.ndjson" in said.err
    (answer,) = map(json.loads, output.read_text().splitlines())
    assert (answer["encounter"], answer["outcome"]) == ("one", "coded")
    (line,) = answer["code_sets"][0]["lines"]
    assert line["because"] == [], "reasons are off by default"
    (refused,) = map(json.loads, (tmp_path / "out.rejects.ndjson").read_text().splitlines())
    assert refused["line"] == 2 and refused["problems"]
    manifest = json.loads((tmp_path / "out.ndjson.manifest.json").read_text())
    assert manifest["counts"]["read"] == 2 and manifest["inputs"][0]["name"] == source


def test_explained_answers_are_those_of_solve(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    doc = visit("one", start="10:00")
    source = lines(tmp_path / "in.ndjson", doc)
    single = tmp_path / "one.json"
    single.write_text(json.dumps(doc))
    output = tmp_path / "out.ndjson"
    assert run(["batch", "solve", source, "-o", str(output), "--explain", "short"]) == 10
    capsysbinary.readouterr()
    assert run(["solve", str(single), "--format", "json"]) == 10
    assert json.loads(output.read_bytes()) == json.loads(capsysbinary.readouterr().out)


@pytest.mark.parametrize("kind", ("csv", "parquet"))
def test_tables_stand_beside_the_answers(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One command gives what answering and `batch tables` give, a second time as well."""
    source = lines(tmp_path / "in.ndjson", visit("one", start="10:00", stop="10:40"), {"id": 1})
    output = tmp_path / "out.ndjson"
    for _ in range(2):
        assert run(["batch", "solve", source, "-o", str(output), "--tables-as", kind]) == 5
        said = capsys.readouterr().err
        assert f"{tmp_path / 'out.tables' / f'lines.{kind}'}: 1 rows" in said
    assert run(["batch", "tables", str(output), "-o", str(tmp_path / "by"), "-f", kind]) == 0
    beside = {path.name: path.read_bytes() for path in (tmp_path / "out.tables").iterdir()}
    assert beside == {path.name: path.read_bytes() for path in (tmp_path / "by").iterdir()}
    assert f"lines.{kind}" in beside


def test_tables_want_a_file_of_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = lines(tmp_path / "in.ndjson", visit("one", start="10:00", stop="10:40"))
    assert run(["batch", "solve", source, "-o", "-", "--tables-as", "csv"]) == 2
    said = capsys.readouterr()
    assert not said.out and "-o answers.ndjson" in said.err


def test_claims_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claim = [{"id": "L1", "code": "96413", "units": 1}]
    doc = visit("one", start="10:00", stop="10:40") | {"claim_lines": claim}
    source = lines(tmp_path / "in.ndjson", doc, visit("no-claim", start="10:00", stop="10:40"))
    output = tmp_path / "out.ndjson"
    assert run(["batch", "check", source, "-o", str(output)]) == 13
    assert "violating 1" in capsys.readouterr().err
    rejects = (tmp_path / "out.rejects.ndjson").read_text()
    assert "no `claim_lines` to check" in rejects


def test_streams(tmp_path: Path) -> None:
    text = json.dumps(visit("one", start="10:00", stop="10:40")) + "\n{\n"
    done = subprocess.run(
        [sys.executable, "-m", "infucode", "batch", "solve", "-", "-o", "-"],
        cwd=ROOT, input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 5
    assert [json.loads(line)["encounter"] for line in done.stdout.splitlines()] == ["one"]
    refused, said, *_ = done.stderr.splitlines()
    assert json.loads(refused)["line"] == 2 and said == "read 2 = answered 1 + rejected 1"


def test_a_stream_that_nobody_reads_is_neither_a_crash_nor_an_answer(tmp_path: Path) -> None:
    docs = [visit(f"e{n}", start="10:00", stop="10:40") for n in range(300)]
    source = lines(tmp_path / "in.ndjson", *docs)
    here, there = os.pipe()
    os.close(here)
    done = subprocess.run(
        [sys.executable, "-m", "infucode", "batch", "solve", source, "-o", "-"],
        cwd=ROOT, stdout=there, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(there)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    (
        (["none.ndjson", "-o", "out.ndjson"], "`none.ndjson` cannot be read"),
        (["in.ndjson", "-o", "no/out.ndjson"], "there is no folder `no`"),
        (["in.ndjson", "-o", "."], "`.` is a folder; name a file"),
        (["in.ndjson", "-o", "in.ndjson", "--force"], "`in.ndjson` is an input"),
        (["in.ndjson", "-o", "./in.ndjson", "--force"], "`in.ndjson` is an input"),
        (["in.ndjson", "-o", "out.csv"], "called a table; name `out.ndjson`"),
        (["in.ndjson", "-o", "out.parquet"], "called a table; name `out.ndjson`"),
        (["in.ndjson", "-o", "o.ndjson", "--policy", "cpcp62"], "there is no plan `cpcp62`"),
        (["in.ndjson", "-o", "o.ndjson", "--switch", "midnigt=reset"], "did you mean"),
        (["in.ndjson", "-o", "o.ndjson", "--switch", "midnight"], "write NAME=VALUE"),
    ),
)
def test_what_is_wrong_with_the_command_is_told_before_the_work(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    lines(tmp_path / "in.ndjson", visit("one", start="10:00", stop="10:40"))
    assert run(["batch", "solve", *arguments]) == 2
    assert said in capsys.readouterr().err.replace("\n", " ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.ndjson"]


def test_an_input_is_never_written_over_by_rejects_or_manifest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doc = visit("one", start="10:00", stop="10:40")
    for name, output in (("x.rejects.ndjson", "x.ndjson"), ("y.manifest.json", "y")):
        source = lines(tmp_path / name, doc)
        before = Path(source).read_bytes()
        assert run(["batch", "solve", source, "-o", str(tmp_path / output), "--force"]) == 2
        assert "is an input" in " ".join(capsys.readouterr().err.split())
        assert Path(source).read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes that have names")
def test_what_is_no_file_is_not_replaced_by_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = lines(tmp_path / "in.ndjson", visit("one", start="10:00", stop="10:40"))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert run(["batch", "solve", source, "-o", str(pipe), "--force"]) == 2
    assert "is no file; `-o -`" in " ".join(capsys.readouterr().err.split())
    assert pipe.is_fifo()


def test_the_highest_code_counts() -> None:
    counts = Counts()
    assert code_of(counts) == 0
    for kind, code in (("coded", 0), ("ambiguous", 10), ("undecided", 12), ("violating", 13)):
        counts.answered[kind] += 1
        assert code_of(counts) == code
    alone = Counts()
    for kind, code in (("internal", 1), ("limit", 4), ("document", 5)):
        alone.rejected[kind] += 1
        assert code_of(alone) == code
