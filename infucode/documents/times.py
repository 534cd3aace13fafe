"""Clock times and dates of the document, as minutes and days from its first date."""

from __future__ import annotations

import re
from datetime import date as Date
from datetime import timedelta

from infucode.documents.nodes import Kind, Scalar
from infucode.documents.problems import Problems, Refusal, quote
from infucode.documents.readers import DATE, Reader, text_of
from infucode.documents.source import Source
from infucode.documents.words import MAX_DAYS, MAX_MINUTES

DAY = 24 * 60
_WANTS = "a time as HH:MM, such as 09:05, or with its date, such as 2024-08-06T00:10"
_TIME = re.compile(
    r"(?:(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ])?"
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_SHORT = re.compile(r"([0-9]{1,2}):([0-9]{1,2})")
_HALF_DAY = re.compile(r"[0-9: ]+[aApP]\.?[mM]\.?")


class Clock:
    """Reads times and days against the document's first date.

    Where that date itself could not be read, a time is checked for its shape only.
    """

    def __init__(self, date: Date | None, problems: Problems) -> None:
        self.date = date
        self.time: Reader[int] = Reader(_WANTS, self._read_time)
        self.day: Reader[int] = Reader(DATE.wants, self._read_day)
        self._problems = problems
        self._dated_seen = False
        self._seen: list[tuple[int | None, Scalar]] = []

    @property
    def is_comparable(self) -> bool:
        """Whether times can be compared: not where dated ones lack the first date."""
        return self.date is not None or not self._dated_seen

    def moment(self, minute: int) -> str:
        """The text of a minute with its date, as a user would write it."""
        clock = f"{minute % DAY // 60:02}:{minute % 60:02}"
        if self.date is None:
            return f"YYYY-MM-DDT{clock}"
        return f"{(self.date + timedelta(days=minute // DAY)).isoformat()}T{clock}"

    def check_offsets(self) -> None:
        """Refuse times whose UTC offset differs from that of the first time."""
        seen = sorted(self._seen, key=lambda item: item[1].at)
        for offset, scalar in seen[1:]:
            first, example = seen[0]
            if offset == first:
                continue
            was = "no UTC offset" if offset is None else "a UTC offset of its own"
            message = f"{quote(scalar.text)} has {was}, unlike {quote(example.text)}"
            help = "give every time of the document one and the same offset, or give none any"
            self._problems.add(scalar, message, help)

    def _read_day(self, scalar: Scalar) -> int:
        date = DATE.read(scalar)
        if self.date is None:
            return 0
        day = self._day_number(date, scalar.text)
        if day >= MAX_DAYS:
            raise self._too_late(scalar.text)
        return day

    def _day_number(self, date: Date, text: str) -> int:
        assert self.date is not None
        day = (date - self.date).days
        if day < 0:
            help = f"the document begins on {self.date}; move its `date` if that is too late"
            raise Refusal(f"{quote(text)} lies before the `date` of the document", help)
        if day > MAX_DAYS:
            raise self._too_late(text)
        return day

    def _too_late(self, text: str) -> Refusal:
        help = f"split it: a document spans at most {MAX_DAYS} days from its `date`"
        return Refusal(f"{quote(text)} lies beyond the limit of {MAX_DAYS} days", help)

    def _read_time(self, scalar: Scalar) -> int:
        text = text_of(scalar)
        found = _TIME.fullmatch(text)
        if found is None:
            raise _malformed(text)
        offset = _offset(found["offset"], text)
        minute = _minute_of_day(found, text)
        self._seen.append((offset, scalar))
        return minute if found["date"] is None else self._dated(found["date"], minute, text)

    def _dated(self, date_text: str, minute: int, text: str) -> int:
        try:
            date = Date.fromisoformat(date_text)
        except ValueError:
            raise Refusal(f"{quote(date_text)} is not a day of the calendar") from None
        self._dated_seen = True
        if self.date is None:
            return minute
        total = self._day_number(date, text) * DAY + minute
        if total > MAX_MINUTES:
            raise self._too_late(text)
        return total


def minute_of(text: str, date: Date) -> int | None:
    """A time as a document of this date writes it, in minutes from its first midnight; None for
    what is no such time."""
    try:
        return Clock(date, Problems(Source("<time>", None))).time.read(
            Scalar(-1, None, text, Kind.TEXT)
        )
    except Refusal:
        return None


def _minute_of_day(found: re.Match[str], text: str) -> int:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    is_midnight = (hour, minute, second) == (24, 0, 0)
    if not is_midnight and (hour > 23 or minute > 59 or second > 59):
        help = f"the clock runs from 00:00 to 24:00; write {_WANTS}"
        raise Refusal(f"{quote(text)} is not a time of day", help)
    return hour * 60 + minute


def _offset(text: str | None, whole: str) -> int | None:
    """Minutes from UTC; None where the time has no offset."""
    if text is None:
        return None
    if text == "Z":
        return 0
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        help = "write an offset from -14:00 to +14:00, or leave it out"
        raise Refusal(f"{quote(whole)} has an impossible UTC offset", help)
    return (hours * 60 + minutes) * (-1 if text[0] == "-" else 1)


def _malformed(text: str) -> Refusal:
    short = _SHORT.fullmatch(text)
    if short is not None:
        exact = f"{int(short[1]):02}:{int(short[2]):02}"
        help = f"write two digits for the hour and two for the minute, such as `{exact}`"
        return Refusal(f"{quote(text)} is not a time", help)
    if _HALF_DAY.fullmatch(text):
        help = "write the 24-hour clock, such as 14:05 for five past two in the afternoon"
        return Refusal(f"{quote(text)} is not a time of the 24-hour clock", help)
    return Refusal(f"{quote(text)} is not a time")
