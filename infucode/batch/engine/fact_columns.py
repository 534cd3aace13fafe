"""The facts of many encounters while they are put into columns, and in the codes of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import numpy as np

from infucode.batch.engine.columns import Codes, Column, Ints
from infucode.engine.facts import PREFIX
from infucode.passes.values import TEXT_MARK, Value
from infucode.rulebook.language import Signature
from infucode.rulebook.vocabulary import NUMBERS, Predicate, Type

MOST_NAMES = 256
"""Names of one sort that an encounter may have here."""
NAMES = {
    sort: tuple([f"{prefix}{n}" for n in range(MOST_NAMES)]) for sort, prefix in PREFIX.items()
}
"""The constants of ids, in the order in which they are given out."""
Names = dict[str, dict[str, str]]
"""The constants of the ids of one encounter, by sort."""


class Misfit(Exception):
    """A value that does not fit the vocabulary."""


class FactColumns:
    """Rows of facts by predicate: the encounter of each row, and its values. A symbol is its
    number among all symbols here."""

    def __init__(self, vocabulary: Mapping[Signature, Predicate]) -> None:
        self.vocabulary = vocabulary
        self.parts: dict[Signature, list[tuple[Ints, list[Ints]]]] = {}
        """What was put in."""
        self.relations: dict[Signature, tuple[Ints, list[Ints]]] = {}
        """All of it, by encounter, when it is finished."""
        self._symbols: dict[Value, int] = {}
        self._texts = _Texts(self._symbols)

    def finish(self) -> None:
        """No more is put in."""
        self.relations = {s: _together(parts) for s, parts in self.parts.items()}

    def columns(
        self, codes: Codes, places: Ints | None, reads: Set[Signature]
    ) -> Mapping[Signature, list[Column]]:
        """The rows of what is read, in the codes of a run: members and values; `places` are the
        encounters that the members are, None for each its own. Raises TooNarrow."""
        found: dict[Signature, list[Column]] = {}
        by_symbol = codes.column(self._symbols)
        for signature, (owners, columns) in self.relations.items():
            if signature not in reads:
                continue
            if places is not None:
                first = owners.searchsorted(places)
                counts = owners.searchsorted(places, "right") - first
                ends = counts.cumsum()
                rows = np.arange(ends[-1]) + (first - ends + counts).repeat(counts)
                owners = np.arange(len(places)).repeat(counts)
                columns = [column[rows] for column in columns]
            if len(owners):
                own = [
                    codes.within(column) if number else by_symbol[column]
                    for number, column in zip(self.numbers(signature), columns, strict=True)
                ]
                found[signature] = [owners, *own]
        return found

    def numbers(self, signature: Signature) -> list[bool]:
        """Of each place whether numbers stand there."""
        return [kind.sort == "number" for kind in self.types(signature)]

    def types(self, signature: Signature) -> Sequence[Type]:
        """The types of its places."""
        return self.vocabulary[signature].types

    def add(
        self, signature: Signature, owners: Ints, columns: list[Any], counts: Sequence[int],
        names: Sequence[Names],
    ) -> None:  # fmt: skip
        """Rows of which the last values are as stated, None for none. Raises Misfit."""
        values = columns[-1]
        missing = values.count(None)
        if missing == len(values):
            return
        kind = self.types(signature)[-1]
        if kind.sort == "id":
            found = self._named(kind.name, values, counts, names)
        if missing:
            kept = [n for n, value in enumerate(values) if value is not None]
            values = [values[n] for n in kept]
            owners, columns = owners[kept], [column[kept] for column in columns[:-1]]
        else:
            columns = columns[:-1]
        if kind.sort == "number":
            found = _in_order(values, *NUMBERS[kind.name])
        elif kind.sort == "word":
            table = {word: self.symbol(word) for word in kind.words}
            found = np.array([table[value] for value in values])
        elif kind.sort == "string":
            found = np.array(list(map(self._texts.__getitem__, values)))
        self.put(signature, owners, [*columns, found])

    def _named(
        self, sort: str, values: Sequence[str | None], counts: Sequence[int],
        names: Sequence[Names],
    ) -> Ints:  # fmt: skip
        """The constants of ids, given out to each encounter in the order of their first use."""
        given, found, begin = NAMES[sort], [], 0
        for count, own in zip(counts, names, strict=True):
            part = values[begin : begin + count]
            begin += count
            known = own.setdefault(sort, {})
            for value in part:
                if value is not None:
                    constant = known.get(value)
                    if constant is None:
                        constant = known[value] = given[len(known)]
                    found.append(constant)
        return self.constants(found)

    def put(self, signature: Signature, owners: Ints, columns: list[Ints]) -> None:
        """Rows of which the values are numbers, and numbers of symbols."""
        self.parts.setdefault(signature, []).append((owners, columns))

    def symbol(self, value: Value) -> int:
        """The number of a symbol."""
        return self._symbols.setdefault(value, len(self._symbols))

    def constants(self, names: Sequence[str]) -> Ints:
        """The numbers of some symbols."""
        table = {name: self.symbol(name) for name in dict.fromkeys(names)}
        return np.array([table[name] for name in names], dtype=np.int64)


class _Texts(dict[str, int]):
    """The numbers of texts."""

    def __init__(self, symbols: dict[Value, int]) -> None:
        super().__init__()
        self._symbols = symbols

    def __missing__(self, text: str) -> int:
        if "\0" in text:
            raise Misfit
        found = self[text] = self._symbols.setdefault(TEXT_MARK + text, len(self._symbols))
        return found


def _in_order(values: Sequence[Any], low: int, high: int) -> Ints:
    """Whole numbers. Raises Misfit for any other, and for numbers out of bounds."""
    if set(map(type, values)) != {int}:
        raise Misfit
    found = np.array(values)
    if found.dtype != np.int64 or found.min() < low or found.max() > high:
        raise Misfit
    return found


def _together(parts: Sequence[tuple[Ints, list[Ints]]]) -> tuple[Ints, list[Ints]]:
    """The rows of several parts, by encounter."""
    if len(parts) == 1:
        owners, columns = parts[0]
    else:
        owners = np.concatenate([own for own, _ in parts])
        columns = [
            np.concatenate(own) for own in zip(*[columns for _, columns in parts], strict=True)
        ]
    if bool((owners[1:] < owners[:-1]).any()):
        order = owners.argsort(kind="stable")
        owners, columns = owners[order], [column[order] for column in columns]
    return owners, columns
