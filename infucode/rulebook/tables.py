"""One TOML file of a policy folder, read key by key; what is wrong with it is collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date as Date
from pathlib import Path
from typing import Any

from infucode.errors import Problem
from infucode.rulebook.nearest import nearest
from infucode.rulebook.toml import read_toml

Row = Mapping[str, Any]
LARGEST = 0x7FFFFFFF


class Table:
    """One TOML file, read key by key; what is wrong with it is collected."""

    def __init__(self, path: Path, name: str, problems: list[Problem]) -> None:
        self.name, self.problems = name, problems
        self.data, source = read_toml(path, name)
        self.lines = source.lines

    def problem(self, word: str, message: str, help: str = "") -> None:
        """Note a problem at the first line that holds `word`."""
        line = next((i for i, t in enumerate(self.lines, 1) if word and word in t), 0)
        shown = self.lines[line - 1] if line else ""
        self.problems.append(
            Problem(self.name, line, shown.find(word) + 1 if line else 0, message, help, shown)
        )

    def text(self, row: Row, key: str, *, where: str, needed: bool = True) -> str:
        """The text under `key`, or an empty one."""
        value = row.get(key, "")
        if not isinstance(value, str):
            self.problem(key, f"`{key}` of {where} is not a text", "put it in quotes")
            return ""
        if needed and not value.strip():
            self.problem(where.strip("`"), f"{where} has no `{key}`", f'add `{key} = "..."`')
        return value

    def written(self, row: Row, key: str, *, where: str) -> str:
        """The value under `key` as text: a printable text, a whole number or a date."""
        value = row.get(key, "")
        if isinstance(value, bool | float | list | dict):
            self.problem(
                key, f"`{key}` of {where} is no text or whole number", "put it in quotes"
            )
            return ""
        if isinstance(value, int) and abs(value) > LARGEST:
            self.problem(key, f"`{key}` of {where} is too large", f"at most {LARGEST}")
            return ""
        if not str(value).isprintable():
            self.problem(key, f"`{key}` of {where} is not printable", "write plain characters")
            return ""
        return str(value)

    def words(self, row: Row, key: str, *, where: str) -> tuple[str, ...]:
        """The list of texts or numbers under `key`."""
        values = row.get(key, [])
        if not isinstance(values, list):
            self.problem(key, f"`{key}` of {where} is not a list", f'write `{key} = ["..."]`')
            return ()
        return tuple(self.written({key: value}, key, where=where) for value in values)

    def day(self, row: Row, key: str, *, where: str) -> Date | None:
        """The date under `key`, or None."""
        value = row.get(key)
        if value is None or (isinstance(value, Date) and not hasattr(value, "hour")):
            return value
        self.problem(key, f"`{key}` of {where} is not a date", "write it as 2024-07-30, unquoted")
        return None

    def known(self, row: Row, keys: tuple[str, ...], where: str) -> None:
        """Refuse keys of `row` that are not among `keys`."""
        for key in row:
            if key not in keys:
                self.problem(
                    key,
                    f"`{key}` is not a key of {where}",
                    nearest(key, keys) or f"keys: {', '.join(keys)}",
                )

    def rows(self, key: str) -> Iterator[Row]:
        """The tables of an array of tables."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.problem(key, f"`{key}` is not a list of tables", f"write `[[{key}]]`")
            return
        yield from value

    def tables(self, key: str) -> Iterator[tuple[str, Row]]:
        """The named tables below a key."""
        value = self.data.get(key, {})
        if not isinstance(value, dict) or not all(
            isinstance(row, dict) for row in value.values()
        ):
            self.problem(key, f"`{key}` is not a table of tables", f"write `[{key}.name]`")
            return
        yield from value.items()
