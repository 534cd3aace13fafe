"""The commands: what they print, their exit codes, and what they refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from infucode.cli.app import run
from tests.unit.workbench.small import case, cases, small_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = small_folder(tmp_path_factory.mktemp("commands"))
    cases(made, case("Long run", 16), case("Short run", 15, ""))
    return made


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Command:
    """`infucode policy` over the small folder."""

    def __init__(self, folder: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.folder, self.captured = folder, captured

    def __call__(self, *words: str) -> Ended:
        code = run(["policy", *words, "--policies", str(self.folder)])
        return Ended(code, *self.captured.readouterr())


@pytest.fixture
def policy(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(folder, capsys)


@pytest.mark.parametrize(("words", "told"), [
    ("test --watch --update", "`--watch` and `--update` do not go together"),
    ("test --format junit --watch", "`--format junit` does not go with `--watch`"),
    ("test --yes", "`--yes` answers what `--update` asks"),
    ("test --update", "nobody can answer; add `--yes`"),
    ("test --jobs 0", "`--jobs 0` is no number of processes"),
    ("test --select nothing-like-it", "no case fits `nothing-like-it`"),
    ("cover --minimum 101", "`--minimum 101` is no share"),
    ("cover --rules small.lon", "no rule with conditions fits `small.lon`; did you mean"),
    ("cover --cache x", "`--cache` is about mutants; give `--all` too"),
    ("mutate --sample 0", "`--sample 0` draws nothing"),
    ("mutate --minimum -1", "`--minimum -1` is no share"),
    ("mutate --rules nothing", "no rule or value with mutants fits `nothing`"),
    ("mutate --reasons none.yaml", "there is no file `none.yaml`"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused(policy: Command, words: str, told: str) -> None:
    found = policy(*words.split())
    assert (found.code, found.out) == (2, "")
    assert told in " ".join(found.err.split())


def test_one_command_for_all_numbers(policy: Command) -> None:
    found = policy("cover", "--all", "--format", "json", "--jobs", "2")
    assert found.code == 0, found.err
    data = json.loads(found.out)
    assert data["total"]["of"] == 14 and data["mutation"]["run"] > 0
    assert data["clauses"] == {"of": 0, "without_rule": []}
    assert "mutants: " in policy("cover", "--all", "--ascii").out


def test_a_share_below_the_minimum_fails(policy: Command) -> None:
    assert policy("cover", "--minimum", "40").code == 0
    found = policy("cover", "--minimum", "99.5")
    assert found.code == 1
    assert "is less than the minimum of 99.5 %" in found.err
    assert policy("mutate", "--minimum", "100", "--no-nearest").code == 1


def test_an_update_is_shown_and_written(policy: Command, tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    path.write_text("# Old.\n" + case("Old", 15), encoding="utf-8")
    found = policy("test", str(path), "--update", "--yes")
    assert found.code == 0, found.err
    assert found.out.endswith("1 passed, 0 failed\n")
    assert "+    lines: []   # of the one run" in found.err
    assert path.read_text(encoding="utf-8") == "# Old.\n" + case("Old", 15, "")
