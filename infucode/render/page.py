"""A page of text under construction: wrapping, hanging indents, glyphs, width."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from infucode.render.shown import cells_offset, shown

MEASURE = 92
"""Sentences are not set wider than this: longer lines are hard to read."""

NARROW = 70
"""Below this width, columns are stacked."""

DIM = "dim"
STRONG = "bold"
CODE = "bold cyan"
DOUBT = "yellow"


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters that the page is drawn with, each one cell wide unless said."""

    bullet: str
    dot: str
    ellipsis: str
    rule: str
    solid: str
    derived: str
    missing: str
    unknown: str
    pause: str
    push: str
    injection: str
    midnight: str
    tick: str
    branch: str
    """Three cells, as the next three."""
    last: str
    trunk: str
    gap: str
    times: str


UNICODE = Glyphs(
    bullet="•", dot="·", ellipsis="…", rule="─", solid="▇", derived="▒", missing="░",
    unknown="?", pause="╌", push="┃", injection="▼", midnight="┊", tick="┬",
    branch="├─ ", last="└─ ", trunk="│  ", gap="   ", times="×",
)  # fmt: skip
ASCII = Glyphs(
    bullet="-", dot="-", ellipsis="..", rule="-", solid="#", derived="=", missing="~",
    unknown="?", pause="-", push="|", injection="v", midnight=":", tick="+",
    branch="|- ", last="`- ", trunk="|  ", gap="   ", times="x",
)  # fmt: skip


class Page:
    """Lines of text, none wider than ``width``; data enters through :meth:`data` only."""

    def __init__(self, width: int, *, ascii_only: bool = False) -> None:
        self.width = max(1, width)
        self.ascii_only = ascii_only
        self.glyphs = ASCII if ascii_only else UNICODE
        self.lines: list[Text] = []

    @classmethod
    def on(cls, console: Console, *, ascii_only: bool = False) -> Page:
        """A page as wide as the console, in ASCII where the console cannot do better."""
        return cls(console.width, ascii_only=ascii_only or not _unicode(console))

    @property
    def narrow(self) -> bool:
        return self.width < NARROW

    def data(self, text: str) -> str:
        """Foreign text, fit to show on this page."""
        return shown(text, ascii_only=self.ascii_only)

    def blank(self) -> None:
        """Separates what follows by one empty line, never by two."""
        if self.lines and self.lines[-1].plain:
            self.lines.append(Text())

    def heading(self, title: str, note: str = "", style: str = STRONG) -> None:
        """A title on a line of its own, after an empty one."""
        self.blank()
        text = Text(title, style=style)
        if note:
            text = Text.assemble(text, "  ", (note, DIM))
        self.para(text)

    def row(self, text: Text) -> None:
        """A line that already fits, as it is."""
        text.rstrip()
        self.lines.append(text)

    def flow(
        self,
        entries: Iterable[str],
        *,
        indent: int = 0,
        style: str = "",
        lead: Text | None = None,
    ) -> None:
        """Short entries one after another, each unbroken as far as the width allows."""
        hang = indent + (cell_len(lead.plain) if lead else 0)
        row = ""
        for entry in entries:
            joined = f"{row}   {entry}" if row else entry
            if row and cell_len(joined) > min(MEASURE, self.width - hang):
                self.para(Text(row, style=style), indent=indent, lead=lead)
                lead = Text(" " * (hang - indent))
                joined = entry
            row = joined
        if row:
            self.para(Text(row, style=style), indent=indent, lead=lead)

    def para(self, body: Text, *, indent: int = 0, lead: Text | None = None) -> None:
        """Wrapped text; ``lead`` hangs before its first line, the rest is set under the body."""
        lead = lead or Text()
        hang = indent + cell_len(lead.plain)
        if hang > self.width - min(24, self.width):
            if lead.plain.strip():
                self.para(lead, indent=min(indent, self.width // 3))
            hang, lead = min(indent + 2, self.width // 3), Text()
        first = Text.assemble(" " * (hang - cell_len(lead.plain)), lead)
        for part in wrapped(body, max(1, min(MEASURE, self.width - hang))):
            line = Text.assemble(first, part)
            line.rstrip()
            self.lines.append(line)
            first = Text(" " * hang)

    def print(self, console: Console) -> None:
        """Writes the page, exactly as it is laid out."""
        if self.lines:
            whole = Text("\n").join(self.lines)
            console.print(whole, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)


def wrapped(text: Text, width: int) -> Iterable[Text]:
    """The text cut into lines of at most ``width`` cells; nothing but spaces is dropped."""
    for line in text.divide(_breaks(text.plain, width)):
        line.rstrip()
        yield line


def _breaks(plain: str, width: int) -> list[int]:
    """Where new lines begin: before a word that no longer fits, or inside one that never does."""
    offsets: list[int] = []
    if cell_len(plain) <= width:
        return offsets
    used = 0
    for match in re.finditer(" *[^ ]+ *", plain):
        word, start = match.group().rstrip(" "), match.start()
        if used and used + cell_len(word) > width:
            offsets.append(start)
            used = 0
        while cell_len(word) > width:
            step = max(1, cells_offset(word, width))
            word, start = word[step:], start + step
            if word:
                offsets.append(start)
        used += cell_len(word) + len(match.group()) - len(match.group().rstrip(" "))
    return offsets


def _unicode(console: Console) -> bool:
    return console.encoding.lower().replace("-", "").replace("_", "").startswith("utf")
