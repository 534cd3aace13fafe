"""Shell completion: what bash and zsh are told, and a real bash that completes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infucode import Policy
from infucode.cli.app import run
from infucode.cli.completing import APART, ASKED, mend_bash_words
from infucode.cli.shipped import example_names

ROOT = Path(__file__).resolve().parents[3]
EMERGENCY = str(ROOT / "examples" / "emergency-visit.yaml")
FIRST = ("solve", "visit.yaml")


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(APART, "")


def in_bash(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    """What bash is offered for the last word; bash takes words apart at `=`."""
    monkeypatch.setenv(ASKED, "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "\n".join(["infucode", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    with pytest.raises(SystemExit):
        run([])
    return capsys.readouterr().out.split()


@pytest.mark.parametrize(("words", "offered"), [
    (["so"], ["solve"]),
    (["exa"], ["examples"]),
    (["exp"], ["explain"]),
    ([*FIRST, "--policy", "m"], ["medicare"]),
    ([*FIRST, "-p", ""], ["cpcp026", "medicare"]),
    ([*FIRST, "--policy", "=", "m"], ["medicare"]),
    ([*FIRST, "--switch", "midn"], ["midnight=", "midnight_dating="]),
    ([*FIRST, "--switch", "midnight_"], ["midnight_dating=start", "midnight_dating=hour",
                                         "midnight_dating=split"]),
    ([*FIRST, "--switch", "missing_stop", "=", "p"], ["push"]),
    ([*FIRST, "--switch", "missing_stop", "="], ["ask", "derive", "push", "withhold"]),
    ([*FIRST, "--switch", "=", "missing_stop", "=", "d"], ["derive"]),
    ([*FIRST, "--switch", "=", "midn"], ["midnight=", "midnight_dating="]),
    ([*FIRST, "--switch", "midnight", "=", "reset", "--policy", "c"], ["cpcp026"]),
    ([*FIRST, "--switch", "no_such", "=", "x"], []),
    ([*FIRST, "--policies", "nowhere", "--policy", "m"], []),
    (["explain", EMERGENCY, "--line", "9636"], ["96361", "96365", "96366", "96367"]),
    (["explain", "-p", "medicare", EMERGENCY, "--line", "992"], ["99284"]),
    (["explain", EMERGENCY, "--administration", "a"], [f"a{n}" for n in range(1, 9)]),
    (["explain", EMERGENCY, "--rule", "cpt.push-too"], ["cpt.push-too-soon"]),
    (["explain", "nowhere.yaml", "--line", "9"], []),
    (["explain", "-", "--line", "9"], []),
    (["rules", "list", "--policy", "med"], ["medicare"]),
    (["rules", "show", "cpt.injection-beside"], ["cpt.injection-beside-visit"]),
    (["examples", "copy", "two"], ["two-accesses"]),
    (["examples", "copy", "none"], []),
])
def test_bash_is_offered(
    words: list[str], offered: list[str],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    assert in_bash(words, monkeypatch, capsys) == offered


def test_everything_there_is_is_offered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    switches = in_bash([*FIRST, "--switch", ""], monkeypatch, capsys)
    assert switches == [f"{name}=" for name in Policy.load().library.switches]
    assert in_bash(["examples", "copy", ""], monkeypatch, capsys) == example_names()
    assert in_bash([*FIRST, "--policy", ""], monkeypatch, capsys) == list(Policy.plans())


@pytest.mark.parametrize(("typed", "offered"), [
    ("infucode solve v.yaml --switch missing_stop=p", "missing_stop=push"),
    ("infucode examples copy two", "two-accesses"),
    ("infucode solve v.yaml --policy m", "medicare"),
])
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_offered_whole_words(
    typed: str, offered: str, shell: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(ASKED, f"complete_{shell}")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", typed)
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    with pytest.raises(SystemExit):
        run([])
    assert offered in capsys.readouterr().out


def test_words_without_an_equals_sign_stay() -> None:
    environ = {ASKED: "complete_bash", "COMP_WORDS": "infucode\nsolve\n", "COMP_CWORD": "2"}
    before = dict(environ)
    mend_bash_words(environ)
    assert environ == before
    other = {ASKED: "complete_zsh", "COMP_WORDS": "a\n=\nb", "COMP_CWORD": "2"}
    mend_bash_words(other)
    assert other["COMP_WORDS"] == "a\n=\nb" and APART not in other


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_a_real_bash_completes(tmp_path: Path) -> None:
    script = tmp_path / "infucode"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m infucode "$@"\n')
    script.chmod(0o755)
    source = "\n".join([
        'eval "$(infucode --show-completion)"',
        "COMP_WORDS=(infucode solve v.yaml --switch missing_stop = pu) COMP_CWORD=6",
        '_infucode_completion infucode; echo "${COMPREPLY[@]}"',
        "COMP_WORDS=(infucode examples copy home) COMP_CWORD=3",
        '_infucode_completion infucode; echo "${COMPREPLY[@]}"',
        "infucode --install-completion",
        "true",
    ])
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}",
                   "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), APART: ""}
    done = subprocess.run(["bash", "--norc", "-c", source], cwd=tmp_path, env=environment,
                          capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[:2] == ["push", "home-pump"], done.stderr
    assert "infucode" in (tmp_path / ".bashrc").read_text()
