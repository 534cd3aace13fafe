"""What a batch is asked for, the documents that it reads, and what becomes of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date as Date
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple


class Question(StrEnum):
    """What is asked of every document."""

    solve = "solve"
    check = "check"


class Detail(StrEnum):
    """How much is said of why: nothing, sentences and citations, or the proofs too."""

    none = "none"
    short = "short"
    full = "full"


@dataclass(frozen=True, slots=True)
class Task:
    """A question to every document of a batch; plain values, as workers are sent it."""

    question: Question = Question.solve
    plan: str | None = None
    policies: Path | None = None
    switches: Mapping[str, str] = field(default_factory=dict)
    as_of: Date | None = None
    strict: bool = False
    explain: Detail = Detail.none
    tables: Path | None = None
    repairs: bool = False
    """Whether a check looks for conflicts and repairs too."""

    def described(self) -> dict[str, Any]:
        """As JSON, for the manifest."""
        return {
            key: None if value is None else _plain(value) for key, value in asdict(self).items()
        }


def _plain(value: object) -> object:
    return value if isinstance(value, bool | dict | int) else str(value)


class Document(NamedTuple):
    """One document as it was read: its input, its place there, and its bytes."""

    source: str
    line: int
    """Of the file for NDJSON, of the first row for tables; 0 for a file that is one document."""
    text: bytes
    wrong: str = ""
    """Why it cannot be read at all, where that is known already."""


class Result(NamedTuple):
    """What became of one document: an answer, or why there is none; each one line of JSON."""

    answer: bytes
    rejected: bytes
    outcome: str
    """``coded``, ``valid`` ... of an answer; the code of the error of one that was rejected."""
    cached: bool = False
    """Whether it was answered before, for an encounter that is equal but for its names."""
