"""Sources, switches, layer values and plan profiles: the TOML files of a policy folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path
from typing import Any

from infucode.errors import PolicyError, Problem
from infucode.rulebook.parse import nearest
from infucode.rulebook.vocabulary import NUMBERS, STRINGS, Type

BASES = ("stated", "read", "stand_in")
_WORD = re.compile(r"^[a-z]\w*$")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document that rules cite."""

    key: str
    title: str
    url: str
    version: str
    read: str


@dataclass(frozen=True, slots=True)
class Switch:
    """A question that plans answer differently. ``type`` is that of its values."""

    name: str
    text: str
    type: Type
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """An answer to a switch, or a number, in force from ``since`` to ``until`` (both days in)."""

    name: str
    value: str
    basis: str
    cite: str
    since: Date | None
    until: Date | None
    file: str
    note: str = ""

    def in_force(self, day: Date) -> bool:
        """Whether it holds on `day`."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """What the plan says of a date of service that it does not cover."""

    rule: str
    says: str
    cite: str


@dataclass(frozen=True, slots=True)
class Version:
    """A dated version of a plan; ``superseded`` is the day a successor was announced for."""

    name: str
    since: Date
    until: Date | None
    superseded: Date | None
    layers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """A plan: its versions, its answers to the switches, its notices."""

    id: str
    title: str
    versions: tuple[Version, ...]
    settings: tuple[Setting, ...]
    notices: Mapping[str, Notice]

    def version_on(self, day: Date) -> Version | None:
        """The version in force on `day`, or None before the first (or in a gap)."""
        for version in self.versions:
            if version.since <= day and (version.until is None or day <= version.until):
                return version
        return None


class Table:
    """One TOML file, read key by key; what is wrong with it is collected."""

    def __init__(self, path: Path, name: str, problems: list[Problem]) -> None:
        self.name, self.problems = name, problems
        try:
            text = path.read_text(encoding="utf-8")
            self.data: dict[str, Any] = tomllib.loads(text)
            self.lines = text.split("\n")
        except OSError as error:
            raise PolicyError(
                [Problem(name, 0, 0, f"cannot be read: {error.strerror}")]
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            match = re.search(r"line (\d+), column (\d+)", str(error))
            line, column = (int(match[1]), int(match[2])) if match else (0, 0)
            message = re.sub(r" \(at .*\)$", "", str(error)).lower()
            raise PolicyError(
                [Problem(name, line, column, f"not valid TOML: {message}")]
            ) from None

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
        table.known(row, ("text", "type", "values"), f"switch `{key}`")
        values = tuple(str(value) for value in row.get("values", ()))
        kind = _type(row.get("type", "word"), values)
        if kind is None or not values:
            table.problem(
                key,
                f"switch `{key}` has no values of a known type",
                'give `values = [...]` and, for numbers, `type = "minutes"`',
            )
            continue
        found[key] = Switch(key, table.text(row, "text", where=f"`{key}`"), kind, values)
    return found


def _type(word: str, values: tuple[str, ...]) -> Type | None:
    if word in NUMBERS:
        return Type("number", word) if all(v.isdigit() for v in values) else None
    if word in STRINGS:
        return Type("string", word)
    if word == "word" and all(_WORD.match(value) for value in values):
        return Type("word", "", values)
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """Names of two values: an answer may change at the offset and then at every step."""

    offset: str
    every: str


@dataclass(frozen=True, slots=True)
class Layer:
    """The dated numbers of a layer, the type of each, and its steps."""

    values: tuple[Setting, ...]
    types: Mapping[str, Type]
    steps: tuple[Step, ...]


def read_layer(path: Path, name: str, problems: list[Problem]) -> Layer:
    """The numbers of a layer."""
    table = Table(path, name, problems)
    table.known(table.data, ("title", "value", "step"), "a layer")
    found: list[Setting] = []
    types: dict[str, Type] = {}
    for row in table.rows("value"):
        key = table.text(row, "name", where="a value")
        table.known(row, ("name", "type", "value", "cite", "from", "until", "note"), f"`{key}`")
        kind = _type(str(row.get("type", "")), ())
        if kind is None or kind.sort == "word":
            table.problem(
                key,
                f"value `{key}` has no known type",
                f"types: {', '.join((*NUMBERS, *STRINGS))}",
            )
            continue
        types[key] = kind
        found.append(_setting(table, row, key, "stated"))
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
                nearest(name, tuple(types)),
            )
        if not unknown:
            yield Step(*names)


def _setting(table: Table, row: Row, key: str, basis: str) -> Setting:
    if "value" not in row:
        table.problem(key, f"`{key}` has no value", "add `value = ...`")
    return Setting(
        key,
        str(row.get("value", "")),
        basis,
        table.text(row, "cite", where=f"`{key}`"),
        table.day(row, "from", where=f"`{key}`"),
        table.day(row, "until", where=f"`{key}`"),
        table.name,
        table.text(row, "note", where=f"`{key}`", needed=False),
    )


def read_profile(
    path: Path, name: str, switches: Mapping[str, Switch], problems: list[Problem]
) -> Profile:
    """A plan's profile, each answer checked against its switch."""
    table = Table(path, name, problems)
    table.known(table.data, ("id", "title", "version", "switch", "notice"), "a profile")
    versions = tuple(_version(table, row) for row in table.rows("version"))
    settings = tuple(_answer(table, row, switches) for row in table.rows("switch"))
    answered = {setting.name for setting in settings}
    for missing in sorted(set(switches) - answered):
        table.problem(
            "",
            f"switch `{missing}` has no answer in this profile",
            "add a `[[switch]]` table with name, value, basis and cite",
        )
    if not versions:
        table.problem("", "the profile has no version", "add a `[[version]]` table")
    _check_dates(table, versions, settings)
    return Profile(
        table.text(table.data, "id", where="the profile"),
        table.text(table.data, "title", where="the profile"),
        tuple(sorted(versions, key=lambda v: v.since)),
        settings,
        _notices(table),
    )


