"""How answers and lists are written. What the command line offers, known without typer."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Format(StrEnum):
    """How the answer is written."""

    text = "text"
    json = "json"


class AnswerFormat(StrEnum):
    """How the answer to `solve` is written."""

    text = "text"
    json = "json"
    html = "html"
    md = "md"
    csv = "csv"


GATHERED = frozenset({AnswerFormat.html, AnswerFormat.md, AnswerFormat.csv})
"""The formats that show all files in one document."""


class Detail(StrEnum):
    """How much of the proof of each line is shown."""

    none = "none"
    short = "short"
    full = "full"


EXPLAIN = "--explain"


def with_detail(arguments: Sequence[str]) -> list[str]:
    """The arguments with the value of `--explain` joined to it; `short` where none is given.

    The next word is its value if it is one, or if it is near to one and no file of that name is
    there, so that a slip is told as such.
    """
    found: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--":
            return [*found, word, *rest]
        if word == EXPLAIN:
            given = rest.pop(0) if rest and _is_detail(rest[0]) else Detail.short.value
            word = f"{EXPLAIN}={given}"
        found.append(word)
    return found


def _is_detail(word: str) -> bool:
    if word in Detail.__members__:
        return True
    if word.startswith("-") or not word.isalpha():
        return False
    from pathlib import Path

    from infucode.rulebook.nearest import nearest

    return bool(nearest(word.lower(), tuple(Detail.__members__))) and not Path(word).exists()
