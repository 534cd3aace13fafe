"""The tree that YAML, JSON and plain data are read into: text with its place, not yet typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from infucode.documents.problems import Halt, Problems, printable, quote

MAX_DEPTH = 12
"""Lists and mappings inside one another; the contract needs six."""

MAX_NODES = 200_000
"""Values in one document."""

_REFUSED = re.compile("[\x00\ud800-\udfff]")


class Kind(Enum):
    """How a scalar was written; its text is what counts."""

    TEXT = "text"
    PLAIN = "plain"
    NUMBER = "number"
    BOOLEAN = "boolean"
    FLOAT = "float"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Path:
    """The way from the root to a value, as a chain."""

    parent: Path | None
    key: str | int

    def __str__(self) -> str:
        steps: list[str] = []
        here: Path | None = self
        while here is not None:
            if isinstance(here.key, int):
                steps.append(f"[{here.key}]")
            elif here.key:
                steps.append(f".{printable(here.key, 40)}")
            here = here.parent
        return "".join(reversed(steps)).removeprefix(".")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: the character in the text (-1 unknown) and the path."""

    at: int
    path: Path | None

    @property
    def field(self) -> str:
        """The dotted path, such as ``administrations[2].stop``."""
        return "" if self.path is None else str(self.path)


@dataclass(frozen=True, slots=True)
class Scalar(Place):
    """One value as text."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Listing(Place):
    """A list."""

    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping(Place):
    """A mapping; the last of two equal keys is kept out and was reported."""

    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Broken(Place):
    """A value that was refused while the tree was built."""


Node = Scalar | Listing | Mapping | Broken


@dataclass(slots=True)
class _Frame:
    node: Listing | Mapping
    key: Scalar | None = None
    is_key: bool = False


class Builder:
    """Builds the tree from a walk over the text: scalars, and containers opened and closed."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.root: Node | None = None
        self._stack: list[_Frame] = []
        self._count = 0

    @property
    def at_key(self) -> bool:
        """Whether the next scalar is a key."""
        return self._awaits_key(self._stack[-1]) if self._stack else False

    def refuse(self, at: int, message: str, help: str) -> None:
        """Report a problem with what comes next."""
        path = self._path()
        self.problems.add_at(at, message, help, field="" if path is None else str(path))

    def scalar(self, at: int, text: str, kind: Kind) -> None:
        """Add a key or a value."""
        self._tally(at)
        if self.at_key:
            self._stack[-1].key = Scalar(at, self._path(text), text, kind)
            self._check_key(self._stack[-1])
            return
        node = Scalar(at, self._path(), text, kind)
        self._attach(node if self._clean(node) else Broken(at, node.path))

    def broken(self, at: int) -> None:
        """Add a key or value that was refused by the caller."""
        self._tally(at)
        if self.at_key:
            self._stack[-1].key = Scalar(at, self._path(""), "", Kind.NULL)
            return
        self._attach(Broken(at, self._path()))

    def open(self, at: int, container: type[Listing] | type[Mapping]) -> None:
        """Begin a list or a mapping; what follows goes into it."""
        self._tally(at)
        is_key = self.at_key
        node = container(at, self._path("" if is_key else None))
        if is_key:
            self.problems.add(node, "a key is a list or a mapping", "write a single word as key")
        if len(self._stack) >= MAX_DEPTH:
            message = f"more than {MAX_DEPTH} lists or mappings lie inside one another"
            self.problems.add(node, message, "no field of the encounter document goes so deep")
            raise Halt
        self._stack.append(_Frame(node, is_key=is_key))

    def close(self) -> None:
        """End the list or mapping that was opened last."""
        frame = self._stack.pop()
        if frame.is_key:
            node = frame.node
            self._stack[-1].key = Scalar(node.at, node.path, "", Kind.NULL)
        else:
            self._attach(frame.node)

    def _tally(self, at: int) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            message = f"the document holds more than {MAX_NODES:,} values"
            self.problems.add_at(at, message, "split it: one document is one patient's stay")
            raise Halt

    def _path(self, key: str | None = None) -> Path | None:
        """The path of what comes next; ``key`` is given where that is a key."""
        if not self._stack:
            return None
        frame = self._stack[-1]
        if isinstance(frame.node, Listing):
            return Path(frame.node.path, len(frame.node.items))
        if key is None and frame.key is not None:
            return frame.key.path
        return Path(frame.node.path, key or "")

    @staticmethod
    def _awaits_key(frame: _Frame) -> bool:
        return isinstance(frame.node, Mapping) and frame.key is None

    def _check_key(self, frame: _Frame) -> None:
        key = frame.key
        assert key is not None and isinstance(frame.node, Mapping)
        if not self._clean(key):
            return
        earlier = frame.node.entries.get(key.text)
        if earlier is not None:
            line, _ = self.problems.source.position(earlier[0].at)
            first = f"; it stands on line {line} already" if line else ""
            message = f"the key {quote(key.text)} is written twice"
            self.problems.add(key, message, f"keep one of the two{first}")

    def _clean(self, node: Scalar) -> bool:
        found = _REFUSED.search(node.text)
        if found is None:
            return True
        if found.group() == "\x00":
            self.problems.add(node, "the text holds a NUL character", "write it without NUL")
        else:
            message = f"the text holds U+{ord(found.group()):04X}, half of a character"
            self.problems.add(node, message, "write the whole character")
        return False

    def _attach(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        if isinstance(frame.node, Listing):
            frame.node.items.append(node)
            return
        key, frame.key = frame.key, None
        if key is not None and not self._is_refused(key):
            frame.node.entries.setdefault(key.text, (key, node))

    @staticmethod
    def _is_refused(key: Scalar) -> bool:
        return (key.kind is Kind.NULL and key.text == "") or bool(_REFUSED.search(key.text))
