"""Copies of the shipped policy folder, loaded without converting unchanged files anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from clingo.ast import AST

from infucode.errors import Problem
from infucode.policy import Policy
from infucode.rulebook import reading
from infucode.rulebook.convert import clause_of
from infucode.rulebook.language import Clause
from infucode.rulebook.parse import ParsedFile, parse_file
from infucode.rulebook.source import Source
from infucode.rulebook.where import policies_folder

SHIPPED = policies_folder()
_FILES: dict[tuple[str, bytes], ParsedFile] = {}
_CLAUSES: dict[int, Clause] = {}


def copy_policies(to: Path) -> Path:
    """A copy of the shipped policies in `to`."""
    return Path(shutil.copytree(SHIPPED, to / "policies"))


def _parse(path: Path, name: str) -> ParsedFile:
    key = name, path.read_bytes()
    if key not in _FILES:
        parsed = parse_file(path, name)
        shipped = SHIPPED / name.removeprefix("policies/")
        if not shipped.is_file() or shipped.read_bytes() != key[1]:
            return parsed
        _FILES[key] = parsed
    return _FILES[key]


def _clause(rule: AST, source: Source, problems: list[Problem]) -> Clause | None:
    if id(rule) in _CLAUSES:
        return _CLAUSES[id(rule)]
    clause = clause_of(rule, source, problems)
    kept = any(rule is known for file in _FILES.values() for known in file.rules)
    if clause is not None and kept:
        _CLAUSES[id(rule)] = clause
    return clause


@contextmanager
def remembered() -> Iterator[None]:
    """Within it the parts of the shipped files are converted once; all checks run as ever."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "parse_file", _parse)
        patch.setattr(reading, "clause_of", _clause)
        yield


def load(folder: Path, plan: str = "cpcp026") -> Policy:
    """The policy of a copied folder."""
    with remembered():
        return Policy.load(plan, policies=folder)
