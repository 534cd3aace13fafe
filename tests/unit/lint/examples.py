"""The pages of the checks as fixtures: each holds a bad and a good example."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from infucode.workbench.lint.catalog import Check

BASE = Path(__file__).parent / "base"
_BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.M | re.S)
_VERSION = re.compile(r'\[\[version\]\].*?layers = \["plan"\]\n', re.S)
MANY = 60


def blocks(check: Check, heading: str) -> list[tuple[str, str]]:
    """The files of an example: where, and what stands there (`+`: at the end of what is)."""
    section = check.page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = _BLOCK.findall(section)
    if not found:
        raise ValueError(f"{check.id} has no example under {heading}")
    return found


def folder_of(check: Check, heading: str, parent: Path) -> Path:
    """A small policy folder with the example in it."""
    folder = parent / "policies"
    shutil.copytree(BASE, folder)
    for where, text in blocks(check, heading):
        path = folder / where.lstrip("+")
        before = path.read_text(encoding="utf-8") if where.startswith("+") else ""
        if where == "plan/profile.toml" and "[notice" not in text:
            first, last = _VERSION.split((BASE / where).read_text(encoding="utf-8"))
            text = first + text + last
        path.write_text(before + text, encoding="utf-8")
    return folder


def many_rules() -> str:
    """A file whose rules fill more lines than a file should."""
    rules = [
        f'%@ id: plan.many-{n}\n%@ cite: source 1\n%@ text: A way in is noted.\n'
        f"%@ says: {{Administration}} is noted.\n"
        f'warning("plan.many-{n}", Administration) :-\n    route(Administration, iv).\n'
        for n in range(MANY)
    ]
    return "% Many rules.\n\n" + "\n".join(rules)
