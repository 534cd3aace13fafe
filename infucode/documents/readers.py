"""What a single value may be: each reader takes the text of a scalar or refuses it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal
from typing import Generic, TypeVar

from infucode.documents.nodes import Kind, Scalar
from infucode.documents.problems import Refusal, listing, nearest, quote
from infucode.documents.words import ALSO

T = TypeVar("T")

MAX_ID = 64
MAX_DIGITS = 12
FIRST_YEAR, LAST_YEAR = 1990, 2100

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Reader(Generic[T]):
    """How one kind of value is read; ``wants`` is the noun phrase for the help line."""

    wants: str
    read: Callable[[Scalar], T]

    @property
    def help(self) -> str:
        """What the user should do."""
        return f"write {self.wants}"


def text_of(scalar: Scalar) -> str:
    """The text as written, for fields where the text is what counts."""
    if scalar.kind is Kind.BOOLEAN:
        raise Refusal(f"{quote(scalar.text)} is a truth value, not text", "put it in quotes")
    if scalar.kind is Kind.FLOAT:
        help = "give it as text or as a Decimal"
        raise Refusal(f"{quote(scalar.text)} is a float, which is not exact", help)
    return scalar.text


def text(limit: int) -> Reader[str]:
    """Free text of at most ``limit`` characters, without the space around it."""

    def read(scalar: Scalar) -> str:
        value = text_of(scalar).strip()
        if not value:
            raise Refusal("the text is empty")
        if len(value) > limit:
            raise Refusal(f"the text of {len(value):,} characters is longer than {limit:,}")
        return value

    return Reader(f"text of 1 to {limit:,} characters", read)


def _read_identifier(scalar: Scalar) -> str:
    value = text_of(scalar)
    if not value:
        raise Refusal("the id is empty")
    if value != value.strip():
        raise Refusal(f"the id {quote(value)} has space at its ends", "remove the space")
    if len(value) > MAX_ID:
        raise Refusal(f"the id {quote(value)} has {len(value):,} characters")
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in value):
        raise Refusal(f"the id {quote(value)} holds a control character", "remove it")
    return value


IDENTIFIER = Reader(f"an id of 1 to {MAX_ID} characters", _read_identifier)


def word(choices: tuple[str, ...]) -> Reader[str]:
    """One word of a closed list, spelled as the list spells it."""
    wants = f"one of {listing(choices)}"

    def read(scalar: Scalar) -> str:
        value = text_of(scalar)
        if value in choices:
            return value
        meant = ALSO.get(value.lower().replace("-", "_").replace(" ", "_"))
        close = meant if meant in choices else nearest(value, choices)
        hint = f"did you mean {quote(close)}? write {wants}" if close else f"write {wants}"
        raise Refusal(f"{quote(value)} is not a word that this field knows", hint)

    return Reader(wants, read)


def whole(low: int, high: int) -> Reader[int]:
    """A whole number from ``low`` to ``high``."""

    def read(scalar: Scalar) -> int:
        value = text_of(scalar)
        if not _WHOLE.fullmatch(value):
            raise Refusal(f"{quote(value)} is not a whole number")
        if len(value) > MAX_DIGITS or not low <= int(value) <= high:
            raise Refusal(f"{quote(value)} is outside the range {low:,} to {high:,}")
        return int(value)

    return Reader(f"a whole number from {low} to {high}, in digits only", read)


def decimal(wants: str, accepts: Callable[[Decimal], bool]) -> Reader[Decimal]:
    """An exact number of at most 12 digits that ``accepts`` takes; ``wants`` names it."""

    def read(scalar: Scalar) -> Decimal:
        value = text_of(scalar)
        if not _DECIMAL.fullmatch(value):
            help = f"write {wants} in plain digits, such as 2 or 12.5"
            raise Refusal(f"{quote(value)} is not an exact number", help)
        if sum(c.isdigit() for c in value) > MAX_DIGITS:
            raise Refusal(f"{quote(value)} has more than {MAX_DIGITS} digits")
        number = Decimal(value)
        if not accepts(number):
            raise Refusal(f"{quote(value)} is not {wants}")
        return number

    return Reader(wants, read)


def _read_boolean(scalar: Scalar) -> bool:
    value = scalar.text
    if scalar.kind is not Kind.FLOAT and value in (value.lower(), value.title(), value.upper()):
        answer = _YES_NO.get(value.lower())
        if answer is not None:
            return answer
    raise Refusal(f"{quote(value)} is neither yes nor no")


BOOLEAN = Reader("yes or no (true or false)", _read_boolean)


def _read_date(scalar: Scalar) -> Date:
    value = text_of(scalar)
    if not _DATE.fullmatch(value):
        raise Refusal(f"{quote(value)} is not a date")
    try:
        date = Date.fromisoformat(value)
    except ValueError:
        raise Refusal(f"{quote(value)} is not a day of the calendar") from None
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise Refusal(f"{quote(value)} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return date


DATE = Reader("a date as YYYY-MM-DD, such as 2024-08-05", _read_date)


def pattern(shape: str, wants: str, *, upper: bool = False) -> Reader[str]:
    """Text of a fixed shape (a regular expression of ASCII characters)."""
    compiled = re.compile(shape)

    def read(scalar: Scalar) -> str:
        value = text_of(scalar)
        if not compiled.fullmatch(value):
            raise Refusal(f"{quote(value)} is not {wants}")
        return value.upper() if upper else value

    return Reader(wants, read)


CODE = pattern("[A-Za-z0-9]{5}", "a code of five letters and digits, without spaces", upper=True)
MODIFIER = pattern("[A-Za-z0-9]{2}", "a modifier of two letters or digits", upper=True)
PLACE_OF_SERVICE = pattern("[0-9]{2}", "a CMS place of service of two digits, such as 11")
TYPE_OF_BILL = pattern("[0-9]{3,4}", "a type of bill of three or four digits, such as 0131")
