"""`infucode solve` with files alone is answered without typer, and exactly as with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from infucode.cli import are_files_to_solve, solve_plainly
from infucode.cli.app import run

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = [str(path) for path in sorted((ROOT / "examples").glob("*.yaml"))]


@pytest.mark.parametrize(
    ("arguments", "plain"),
    [
        (["solve", "a.yaml"], True),
        (["solve", "a.yaml", "-"], True),
        (["solve"], False),
        (["solve", "--help"], False),
        (["solve", "a.yaml", "--explain"], True),
        (["solve", "--explain", "full", "a.yaml"], True),
        (["solve", "--explain=none", "a.yaml"], True),
        (["solve", "a.yaml", "--explain", "--explain"], False),
        (["solve", "a.yaml", "--explain=ful"], False),
        (["solve", "--explain"], False),
        (["solve", "--", "a.yaml"], False),
        (["solve", "-pmedicare", "a.yaml"], False),
        (["rules", "list"], False),
        (["--version"], False),
        ([], False),
    ],
)
def test_only_files_alone_are_plain(arguments: list[str], plain: bool) -> None:
    assert are_files_to_solve(arguments) is plain


@pytest.mark.parametrize("files", [
    EXAMPLES[:1], EXAMPLES, ["missing.yaml", EXAMPLES[0]], [""], [EXAMPLES[0], "--explain"],
    ["--explain", EXAMPLES[0]], ["--explain", "full", EXAMPLES[0]],
    ["--explain=none", *EXAMPLES[:2]],
])
def test_both_ways_give_the_same(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = run(["solve", *files]), capsys.readouterr()
    assert (solve_plainly(files), capsys.readouterr()) == (code, shown)


def test_a_bug_is_shown_the_same_way(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("infucode.documents.load_encounter", broken)
    code, shown = run(["solve", "a.yaml"]), capsys.readouterr()
    assert code == 1 and "a bug" in shown.err
    assert (solve_plainly(["a.yaml"]), capsys.readouterr()) == (code, shown)


def test_typer_is_not_loaded() -> None:
    code = (
        "import sys; from infucode.cli import solve_plainly\n"
        f"code = solve_plainly({EXAMPLES[:1]!r})\n"
        "sys.exit(99 if 'typer' in sys.modules or 'clingo' in sys.modules else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True)
    assert done.returncode in (0, 10) and done.stdout
