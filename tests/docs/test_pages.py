"""The pages of docs/ that are walks run as they stand: files are written, commands are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("docs/how-to/change-a-policy.md",)
_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """One fenced block of a page, with its options and the line it begins on."""

    language: str
    options: dict[str, str]
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [Block(m[1], dict(o.split("=", 1) for o in m[2].split() if "=" in o), m[3],
                  text[: m.start()].count("\n") + 1) for m in _FENCE.finditer(text)]


def matches(expected: str, given: str) -> bool:
    """Whether `given` is `expected`, where a line `...` and `...` within a line stand for any."""
    pattern = []
    for line in expected.rstrip("\n").split("\n"):
        if line.strip() == "...":
            pattern.append(r"(?:.*\n)*?")
        else:
            pattern.append(".*".join(map(re.escape, line.rstrip().split("..."))) + r"[ ]*\n")
    return re.fullmatch("".join(pattern), given.rstrip("\n") + "\n") is not None


def run_console(block: Block, folder: Path) -> None:
    """Run each `$ command` of a block and compare what it prints."""
    commands = [part for part in re.split(r"^\$ ", block.text, flags=re.M) if part.strip()]
    wanted_exit = int(block.options.get("exit", "0"))
    worst = 0
    for part in commands:
        command, _, expected = part.partition("\n")
        done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True,
                              env={**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
                                   "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"})
        worst = max(worst, done.returncode)
        given = done.stdout + done.stderr
        if expected.strip():
            assert matches(expected, given), f"line {block.line}: $ {command}\n{given}"
        else:
            assert done.returncode == 0, given
    assert worst == wanted_exit, f"line {block.line}: exit code {worst}"


@pytest.mark.parametrize("page", PAGES)
def test_the_page_runs_as_it_stands(page: str, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "infucode"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m infucode "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    ran = 0
    for block in blocks(ROOT / page):
        if "file" in block.options:
            path = tmp_path / block.options["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            run_console(block, tmp_path)
            ran += 1
    assert ran >= 3


def test_the_comparison_can_fail() -> None:
    assert matches("a\n...\nb ... d\n", "a\nx\ny\nb c d\n")
    assert not matches("a\nb\n", "a\nc\n")
    assert not matches("a\n...\nb\n", "a\nx\n")
