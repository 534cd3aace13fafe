"""Each wrong command line is told in our words, with the nearest right one, and ends with 2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infucode.cli.app import run


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run(["new", "encounter", "visit.yaml"]) == 0
    return tmp_path


@pytest.mark.parametrize(("command", "told"), [
    ("slove visit.yaml", "`infucode` has no command `slove`; did you mean `solve`?"),
    ("version", "`infucode` has no command `version`; did you mean `--version`?"),
    ("frobnicate", "`infucode` has no command `frobnicate`; it has `solve`,"),
    ("visit.yaml", "no command `visit.yaml`; to code that file: `infucode solve visit.yaml`"),
    ("rules lst", "`infucode rules` has no command `lst`; did you mean `list`?"),
    ("new encoutner", "`infucode new` has no command `encoutner`; did you mean `encounter`?"),
    ("examples home-pump", "did you mean `infucode examples copy home-pump`?"),
    ("examples nothing", "`infucode examples` has no command `nothing`; it has `list`, `copy`"),
    ("examples copy home-pomp", "there is no example `home-pomp`; did you mean `home-pump`?"),
    ("examples copy x", "there is no example `x`; `infucode examples` lists them"),
    ("solve visit.yaml --policy medicar", "there is no plan `medicar`; did you mean `medicare`?"),
    ("solve visit.yaml --switch mising_stop=push", "did you mean `missing_stop`?"),
    ("solve visit.yaml --switch missing_stop=psuh", "did you mean `push`?"),
    ("rules list --format jsno", "`jsno` is not a value of `--format`; did you mean `json`?"),
    ("rules list --format yaml", "`yaml` is not a value of `--format`; write one of `text`, "
     "`json`"),
    ("new encounter - --claim prof", "`prof` is not a value of `--claim`; did you mean "
     "`professional`?"),
    ("solve visit.yaml --polcy x", "there is no option `--polcy`; did you mean `--policy`?"),
    ("solve visit.yaml --zz", "there is no option `--zz`; see `infucode solve --help`"),
    ("--frob", "there is no option `--frob`; see `infucode --help`"),
    ("solve", "`FILE` is missing; see `infucode solve --help`"),
    ("rules show", "`ID` is missing; see `infucode rules show --help`"),
    ("solve visit.yaml --time-limit", "option `--time-limit` requires an argument"),
    ("solve visit.yaml --time-limit abc", "`--time-limit`"),
    ("solve visit.yaml --time-limit 0", "`--time-limit`"),
    ("policy check one two", "`one two` is more than this command takes; see `infucode policy "
     "check --help`"),
])
def test_what_is_wrong_is_told_with_what_is_right(
    command: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(command.split()) == 2
    said = capsys.readouterr()
    error = " ".join(said.err.split())
    assert said.out == ""
    assert error.startswith("error: ") and not error.endswith(".")
    assert told in error
    assert "'" not in error and "Usage" not in error


@pytest.mark.parametrize(("given", "right"), [("jsn", "json"), ("htlm", "html"), ("cvs", "csv")])
def test_the_formats_of_an_answer_have_a_nearest_one(
    given: str, right: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["solve", "visit.yaml", "--format", given]) == 2
    told = f"`{given}` is not a value of `--format`; did you mean `{right}`?"
    assert told in capsys.readouterr().err


def test_words_of_the_user_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["[red]x[/red]'\x1b[31m"]) == 2
    error = capsys.readouterr().err
    assert "[red]x[/red]" in error and "\x1b" not in error


@pytest.mark.parametrize("group", ["rules", "policy", "new"])
def test_a_group_alone_shows_its_help(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([group]) in (0, 2)
    said = capsys.readouterr()
    assert re.search(rf"Usage: infucode {group} ", said.out + said.err)
