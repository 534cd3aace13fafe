"""Data made fit to show: the one place where foreign text becomes screen text."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
"""Invisible, but part of how some scripts and emoji are written."""


def shown(text: str, *, ascii_only: bool = False) -> str:
    """The text with every character that could act on a terminal written as an escape.

    Control characters, line and paragraph separators, bidirectional overrides and lone
    surrogates become ``\\x07``, ``\\n`` or ``\\u202e``. With ``ascii_only`` so does everything
    beyond ASCII. Everything else, markup included, stays as it is.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(c, ascii_only) for c in text)


def _shown(character: str, ascii_only: bool) -> str:
    if " " <= character <= "~":
        return character
    if character in _NAMED:
        return _NAMED[character]
    hidden = unicodedata.category(character) in _HIDDEN and character not in _JOINERS
    if not hidden and not ascii_only:
        return character
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def shortened(text: str, width: int, ellipsis: str) -> str:
    """The text in at most ``width`` cells, with ``ellipsis`` where something was left off."""
    if cell_len(text) <= width:
        return text
    room = max(0, width - cell_len(ellipsis))
    return text[: cells_offset(text, room)].rstrip() + ellipsis[:width]


def cells_offset(text: str, width: int) -> int:
    """How many leading characters of the text fit into ``width`` cells."""
    low, high = 0, min(len(text), 4 * width + 8)
    while low < high:
        middle = (low + high + 1) // 2
        if cell_len(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def padded(text: str, width: int) -> str:
    """The text filled with spaces to ``width`` cells."""
    return text + " " * max(0, width - cell_len(text))
