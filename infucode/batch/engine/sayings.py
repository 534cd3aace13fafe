"""Messages of rules: each template read once, filled for many encounters.

What `engine/wording.py` says of a value it is asked for once in each encounter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from infucode.engine.program import Program
from infucode.engine.wording import Wording
from infucode.passes.values import Row, Value
from infucode.render.json_view import dumps
from infucode.rulebook.papers import PLACEHOLDER
from infucode.rulebook.vocabulary import Type

PIECE = re.compile(rf"{PLACEHOLDER.pattern}|\(s\)")
Piece = str | tuple[int, int] | None
"""Text as it stands; the number of a variable and of its type; or an s unless one was counted."""


class Sayings:
    """The messages of the rules of one program, read once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.kinds: list[Type | None] = []
        self._numbers: dict[Type | None, int] = {}
        self._says: dict[int, tuple[Sequence[Piece], str]] = {}
        self._matters: dict[int, Sequence[Piece]] = {}

    def says(self, position: int) -> tuple[Sequence[Piece], str]:
        """What a rule says, and its citation as JSON."""
        found = self._says.get(position)
        if found is None:
            papers = self.program.book.rules[position].papers
            names, _ = self.program.types(position)
            if papers.placeholders <= set(names):
                pieces = self._pieces(papers.says or papers.text, position)
            else:
                pieces = [papers.text]
            found = self._says[position] = pieces, quoted(papers.cite)
        return found

    def matters(self, position: int) -> Sequence[Piece]:
        """What a question of a rule decides. Raises ValueError for an unknown placeholder."""
        found = self._matters.get(position)
        if found is None:
            papers = self.program.book.rules[position].papers
            found = self._matters[position] = self._pieces(papers.matters, position)
        return found

    def _pieces(self, text: str, position: int) -> Sequence[Piece]:
        names, types = self.program.types(position)
        found: list[Piece] = []
        end = 0
        for match in PIECE.finditer(text):
            found.append(text[end : match.start()])
            end = match.end()
            if match[1] is None:
                found.append(None)
            else:
                found.append((names.index(match[1]), self._number(types.get(match[1]))))
        found.append(text[end:])
        return [piece for piece in found if piece != ""]

    def _number(self, kind: Type | None) -> int:
        if kind not in self._numbers:
            self._numbers[kind] = len(self.kinds)
            self.kinds.append(kind)
        return self._numbers[kind]


class Speech:
    """Fills the messages of one encounter."""

    def __init__(self, sayings: Sayings, wording: Wording) -> None:
        self.sayings, self.wording = sayings, wording
        self._known: dict[tuple[Value, int], str] = {}

    def fill(self, pieces: Sequence[Piece], values: Row) -> str:
        """A message with the values of the variables in it."""
        known, one, found = self._known, False, []
        for piece in pieces:
            if isinstance(piece, str):
                found.append(piece)
            elif piece is None:
                if not one:
                    found.append("s")
            else:
                value = values[piece[0]]
                if isinstance(value, int):
                    one = value == 1
                key = value, piece[1]
                text = known.get(key)
                if text is None:
                    kind = self.sayings.kinds[piece[1]]
                    text = known[key] = self.wording.spoken(value, kind)
                found.append(text)
        return "".join(found)


def plain(text: str) -> str:
    """A text as JSON, not remembered."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return dumps(text, compact=True)[:-1]


@lru_cache(maxsize=65536)
def quoted(text: str) -> str:
    """A text as JSON."""
    return plain(text)
