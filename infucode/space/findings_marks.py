"""`findings.toml` of a policy folder: what an analyst says of each finding."""

from __future__ import annotations

from pathlib import Path

from infucode.errors import PolicyError, Problem
from infucode.model.findings import FindingKind, Mark
from infucode.rulebook.nearest import nearest
from infucode.rulebook.toml import read_toml

FILE = "findings.toml"
KEYS = ("kind", "about", "intended", "reason")


def read_marks(folder: Path) -> tuple[Mark, ...]:
    """The marks of a folder; none where it has no such file.

    Raises PolicyError with every problem of the file.
    """
    path, name = folder / FILE, f"{folder.name}/{FILE}"
    if not path.exists():
        return ()
    data, _ = read_toml(path, name)
    problems: list[Problem] = []
    for key in sorted(set(data) - {"finding"}):
        problems.append(_problem(name, f"`{key}` is no key of this file", "keys: finding"))
    rows = data.get("finding", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problems.append(_problem(name, "`finding` is no list of tables", "write `[[finding]]`"))
        rows = []
    marks = [_mark(row, name, problems) for row in rows]
    twice = {m.key for n, m in enumerate(marks) if m and m.key in {o.key for o in marks[:n] if o}}
    for kind, about in sorted(twice):
        said = f"`{about}` ({kind}) is marked twice"
        problems.append(_problem(name, said, "leave one of them"))
    if problems:
        raise PolicyError(problems)
    return tuple(mark for mark in marks if mark is not None)


def _mark(row: dict[str, object], name: str, problems: list[Problem]) -> Mark | None:
    for key in sorted(set(row) - set(KEYS)):
        help = nearest(key, KEYS) or f"keys: {', '.join(KEYS)}"
        problems.append(_problem(name, f"`{key}` is no key of a `[[finding]]`", help))
    for key in ("kind", "about", "reason"):
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            problems.append(_problem(name, f"a `[[finding]]` without `{key}`", "say it in words"))
            return None
    kind, about, intended = str(row["kind"]), str(row["about"]), row.get("intended")
    kinds = tuple(one.value for one in FindingKind)
    if kind not in kinds:
        help = nearest(kind, kinds) or f"kinds: {', '.join(kinds)}"
        problems.append(_problem(name, f"`{kind}` is no kind of finding", help))
        return None
    if not isinstance(intended, bool):
        said = f"`{about}` ({kind}) does not say whether it is intended"
        problems.append(_problem(name, said, "write `intended = true` or `intended = false`"))
        return None
    return Mark(kind, about, intended, str(row["reason"]))


def _problem(name: str, message: str, help: str) -> Problem:
    return Problem(name, 0, 0, message, help)
