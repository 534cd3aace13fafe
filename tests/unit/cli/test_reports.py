"""`infucode solve --format html|md|csv`: one report of all files, exit codes as ever."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from infucode.cli.app import run
from tests.unit.render.pages import read_page

VISIT = """\
id: {id}
claim: facility
place_of_service: "22"
date: 2024-08-05
administrations:
  - {{id: a1, drug: "{drug}", category: therapeutic, route: iv, technique: infusion,
      start: "10:00", stop: "11:00"}}
"""
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def visit(tmp_path: Path) -> Path:
    path = tmp_path / "visit.yaml"
    path.write_text(VISIT.format(id="v1", drug=SCRIPT))
    return path


def test_the_page_holds_the_answer_and_no_script(
    visit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["solve", str(visit), "--format", "html"]) == 0
    made = capsys.readouterr().out
    assert made.startswith("<!doctype html>") and "<script" not in made
    page = read_page(made)
    assert page.all("th")[3].text == "96365" and SCRIPT in page.text
    assert "cpt.initial-facility" in page.text
    assert page.all("dl", "sources")[0].all("a")[0].attributes["href"].startswith("https://")
    assert not page.all("details")


def test_explain_adds_proofs(visit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(visit), "--explain", "full", "--format", "html"]) == 0
    proof = read_page(capsys.readouterr().out).all("details", "proof")[0].text
    assert "60 > 15" in proof and "policies/cpt/form.lp:" in proof
    assert run(["solve", str(visit), "--explain", "--format", "html"]) == 0
    proof = read_page(capsys.readouterr().out).all("details", "proof")[0].text
    assert "60 minutes" in proof and "> 15 minutes (push minutes)" in proof
    assert run(["solve", str(visit), "--explain", "--format", "md"]) == 0
    assert "> 15 minutes (push minutes)" in capsys.readouterr().out


def test_the_table_knows_clauses(visit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(visit), "--format", "csv"]) == 0
    made = capsys.readouterr().out
    row = next(csv.DictReader(io.StringIO(made)))
    assert (row["code"], row["units"], row["file"]) == ("96365", "1", str(visit))
    assert row["administrations"] == f"{SCRIPT} 10:00-11:00 (a1)"
    assert "S18" in row["clauses"].split("; ")


@pytest.mark.parametrize("form", ["html", "md", "csv"])
def test_a_refused_file_stands_in_the_report_of_several(
    form: str, visit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("id: 1\nclaim: hospital\n")
    assert run(["solve", str(broken), str(visit), "--format", form]) == 5
    captured = capsys.readouterr()
    assert "`hospital`" in captured.err
    assert "96365" in captured.out and "broken.yaml" in captured.out
    assert "hospital" in captured.out and "no answer" in captured.out
    assert captured.out.count("<!doctype html>") == (form == "html")
    assert captured.out.count("encounter,file,") == (form == "csv")


@pytest.mark.parametrize("form", ["html", "md", "csv"])
def test_without_any_answer_nothing_is_written(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("id: 1\nclaim: hospital\n")
    assert run(["solve", str(broken), "--format", form]) == 5
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("form", ["html", "md", "csv"])
def test_equal_input_gives_equal_bytes(
    form: str, visit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["solve", str(visit), "--format", form])
    first = capsys.readouterr().out
    run(["solve", str(visit), "--format", form])
    assert capsys.readouterr().out == first


def test_only_solve_writes_reports(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "list", "--format", "html"]) == 2
    assert "json" in capsys.readouterr().err
