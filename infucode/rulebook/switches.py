"""`sources.toml`, what rules cite, and `switches.toml`, what plans answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from infucode.errors import Problem
from infucode.rulebook.settings import SourceDocument, Switch
from infucode.rulebook.tables import Row, Table
from infucode.rulebook.vocabulary import NUMBERS, STRINGS, Type

_WORD = re.compile(r"(?!not$)[a-z][A-Za-z0-9_]*")


def read_sources(path: Path, name: str, problems: list[Problem]) -> dict[str, SourceDocument]:
    """The documents that may be cited, by key."""
    table = Table(path, name, problems)
    found = {}
    for key, row in table.data.items():
        if not isinstance(row, dict):
            table.problem(key, f"`{key}` is not a source", f"write `[{key}]` and its fields")
            continue
        table.known(row, ("title", "url", "version", "read"), f"source `{key}`")
        found[key] = SourceDocument(
            key,
            *(table.text(row, k, where=f"`{key}`") for k in ("title", "url", "version", "read")),
        )
    return found


def read_switches(path: Path, name: str, problems: list[Problem]) -> dict[str, Switch]:
    """The switches that plans answer, by name."""
    table = Table(path, name, problems)
    found = {}
    for key, row in table.data.items():
        if not isinstance(row, dict):
            table.problem(key, f"`{key}` is not a switch", f"write `[{key}]` and its fields")
            continue
        table.known(row, ("text", "type", "values", "said"), f"switch `{key}`")
        values = table.words(row, "values", where=f"switch `{key}`")
        kind = type_named(str(row.get("type", "word")), values)
        if kind is None or not values:
            table.problem(
                key,
                f"switch `{key}` has no values of a known type",
                'give `values = [...]` and, for numbers, `type = "minutes"`',
            )
            continue
        text = table.text(row, "text", where=f"`{key}`")
        found[key] = Switch(key, text, kind, values, tuple(_said(table, key, row, values)))
    return found


def _said(table: Table, key: str, row: Row, values: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The plain words of the values, in the order of the values."""
    said = row.get("said", {})
    if not isinstance(said, dict) or not set(said) <= set(values):
        table.problem(
            f"[{key}]",
            f"`said` of switch `{key}` does not give plain words for its values",
            f'write `said = {{ {values[0]} = "..." }}`; values: {", ".join(values)}',
        )
        return
    for value in values:
        if value in said:
            yield value, table.text(said, value, where=f"`said` of switch `{key}`")


def whole(text: str, kind: str) -> int | None:
    """The whole number that `text` writes, if it lies in the range of its kind."""
    low, high = NUMBERS[kind]
    if not re.fullmatch(r"-?[0-9]{1,10}", text):
        return None
    return int(text) if low <= int(text) <= high else None


def type_named(word: str, values: tuple[str, ...] = ()) -> Type | None:
    """The type of a switch with these values, or of a value; None if there is no such type."""
    if word in NUMBERS:
        return Type("number", word) if all(whole(v, word) is not None for v in values) else None
    if word in STRINGS:
        return Type("string", word)
    if word == "word" and all(_WORD.fullmatch(value) for value in values):
        return Type("word", "", values)
    return None
