"""Columns: the rows of a predicate for many encounters at once, as arrays of whole numbers.

The first column is the member (the number of the encounter in its batch); then the values, as
codes: a number is itself, a symbol stands above all numbers. The columns of a row are packed into
one key, so that rows without repeats are sorted keys, and a join is a search in them.

A row may hold in some worlds of its encounter only: its mask has a bit for each. Where there are
no masks every row holds in every world.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from infucode.passes.values import INFIMUM, LARGEST, SUPREMUM, Value

Ints = NDArray[np.int64]
Masks = NDArray[np.uint64]
Column = Ints | int
"""The codes of all rows, or the one that all have."""
WHOLE_BITS = 62
"""Bits of a key."""


class Unsuited(Exception):
    """What columns are not made for: it is done encounter by encounter."""


class TooNarrow(Unsuited):
    """Numbers that need wider codes."""


class Codes:
    """The codes of values: numbers lie in [low, high), symbols in [high, low + 2 ** bits)."""

    def __init__(self, bits: int, known: dict[Value, int] | None = None) -> None:
        self.bits = bits
        self.low, self.high = -(1 << bits - 3), 1 << bits - 2
        self.supremum, self.infimum = self.high - 1, self.low
        self.symbols: dict[Value, int] = dict(known) if known else {
            SUPREMUM: self.supremum, INFIMUM: self.infimum,
        }  # fmt: skip
        self._known = _Known(self)
        self._values: list[Value] | None = None
        self._ranks: tuple[Ints, Ints] | None = None

    def batch(self) -> Codes:
        """The same codes, to take in more symbols."""
        return Codes(self.bits, self.symbols)

    def of(self, value: Value) -> int:
        """The code of a value. Raises TooNarrow for numbers that are too large."""
        if isinstance(value, int):
            if self.low < value < self.high - 1:
                return value
            raise TooNarrow
        found = self.symbols.get(value)
        if found is None:
            found = self.symbols[value] = self.high + len(self.symbols) - 2
            if found >= self.low + (1 << self.bits):
                raise TooNarrow
        return found

    def column(self, values: Iterable[Value]) -> Ints:
        """The codes of many values. Raises TooNarrow."""
        return np.array(list(map(self._known.__getitem__, values)), dtype=np.int64)

    def within(self, numbers: Ints) -> Ints:
        """The codes of whole numbers. Raises TooNarrow."""
        if len(numbers) and (numbers.min() <= self.low or numbers.max() >= self.high - 1):
            raise TooNarrow
        return numbers

    def values(self, codes: Ints) -> list[Value]:
        """The values of codes."""
        if self._values is None or len(self._values) != len(self.symbols):
            self._values = list(self.symbols)
        if not len(codes):
            return []
        known, high = self._values, self.high
        if codes.max() < high:
            return codes.tolist()  # type: ignore[no-any-return]
        if codes.min() >= high:
            return list(map(known.__getitem__, (codes - (high - 2)).tolist()))
        return [known[c - high + 2] if c >= high else c for c in codes.tolist()]

    def numbers(self, codes: Column) -> Column:
        """The codes again. Raises Unsuited if one is no number."""
        if isinstance(codes, int):
            if not self.low < codes < self.high - 1:
                raise Unsuited("no number")
        elif len(codes) and (codes.min() <= self.low or codes.max() >= self.high - 1):
            raise Unsuited("no number")
        return codes

    def result(self, codes: Ints) -> Ints:
        """What was reckoned. Raises TooNarrow or Unsuited where it is too large."""
        if len(codes) and (codes.min() <= self.low or codes.max() >= self.high - 1):
            if codes.min() < -LARGEST or codes.max() > LARGEST:
                raise Unsuited("a number beyond 32 bits")
            raise TooNarrow
        return codes

    def ordered(self, codes: Ints) -> Ints | None:
        """Numbers that are ordered as the values are; None where the codes are."""
        return None if not len(codes) or codes.max() < self.high else self.ranked(codes)

    def ranked(self, codes: Ints) -> Ints:
        """Numbers that are ordered as the values are. Raises Unsuited for numbers beside
        symbols, which have no order here."""
        if not len(codes) or codes.max() < self.high:
            return codes
        return self.high + self._orders()[0][self._symbols(codes)]

    def unranked(self, ranks: Ints) -> Ints:
        """The codes again."""
        if not len(ranks) or ranks.max() < self.high:
            return ranks
        symbols = ranks >= self.high
        back = self._orders()[1][np.where(symbols, ranks - self.high, 0)]
        return np.where(symbols, self.high + back, ranks)

    def _symbols(self, codes: Ints) -> Ints:
        if codes.min() < self.high:
            raise Unsuited("numbers beside symbols")
        return codes - self.high

    def _orders(self) -> tuple[Ints, Ints]:
        names: list[Any] = list(self.symbols)[2:]
        if self._ranks is None or len(self._ranks[0]) != len(names):
            order = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
            ranks = np.empty_like(order)
            ranks[order] = np.arange(len(names))
            self._ranks = ranks, order
        return self._ranks


class _Known(dict[Value, int]):
    """Codes that were asked for."""

    def __init__(self, codes: Codes) -> None:
        super().__init__()
        self.codes = codes

    def __missing__(self, value: Value) -> int:
        found = self[value] = self.codes.of(value)
        return found


class Packing:
    """How the columns of a row are packed: the least value and the bits of each."""

    def __init__(self, lows: Sequence[int], bits: Sequence[int], every: bool = False) -> None:
        """`every`: there is no value that does not fit. Raises Unsuited where a row does not fit
        into a key."""
        self.lows, self.bits, self.every = lows, bits, every
        if sum(bits) > WHOLE_BITS:
            raise Unsuited("a row too long for a key")
        least = 0
        for low, own in zip(lows[1:], bits[1:], strict=True):
            least = (least << own) + low
        self._least = (least + (1 << 63)) % (1 << 64) - (1 << 63)
        """The key of the least values, in 64 bits: what goes beyond them falls away again."""
        self._rest = list(bits[1:])

    def keys(self, columns: Sequence[Column]) -> Ints:
        """The keys of rows; every value fits."""
        key: Any = columns[0]
        for column, bits in zip(columns[1:], self._rest, strict=True):
            key = key << bits
            key += column
        if self._least:
            key -= self._least
        return key  # type: ignore[no-any-return]

    def fitting(self, columns: Sequence[Column]) -> Ints:
        """The keys of rows, -1 for a row with a value that does not fit."""
        if self.every:
            return self.keys(columns)
        key: Any = columns[0]
        beyond: Any = 0
        for column, low, bits in zip(columns[1:], self.lows[1:], self._rest, strict=True):
            digit = column - low
            beyond = beyond | (digit >> bits)
            key = (key << bits) + digit
        if np.any(beyond):
            return np.where(beyond != 0, -1, key)
        return key  # type: ignore[no-any-return]

    def columns(self, keys: Ints) -> list[Ints]:
        """The columns again."""
        found = []
        for low, bits in zip(self.lows[:0:-1], self.bits[:0:-1], strict=True):
            digit = keys & ((1 << bits) - 1)
            found.append(digit + low if low else digit)
            keys = keys >> bits
        return [keys, *found[::-1]]


def ranged(columns: Sequence[Column]) -> Packing:
    """A packing for the values that there are."""
    lows, bits = [], []
    for column in columns:
        if isinstance(column, int):
            lows.append(column)
            bits.append(0)
        elif len(column):
            low = int(column.min())
            lows.append(low)
            bits.append((int(column.max()) - low).bit_length())
        else:
            lows.append(0)
            bits.append(0)
    lows[0] = 0
    bits[0] = int(columns[0].max()).bit_length() if len(columns[0]) else 0  # type: ignore
    return Packing(lows, bits)


def union(keys: Ints, masks: Masks | None) -> tuple[Ints, Masks | None]:
    """Sorted keys without repeats; of equal ones the masks become one."""
    if len(keys) < 2 or bool((keys[1:] > keys[:-1]).all()):
        return keys, masks
    if masks is None:
        keys = np.sort(keys)
        new = np.empty(len(keys), dtype=bool)
        new[0] = True
        np.not_equal(keys[1:], keys[:-1], out=new[1:])
        return keys[new], None
    order = keys.argsort()
    keys = keys[order]
    new = np.empty(len(keys), dtype=bool)
    new[0] = True
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    starts = new.nonzero()[0]
    return keys[starts], np.bitwise_or.reduceat(masks[order], starts)
