"""How answers and lists are written. What the command line offers, known without typer."""

from __future__ import annotations

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
