"""Plain Python data into the tree; it has no places, only paths."""

from __future__ import annotations

import collections.abc
from datetime import date as Date
from decimal import Decimal

from infucode.documents.nodes import Builder, Kind, Listing, Mapping

_DIGITS = 40


def read_data(data: object, builder: Builder) -> None:
    """Read dictionaries, lists and values. Raises Halt where a limit is passed."""
    if isinstance(data, collections.abc.Mapping):
        builder.open(-1, Mapping)
        for key, value in data.items():
            _key(key, builder)
            read_data(value, builder)
        builder.close()
    elif isinstance(data, (list, tuple)):
        builder.open(-1, Listing)
        for item in data:
            read_data(item, builder)
        builder.close()
    else:
        _scalar(data, builder)


def _key(key: object, builder: Builder) -> None:
    if isinstance(key, str) and key:
        builder.scalar(-1, str.__str__(key), Kind.TEXT)
        return
    message = "a key is empty" if key == "" else f"a key is a {type(key).__name__}, not text"
    builder.refuse(-1, message, "write the name of a field as text")
    builder.broken(-1)


def _scalar(value: object, builder: Builder) -> None:
    text_and_kind = _text(value)
    if text_and_kind is None:
        help = "give text, a whole number, a Decimal, a date, True, False or None"
        message = f"a value of the type `{type(value).__name__}` cannot be read"
        builder.refuse(-1, message, help)
        builder.broken(-1)
    else:
        builder.scalar(-1, *text_and_kind)


def _text(value: object) -> tuple[str, Kind] | None:
    if value is None:
        return "", Kind.NULL
    if isinstance(value, str):
        return str.__str__(value), Kind.TEXT
    if isinstance(value, bool):
        return str(value).lower(), Kind.BOOLEAN
    if isinstance(value, int):
        small = value.bit_length() <= 128
        return (int.__str__(value) if small else "9" * _DIGITS), Kind.NUMBER
    if isinstance(value, float):
        return float.__repr__(value), Kind.FLOAT
    if isinstance(value, Decimal):
        return _decimal(value), Kind.NUMBER
    if isinstance(value, Date):
        return value.isoformat(), Kind.TEXT
    return None


def _decimal(value: Decimal) -> str:
    """Written out where that is short: a refusal follows where it is not."""
    if value.is_finite() and abs(value.adjusted()) <= _DIGITS:
        return format(value, "f")
    return str(value)
