"""One line of character cells to draw on."""

from __future__ import annotations

from itertools import groupby

from rich.cells import cell_len
from rich.text import Text


class Canvas:
    """A row of ``width`` cells, each a character and a style; what lies outside is not drawn."""

    def __init__(self, width: int) -> None:
        self._cells: list[tuple[str, str]] = [(" ", "")] * width

    @property
    def used(self) -> bool:
        """Whether anything but spaces was drawn."""
        return any(character.strip() for character, _ in self._cells)

    def put(self, column: int, character: str, style: str = "") -> None:
        """Draws one character that is one cell wide."""
        if 0 <= column < len(self._cells):
            self._cells[column] = (character, style)

    def write(self, column: int, text: str, style: str = "") -> None:
        """Writes text from the column on, if all of it has room."""
        if column < 0 or column + cell_len(text) > len(self._cells):
            return
        for character in text:
            width = cell_len(character)
            if width == 0 and column:
                before, kept = self._cells[column - 1]
                self._cells[column - 1] = (before + character, kept)
                continue
            filled = [(character, style)] + [("", style)] * (width - 1)
            self._cells[column : column + width] = filled
            column += width

    def text(self) -> Text:
        """The row as text, cells of one style run together."""
        text = Text()
        for style, cells in groupby(self._cells, key=lambda cell: cell[1]):
            text.append("".join(character for character, _ in cells), style=style)
        text.rstrip()
        return text
