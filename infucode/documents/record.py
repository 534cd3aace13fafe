"""One mapping of the document, read field by field; what is wrong goes to ``Problems``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from infucode.documents.nodes import Broken, Kind, Listing, Mapping, Node, Scalar
from infucode.documents.problems import Problems, Refusal, listing, quote
from infucode.documents.readers import Reader

T = TypeVar("T")


class Record:
    """Reads the fields of one mapping. A field that was never asked for is an unknown key."""

    def __init__(self, node: Mapping, what: str, problems: Problems) -> None:
        self.node = node
        self.what = what
        self.problems = problems
        self._asked: dict[str, None] = {}

    def value(self, key: str) -> Node | None:
        """The node under ``key``; None where it is left out or null."""
        self._asked[key] = None
        found = self.node.entries.get(key)
        if found is None or (isinstance(found[1], Scalar) and found[1].kind is Kind.NULL):
            return None
        return found[1]

    def has(self, key: str) -> bool:
        """Whether the document says anything under ``key``, readable or not."""
        return self.value(key) is not None

    def refuse(self, key: str, message: str, help: str) -> None:
        """Report a problem with the value of ``key``, or with the record where it has none."""
        found = self.value(key)
        self.problems.add(self.node if found is None else found, message, help)

    def optional(self, key: str, reader: Reader[T]) -> T | None:
        """The value of ``key``; None where it is left out or was refused."""
        node = self.value(key)
        return None if node is None else self.read(node, reader)

    def defaulted(self, key: str, reader: Reader[T], default: T) -> T:
        """The value of ``key``, or ``default`` where it is left out."""
        value = self.optional(key, reader)
        return default if value is None else value

    def required(self, key: str, reader: Reader[T], stand_in: T) -> T:
        """The value of ``key``; ``stand_in`` is only used in a document that is refused."""
        node = self.value(key)
        if node is None:
            self.missing(key, f"add {quote(f'{key}:')} with {reader.wants}")
            return stand_in
        value = self.read(node, reader)
        return stand_in if value is None else value

    def missing(self, key: str, help: str) -> None:
        """Report that a required key is left out."""
        entry = self.node.entries.get(key)
        place = self.node if entry is None else entry[1]
        self.problems.add(place, f"{quote(key)} is missing from {self.what}", help)

    def read(self, node: Node, reader: Reader[T]) -> T | None:
        """One value by one reader; None where it was refused."""
        if isinstance(node, Broken):
            return None
        if not isinstance(node, Scalar):
            self.problems.add(node, f"a {kind_of(node)} stands where one value is", reader.help)
            return None
        if node.kind is Kind.NULL:
            self.problems.add(node, "a value is missing here", reader.help)
            return None
        try:
            return reader.read(node)
        except Refusal as refusal:
            self.problems.add(node, refusal.message, refusal.help or reader.help)
            return None

    def nodes(self, key: str, limit: int, things: str) -> list[Node]:
        """The items of the list under ``key``, no more than ``limit``; empty if left out."""
        node = self.value(key)
        if node is None or isinstance(node, Broken):
            return []
        if not isinstance(node, Listing):
            message = f"a {kind_of(node)} stands where a list is"
            self.problems.add(node, message, f"write a list of {things}, as in [...]")
            return []
        if len(node.items) > limit:
            message = f"{len(node.items):,} {things} are more than the limit of {limit}"
            self.problems.add(node, message, f"write at most {limit} {things}")
        return node.items[:limit]

    def values(self, key: str, reader: Reader[T], limit: int, things: str) -> tuple[T, ...]:
        """The values of a list, each at most once."""
        found: dict[T, None] = {}
        for node in self.nodes(key, limit, things):
            value = self.read(node, reader)
            if value is None:
                continue
            if value in found:
                message = f"{quote(str(value))} stands twice in the list"
                self.problems.add(node, message, "write it once")
            found[value] = None
        return tuple(found)

    def record(self, key: str, what: str) -> Record | None:
        """The mapping under ``key``."""
        node = self.value(key)
        return None if node is None else self._record(node, what)

    def records(self, key: str, what: str, limit: int, things: str) -> Iterator[Record]:
        """The mappings of the list under ``key``."""
        for node in self.nodes(key, limit, things):
            record = self._record(node, what)
            if record is not None:
                yield record

    def _record(self, node: Node, what: str) -> Record | None:
        if isinstance(node, Mapping):
            return Record(node, what, self.problems)
        if not isinstance(node, Broken):
            message = f"a {kind_of(node)} stands where {what} is"
            self.problems.add(node, message, "write a mapping of `key: value` pairs")
        return None

    def done(self) -> None:
        """Refuse the keys that nobody asked for. Call it last."""
        for key, (place, _) in self.node.entries.items():
            if key not in self._asked:
                close = self.problems.nearest(key, self._asked)
                known = f"{self.what} has the keys {listing(sorted(self._asked))}"
                hint = f"did you mean {quote(close)}? " if close else ""
                self.problems.add(place, f"unknown key {quote(key)}", hint + known)


def kind_of(node: Node) -> str:
    """The user's word for what stands there."""
    if isinstance(node, Listing):
        return "list"
    return "mapping" if isinstance(node, Mapping) else "single value"
