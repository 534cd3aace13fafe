"""The text of a document: decoding, the size limit, and where each character stands."""

from __future__ import annotations

import re
from bisect import bisect_right

from infucode.errors import DocumentError, Problem

MAX_BYTES = 1_000_000
"""The contract's 1 MB."""

_EXCERPT = 200
_BREAK = re.compile(r"\r\n|\r|\n")
_REFUSED = re.compile("[\x00\ud800-\udfff]")


class Source:
    """A text with a name; answers line and column of a character."""

    def __init__(self, name: str, text: str | None) -> None:
        """``text`` is None for plain data, which has no lines."""
        self.name = name
        self.has_lines = text is not None
        self.text = text = text or ""
        self._end = len(text.rstrip())
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def position(self, at: int) -> tuple[int, int]:
        """1-based line and column of character ``at``; (0, 0) where that is unknown."""
        if at < 0 or not self.has_lines:
            return 0, 0
        at = self._inside(at)
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1

    def _inside(self, at: int) -> int:
        """What is missing at the end is shown behind the last character that is no space."""
        at = min(at, self._end)
        return at - 1 if self.text[at - 1 : at + 1] == "\r\n" else at

    def excerpt(self, line: int) -> str:
        """That line, each unprintable character replaced; empty if it is too long to show."""
        if not line:
            return ""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        if end - start > _EXCERPT + 2:
            return ""
        shown = self.text[start:end].rstrip("\r\n")
        return "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in shown)

    def refuse(self, at: int, message: str, help: str) -> DocumentError:
        """The error for a document that cannot be read at all."""
        line, column = self.position(at)
        excerpt = self.excerpt(line)
        return DocumentError([Problem(self.name, line, column, message, help, excerpt)])


def open_source(text: str | bytes, name: str) -> Source:
    """The document's text, decoded and checked for size and for characters that none may hold.

    Raises DocumentError.
    """
    _check_size(text, name)
    source = Source(name, _decode(text, name).removeprefix("\ufeff"))
    _check_characters(source)
    return source


def _check_size(text: str | bytes, name: str) -> None:
    size = len(text)
    if isinstance(text, str) and size <= MAX_BYTES:
        size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        message = f"the document is larger than the limit of 1 MB ({MAX_BYTES:,} bytes)"
        help = "write one document for each patient's stay; split what is larger"
        raise DocumentError([Problem(name, 1, 1, message, help)])


def _decode(text: str | bytes, name: str) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8").removeprefix("\ufeff")
        rest = text[error.start :].decode("utf-8", "replace")
        source = Source(name, before + rest)
        message = f"byte 0x{text[error.start]:02x} is not valid UTF-8"
        raise source.refuse(len(before), message, "save the document as UTF-8") from None


def _check_characters(source: Source) -> None:
    found = _REFUSED.search(source.text)
    if found is None:
        return
    if found.group() == "\x00":
        message, help = "a NUL character stands here", "remove it; save the document as UTF-8"
    else:
        message = f"U+{ord(found.group()):04X} is half of a character (a lone surrogate)"
        help = "write the whole character"
    raise source.refuse(found.start(), message, help)
