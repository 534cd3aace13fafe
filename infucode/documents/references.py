"""Whether every id that the document names exists, and whether the times of the stay fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from infucode.documents import words
from infucode.documents.doses import check_doses
from infucode.documents.nodes import Kind, Listing, Mapping, Node, Scalar
from infucode.documents.problems import listing, quote
from infucode.documents.record import Record
from infucode.documents.times import DAY, Clock
from infucode.model.encounter import Access, Administration, ClaimLine, Encounter, Service

Item = TypeVar("Item", Administration, Access, Service, ClaimLine)


class Index:
    """The records behind the typed values, kept for the places of their fields."""

    def __init__(self) -> None:
        self.administrations: list[tuple[Record, Administration]] = []
        self.accesses: list[tuple[Record, Access]] = []
        self.services: list[tuple[Record, Service]] = []
        self.claim_lines: list[Record] = []
        self._first: dict[tuple[str, str], Record] = {}

    def add_administration(self, at: Record, item: Administration) -> Administration:
        """Keep an administration; its id must be new."""
        self.administrations.append((at, item))
        return self._new(at, item, "administration")

    def add_access(self, at: Record, item: Access) -> Access:
        """Keep an access; its id must be new."""
        self.accesses.append((at, item))
        return self._new(at, item, "access")

    def add_service(self, at: Record, item: Service) -> Service:
        """Keep a service; its id must be new."""
        self.services.append((at, item))
        return self._new(at, item, "service")

    def add_claim_line(self, at: Record, item: ClaimLine) -> ClaimLine:
        """Keep a claim line; its id must be new."""
        self.claim_lines.append(at)
        return self._new(at, item, "claim line")

    def _new(self, at: Record, item: Item, what: str) -> Item:
        earlier = self._first.setdefault((what, item.id), at)
        if item.id and earlier is not at:
            line, _ = at.problems.source.position(earlier.node.at)
            where = f"; the first is on line {line}" if line else ""
            message = f"the id {quote(item.id)} is used by another {what}"
            at.refuse("id", message, f"give each {what} an id of its own{where}")
        return item


def check(at: Record, encounter: Encounter, index: Index, clock: Clock) -> None:
    """Report every reference to something that does not exist, and what follows from them."""
    ids = _written_ids(at)
    if ids is not None:
        names = _Names(ids)
        names.check(at, "primary_reason")
        for record, _ in index.administrations:
            names.check(record, "concurrent_with")
            if (after := record.record("after", "the stated gap")) is not None:
                names.check(after, "administration")
        for record in index.claim_lines:
            names.check(record, "administrations")
    _check_selves(index)
    _check_accesses(index)
    _check_cycles(index)
    check_doses(index.administrations)
    if clock.is_comparable:
        _check_gaps(index, clock)
        _check_ends(encounter, index, clock)


def _written_ids(at: Record) -> set[str] | None:
    """The ids of all administrations as written; None where one has no readable id."""
    node = at.value("administrations")
    ids: set[str] = set()
    for item in node.items if isinstance(node, Listing) else ():
        entry = item.entries.get("id") if isinstance(item, Mapping) else None
        if entry is None or not isinstance(entry[1], Scalar) or entry[1].kind is Kind.NULL:
            return None
        ids.add(entry[1].text)
    return ids


def _names(record: Record, key: str) -> Iterator[Scalar]:
    """The ids under ``key``, a single one or a list."""
    node: Node | None = record.value(key)
    items = node.items if isinstance(node, Listing) else [node]
    for item in items:
        if isinstance(item, Scalar) and item.kind is not Kind.NULL:
            yield item


class _Names:
    """The ids that a reference to an administration may name."""

    def __init__(self, ids: set[str]) -> None:
        self._ids = ids
        self._known = f"the document has {listing(sorted(ids)) if ids else 'none'}"

    def check(self, record: Record, key: str) -> None:
        """Report each id under ``key`` that no administration has."""
        for name in _names(record, key):
            if name.text.strip() and name.text not in self._ids:
                close = record.problems.nearest(name.text, self._ids)
                hint = f"did you mean {quote(close)}? " if close else ""
                message = f"there is no administration {quote(name.text)}"
                record.problems.add(name, message, hint + self._known)


def _check_selves(index: Index) -> None:
    for record, item in index.administrations:
        for name in _names(record, "concurrent_with"):
            if name.text == item.id:
                message = f"{quote(item.id)} is named as concurrent with itself"
                record.problems.add(name, message, "name the other administration")


def _check_accesses(index: Index) -> None:
    known = {item.access for _, item in index.administrations}
    known |= {item.id for _, item in index.accesses}
    for record, item in index.accesses:
        if item.replaces is None:
            continue
        if item.replaces == item.id:
            record.refuse("replaces", "an access replaces itself", "name the access before it")
        elif item.replaces not in known:
            close = record.problems.nearest(item.replaces, known)
            hint = f"did you mean {quote(close)}? " if close else ""
            message = f"there is no access {quote(item.replaces)}"
            record.refuse("replaces", message, f"{hint}known are {listing(sorted(known))}")


def _check_cycles(index: Index) -> None:
    after = {
        item.id: item.after.administration
        for _, item in index.administrations
        if item.after is not None and item.id
    }
    replaces = {item.id: item.replaces for _, item in index.accesses if item.replaces}
    in_after, in_replaces = _on_cycles(after), _on_cycles(replaces)
    for record, item in index.administrations:
        if item.id in in_after and item.after is not None:
            message = f"{quote(item.id)} comes after itself, by way of its `after`"
            help = "name an administration that was over before; `after` must not form a ring"
            record.refuse("after", message, help)
    for record, access in index.accesses:
        if access.id in in_replaces and access.replaces != access.id:
            message = f"{quote(access.id)} replaces itself, by way of other accesses"
            record.refuse("replaces", message, "`replaces` must not form a ring")


def _on_cycles(step: dict[str, str]) -> set[str]:
    """The ids that lead back to themselves."""
    state: dict[str, int] = {}
    found: set[str] = set()
    for number, start in enumerate(step):
        here: str | None = start
        while here is not None and here in step and here not in state:
            state[here] = number
            here = step[here]
        if here is not None and state.get(here) == number and here not in found:
            first = here
            while here not in found:
                found.add(here)
                here = step[here]
            assert here == first
    return found


def _end(item: Administration) -> int | None:
    """The end as far as the record states it; a push without an end ends as it starts."""
    if item.segments:
        return item.segments[-1][1]
    if item.stop is not None or item.start is None:
        return item.stop
    if item.minutes is not None:
        return item.start + item.minutes
    return item.start if item.technique in words.TECHNIQUE_AT_ONCE else None


def _check_gaps(index: Index, clock: Clock) -> None:
    """A stated gap beside clock times must be the gap that they show."""
    items = {item.id: item for _, item in index.administrations}
    for record, item in index.administrations:
        earlier = items.get(item.after.administration) if item.after else None
        if item.after is None or earlier is None or earlier is item:
            continue
        begin, end = item.began, _end(earlier)
        if begin is not None and end is not None and begin - end != item.after.minutes:
            message = f"a gap of {item.after.minutes} minutes is not what the clock shows"
            shown = f"{begin - end} (`{clock.moment(end)}` to `{clock.moment(begin)}`)"
            help = f"the clock shows {shown}; mend one of the two or leave `after` out"
            record.refuse("after", message, help)


def _check_ends(encounter: Encounter, index: Index, clock: Clock) -> None:
    """Nothing may run on, and no service be given, after the stay has ended."""
    ends = encounter.ends
    if ends is None:
        return
    help = f"the stay `ends` at `{clock.moment(ends)}`; mend that or this"
    for record, item in index.administrations:
        for key, moment in _moments(item):
            if moment > ends:
                message = f"`{clock.moment(moment)}` lies after the end of the stay"
                record.refuse(key, message, help)
    for record, service in index.services:
        if (service.day or 0) * DAY > ends:
            message = "the date of this service lies after the end of the stay"
            record.refuse("date", message, help)


def _moments(item: Administration) -> Iterator[tuple[str, int]]:
    """The latest stated time of a run, with the field that states it; its start first."""
    for key, moment in (("start", item.start), ("stop", item.stop)):
        if moment is not None:
            yield key, moment
    if item.segments:
        yield "segments", item.segments[-1][1]
    elif item.start is not None and item.minutes is not None and item.stop is None:
        yield "minutes", item.start + item.minutes
