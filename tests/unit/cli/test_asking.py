"""What `explain`, `why-not` and `unlock` have in common: their limits, and one file each."""

from __future__ import annotations

from pathlib import Path

import pytest

from infucode.cli.app import run
from infucode.cli.unlock_log import VARIABLE
from infucode.policy import Policy

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
EMERGENCY = str(EXAMPLES / "emergency-visit.yaml")
ASKED = {
    "explain": ["explain", EMERGENCY, "--line", "96361"],
    "why-not": ["why-not", EMERGENCY, "96413"],
    "unlock": ["unlock", EMERGENCY, "96413", "--most", "4"],
}


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "asked.log"))


@pytest.mark.parametrize("name", ASKED)
def test_the_time_limit_ends_it_with_its_exit_code(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*ASKED[name], "--time-limit", "0.1"]) == 4
    captured = capsys.readouterr()
    assert not captured.out
    assert "0.1 s" in captured.err


def test_the_memory_limit_ends_it_with_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def greedy(_self: object, *_arguments: object, **_named: object) -> object:
        return bytearray(1 << 32)

    monkeypatch.setattr(Policy, "solve", greedy)
    assert run([*ASKED["why-not"], "--memory-limit", "1024"]) == 4
    assert "1024 MB of memory" in capsys.readouterr().err


@pytest.mark.parametrize("name", ASKED)
def test_limits_that_are_wide_enough_change_nothing(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(ASKED[name]) == 0
    plain = capsys.readouterr().out
    assert run([*ASKED[name], "--time-limit", "300", "--memory-limit", "4096"]) == 0
    assert capsys.readouterr().out == plain


def test_the_answer_about_an_absent_code_names_the_next_question(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["explain", EMERGENCY, "--line", "96413"]) == 0
    assert "infucode why-not FILE 96413" in capsys.readouterr().out
