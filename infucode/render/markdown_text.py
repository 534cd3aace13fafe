"""Markdown from foreign text: nothing in it becomes markup or breaks a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from infucode import __version__
from infucode.render.shown import shown
from infucode.render.words import counted

_MARKS = re.compile(r"[\\`*\[\]<>|~&#$]|(?<![^\W_])_|_(?![^\W_])|:(?=[a-z][a-z0-9_+-]*:)")
"""What can be markup anywhere; an underscore at the edge of a word, a colon before a name."""
_STARTS = re.compile(r"(?:[-+=]|\d+(?=[.)]))")
"""What can be markup at the start of a list item, besides `_MARKS`."""
_WEB = re.compile(r"(?i)(https?|ftp)(?=://)|www(?=\.)|(?<=\w)@(?=\w)")
"""What becomes a link by itself."""
_PLAIN_CODE = re.compile(r"[ \w.,:;/?=&%+#~()-]+")


def plain_text(data: str) -> str:
    """The text with everything escaped that Markdown would read as more than text.

    Spaces at its ends are dropped: at the start of an item they can make it code.
    """
    escaped = _MARKS.sub(lambda mark: f"\\{mark[0]}", shown(data).strip(" "))
    escaped = _WEB.sub(lambda found: f"{found[0]}<!-- -->", escaped)
    start = _STARTS.match(escaped)
    if start is None:
        return escaped
    if start[0].isdigit():
        return f"{start[0]}\\{escaped[start.end() :]}"
    return f"\\{escaped}"


def code(data: str) -> str:
    """A code span; plain text where the data could end the span."""
    safe = shown(data)
    return f"`{safe}`" if _PLAIN_CODE.fullmatch(safe) else plain_text(data)


def item(markdown: str, *, depth: int = 0, lead: str = "") -> str:
    """One item of a list, set in by its depth."""
    return f"{'    ' * depth}- {lead}{markdown}"


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: str = "") -> str:
    """A table of cells that are Markdown already; the column ``numbers`` is set to the right."""
    rules = ["--:" if title == numbers else "---" for title in titles]
    lines = [titles, rules, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fenced(lines: Iterable[str]) -> str:
    """Lines as they are, in a fence that is longer than any run of backticks in them."""
    body = "\n".join(lines)
    longest = max((len(run) for run in re.findall("`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{body}\n{fence}"


def whole_document(noun: str, overview: str, answers: Sequence[Sequence[str]], count: int) -> str:
    """The parts of each answer beneath each other; first an overview where there are several.

    `count` is of all that was asked, refused documents among them.
    """
    parts = [f"# {counted(count, noun)}", overview] if count > 1 else []
    parts += [part for answer in answers for part in answer]
    parts.append(f"---\n\ninfucode {__version__}. Labels are short words of our own, not"
                 " descriptors of the CPT code set.")  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"
