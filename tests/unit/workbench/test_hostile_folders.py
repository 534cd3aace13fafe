"""Folders that are no policy folders, files that are none, and work whose owner is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
