"""What the TOML files of a policy folder say: sources, switches, values of layers, plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta

from infucode.rulebook.vocabulary import Type


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
    """A question that plans answer differently. ``type`` is that of its values.

    ``said`` are plain words for values, which answer the question of ``text``.
    """

    name: str
    text: str
    type: Type
    values: tuple[str, ...]
    said: tuple[tuple[str, str], ...] = ()

    def spoken(self, value: str) -> str:
        """A value in the middle of a sentence."""
        return dict(self.said).get(value, value)


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

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of all versions."""
        return tuple(dict.fromkeys(layer for v in self.versions for layer in v.layers))

    def version_on(self, day: Date) -> Version | None:
        """The version in force on `day`, or None before the first (or in a gap)."""
        for version in self.versions:
            if version.since <= day and (version.until is None or day <= version.until):
                return version
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


def types_of(values: Layer, switches: Mapping[str, Switch]) -> dict[str, Type]:
    """The types of all values and switches, by name."""
    return {**values.types, **{name: switch.type for name, switch in switches.items()}}


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
