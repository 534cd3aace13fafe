"""A change that an editor sends, put into a text: a range of it, or all of it.

Whole texts are what the server asks for; an editor that sends ranges all the same is understood.
"""

from __future__ import annotations

import re

from lsprotocol import types as lsp
from pygls.workspace import PositionCodec

_LINE = re.compile(r"[^\r\n]*")
_END = re.compile(r"\r\n|\r|\n")


def changed(codec: PositionCodec, text: str, change: lsp.TextDocumentContentChangeEvent) -> str:
    """The text after a change, which counts in the units that client and server agreed on."""
    if isinstance(change, lsp.TextDocumentContentChangeWholeDocument):
        return change.text
    places = (change.range.start, change.range.end)
    first, last = sorted(offset(codec, text, place) for place in places)
    return text[:first] + change.text + text[last:]


def offset(codec: PositionCodec, text: str, at: lsp.Position) -> int:
    """The character at a position: behind the end of a line its end, behind the last the end.

    Lines end as the protocol says, with `\\n`, `\\r\\n` or `\\r`, and with nothing else.
    """
    start = 0
    for _ in range(at.line):
        end = _END.search(text, start)
        if end is None:
            return len(text)
        start = end.end()
    line = _LINE.match(text, start)
    return start + into(codec, line[0] if line else "", at.character)


def into(codec: PositionCodec, line: str, units: int) -> int:
    """How many characters of a line a number of the client's units holds, at most all."""
    counted = 0
    for number, char in enumerate(line):
        if counted >= units:
            return number
        counted += codec.client_num_units(char)
    return len(line)