def _version(table: Table, row: Row) -> Version:
    where = f"version `{row.get('name', '')}`"
    table.known(row, ("name", "from", "until", "superseded_from", "layers"), where)
    since = table.day(row, "from", where=where)
    if since is None:
        table.problem(
            "[[version]]",
            f"{where} does not say from when it is in force",
            "add `from = 2024-07-30`",
        )
    return Version(
        table.text(row, "name", where=where),
        since or Date.min,
        table.day(row, "until", where=where),
        table.day(row, "superseded_from", where=where),
        tuple(str(layer) for layer in row.get("layers", ())),
    )


def _answer(table: Table, row: Row, switches: Mapping[str, Switch]) -> Setting:
    key = table.text(row, "name", where="a switch")
    keys = ("name", "value", "basis", "cite", "from", "until", "note")
    table.known(row, keys, f"switch `{key}`")
    basis = table.text(row, "basis", where=f"switch `{key}`")
    if basis not in BASES:
        table.problem(key, f"switch `{key}` has no known basis", f"bases: {', '.join(BASES)}")
    switch = switches.get(key)
    if switch is None:
        table.problem(key, f"`{key}` is not a switch", nearest(key, tuple(switches)))
    elif str(row.get("value")) not in switch.values:
        table.problem(
            key,
            f"`{row.get('value')}` is not a value of switch `{key}`",
            f"values: {', '.join(switch.values)}",
        )
    return _setting(table, row, key, basis)


def _check_dates(
    table: Table, versions: tuple[Version, ...], settings: tuple[Setting, ...]
) -> None:
    ordered = sorted(versions, key=lambda v: v.since)
    for older, newer in zip(ordered, ordered[1:], strict=False):
        if older.until is None or older.until >= newer.since:
            table.problem(
                newer.name,
                f"versions `{older.name}` and `{newer.name}` overlap",
                f"end `{older.name}` with `until` before {newer.since}",
            )
    for version in versions:
        for name in {setting.name for setting in settings}:
            answers = [s for s in settings if s.name == name and s.in_force(version.since)]
            if len(answers) != 1:
                table.problem(
                    name,
                    f"switch `{name}` has {len(answers)} answers on {version.since}",
                    "each day needs exactly one",
                )


def _notices(table: Table) -> dict[str, Notice]:
    found = {}
    for key, row in table.data.get("notice", {}).items():
        table.known(row, ("rule", "says", "cite"), f"notice `{key}`")
        found[key] = Notice(
            *(table.text(row, k, where=f"notice `{key}`") for k in ("rule", "says", "cite"))
        )
    for key in ("before_first", "superseded"):
        if key not in found:
            table.problem(
                "",
                f"the profile has no notice `{key}`",
                f"add `[notice.{key}]` with rule, says and cite",
            )
            found[key] = Notice("", "", "")
    return found
