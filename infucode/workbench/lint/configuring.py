"""`lint.toml` of a policy folder: how grave a check is there, and findings that may stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infucode.errors import PolicyError, Problem
from infucode.model.lint import SEVERITIES, Finding
from infucode.rulebook.nearest import nearest
from infucode.rulebook.toml import read_toml
from infucode.workbench.lint.catalog import checks

FILE = "lint.toml"


@dataclass(frozen=True, slots=True)
class Allow:
    """Findings of a check that may stand: those whose message or place holds ``about``."""

    check: str
    about: str
    reason: str

    def fits(self, finding: Finding) -> bool:
        """Whether it speaks of a finding."""
        problem = finding.problem
        return finding.check == self.check and (
            self.about in problem.message or self.about in problem.place
        )


@dataclass(frozen=True, slots=True)
class Config:
    """The severities that a folder sets, by check, and what it allows."""

    file: str
    severities: Mapping[str, str] = field(default_factory=dict)
    allows: Sequence[Allow] = ()


def read_config(folder: Path) -> Config:
    """The settings of a folder; the usual ones where it has no such file.

    Raises PolicyError with every problem of the file.
    """
    path, name = folder / FILE, f"{folder.name}/{FILE}"
    if not path.exists():
        return Config(name)
    data, _ = read_toml(path, name)
    problems: list[Problem] = []
    for key in sorted(set(data) - {"severity", "allow"}):
        _refuse(problems, name, f"`{key}` is no key of this file", "keys: severity, allow")
    severities = _severities(data.get("severity", {}), name, problems)
    allows = [_allow(row, name, problems) for row in _rows(data.get("allow", []), name, problems)]
    if problems:
        raise PolicyError(problems)
    return Config(name, severities, [allow for allow in allows if allow is not None])


def _severities(given: object, name: str, problems: list[Problem]) -> dict[str, str]:
    if not isinstance(given, dict):
        _refuse(problems, name, "`severity` is no table", "write `[severity]` and its rows")
        return {}
    for id, severity in given.items():
        if id not in checks():
            _unknown(problems, name, str(id))
        elif severity not in SEVERITIES:
            help = f"severities: {', '.join(SEVERITIES)}"
            _refuse(problems, name, f"`{severity}` is no severity", help)
        elif checks()[id].find is None and severity != "error" and id != "unused-allow":
            help = "no answer is given on such a folder"
            _refuse(problems, name, f"`{id}` is always an error", help)
    return {str(id): str(severity) for id, severity in given.items()}


def _rows(given: object, name: str, problems: list[Problem]) -> list[dict[str, Any]]:
    if isinstance(given, list) and all(isinstance(row, dict) for row in given):
        return given
    _refuse(problems, name, "`allow` is no list of tables", "write `[[allow]]`")
    return []


def _allow(row: dict[str, Any], name: str, problems: list[Problem]) -> Allow | None:
    keys = ("check", "about", "reason")
    for key in keys:
        if not isinstance(row.get(key), str) or not row[key].strip():
            _refuse(problems, name, f"an `[[allow]]` without `{key}`", f"give {', '.join(keys)}")
            return None
    for key in sorted(set(row) - set(keys)):
        _refuse(problems, name, f"`{key}` is no key of `[[allow]]`", f"keys: {', '.join(keys)}")
    check = checks().get(row["check"])
    if check is None:
        _unknown(problems, name, row["check"])
        return None
    if check.find is None:
        _refuse(problems, name, f"`{check.id}` cannot be allowed", "mend what it finds")
        return None
    return Allow(*(row[key] for key in keys))


def _unknown(problems: list[Problem], name: str, id: str) -> None:
    hint = nearest(id, tuple(checks())) or "`infucode policy lint --list` lists them"
    _refuse(problems, name, f"there is no check `{id}`", hint)


def _refuse(problems: list[Problem], name: str, message: str, help: str) -> None:
    problems.append(Problem(name, 0, 0, message, help))
