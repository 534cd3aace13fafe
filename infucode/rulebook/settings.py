"""Sources, switches, layer values and plan profiles: the TOML files of a policy folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from pathlib import Path

from infucode.errors import Problem
from infucode.rulebook.parse import nearest
from infucode.rulebook.tables import Row, Table
from infucode.rulebook.vocabulary import NUMBERS, STRINGS, Type

BASES = ("stated", "read", "stand_in")
_WORD = re.compile(r"(?!not$)[a-z][A-Za-z0-9_]*")
_LAYER = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SHOWN = re.compile(r"\{(?!(?:date|from|version|superseded)\})[^{}]*\}")


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
    file: str

    def version_on(self, day: Date) -> Version | None:
        """The version in force on `day`, or None before the first (or in a gap)."""
        for version in self.versions:
            if version.since <= day and (version.until is None or day <= version.until):
                return version
        return None


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
        values = table.words(row, "values", where=f"switch `{key}`")
        kind = _type(str(row.get("type", "word")), values)
        if kind is None or not values:
            table.problem(
                key,
                f"switch `{key}` has no values of a known type",
                'give `values = [...]` and, for numbers, `type = "minutes"`',
            )
            continue
        found[key] = Switch(key, table.text(row, "text", where=f"`{key}`"), kind, values)
    return found


def whole(text: str, kind: str) -> int | None:
    """The whole number that `text` writes, if it lies in the range of its kind."""
    low, high = NUMBERS[kind]
    if not re.fullmatch(r"-?[0-9]{1,10}", text):
        return None
    return int(text) if low <= int(text) <= high else None


def _type(word: str, values: tuple[str, ...]) -> Type | None:
    if word in NUMBERS:
        return Type("number", word) if all(whole(v, word) is not None for v in values) else None
    if word in STRINGS:
        return Type("string", word)
    if word == "word" and all(_WORD.fullmatch(value) for value in values):
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
                nearest(name, tuple(types)) or f"values: {', '.join(types)}",
            )
        if not unknown:
            yield Step(*names)


def _setting(table: Table, row: Row, key: str, basis: str) -> Setting:
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
        table.name,
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
    layers = table.words(row, "layers", where=where)
    if not layers or not all(map(_LAYER.fullmatch, layers)):
        table.problem(
            "layers" if "layers" in row else "[[version]]",
            f"{where} does not name its layers",
            'add `layers = ["..."]` with the names of folders of the policies',
        )
        layers = tuple(filter(_LAYER.fullmatch, layers))
    return Version(
        table.text(row, "name", where=where),
        since or Date.min,
        table.day(row, "until", where=where),
        table.day(row, "superseded_from", where=where),
        layers,
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
        known = ", ".join(switches)
        help = nearest(key, tuple(switches)) or f"switches: {known}"
        table.problem(key, f"`{key}` is not a switch", help)
    elif (value := table.written(row, "value", where=f"`{key}`")) not in switch.values:
        table.problem(
            key,
            f"`{value}` is not a value of switch `{key}`",
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
        if version.until is not None and version.until < version.since:
            table.problem(
                version.name,
                f"version `{version.name}` is in force from {version.since} until "
                f"{version.until}, which is never",
                "`until` is the last day in force",
            )
    for name, day, number in unanswered(versions, settings):
        table.problem(
            name,
            f"switch `{name}` has {number} answers on {day}",
            "each day needs exactly one",
        )


def unanswered(
    versions: Sequence[Version], settings: Sequence[Setting]
) -> Iterator[tuple[str, Date, int]]:
    """The names with no or several answers on some day of a version: the first such day."""
    for name in dict.fromkeys(setting.name for setting in settings):
        own = [s for s in settings if s.name == name]
        for version in versions:
            days = [version.since, *(s.since for s in own if s.since)]
            days += [s.until + timedelta(days=1) for s in own if s.until and s.until < Date.max]
            for day in sorted(set(days)):
                if day < version.since or (version.until is not None and day > version.until):
                    continue
                number = sum(s.in_force(day) for s in own)
                if number != 1:
                    yield name, day, number
                    break


def _notices(table: Table) -> dict[str, Notice]:
    found = {}
    for key, row in table.tables("notice"):
        table.known(row, ("rule", "says", "cite"), f"notice `{key}`")
        found[key] = Notice(
            *(table.text(row, k, where=f"notice `{key}`") for k in ("rule", "says", "cite"))
        )
        for word in _SHOWN.findall(found[key].says):
            table.problem(
                word,
                f"`{word}` is not a placeholder of a notice",
                "placeholders: {date}, {from}, {version}, {superseded}",
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
