"""What-if: the same encounter with one thing said otherwise, or with it swept over a range.

The change is made in the document, and the document is read again: what no document may say is
refused as it would be in a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date
from typing import Any

import yaml

from infucode.documents import encounter_from_data
from infucode.documents.dump import encounter_to_data, moment
from infucode.documents.times import DAY, minute_of
from infucode.errors import DocumentError, UsageError
from infucode.model.encounter import Encounter
from infucode.model.solution import Solution, claimed
from infucode.rulebook.nearest import nearest

OWNERS = ("administrations", "accesses", "services")
STAY = ("switches",)
"""What holds fields of its own in the stay."""
CLAIM = "claim_lines"
FORM = "write ID.FIELD=VALUE, or FIELD=VALUE for the stay"
RANGE_FORM = "write ID.FIELD=FIRST..LAST, whole numbers or times"
INSTEAD = {"minutes": ("stop", "segments"), "stop": ("minutes", "segments")}
"""What cannot stand beside a field that is set."""
MOST_STEPS = 5000
_RANGE = re.compile(r"^(.+?)\.\.(.+)$")
_WHOLE = re.compile(r"-?[0-9]{1,12}")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the stay, or of one thing in it, and what it is to say; None: nothing.

    A field within a field has a dot: `dose.administered`.
    """

    id: str
    field: str
    value: str | None

    @property
    def place(self) -> str:
        """The field as it is written."""
        return f"{self.id}.{self.field}" if self.id else self.field

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.place} left out"
        return f"{self.place} = {self.value}"


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
    parts = [part.strip() for part in place.split(".")]
    if not equals or not all(parts):
        raise UsageError(f"`{text}` is no change; {FORM}")
    id, field = ("", parts[0]) if len(parts) == 1 else (parts[0], ".".join(parts[1:]))
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
        record, path = _place(copy, change)
        _set(record, path, change)
        if change.value is not None and len(path) == 1:
            for other in INSTEAD.get(path[0], ()):
                record.pop(other, None)
    return copy


def _set(record: dict[str, Any], path: Sequence[str], change: Change) -> None:
    """Set or leave out what stands at a path; what lies on it is copied before it is changed."""
    *within, field = path
    for name in within:
        inner = record.get(name, {})
        if not isinstance(inner, Mapping):
            whole = f"write it whole: {change.place.partition(name)[0]}{name}=..."
            raise UsageError(f"`{name}` holds no fields of its own; {whole}")
        record[name] = dict(inner)
        record = record[name]
    if change.value is None:
        record.pop(field, None)
    else:
        record[field] = _plain(change.value)


def _place(data: dict[str, Any], change: Change) -> tuple[dict[str, Any], list[str]]:
    """What a change is of, and the path to the field in it. An id may hold dots."""
    if not change.id:
        return data, [change.field]
    known: dict[str, dict[str, Any]] = {}
    for owner in OWNERS:
        known |= {str(item["id"]): item for item in data.get(owner, ())}
    for id in sorted(known, key=len, reverse=True):
        if change.place.startswith(f"{id}."):
            return known[id], change.place[len(id) + 1 :].split(".")
    if change.id in STAY:
        return data, change.place.split(".")
    if any(change.id == line.get("id") for line in data.get(CLAIM, ())):
        raise UsageError(
            f"`{change.id}` is a line of the claim; no answer to the record reads it"
        )
    hint = nearest(change.id, tuple(known)) or f"ids: {', '.join(known)}"
    raise UsageError(f"the document has no `{change.id}`; {hint}")


def _plain(text: str) -> Any:
    """A value as plain data: text, a whole number, yes or no; or a list or mapping of such,
    in brackets. What stands in quotes is text."""
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return text
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.style else _scalar(text)
    if isinstance(node, yaml.CollectionNode) and node.flow_style:
        return _data(node)
    return text


def _data(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_data(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _data(value) for key, value in node.value}
    quoted = isinstance(node, yaml.ScalarNode) and node.style
    return node.value if quoted else _scalar(node.value)


def _scalar(text: str) -> Any:
    if text.lower() in _TRUTH:
        return _TRUTH[text.lower()]
    return int(text) if _WHOLE.fullmatch(text) else text


def steps(text: str, date: Date) -> tuple[Change, list[str]]:
    """A field and the values that it is to take, one after another; `date` is that of the stay,
    which a time of a later day is counted from. Raises UsageError."""
    change = change_of(text)
    match = _RANGE.match(change.value or "")
    if match is None:
        raise UsageError(f"`{text}` is no range; {RANGE_FORM}")
    first, last = (part.strip() for part in match.groups())
    clocks = [minute_of(part, date) for part in (first, last)]
    if _WHOLE.fullmatch(first) and _WHOLE.fullmatch(last):
        numbers = range(int(first), int(last) + 1)
        _check(text, first, last, len(numbers), RANGE_FORM)
        return change, [str(number) for number in numbers]
    begin, end = clocks
    if begin is None or end is None:
        raise UsageError(f"`{text}` is no range; {RANGE_FORM}")
    later = f"write a time of the next day as {moment(DAY + end % DAY, date)}"
    _check(text, first, last, end + 1 - begin, later)
    return change, [moment(minute, date) for minute in range(begin, end + 1)]


def _check(text: str, first: str, last: str, number: int, help: str) -> None:
    if number <= 0:
        raise UsageError(f"`{first}` comes after `{last}`; {help}")
    if number > MOST_STEPS:
        raise UsageError(f"`{text}` holds {number} values; at most {MOST_STEPS} are tried")


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
            solution = solve(read(with_changes(data, [replace(change, value=value)])))
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
