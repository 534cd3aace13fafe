"""Cells as values: codes, dates, indicators. Each reader keeps what it has read, for speed."""

from __future__ import annotations

import re
from datetime import date as Date
from datetime import timedelta

from infucode.tables.findings import Unreadable

OPEN_END = 99991231
"""The deletion date of a row that is in force without an end."""
_CODE = re.compile(r"[0-9A-Z]{5}")
_YEARS = range(1966, 2100)
_NO_DATE = ("", "*")


class Codes(dict[str, str]):
    """HCPCS and CPT codes: five digits or capital letters."""

    def __missing__(self, text: str) -> str:
        code = text.strip()
        if not _CODE.fullmatch(code):
            raise Unreadable(
                f"`{text}` is not a code", "a code has five digits or capital letters"
            )
        self[text] = code
        return code


class Days(dict[str, int]):
    """Dates written YYYYMMDD, as that number; ``open_`` allows for none, which is OPEN_END.

    ``last`` is the last day that a date may have; ``beyond`` says why.
    """

    def __init__(self, *, open_: bool, last: int = OPEN_END, beyond: str = "") -> None:
        super().__init__()
        self._open, self._last, self._beyond = open_, last, beyond

    def __missing__(self, text: str) -> int:
        written = text.strip()
        if self._open and written in _NO_DATE:
            self[text] = OPEN_END
            return OPEN_END
        day = _day(written)
        if day is None:
            right = "write it as 20240701" + (", or `*` for none" if self._open else "")
            raise Unreadable(f"`{text}` is not a date", right)
        if day > self._last:
            raise Unreadable(f"{date_of(day)} {self._beyond}", "check the quarter of this file")
        self[text] = day
        return day


class JulianDays(Days):
    """Dates written YYYYDDD, the day counted within the year, as the number YYYYMMDD."""

    def __missing__(self, text: str) -> int:
        written = text.strip()
        if self._open and written in ("", "0", "0000000", "*"):
            self[text] = OPEN_END
            return OPEN_END
        date = _julian(written)
        if date is None:
            raise Unreadable(
                f"`{text}` is not a date", "write year and day of the year, as in 2024183"
            )
        day = number_of(date)
        if day > self._last:
            raise Unreadable(f"{date} {self._beyond}", "check the quarter of this file")
        self[text] = day
        return day


class Choices(dict[str, int]):
    """A cell that begins with one of a few digits."""

    def __init__(self, digits: str, what: str, *, alone: bool) -> None:
        super().__init__()
        self._digits, self._what, self._alone = digits, what, alone

    def __missing__(self, text: str) -> int:
        written = text.strip()
        right = written and written[0] in self._digits and not written[1:2].isdigit()
        if not right or (self._alone and len(written) != 1):
            raise Unreadable(
                f"`{text}` is not {self._what}", f"it is one of {', '.join(self._digits)}"
            )
        self[text] = int(written[0])
        return self[text]


class Marks(dict[str, int]):
    """The column "in existence prior to 1996": `*` or nothing."""

    def __missing__(self, text: str) -> int:
        written = text.strip()
        if written not in _NO_DATE:
            raise Unreadable(f"`{text}` stands where only `*` or nothing may", "see the header")
        self[text] = int(bool(written))
        return self[text]


class Texts(dict[str, int]):
    """Short texts that repeat, numbered in the order of their first sight."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[str] = []

    def __missing__(self, text: str) -> int:
        written = " ".join(text.split())
        if "�" in written or not written.isprintable():
            raise Unreadable(f"`{text}` has characters that are no text", "download it again")
        if written not in self.known:
            self.known.append(written)
        self[text] = self.known.index(written)
        return self[text]

    def cut_off(self, number: int) -> str:
        """A longer text that this one, the last one new, is the beginning of; else nothing."""
        text = self.known[number]
        if number != len(self.known) - 1:
            return ""
        return next((t for t in self.known if t != text and t.startswith(text)), "")


def _day(text: str) -> int | None:
    if not (len(text) == 8 and text.isascii() and text.isdigit()):
        return None
    try:
        date = Date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    return int(text) if date.year in _YEARS else None


def _julian(text: str) -> Date | None:
    if not (len(text) == 7 and text.isascii() and text.isdigit()):
        return None
    year, day = int(text[:4]), int(text[4:])
    if year not in _YEARS or day < 1:
        return None
    date = Date(year, 1, 1) + timedelta(days=day - 1)
    return date if date.year == year else None


def number_of(date: Date) -> int:
    """A date as the number YYYYMMDD."""
    return date.year * 10000 + date.month * 100 + date.day


def date_of(number: int) -> Date:
    """The number YYYYMMDD as a date."""
    return Date(number // 10000, number // 100 % 100, number % 100)


def end_of(number: int) -> Date | None:
    """A deletion date, None where there is none."""
    return None if number == OPEN_END else date_of(number)
