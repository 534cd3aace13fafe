"""What the TOML files of a plan say as plain lists of JSON, and back.

Reading back raises ValueError, TypeError, KeyError or IndexError for lists of another shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date

from infucode.rulebook.compact import Plain, type_from_plain, type_to_plain
from infucode.rulebook.settings import (
    Layer,
    Notice,
    Profile,
    Setting,
    SourceDocument,
    Step,
    Switch,
    Version,
)

Settings = tuple[dict[str, SourceDocument], dict[str, Switch], Profile, Layer]


def day_to_plain(day: Date | None) -> str | None:
    """A day as text."""
    return None if day is None else day.isoformat()


def day_from_plain(plain: str | None) -> Date | None:
    """A day read back."""
    return None if plain is None else Date.fromisoformat(plain)


def settings_to_plain(
    sources: Mapping[str, SourceDocument],
    switches: Mapping[str, Switch],
    profile: Profile,
    values: Layer,
) -> Plain:
    """All that the TOML files of a plan say."""
    return [
        [[s.key, s.title, s.url, s.version, s.read] for s in sources.values()],
        [
            [s.name, s.text, type_to_plain(s.type), list(s.values), list(map(list, s.said))]
            for s in switches.values()
        ],
        [
            profile.id,
            profile.title,
            [_version(version) for version in profile.versions],
            _answers(profile.settings),
            [[key, n.rule, n.says, n.cite] for key, n in profile.notices.items()],
            profile.file,
        ],
        [
            _answers(values.values),
            [[name, type_to_plain(kind)] for name, kind in values.types.items()],
            [[step.offset, step.every] for step in values.steps],
        ],
    ]


def settings_from_plain(plain: Plain) -> Settings:
    """The same read back."""
    sources, switches, (id, title, versions, answers, notices, file), layer = plain
    values, types, steps = layer
    return (
        {key: SourceDocument(key, *rest) for key, *rest in sources},
        {
            n: Switch(n, text, type_from_plain(t), tuple(own), tuple((v, w) for v, w in said))
            for n, text, t, own, said in switches
        },
        Profile(
            id,
            title,
            tuple(_read_version(*version) for version in versions),
            _read_answers(answers),
            {key: Notice(*rest) for key, *rest in notices},
            file,
        ),
        Layer(
            _read_answers(values),
            {name: type_from_plain(kind) for name, kind in types},
            tuple(Step(*names) for names in steps),
        ),
    )


def _version(version: Version) -> Plain:
    days = map(day_to_plain, (version.since, version.until, version.superseded))
    return [version.name, *days, list(version.layers)]


def _read_version(
    name: str, since: str, until: str | None, superseded: str | None, layers: Sequence[str]
) -> Version:
    days = day_from_plain(until), day_from_plain(superseded)
    return Version(name, Date.fromisoformat(since), *days, tuple(layers))


def _answers(settings: Sequence[Setting]) -> Plain:
    return [
        [s.name, s.value, s.basis, s.cite, day_to_plain(s.since), day_to_plain(s.until), s.file,
         s.note]
        for s in settings
    ]  # fmt: skip


def _read_answers(plain: Plain) -> tuple[Setting, ...]:
    return tuple(
        Setting(
            name, value, basis, cite, day_from_plain(since), day_from_plain(until), file, note
        )
        for name, value, basis, cite, since, until, file, note in plain
    )
