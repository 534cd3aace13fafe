"""The texts of a policy folder, cut where a fault can be put in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from infucode.rulebook.lexical import tokens

_PAPER = re.compile(r"^%@[ \t]*([a-z]+):[ \t]*(.*(?:\n%@   .*)*)\n", re.M)
_NAME = re.compile(r"[a-z]\w*")
_VARIABLE = re.compile(r"[A-Z][\w']*")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, from one offset to before another."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of a file with other words in its place."""

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Statement:
    """A rule or row: its tokens, the final stop among them."""

    tokens: tuple[Span, ...]

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    @cached_property
    def neck(self) -> int | None:
        """Which token is the `:` of `:-`; None for a row."""
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return next((n for n, (a, b) in enumerate(pairs) if a.text + b.text == ":-"), None)

    @property
    def head(self) -> tuple[Span, ...]:
        return self.tokens[: -1 if self.neck is None else self.neck]

    @property
    def body(self) -> tuple[Span, ...]:
        return () if self.neck is None else self.tokens[self.neck + 2 : -1]

    @cached_property
    def literals(self) -> tuple[tuple[Span, ...], ...]:
        """The conditions of the body."""
        return tuple(_cut(self.body))

    @cached_property
    def atoms(self) -> tuple[Applied, ...]:
        """Every predicate with arguments, the head's first."""
        return tuple(_applied(self.tokens))


@dataclass(frozen=True)
class Applied:
    """A predicate's name and its arguments, each a run of tokens."""

    name: Span
    arguments: tuple[tuple[Span, ...], ...]
    end: int

    def words(self, text: str, place: int) -> str:
        """An argument as written."""
        argument = self.arguments[place]
        return text[argument[0].start : argument[-1].end]


@dataclass(frozen=True)
class Text:
    """A file by its path below the folder."""

    file: str
    text: str

    @property
    def is_rules(self) -> bool:
        return self.file.endswith(".lp")

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Its rules and rows; none of the vocabulary's declarations."""
        return tuple(_statements(self.text)) if self.is_rules else ()

    @cached_property
    def rows(self) -> tuple[Statement, ...]:
        return tuple(s for s in self.statements if s.neck is None)

    @cached_property
    def rules(self) -> tuple[Statement, ...]:
        return tuple(s for s in self.statements if s.neck is not None)

    @cached_property
    def papers(self) -> tuple[tuple[str, Span], ...]:
        """Every paper with its key, its line ends within."""
        if not self.is_rules:
            return ()
        return tuple((m[1], Span(m.start(), m.end(), m[0])) for m in _PAPER.finditer(self.text))

    def blocks(self, *kinds: str) -> Iterator[Span]:
        """The `[[kind]]` tables of a TOML file, each to before the next."""
        for kind in kinds if not self.is_rules else ():
            for match in re.finditer(rf"^\[\[{kind}\]\]\n(?:[^\[\n].*\n)+", self.text, re.M):
                yield Span(match.start(), match.end(), match[0])

    def edit(self, span: Span, new: str) -> Edit:
        return Edit(self.file, span.start, span.end, new)


def read_texts(folder: Path) -> tuple[Text, ...]:
    """The rule files of the layers and the TOML files that the loader reads."""
    layers = {
        layer
        for profile in folder.glob("*/profile.toml")
        for version in tomllib.loads(profile.read_text(encoding="utf-8"))["version"]
        for layer in (profile.parent.name, *version["layers"])
    }
    paths = sorted(folder.glob("*.toml"))
    for layer in sorted(layers):
        own = (folder / layer).rglob("*")
        paths += sorted(path for path in own if path.suffix in (".lp", ".toml"))
    names = ((p.relative_to(folder).as_posix(), p) for p in paths)
    return tuple(
        Text(name, path.read_text(encoding="utf-8"))
        for name, path in names
        if name != "lint.toml"
    )


def is_name(span: Span) -> bool:
    return _NAME.fullmatch(span.text) is not None and span.text != "not"


def is_variable(span: Span) -> bool:
    return _VARIABLE.fullmatch(span.text) is not None


def _statements(text: str) -> Iterator[Statement]:
    found: list[Span] = []
    for start, token in tokens(text):
        found.append(Span(start, start + len(token), token))
        if token == ".":
            yield Statement(tuple(found))
            found = []


def _cut(spans: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """The runs between commas that stand in no bracket."""
    depth, run = 0, list[Span]()
    for span in spans:
        depth += (span.text in "({") - (span.text in ")}")
        if span.text == "," and not depth:
            yield tuple(run)
            run = []
        else:
            run.append(span)
    if run:
        yield tuple(run)


def _applied(spans: Sequence[Span]) -> Iterator[Applied]:
    for place, span in enumerate(spans[:-1]):
        if not (is_name(span) and spans[place + 1].text == "("):
            continue
        depth, inner = 0, list[Span]()
        for other in spans[place + 1 :]:
            depth += (other.text == "(") - (other.text == ")")
            if not depth:
                yield Applied(span, tuple(_cut(inner)), other.end)
                break
            if inner or other is not spans[place + 1]:
                inner.append(other)
