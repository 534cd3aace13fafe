"""Where problems of one document are gathered, and how they are worded."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from infucode.documents.source import Source
from infucode.errors import DocumentError, Problem

SHOWN = 1_000
"""Problems listed one by one; the rest are counted."""

GUESSED = 100
"""Problems that get a nearest word; looking for it takes time."""

WORD = 60
"""Characters of the user's words that a message repeats."""


class Refusal(Exception):
    """A reader cannot take a value: what was wrong, and what would be right."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class Halt(Exception):
    """Reading cannot go on; the reason is among the problems already."""


class Placed(Protocol):
    """Whatever has a place in the document: a node of the tree."""

    @property
    def at(self) -> int: ...

    @property
    def field(self) -> str: ...


class Problems:
    """Every problem of one document, each with its place."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: dict[Problem, None] = {}
        self._uncounted = 0

    def __len__(self) -> int:
        return len(self._found)

    def add(self, place: Placed, message: str, help: str) -> None:
        """Record that the value at ``place`` is wrong."""
        self.add_at(place.at, message, help, field=place.field)

    def add_at(self, at: int, message: str, help: str, *, field: str = "") -> None:
        """Record a problem at a character of the text, -1 for the document as a whole."""
        if len(self._found) >= SHOWN:
            self._uncounted += 1
            return
        line, column = self.source.position(at)
        excerpt = self.source.excerpt(line)
        problem = Problem(self.source.name, line, column, message, help, excerpt, field)
        self._found[problem] = None

    def nearest(self, word: str, known: Iterable[str]) -> str | None:
        """The known word that is most like ``word``, if one is like it at all."""
        if len(self._found) > GUESSED:
            return None
        return nearest(word, list(known))

    def error(self) -> DocumentError:
        """All of them as the one error, in the order of the text."""
        found = sorted(self._found, key=lambda problem: (problem.line, problem.column))
        if self._uncounted:
            message = f"{self._uncounted} further problems are not listed"
            help = f"mend the {SHOWN} above and read the document again"
            found.append(Problem(self.source.name, 0, 0, message, help))
        return DocumentError(found)

    def raise_any(self) -> None:
        """Raise the error if there is any problem."""
        if self._found:
            raise self.error()


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that is most like ``word``, or None."""
    from difflib import get_close_matches

    if len(word) > WORD:
        return None
    folded = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def printable(text: str, limit: int = WORD) -> str:
    """``text`` on one line: shortened, with unprintable characters escaped."""
    cut = text if len(text) <= limit else text[: limit - 3] + "..."
    if cut.isprintable():
        return cut
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)


def quote(text: str) -> str:
    """The user's words in backticks."""
    return f"`{printable(text)}`"


def listing(words: Iterable[str]) -> str:
    """Words in backticks with commas between them; a long list is cut."""
    words = list(words)
    shown = ", ".join(quote(word) for word in words[:40])
    return shown if len(words) <= 40 else f"{shown} and {len(words) - 40} more"
