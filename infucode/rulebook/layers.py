"""`layer.toml`: the dated numbers and texts of a layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from infucode.errors import Problem
from infucode.rulebook.nearest import nearest
from infucode.rulebook.settings import Layer, Setting, Step
from infucode.rulebook.switches import type_named
from infucode.rulebook.tables import Row, Table
from infucode.rulebook.vocabulary import NUMBERS, STRINGS, Type


def read_layer(path: Path, name: str, problems: list[Problem]) -> Layer:
    """The numbers of a layer."""
    table = Table(path, name, problems)
    table.known(table.data, ("title", "value", "step"), "a layer")
    found: list[Setting] = []
    types: dict[str, Type] = {}
    for row in table.rows("value"):
        key = table.text(row, "name", where="a value")
        table.known(row, ("name", "type", "value", "cite", "from", "until", "note"), f"`{key}`")
        kind = type_named(str(row.get("type", "")))
        if kind is None or kind.sort == "word":
            table.problem(
                key,
                f"value `{key}` has no known type",
                f"types: {', '.join((*NUMBERS, *STRINGS))}",
            )
            continue
        types[key] = kind
        found.append(read_setting(table, row, key, "stated"))
    return Layer(tuple(found), types, tuple(_steps(table, types)))


def _steps(table: Table, types: Mapping[str, Type]) -> Iterator[Step]:
    for row in table.rows("step"):
        table.known(row, ("offset", "every"), "a step")
        names = [table.text(row, key, where="a step") for key in ("offset", "every")]
        unknown = [name for name in names if name and name not in types]
        for name in unknown:
            table.problem(
                name,
                f"step names `{name}`, which is no value of this layer",
                nearest(name, tuple(types)) or f"values: {', '.join(types)}",
            )
        if not unknown:
            yield Step(*names)


def read_setting(table: Table, row: Row, key: str, basis: str) -> Setting:
    """The value of a row of a layer, or the answer of a row of a profile."""
    if "value" not in row:
        table.problem(key, f"`{key}` has no value", "add `value = ...`")
    return Setting(
        key,
        table.written(row, "value", where=f"`{key}`"),
        basis,
        table.text(row, "cite", where=f"`{key}`"),
        table.day(row, "from", where=f"`{key}`"),
        table.day(row, "until", where=f"`{key}`"),
        table.name,
        table.text(row, "note", where=f"`{key}`", needed=False),
    )
