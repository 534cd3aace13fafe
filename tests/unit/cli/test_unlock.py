"""`infucode unlock`: its questions, its log, and what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from infucode.cli.app import run
from infucode.cli.unlock_log import NAME, VARIABLE, log_path

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
MISSING = str(EXAMPLES / "missing-stop.yaml")


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "kept" / "asked.log"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    capsys.readouterr()
    assert run(arguments) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


def test_a_question_is_open_and_has_its_rule(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(["unlock", MISSING, "96365"], capsys)
    assert "Is a stop time recorded for ceftriaxone 09:00?" in out
    assert "cpt.initial-facility [" in out
    assert "09:16" not in out
    assert not re.search(r"\bpay|reimburs|revenue", out, re.I)
    assert str(log) in out.replace("\n", "")


def test_each_use_is_a_line_of_the_log(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed(["unlock", MISSING, "96365"], capsys)
    printed(["unlock", MISSING, "96413", "--administration", "a1"], capsys)
    first, second = (json.loads(line) for line in log.read_text().splitlines())
    assert set(first) == {"at", "who", "document", "digest", "code", "administration"}
    assert (first["code"], first["administration"]) == ("96365", None)
    assert (second["code"], second["administration"]) == ("96413", "a1")
    assert first["document"] == "missing-stop"
    assert first["digest"] == second["digest"]
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", first["digest"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", first["at"])
    assert first["who"]


def test_without_the_log_there_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    text = " ".join(printed(["unlock", MISSING, "96365"], capsys, 2).split())
    assert "cannot be written" in text and VARIABLE in text
    assert "Is a stop time" not in text


def test_nothing_turns_the_log_off(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no option `--no-log`" in printed(
        ["unlock", MISSING, "96365", "--no-log"], capsys, 2
    )
    assert not log.exists()


def test_the_log_is_in_the_state_folder_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert log_path() == tmp_path / "infucode" / NAME
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert log_path() == tmp_path / ".local" / "state" / "infucode" / NAME


@pytest.mark.usefixtures("log")
def test_json_has_values_apart_from_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(["unlock", MISSING, "96365", "-f", "json"], capsys))
    assert found["schema"] == "infucode.unlock.v1"
    (query,) = found["sets"][0]["queries"]
    assert query["status"] == "absent"
    assert query["values"] == ["from 09:16"]
    assert "09:16" not in query["asks"]
    assert found["sought"]["complete"] is True


@pytest.mark.usefixtures("log")
def test_nothing_can_help_has_its_core(capsys: pytest.CaptureFixture[str]) -> None:
    out = " ".join(printed(["unlock", MISSING, "96413"], capsys).split())
    assert "Nothing that is missing can make 96413 reportable, because" in out
    assert "ceftriaxone 09:00: category therapeutic" in out


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("arguments", [["--ascii"], []])
def test_the_page_fits_a_pipe(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(["unlock", MISSING, "96366", *arguments], capsys)
    assert "\x1b" not in out
    assert out.isascii() or not arguments
    kept = [line for line in out.splitlines() if "asked.log" not in line]
    assert max(map(len, kept)) <= 100


@pytest.mark.usefixtures("log")
def test_what_is_no_code_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "`nine` is no code" in printed(["unlock", MISSING, "nine"], capsys, 2)


def test_what_was_overridden_stands_above(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(["unlock", MISSING, "96365", "--switch", "tie_break=first"], capsys)
    assert "overridden: tie_break = first" in out.splitlines()
