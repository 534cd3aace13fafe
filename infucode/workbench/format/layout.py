"""The lines of one statement: the writer's own breaks between conditions are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from infucode.workbench.format.pieces import END, Piece, Statement
from infucode.workbench.format.spacing import Spaced, flat

COLUMNS = 98
BODY, WITHIN = 4, 8
"""The indent of a body, and of what goes on within braces."""
ARROWS = (":-", ":~")


@dataclass(slots=True)
class Chunk:
    """Tokens that stay on one line. ``starts`` says that a condition of the body begins here."""

    text: str
    starts: bool
    broken: bool
    """Whether the writer ended the line before it."""
    element: bool = False
    """Whether it begins a further element of an aggregate."""
    comment: str = ""
    """A comment that stands behind it, or alone where there is no text."""


def lines_of(statement: Statement) -> list[str]:
    """The statement in house layout, without its trailing comments."""
    pieces = statement.pieces
    texts = [piece.text for piece in pieces]
    directive = texts[0].startswith("#")
    arrow = next((n for n, text in enumerate(texts) if text in ARROWS), None)
    comments = any(piece.is_comment for piece in pieces)
    if arrow is None or directive:
        return [flat(texts, directive=directive)] if not comments else _plainly(pieces)
    head, body = pieces[: arrow + 1], pieces[arrow + 1 :]
    if any(piece.is_comment for piece in head):
        return _plainly(pieces)
    line = flat(texts)
    chunks = list(_chunks(body))
    if not comments and len(line) <= COLUMNS and not any(c.broken for c in chunks):
        return [line]
    return [flat([piece.text for piece in head]), *_filled(chunks)]


def _plainly(pieces: list[Piece]) -> list[str]:
    """A statement with comments where none is expected: each comment ends its line."""
    lines: list[str] = []
    tokens: list[str] = []
    for piece in pieces:
        if piece.is_comment:
            lines.append(" ".join(filter(None, (flat(tokens), piece.text))))
            tokens = []
        else:
            tokens.append(piece.text)
    lines.append(flat(tokens))
    return [lines[0], *(" " * BODY + line for line in lines[1:])]


def _chunks(body: list[Piece]) -> Iterator[Chunk]:
    """The body in parts between which a line may end."""
    spaced, depth, braces = Spaced(), 0, 0
    chunk = Chunk("", True, bool(body) and body[0].breaks > 0)
    for number, piece in enumerate(body):
        token = piece.text
        if piece.is_comment:
            if piece.breaks or chunk.text:
                yield from _unless_empty(chunk)
                chunk = Chunk("", True, True)
            yield Chunk("", True, piece.breaks > 0, comment=token)
            chunk.broken = True
            continue
        space = spaced.space(token)
        chunk.text += (space if chunk.text else "") + token
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token, 0)
        braces += {"{": 1, "}": -1}.get(token, 0)
        following = body[number + 1] if number + 1 < len(body) else None
        if following is not None and token != END and _may_end(token, depth, braces):
            yield chunk
            element = bool(braces) and token == ";"
            chunk = Chunk("", not braces, following.breaks > 0, element)
    yield from _unless_empty(chunk)


def _unless_empty(chunk: Chunk) -> Iterator[Chunk]:
    if chunk.text:
        yield chunk


def _may_end(token: str, depth: int, braces: int) -> bool:
    """Whether a line may end behind a token: between conditions, also those of an aggregate."""
    if token in (",", ";"):
        return depth == braces
    return token == ":" and bool(braces) and depth == braces


def _filled(chunks: list[Chunk]) -> list[str]:
    """The chunks on lines: broken where the writer broke them, or where they would not fit."""
    lines: list[str] = []
    line, column = "", WITHIN
    for number, chunk in enumerate(chunks):
        if chunk.comment:
            if chunk.broken or not (line or lines):
                lines += [line] if line else []
                lines.append(" " * BODY + chunk.comment)
            elif line:
                lines.append(f"{line} {chunk.comment}")
            else:
                lines[-1] += f" {chunk.comment}"
            line = ""
            continue
        room = COLUMNS - len(line) - 1
        if line and not chunk.broken and len(_together(chunks, number, room)) <= room:
            line += " " + chunk.text
        else:
            lines += [line] if line else []
            indent = BODY if chunk.starts else column if chunk.element else WITHIN
            line = " " * indent + chunk.text
        column = _column(line, column)
    return [*lines, line] if line else lines


def _together(chunks: list[Chunk], number: int, room: int) -> str:
    """A chunk with what belongs to its condition, as far as the writer left them on one line.

    A condition too long for any line counts by its first part alone.
    """
    text = chunks[number].text
    if not chunks[number].starts:
        return text
    whole = text
    for chunk in chunks[number + 1 :]:
        if chunk.starts or chunk.broken or chunk.comment:
            break
        whole += " " + chunk.text
    return whole if len(whole) <= COLUMNS - BODY or len(text) > room else text


def _column(line: str, before: int) -> int:
    """Where further elements of the aggregate that a line opens are lined up."""
    opened = line.rfind("{ ")
    closed = line.rfind("}")
    return opened + 2 if opened > closed else before
