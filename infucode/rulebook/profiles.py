"""`profile.toml`: the versions of a plan, its answers to the switches, its notices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date as Date
from pathlib import Path

from infucode.errors import Problem
from infucode.rulebook.layers import read_setting
from infucode.rulebook.nearest import nearest
from infucode.rulebook.settings import Notice, Profile, Setting, Switch, Version, unanswered
from infucode.rulebook.tables import Row, Table

BASES = ("stated", "read", "stand_in")
_LAYER = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SHOWN = re.compile(r"\{(?!(?:date|from|version|superseded)\})[^{}]*\}")


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
    return read_setting(table, row, key, basis)


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
