"""Which cases name a rule, found in the texts of the case files without reading them as cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from infucode.workbench.server.folder import Folder

_ITEM = re.compile(r"^- ?", re.M)
ID = re.compile(r"(?<![\w.-])[a-z][a-z0-9]*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+(?![\w-])")
"""What may be a rule id."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case begins: its file below the folder, its line (1-based), the ids it names."""

    name: str
    line: int
    ids: frozenset[str]


class CaseIndex:
    """The cases of a folder by the rules that they name; a file is looked at once a text."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._known: dict[str, tuple[str, tuple[Place, ...]]] = {}

    def places(self) -> Iterator[Place]:
        """Where each case begins."""
        for name in self.folder.mirror.names(".yaml"):
            if "/cases/" not in f"/{name}":
                continue
            text = self.folder.mirror.text(name)
            known = self._known.get(name)
            if known is None or known[0] != text:
                known = self._known[name] = text, tuple(_places(name, text))
            yield from known[1]

    def naming(self, rule: str) -> list[Place]:
        """The cases that name a rule."""
        return [place for place in self.places() if rule in place.ids]

    def counts(self) -> dict[str, int]:
        """How many cases name each rule that any case names."""
        found: dict[str, int] = {}
        for place in self.places():
            for id in place.ids:
                found[id] = found.get(id, 0) + 1
        return found


def _places(name: str, text: str) -> Iterator[Place]:
    starts = [match.start() for match in _ITEM.finditer(text)]
    ends = [*starts[1:], len(text)]
    for start, end in zip(starts, ends, strict=False):
        block = re.sub(r"(?m)(^|\s)#.*$", "", text[start:end])
        line = text.count("\n", 0, start) + 1
        yield Place(name, line, frozenset(ID.findall(block)))
