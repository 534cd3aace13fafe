"""What-if: the same encounter with one thing said otherwise, or with it swept over a range.

The change is made in the document, and the document is read again: what no document may say is
refused as it would be in a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from infucode.documents import encounter_from_data
from infucode.documents.dump import encounter_to_data
from infucode.errors import DocumentError, UsageError
from infucode.model.encounter import Encounter
from infucode.model.solution import Solution, claimed
from infucode.rulebook.nearest import nearest

OWNERS = ("administrations", "accesses", "services")
FORM = "write ID.FIELD=VALUE, or FIELD=VALUE for the stay"
RANGE_FORM = "write ID.FIELD=FIRST..LAST, numbers or times of day"
INSTEAD = {"minutes": ("stop", "segments"), "stop": ("minutes", "segments")}
"""What cannot stand beside a field that is set."""
MOST_STEPS = 5000
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})$")
_RANGE = re.compile(r"^(.+?)\.\.(.+)$")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the stay, or of one thing in it, and what it is to say; None: nothing."""

    id: str
    field: str
    value: str | None

    def __str__(self) -> str:
        place = f"{self.id}.{self.field}" if self.id else self.field
        return f"{place} = {self.value}" if self.value is not None else f"{place} left out"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring values of a sweep that are answered alike."""

    first: str
    last: str
    values: int
    solution: Solution | None
    refused: str
    """Why no document may say so; empty where one may."""


def change_of(text: str) -> Change:
    """A change as it is written on the command line. Raises UsageError."""
    place, equals, value = text.partition("=")
    id, dot, field = place.strip().rpartition(".")
    if not equals or not field or (dot and not id):
        raise UsageError(f"`{text}` is no change; {FORM}")
    return Change(id, field, value.strip() or None)


Read = Callable[[dict[str, Any]], Encounter]


def changed(
    encounter: Encounter, changes: Sequence[Change], read: Read = encounter_from_data
) -> Encounter:
    """The encounter with some changes; `read` reads the document that it then is.

    Raises UsageError for an id that it has not, DocumentError for what no document may say.
    """
    return read(with_changes(encounter_to_data(encounter), changes))


def with_changes(data: Mapping[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    """The plain data of a document with some changes; `data` stays as it is.

    Raises UsageError for an id that it has not.
    """
    copy = dict(data)
    for owner in OWNERS:
        if owner in copy:
            copy[owner] = [dict(item) for item in copy[owner]]
    for change in changes:
        record = _record(copy, change)
        if change.value is None:
            record.pop(change.field, None)
            continue
        record[change.field] = _plain(change.value)
        for other in INSTEAD.get(change.field, ()):
            record.pop(other, None)
    return copy


def _record(data: dict[str, Any], change: Change) -> dict[str, Any]:
    if not change.id:
        return data
    known: dict[str, dict[str, Any]] = {}
    for owner in OWNERS:
        known |= {str(item["id"]): item for item in data.get(owner, ())}
    if change.id not in known:
        hint = nearest(change.id, tuple(known)) or f"ids: {', '.join(known)}"
        raise UsageError(f"the document has no `{change.id}`; {hint}")
    return known[change.id]


def _plain(text: str) -> Any:
    if _CLOCK.match(text):
        return text
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    return value if isinstance(value, (bool, int, list)) else text


def steps(text: str) -> tuple[Change, list[str]]:
    """A field and the values that it is to take, one after another. Raises UsageError."""
    change = change_of(text)
    match = _RANGE.match(change.value or "")
    if match is None:
        raise UsageError(f"`{text}` is no range; {RANGE_FORM}")
    first, last = (part.strip() for part in match.groups())
    clocks = [_minute(part) for part in (first, last)]
    values: list[str]
    if all(clock is not None for clock in clocks):
        begin, end = (clock or 0 for clock in clocks)
        values = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(begin, end + 1)]
    elif first.isdecimal() and last.isdecimal():
        values = [str(number) for number in range(int(first), int(last) + 1)]
    else:
        raise UsageError(f"`{text}` is no range; {RANGE_FORM}")
    if not values:
        raise UsageError(f"`{first}` comes after `{last}`; {RANGE_FORM}")
    if len(values) > MOST_STEPS:
        raise UsageError(f"`{text}` holds {len(values)} values; at most {MOST_STEPS} are tried")
    return change, values


def _minute(text: str) -> int | None:
    match = _CLOCK.match(text)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2])
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def sweep(
    encounter: Encounter,
    change: Change,
    values: list[str],
    solve: Callable[[Encounter], Solution],
    read: Read = encounter_from_data,
) -> Iterator[Stretch]:
    """The stretches of equal answers, in the order of the values."""
    data = encounter_to_data(encounter)
    begun: tuple[str, str, int, object, Solution | None, str] | None = None
    for value in values:
        solution: Solution | None = None
        refused = ""
        try:
            solution = solve(read(with_changes(data, [Change(change.id, change.field, value)])))
        except DocumentError as error:
            refused = error.problems[0].message
        said = claimed(solution) if solution is not None else "refused"
        if begun is not None and begun[3] == said:
            begun = (begun[0], value, begun[2] + 1, said, begun[4], begun[5])
            continue
        if begun is not None:
            yield Stretch(begun[0], begun[1], begun[2], begun[4], begun[5])
        begun = value, value, 1, said, solution, refused
    if begun is not None:
        yield Stretch(begun[0], begun[1], begun[2], begun[4], begun[5])
