"""The text of one policy file, and problems at its places."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infucode.errors import PolicyError, Problem


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file: ``name`` as shown to people, ``lines`` without line ends."""

    name: str
    text: str
    lines: tuple[str, ...]

    def problem(self, line: int, column: int, message: str, help: str = "") -> Problem:
        """A problem at a 1-based line and a 1-based column that counts UTF-8 bytes."""
        shown = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        head = shown.encode()[: max(column - 1, 0)].decode(errors="replace")
        shown = "".join(
            c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in shown
        )
        return Problem(self.name, line, len(head) + 1 if column else 0, message, help, shown)

    def after(self, head: str, message: str, help: str = "") -> Problem:
        """A problem at what follows a part of the text from its beginning."""
        line = head.count("\n") + 1
        column = len(head[head.rfind("\n") + 1 :].encode()) + 1
        return self.problem(line, column, message, help)


def no_file(path: Path) -> tuple[str, str] | None:
    """What is wrong with a path that is no file to read, and what to do; None of a file.

    A pipe is none: reading it would wait for whoever writes.
    """
    if path.is_file():
        return None
    if path.is_symlink():
        return "is a link that leads to no file", "mend the link, or remove it"
    if path.exists():
        return "is not a file", "move it elsewhere"
    return "is missing", "write it, or look at the spelling of the path"


def read_source(path: Path, name: str) -> Source:
    """The text of `path`. Raises PolicyError if it cannot be read as UTF-8 or holds a NUL."""
    if wrong := no_file(path):
        raise PolicyError([Problem(name, 0, 0, *wrong)])
    try:
        return source_of(path.read_bytes(), name)
    except OSError as error:
        problem = Problem(
            name, 0, 0, f"cannot be read: {error.strerror}", "check its permissions"
        )
        raise PolicyError([problem]) from None


def source_of(content: bytes, name: str) -> Source:
    """What a file holds as text. Raises PolicyError if it is not UTF-8 or holds a NUL."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        head, text = content[: error.start].decode(), content.decode("utf-8", "replace")
        problem = _source(text, name).after(head, "is not UTF-8 text", "save it as UTF-8")
        raise PolicyError([problem]) from None
    source = _source(text, name)
    if "\0" in text:
        head = text[: text.index("\0")]
        raise PolicyError([source.after(head, "holds a NUL character", "remove it")])
    return source


def _source(text: str, name: str) -> Source:
    lines = text.split("\n")
    if "\r" in text:
        lines = [line.removesuffix("\r") for line in lines]
    return Source(name, text, tuple(lines))
