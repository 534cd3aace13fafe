"""Columns of a space: what many encounters state of one predicate, as one code for each.

A code stands for a content: the rows of a predicate, whichever encounter has them. So what hangs
on a few predicates alone is worked out once for each pairing of their codes that occurs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from infucode.engine.relations import Relation
from infucode.passes.values import Row

Ints = NDArray[np.int64]
DENSE = 1 << 17
"""Pairings of two columns are looked up in a table up to so many, and sorted beyond."""
NOTHING = 0
"""The content without rows."""


class Contents:
    """Every content once, by number; 0 has no rows."""

    def __init__(self) -> None:
        self._numbers: dict[frozenset[Row], int] = {frozenset(): NOTHING}
        self.relations: list[Relation] = [Relation()]

    def __len__(self) -> int:
        return len(self.relations)

    def number(self, rows: Iterable[Row]) -> int:
        """The number of a content."""
        content = frozenset(rows)
        found = self._numbers.get(content)
        if found is None:
            found = self._numbers[content] = len(self.relations)
            self.relations.append(Relation(dict.fromkeys(rows)))
        return found

    def rows(self, number: int) -> dict[Row, None]:
        """The rows of a content."""
        return self.relations[number].rows


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What each encounter has of one predicate: a code, and the content that a code stands for.

    Without `codes` all have the one content.
    """

    contents: Sequence[int]
    codes: Ints | None = None

    @property
    def nothing(self) -> bool:
        """Whether no encounter has a row."""
        return self.codes is None and self.contents[0] == NOTHING

    def of(self, place: int) -> int:
        """The content of one encounter."""
        return self.contents[0 if self.codes is None else int(self.codes[place])]

    def taken(self, places: Ints) -> Column:
        """The column of some of the encounters."""
        if self.codes is None:
            return self
        own, codes = np.unique(self.codes[places], return_inverse=True)
        return shortened([self.contents[code] for code in own.tolist()], codes)

    def among(self, places: Ints, wanted: Sequence[bool]) -> Ints:
        """Those of some encounters whose content is wanted, as told of each code."""
        if self.codes is None:
            return places if wanted[0] else places[:0]
        told = np.array(wanted, dtype=bool)
        return np.extract(told[self.codes[places]], places)


EMPTY = Column((NOTHING,))


def shortened(contents: Sequence[int], codes: Ints) -> Column:
    """A column; codes of equal contents become one."""
    new: dict[int, int] = {}
    renumbered = [new.setdefault(content, len(new)) for content in contents]
    if len(new) == 1:
        return Column(tuple(new))
    if len(new) == len(contents):
        return Column(contents, codes)
    return Column(tuple(new), np.array(renumbered, dtype=np.int64)[codes])


@dataclass(frozen=True, slots=True)
class Pairing:
    """The classes of encounters that agree in some columns."""

    codes: Ints | None
    """The class of each; None where there is one class."""
    first: Ints
    """An encounter of each class."""

    @property
    def number(self) -> int:
        """How many classes."""
        return len(self.first)

    def column(self, contents: Sequence[int]) -> Column:
        """A column from one content for each class."""
        if self.codes is None:
            return Column((contents[0],))
        return shortened(contents, self.codes)


ONE = Pairing(None, np.zeros(1, dtype=np.int64))


def paired(codes: Sequence[Ints], numbers: Sequence[int]) -> Pairing:
    """The classes of encounters that agree in some codes, each below its number."""
    if not codes:
        return ONE
    order = sorted(range(len(codes)), key=numbers.__getitem__)
    key, number = codes[order[0]], numbers[order[0]]
    first: Ints | None = None
    for place in order[1:]:
        key, first = compact(key * numbers[place] + codes[place], number * numbers[place])
        number = len(first)
    if first is None:
        key, first = compact(key, number)
    return Pairing(key, first)


def compact(key: Ints, number: int) -> tuple[Ints, Ints]:
    """Keys below a number as codes without gaps, and the place of one key of each code."""
    if number > DENSE:
        _, first, codes = np.unique(key, return_index=True, return_inverse=True)
        return codes, first
    places = np.full(number, -1, dtype=np.int64)
    places[key] = np.arange(len(key))
    there = (places >= 0).nonzero()[0]
    first = places[there]
    places[there] = np.arange(len(there))
    return places[key], first
