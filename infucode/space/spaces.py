"""The spaces of a policy folder: `space/*.lp`, each a clingo program whose models are encounters.

`shared.lp` belongs to all of them. Every other file begins with its papers: `%@ space:` (its
name), `%@ text:` and `%@ cite:`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infucode.errors import PolicyError, Problem, UsageError
from infucode.rulebook.folder import SPACES
from infucode.rulebook.nearest import nearest

SHARED = "shared.lp"
_PAPER = re.compile(r"^%@ (space|text|cite):\s*(.+(?:\n%@   .+)*)$", re.MULTILINE)
_FOLD = re.compile(r"\s*\n%@\s*")


@dataclass(frozen=True, slots=True)
class Space:
    """One space: its name, what it holds in words, where it is from, and its program."""

    name: str
    text: str
    cite: str
    file: str
    program: str
    digest: str
    shared: int = 0
    """The lines of `shared.lp`, which come first in the program."""

    def located(self, problem: Problem) -> Problem:
        """A problem of the program, in the file in which it stands."""
        file, line = self.file, problem.line - self.shared
        if 0 < problem.line <= self.shared:
            file, line = f"{file.rpartition('/')[0]}/{SHARED}", problem.line
        return Problem(file, max(line, 0), problem.column, problem.message, problem.help)


def spaces(policies: Path) -> dict[str, Space]:
    """The spaces of a policy folder, by name. Raises PolicyError for one without papers."""
    found = {space.name: space for space in _read(policies)}
    if not found:
        problem = Problem(
            f"{policies.name}/{SPACES}", 0, 0, "holds no space", "copy the shipped one"
        )
        raise PolicyError([problem])
    return found


def space_named(policies: Path, name: str) -> Space:
    """One space. Raises UsageError if there is none of this name."""
    known = spaces(policies)
    if name not in known:
        hint = nearest(name, tuple(known)) or f"spaces: {', '.join(known)}"
        raise UsageError(f"there is no space `{name}`; {hint}")
    return known[name]


def _read(policies: Path) -> Iterator[Space]:
    folder = policies / SPACES
    shared = folder / SHARED
    common = _text(shared, policies) if shared.is_file() else ""
    for path in sorted(folder.glob("*.lp")):
        if path.name == SHARED:
            continue
        own = _text(path, policies)
        name = f"{policies.name}/{SPACES}/{path.name}"
        papers = {key: _FOLD.sub(" ", text).strip() for key, text in _PAPER.findall(own)}
        for key in ("space", "text", "cite"):
            if key not in papers:
                help = f"add a line `%@ {key}: ...` at its top"
                raise PolicyError([Problem(name, 1, 1, f"the space has no `{key}`", help)])
        program = f"{common}\n{own}"
        digest = hashlib.sha256(program.encode()).hexdigest()
        yield Space(
            papers["space"], papers["text"], papers["cite"], name, program, digest,
            common.count("\n") + 1,
        )  # fmt: skip


def _text(path: Path, policies: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        name = f"{policies.name}/{path.relative_to(policies).as_posix()}"
        problem = Problem(name, 0, 0, f"cannot be read: {error}", "check the file")
        raise PolicyError([problem]) from None
