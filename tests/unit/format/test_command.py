"""`infucode policy fmt` as a user calls it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from infucode.cli.app import run
from infucode.workbench.scaffold import own

UNTIDY = "% A file.\n\n%@ id: x.y\n%@ cite: z 1\n%@ text: Z.\na(X):-b(X),c(X).   % kept\n"
TIDY = UNTIDY.replace("a(X):-b(X),c(X).   % kept", "a(X) :- b(X), c(X). % kept")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine" / "x").mkdir(parents=True)
    (tmp_path / "mine" / "vocabulary.lp").write_text("#defined b/1.\n", encoding="utf-8")
    (tmp_path / "mine" / "x" / "y.lp").write_text(UNTIDY, encoding="utf-8")
    return tmp_path / "mine"


def test_files_are_laid_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "fmt", "--policies", "mine"]) == 0
    assert capsys.readouterr().out == "wrote: mine/x/y.lp\n1 laid out anew, 1 in order\n"
    assert (folder / "x" / "y.lp").read_text(encoding="utf-8") == TIDY
    assert run(["policy", "fmt", "--check", "--policies", "mine"]) == 0
    assert capsys.readouterr().out == "0 to lay out anew, 2 in order\n"


def test_check_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "fmt", "--check", "--policies", "mine"]) == 3
    assert capsys.readouterr().out.startswith("would change: mine/x/y.lp\n")
    assert (folder / "x" / "y.lp").read_text(encoding="utf-8") == UNTIDY


def test_a_diff_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "fmt", "mine/x/y.lp", "--diff", "--policies", "mine"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["--- mine/x/y.lp", "+++ mine/x/y.lp"]
    assert "-a(X):-b(X),c(X).   % kept" in lines and "+a(X) :- b(X), c(X). % kept" in lines
    assert (folder / "x" / "y.lp").read_text(encoding="utf-8") == UNTIDY


def test_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(UNTIDY))
    assert run(["policy", "fmt", "-"]) == 0
    assert capsys.readouterr().out == TIDY


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["none.lp"], 2, "there is no file `none.lp`"),
        (["mine/x"], 2, "there is no file `mine/x`"),
        (["note.txt"], 2, "`note.txt` is no rule file: its name does not end in .lp"),
        (["-", "mine/x/y.lp"], 2, "`-` is standard input; name it alone"),
        (["broken.lp"], 3, "broken.lp:1:8: syntax error"),
    ],
)
def test_what_cannot_be_laid_out(
    words: list[str], code: int, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "note.txt").write_text("x", encoding="utf-8")
    (folder.parent / "broken.lp").write_text("a :- b,.\n", encoding="utf-8")
    assert run(["policy", "fmt", *words, "--policies", "mine"]) == code
    assert message in capsys.readouterr().err


def test_installed_policies_are_not_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(own, "PACKAGE", folder.parent)
    assert run(["policy", "fmt", "--policies", "mine"]) == 2
    assert "infucode policy new folder mine" in capsys.readouterr().err
    assert (folder / "x" / "y.lp").read_text(encoding="utf-8") == UNTIDY
    assert run(["policy", "fmt", "--check", "--policies", "mine"]) == 3
