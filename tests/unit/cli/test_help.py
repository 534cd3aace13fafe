"""Every command's help ends in examples, and they run as they stand."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from infucode.cli.app import COMMANDS, run
from infucode.rulebook.where import policies_folder
from tests.unit.tables.files import lay_out

PATHS = (
    (),
    ("solve",),
    ("explain",),
    ("why-not",),
    ("unlock",),
    ("prove",),
    ("diff",),
    ("new",),
    ("new", "encounter"),
    ("examples",),
    ("examples", "list"),
    ("examples", "copy"),
    ("check",),
    ("rules",),
    ("rules", "list"),
    ("rules", "show"),
    ("policy",),
    ("policy", "check"),
    ("policy", "lint"),
    ("policy", "test"),
    ("policy", "cover"),
    ("policy", "mutate"),
    ("policy", "plans"),
    ("policy", "fmt"),
    ("policy", "dump"),
    ("policy", "new"),
    ("policy", "new", "folder"),
    ("policy", "new", "plan"),
    ("policy", "new", "rule"),
    ("policy", "new", "case"),
    ("policy", "explain"),
    ("policy", "docs"),
    ("policy", "lsp"),
    ("tables",),
    ("tables", "import"),
    ("tables", "list"),
    ("tables", "show"),
    ("tables", "remove"),
    ("batch",),
    ("batch", "solve"),
    ("batch", "check"),
    ("batch", "tables"),
    ("batch", "summary"),
    ("batch", "profile"),
)
NOT_RUN = {
    ("policy", "cover"): "a minute; tests/unit/cover runs it",
    ("policy", "mutate"): "minutes; tests/unit/workbench runs it",
    ("policy", "lsp"): "waits for an editor; tests/unit/server runs it",
}
"""Examples that are only read here, and why."""


CLAIM = """\
id: right
claim: facility
date: 2024-08-05
administrations:
  - {id: a1, drug: drug A, category: therapeutic, route: iv, technique: infusion, minutes: 40}
claim_lines:
  - {id: L1, code: "96365"}
"""


def help_of(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert run([*path, "--help"]) == 0
    return capsys.readouterr().out


def listed(help: str) -> Iterator[str]:
    """The commands under `Commands:`."""
    _, _, rest = help.partition("\nCommands:\n")
    yield from re.findall(r"^  ([a-z-]+)  ", rest.partition("\n\n")[0], re.M)


def test_every_command_is_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    for path in PATHS:
        below = {other[-1] for other in PATHS if other[:-1] == path and other}
        assert set(listed(help_of(path, capsys))) == below
    assert list(listed(help_of((), capsys))) == list(COMMANDS)


def examples_of(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> list[str]:
    help = help_of(path, capsys)
    assert max(map(len, help.splitlines())) <= 80
    _, found, rest = help.partition("\n  Examples:\n")
    assert found, f"no examples in the help of {path}"
    return [line.strip() for line in rest.splitlines() if line.strip()]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(policies_folder(), tmp_path / "mine")
    lay_out(tmp_path, monkeypatch)
    (tmp_path / "claim.yaml").write_text(CLAIM, encoding="utf-8")
    row = json.dumps(yaml.safe_load(CLAIM), default=str)
    for name in ("visits", "claims"):
        (tmp_path / f"{name}.ndjson").write_text(row + "\n", encoding="utf-8")
    assert run(["batch", "solve", "visits.ndjson", "-o", "answers.ndjson"]) == 0
    return tmp_path


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_the_examples_of_a_help_run(
    path: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = examples_of(path, capsys)
    assert len(commands) == 2
    for command in commands:
        assert command.startswith(" ".join(["infucode", *path]))
        if path in NOT_RUN:
            continue
        if "new encounter visit.yaml" not in command:
            assert run(["new", "encounter", "visit.yaml", "--force"]) == 0
        capsys.readouterr()
        piped = bool(set("|<") & set(command))
        code, out = in_shell(command, here) if piped else plainly(command, capsys)
        assert code == 0, command
        assert out or any(word in command for word in (" new ", " copy ", " -o "))


def plainly(command: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run(shlex.split(command)[1:])
    return code, capsys.readouterr().out


def in_shell(command: str, folder: Path) -> tuple[int, str]:
    script = folder / "infucode"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m infucode "$@"\n')
    script.chmod(0o755)
    package = Path(__file__).resolve().parents[3]
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}",
                   "PYTHONPATH": str(package)}
    done = subprocess.run(command, shell=True, cwd=folder, env=environment,
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_only_what_is_asked_for_is_imported() -> None:
    """`solve` pays for no other command."""
    code = (
        "import sys\nfrom infucode.cli.app import make_app\nmake_app('solve')\n"
        "print(*sorted(m for m in sys.modules if m.startswith('infucode.cli.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          check=True, cwd=Path(__file__).resolve().parents[3])
    found = set(done.stdout.split())
    assert "infucode.cli.solve" in found
    others = {"explain", "new", "examples", "shipped", "rules", "policy", "welcome", "misuse",
              "pairs"}  # fmt: skip
    assert not found & {f"infucode.cli.{name}" for name in others}


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    from infucode import __version__

    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"infucode {__version__}\n"
