"""A whole file in house layout, and the proof that it says what it said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from infucode.errors import InternalError
from infucode.rulebook.lexical import tokens
from infucode.workbench.format.layout import lines_of
from infucode.workbench.format.pieces import Item, Piece, Statement, items, pieces

PAPERS = "%@"


def formatted(text: str) -> str:
    """The text in house layout. Raises InternalError if a rule or a comment would change.

    The text must be one that the loader can parse; line ends become ``\\n``.
    """
    plain = text.replace("\r\n", "\n")
    found = list(_lines(items(plain)))
    result = "\n".join(found) + "\n" if found else ""
    if _said(result) != _said(plain):
        raise InternalError("the layout would change a rule or a comment")
    return result


def _said(text: str) -> tuple[list[str], list[str]]:
    """What clingo reads of a text, and its tokens and comments in one order."""
    return [token for _, token in tokens(text)], [piece.text for piece in pieces(text)]


def _lines(found: list[Item]) -> Iterator[str]:
    """The lines of a file: one empty line before papers, at most one elsewhere."""
    before: Item | None = None
    for number, item in enumerate(found):
        if before is not None and (item.breaks > 1 or _opens(found, number, before)):
            yield ""
        if isinstance(item, Statement):
            yield from _statement(item)
        else:
            yield from item.text.split("\n")
        before = item


def _statement(item: Statement) -> Iterable[str]:
    lines = lines_of(item)
    return [*lines[:-1], " ".join((lines[-1], *(piece.text for piece in item.trailing)))]


def _opens(found: list[Item], number: int, before: Item) -> bool:
    """Whether the papers of a group of rules begin at an item that follows a rule."""
    if not isinstance(before, Statement):
        return False
    for item in found[number:]:
        if isinstance(item, Statement) or (item is not found[number] and item.breaks > 1):
            return False
        if _is_papers(item):
            return True
    return False


def _is_papers(item: Piece) -> bool:
    return item.text.startswith(PAPERS)
