"""Folders that are no policy folders, files that are none, and work whose owner is killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infucode.cli.app import run
from infucode.workbench.lint.running import lint
from tests.unit.workbench.small import SHIPPED, case, cases, small_folder

KILLED = """
import os, signal, time
from infucode.workbench.jobs import shared
for place, _ in shared(lambda n: time.sleep(n), [0.0, 0.0, 0.3, 0.3], 2):
    print(place, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = small_folder(tmp_path)
    cases(made, case("Long run", 16))
    return made


@pytest.mark.parametrize("command", ["check", "plans", "lint", "test"])
def test_a_folder_without_plans(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "cpcp026" / "profile.toml").unlink()
    assert run(["policy", command, "--policies", str(folder)]) == 2
    assert "holds no plan: a folder with a profile.toml" in " ".join(
        capsys.readouterr().err.split()
    )


@pytest.mark.parametrize("command", [["check"], ["lint"], ["test"], ["fmt", "--check"]])
def test_a_link_that_leads_back_to_itself(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loop = folder / "small" / "loop.lp"
    loop.symlink_to(loop)
    assert run(["policy", *command, "--policies", str(folder)]) == 3
    said = " ".join("".join(capsys.readouterr()).split())
    assert "policies/small/loop.lp: is a link that leads to no file" in said


def test_a_case_file_that_is_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "small" / "cases" / "more.yaml").mkdir()
    assert run(["policy", "test", "--policies", str(folder)]) == 5
    assert "small/cases/more.yaml: is not a file" in capsys.readouterr().err


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Takes away the right to read or write a file, also from root."""
    paths: list[Path] = []

    def lock(path: Path) -> None:
        paths.append(path.resolve())

    for name in ("read_text", "read_bytes", "write_text"):
        real = getattr(Path, name)

        def guarded(path: Path, *words: Any, real: Any = real, **options: Any) -> Any:
            if path.resolve() in paths:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *words, **options)

        monkeypatch.setattr(Path, name, guarded)
    return lock


def test_a_case_file_that_may_not_be_read(
    folder: Path, locked: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    locked(folder / "small" / "cases" / "runs.yaml")
    for command in (["test"], ["cover"]):
        assert run(["policy", *command, "--policies", str(folder)]) == 5
        said = capsys.readouterr().err
        assert "small/cases/runs.yaml: the file cannot be read: permission denied" in said
    assert run(["policy", "explain", "small.long", "--policies", str(folder)]) == 0
    assert "without the cases of policies/small/cases/runs.yaml" in capsys.readouterr().err


def test_a_rule_file_that_may_not_be_read_may_hold_any_id(
    folder: Path, locked: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    locked(folder / "small" / "runs.lp")
    assert run(["policy", "new", "rule", "small.new", "--policies", str(folder)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "runs.lp` cannot be read, so nobody knows which ids it takes: permission" in said


def test_a_case_file_that_may_not_be_written(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = cases(folder, case("Long run", 16, "{code: '96365', units: 2}"))
    before = path.read_bytes()
    real = Path.write_text

    def refused(own: Path, *words: Any, **options: Any) -> int:
        if own.resolve() == path.resolve():
            raise PermissionError(13, "Permission denied", str(path))
        return real(own, *words, **options)

    monkeypatch.setattr(Path, "write_text", refused)
    assert run(["policy", "test", "--policies", str(folder), "--update", "--yes"]) == 1
    told = capsys.readouterr()
    assert "small/cases/runs.yaml cannot be written: permission denied" in told.err
    assert told.out.endswith("0 passed, 1 failed\n") and path.read_bytes() == before


def test_a_folder_that_may_not_be_entered(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refused)
    assert run(["policy", "check", "--policies", str(folder)]) == 2
    assert "cannot be read: permission denied" in " ".join(capsys.readouterr().err.split())


def test_what_two_plans_share_is_told_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    profile = folder / "other" / "profile.toml"
    shutil.copytree(folder / "cpcp026", profile.parent)
    text = profile.read_text(encoding="utf-8").replace("cpcp026.", "other.")
    profile.write_text(text.replace('id = "cpcp026"', 'id = "other"'), encoding="utf-8")
    path = folder / "small" / "runs.lp"
    path.write_text(path.read_text(encoding="utf-8") + "withheld(\n", encoding="utf-8")
    assert run(["policy", "check", "--policies", str(folder)]) == 3
    said = capsys.readouterr().err
    assert said.count("error: policies/small/runs.lp") == 1
    assert said.endswith("\nother: 1 problem, told above\n")


def test_processes_end_with_the_one_that_started_them() -> None:
    # what they hold open of it would keep the pipe open, and this waiting
    ended = subprocess.run(
        [sys.executable, "-c", KILLED], capture_output=True, timeout=60, check=False
    )
    assert ended.returncode == -9 and ended.stdout.split()


def test_a_copy_of_another_name_is_as_clean_as_the_shipped_policies(tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(SHIPPED, tmp_path / "mine"))
    assert not [f for f in lint(copy).findings if f.severity != "info"]
