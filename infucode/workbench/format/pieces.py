"""A rule file as pieces: statements with their tokens, comments, and the breaks before each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_PIECE = re.compile(
    r'"(?:\\.|[^"\\\n])*"|%\*|%[^\n]*|:-|:~|\.\.|!=|<>|<=|>=|==|\*\*|#[a-z]+\+?'
    r"|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|\d+|[A-Za-z_'][\w']*|\s+|.",
    re.S | re.ASCII,
)
_NESTED = re.compile(r"%\*|\*%|%[^\n]*")
END = "."


@dataclass(frozen=True, slots=True)
class Piece:
    """A token or a comment; ``breaks`` counts the line ends between it and the one before."""

    text: str
    breaks: int

    @property
    def is_comment(self) -> bool:
        return self.text.startswith("%")


@dataclass(slots=True)
class Statement:
    """The tokens and comments from the first token of a rule to its end."""

    pieces: list[Piece] = field(default_factory=list)
    trailing: list[Piece] = field(default_factory=list)
    """The comments that stand on its last line, behind its end."""

    @property
    def breaks(self) -> int:
        return self.pieces[0].breaks


Item = Statement | Piece
"""A statement, or a comment between statements."""


def pieces(text: str) -> Iterator[Piece]:
    """The tokens and comments of a text in order; line ends as ``\\n``."""
    position = breaks = 0
    while match := _PIECE.match(text, position):
        start, position = position, match.end()
        if match[0].isspace():
            breaks += match[0].count("\n")
            continue
        if match[0] == "%*":
            position = _comment_end(text, position)
        yield Piece(_trimmed(text[start:position]), breaks)
        breaks = 0


def _trimmed(text: str) -> str:
    """A comment without spaces at the ends of its lines; a token as it is."""
    if not text.startswith("%"):
        return text
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _comment_end(text: str, position: int) -> int:
    depth = 1
    while depth and (match := _NESTED.search(text, position)):
        depth += {"%*": 1, "*%": -1}.get(match[0], 0)
        position = match.end()
    return len(text) if depth else position


def items(text: str) -> list[Item]:
    """The statements and the comments between them."""
    found: list[Item] = []
    current: Statement | None = None
    for piece in pieces(text):
        if current is not None:
            current.pieces.append(piece)
            if piece.text == END:
                found.append(current)
                current = None
        elif not piece.is_comment:
            current = Statement([piece])
        elif not piece.breaks and found and isinstance(found[-1], Statement):
            found[-1].trailing.append(piece)
        else:
            found.append(piece)
    return [*found, current] if current is not None else found
