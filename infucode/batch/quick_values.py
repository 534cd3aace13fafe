"""Single values of a plain JSON document; whatever is not the plainest form is Unusual."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date as Date
from decimal import Decimal
from itertools import repeat
from operator import call
from typing import Any, Generic, TypeVar

from infucode.documents import readers, words

Read = Callable[[object, Date], Any]
T = TypeVar("T")
_DAY = 24 * 60
_CLOCK = {
    f"{hour:02d}:{minute:02d}": 60 * hour + minute for hour in range(24) for minute in range(60)
}
_MOMENT = re.compile("(20[0-9]{2}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


class Unusual(Exception):
    """Not the plainest form: the document is read with its places."""


class Making(Generic[T]):
    """Makes values of a frozen class with slots, in less time than its constructor takes: each
    field is set by its slot, without being looked up by name."""

    def __init__(self, kind: type[T]) -> None:
        own: Any = kind
        self._kind = kind
        self._sets = [getattr(own, field.name).__set__ for field in fields(own)]
        self._defaults = {
            field.name: None if field.default is MISSING else field.default
            for field in fields(own)
        }

    def __call__(self, found: Mapping[str, Any]) -> T:
        """A value with some fields, and with the defaults of the others. Raises Unusual for a
        field that it has not."""
        values = {**self._defaults, **found}
        if len(values) > len(self._sets):
            raise Unusual
        made = object.__new__(self._kind)
        deque(map(call, self._sets, repeat(made), values.values()), maxlen=0)
        return made


MOST = 8192
"""Texts that are remembered of one kind."""
_ANY_DAY = Date(2000, 1, 1)


class Texts(dict[str, Any]):
    """What texts of one kind are read as, whatever the day; each is read once."""

    def __init__(self, read: Read) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, value: object) -> Any:
        if type(value) is not str:
            raise Unusual
        found = self._read(value, _ANY_DAY)
        if len(self) < MOST:
            self[value] = found
        return found


def _identifier(value: object, _: Date) -> str:
    if type(value) is not str or not 0 < len(value) <= readers.MAX_ID:
        raise Unusual
    if not value.isprintable() or value[0] == " " or value[-1] == " ":
        raise Unusual
    return value


def _boolean(value: object, _: Date) -> bool:
    if type(value) is bool:
        return value
    raise Unusual


def _code(value: object, _: Date) -> str:
    if type(value) is str and len(value) == 5 and value.isalnum() and value.isascii():
        return value.upper()
    raise Unusual


def _modifiers(value: object, _: Date) -> tuple[str, ...]:
    if type(value) is not list or len(value) > words.MAX_MODIFIERS:
        raise Unusual
    found = []
    for item in value:
        if type(item) is not str or len(item) != 2 or not (item.isalnum() and item.isascii()):
            raise Unusual
        found.append(item.upper())
    if len(set(found)) != len(found):
        raise Unusual
    return tuple(found)


def _references(value: object, day_zero: Date) -> tuple[str, ...]:
    if type(value) is not list or len(value) > words.MAX_ITEMS:
        raise Unusual
    found = tuple([_identifier(item, day_zero) for item in value])
    if len(set(found)) != len(found):
        raise Unusual
    return found


def text(most: int) -> Read:
    """Text of at most so many characters, without the space around it."""

    def read(value: object, _: Date) -> str:
        if type(value) is str:
            value = value.strip()
            if 0 < len(value) <= most:
                return value
        raise Unusual

    return read


def word(choices: Sequence[str]) -> Read:
    """One word of a closed list."""
    known = frozenset(choices)

    def read(value: object, _: Date) -> str:
        if type(value) is str and value in known:
            return value
        raise Unusual

    return read


def whole(low: int, high: int) -> Read:
    """A whole number from `low` to `high`."""

    def read(value: object, _: Date) -> int:
        if type(value) is int and low <= value <= high:
            return value
        raise Unusual

    return read


def digits(least: int, most: int) -> Read:
    """Text of so many digits."""

    def read(value: object, _: Date) -> str:
        if type(value) is not str or not least <= len(value) <= most:
            raise Unusual
        if not value.isdecimal() or not value.isascii():
            raise Unusual
        return value

    return read


def quantity(*, positive: bool = False) -> Read:
    """An exact number of 0 or more, or above it, as a whole number or as text."""

    def read(value: object, _: Date) -> Decimal:
        written = str(value) if type(value) is int else value
        if type(written) is not str or len(written) > readers.MAX_DIGITS:
            raise Unusual
        if not _NUMBER.fullmatch(written):
            raise Unusual
        number = Decimal(written)
        if positive and not number:
            raise Unusual
        return number

    return read


def minute(value: object, day_zero: Date) -> int:
    """A clock time of the first day, or one with its date, as minutes from its midnight."""
    if type(value) is not str:
        raise Unusual
    found = _CLOCK.get(value)
    if found is not None:
        return found
    match = _MOMENT.fullmatch(value)
    clock = _CLOCK.get(match[2]) if match is not None else None
    if match is None or clock is None:
        raise Unusual
    days = (Date.fromisoformat(match[1]) - day_zero).days
    if not 0 <= days < words.MAX_DAYS:
        raise Unusual
    return days * _DAY + clock


def day(value: object, day_zero: Date) -> int:
    """A date as the number of days after the first."""
    return minute(f"{value}T00:00", day_zero) // _DAY


IDENTIFIER, BOOLEAN, CODE, MODIFIERS, REFERENCES = (
    _identifier, _boolean, _code, _modifiers, _references,
)  # fmt: skip
NAME, NOTE, LABEL = text(words.MAX_NAME), text(words.MAX_NOTE), text(readers.MAX_ID)
VISIT, COUNT = whole(1, 99), whole(1, 9999)
DECIMAL = quantity()
