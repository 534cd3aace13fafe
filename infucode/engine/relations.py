"""Relations: rows of a predicate, in the order in which they were found, and their indexes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from infucode.passes.compile import Access
from infucode.passes.values import Row
from infucode.rulebook.language import Signature

Relations = Mapping[Signature, "Relation"]


class Relation:
    """Rows without repeats; an index is made when it is first asked for."""

    __slots__ = ("_indexes", "newest", "rows")

    def __init__(self, rows: dict[Row, None] | None = None) -> None:
        self.rows: dict[Row, None] = {} if rows is None else rows
        self.newest: dict[Row, None] = {}
        """Those of the last round, while rules that read themselves are run."""
        self._indexes: dict[tuple[int, ...], dict[Any, list[Row]]] = {}

    def index(self, places: tuple[int, ...]) -> dict[Any, list[Row]]:
        """The rows by their value at one place, or by their values at several."""
        found = self._indexes.get(places)
        if found is None:
            found = self._indexes[places] = {}
            _enter(found, places, self.rows)
        return found

    def grow(self, rows: dict[Row, None]) -> None:
        """Add rows that are not there yet; they are the newest."""
        self.newest = rows
        self.rows.update(rows)
        for places, index in self._indexes.items():
            _enter(index, places, rows)


NOTHING = Relation()


def _enter(index: dict[Any, list[Row]], places: tuple[int, ...], rows: Iterable[Row]) -> None:
    key = itemgetter(*places)
    for row in rows:
        known = key(row)
        if known in index:
            index[known].append(row)
        else:
            index[known] = [row]


def read(relations: Relations, access: Access) -> object:
    """What a compiled function reads."""
    relation = relations.get(access.signature, NOTHING)
    if access.newest:
        return relation.newest
    return relation.rows if access.places is None else relation.index(access.places)
