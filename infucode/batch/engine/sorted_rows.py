"""Relations of columns: sorted keys, what is found in them, and the rows of a clause at work."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from infucode.batch.engine.columns import (
    Codes,
    Column,
    Ints,
    Masks,
    Packing,
    Unsuited,
    ranged,
    union,
)

NARROW = 2
"""So many values besides the member fit into a key whatever they are, if codes are narrow."""
MOST_ROWS = 4_000_000
"""Rows that one join may give, which bounds the memory."""
WORLDS = 64
"""Worlds of one member: the bits of a mask."""


class Frame:
    """What all relations of one run share: codes, and the worlds of each member."""

    def __init__(self, codes: Codes, members: int, full: Masks | None) -> None:
        self.codes, self.members, self.full = codes, members, full
        self.bits = max(1, members.bit_length())
        fits = self.bits + NARROW * codes.bits <= 62
        self._standard = [
            Packing([0] + [codes.low] * n, [self.bits] + [codes.bits] * n, True)
            if n < NARROW or fits
            else None
            for n in range(NARROW + 1)
        ]

    def packing(self, columns: Sequence[Column]) -> Packing:
        """A packing for a member and some values."""
        return self.standard(len(columns)) or ranged(columns)

    def standard(self, columns: int) -> Packing | None:
        """A packing for a member and whatever values, if there is one."""
        return self._standard[columns - 1] if columns <= NARROW + 1 else None

    def mask(self, masks: Masks | None, members: Column) -> Masks:
        """The masks of some rows, also of those that hold in every world."""
        if masks is not None:
            return masks
        assert self.full is not None
        return self.full[members]


class Index:
    """The rows of a relation by some of their values: sorted keys, and where the rows stand."""

    __slots__ = ("_distinct", "_sizes", "_starts", "keys", "masks", "order", "packing", "unique")

    def __init__(
        self, keys: Ints, order: Ints | None, packing: Packing, masks: Masks | None, unique: bool
    ) -> None:
        self.keys, self.order, self.packing, self.unique = keys, order, packing, unique
        self.masks = masks
        """By the place of a key."""
        self._distinct: Index | None = None

    @property
    def distinct(self) -> Index:
        """Each key once, with the worlds in which one of its rows holds."""
        if self.unique:
            return self
        if self._distinct is None:
            keys, masks = self.keys, self.masks
            new = np.empty(len(keys), dtype=bool)
            new[0] = True
            np.not_equal(keys[1:], keys[:-1], out=new[1:])
            starts = self._starts = new.nonzero()[0]
            self._sizes = np.empty_like(starts)
            np.subtract(starts[1:], starts[:-1], out=self._sizes[:-1])
            self._sizes[-1] = len(keys) - starts[-1]
            if masks is not None:
                masks = np.bitwise_or.reduceat(masks, starts)
            self._distinct = Index(keys[starts], None, self.packing, masks, True)
        return self._distinct

    def wanted(self, columns: Sequence[Column], number: int) -> Ints:
        """The keys of what is looked for."""
        packing = self.packing
        found = packing.fitting(columns) if len(columns) > 1 else columns[0]
        return np.full(number, found) if np.ndim(found) == 0 else found  # type: ignore

    def places(self, wanted: Ints) -> tuple[Ints, Ints]:
        """Of each key that is looked for whether it is there (as a flag) and where; unique."""
        keys = self.keys
        at = keys.searchsorted(wanted)
        np.minimum(at, len(keys) - 1, out=at)
        return keys[at] == wanted, at

    def matches(self, wanted: Ints) -> tuple[Ints, Ints]:
        """The pairs of what is looked for and the rows that match."""
        hit, at = self.distinct.places(wanted)
        left = hit.nonzero()[0]
        right = at[left] if len(left) < len(at) else at
        if not self.unique:
            counts = self._sizes[right]
            ends = counts.cumsum()
            if len(ends) and ends[-1] > MOST_ROWS:
                raise Unsuited("too many rows at once")
            left = left.repeat(counts)
            right = np.arange(len(left)) + (self._starts[right] - ends + counts).repeat(counts)
        return left, right if self.order is None else self.order[right]


class Sorted:
    """The rows of one predicate: keys in order, without repeats."""

    __slots__ = (
        "_columns", "_frame", "_indexes", "_selected", "arity", "keys", "masks", "packing",
    )  # fmt: skip

    def __init__(self, frame: Frame, keys: Ints, packing: Packing, masks: Masks | None) -> None:
        self._frame, self.keys, self.packing, self.masks = frame, keys, packing, masks
        self.arity = len(packing.bits) - 1
        self._columns: list[Ints] | None = None
        self._indexes: dict[tuple[int, ...], Index] = {}
        self._selected: dict[tuple[tuple[int, int], ...], Sorted] = {}

    @classmethod
    def of(cls, frame: Frame, columns: Sequence[Column], masks: Masks | None) -> Sorted:
        """The rows of some columns, of which the first are the members."""
        packing = frame.packing(columns)
        return cls.of_keys(frame, packing.keys(columns), packing, masks)

    @classmethod
    def of_keys(cls, frame: Frame, keys: Ints, packing: Packing, masks: Masks | None) -> Sorted:
        """The rows of some keys, in any order."""
        keys, masks = union(keys, masks)
        found = cls(frame, keys, packing, masks)
        if masks is not None and bool((masks == frame.mask(None, found.columns[0])).all()):
            found.masks = None
        return found

    @property
    def columns(self) -> list[Ints]:
        """The members and the values of the rows."""
        if self._columns is None:
            self._columns = self.packing.columns(self.keys)
        return self._columns

    def selected(self, wanted: tuple[tuple[int, int], ...]) -> Sorted:
        """Only the rows that have these codes at these places."""
        if not wanted:
            return self
        found = self._selected.get(wanted)
        if found is None:
            test = None
            for place, code in wanted:
                own = self.columns[place + 1] == code
                test = own if test is None else test & own
            rows = test.nonzero()[0]  # type: ignore[union-attr]
            masks = None if self.masks is None else self.masks[rows]
            found = Sorted(self._frame, self.keys[rows], self.packing, masks)
            found._columns = [column[rows] for column in self.columns]
            self._selected[wanted] = found
        return found

    def index(self, places: tuple[int, ...], unique: bool) -> Index:
        """The rows by the member and the values at some places; `unique` if no two agree."""
        found = self._indexes.get(places)
        if found is None:
            found = self._indexes[places] = self._index(places, unique)
        return found

    def _index(self, places: tuple[int, ...], unique: bool) -> Index:
        size = len(places)
        if places == tuple(range(size)):
            bits = self.packing.bits
            packing = Packing(self.packing.lows[: size + 1], bits[: size + 1], self.packing.every)
            keys = self.keys if size == self.arity else self.keys >> sum(bits[size + 1 :])
            order, masks = None, self.masks
        else:
            columns = [self.columns[0], *[self.columns[place + 1] for place in places]]
            packing = self._frame.packing(columns)
            keys = packing.keys(columns)
            order = keys.argsort(kind="stable")
            keys = keys[order]
            masks = None if self.masks is None else self.masks[order]
        unique = unique or size == self.arity or bool((keys[1:] > keys[:-1]).all())
        return Index(keys, order, packing, masks, unique)


class State:
    """The rows of a clause while its literals are joined: a column for each variable."""

    __slots__ = ("columns", "frame", "masks", "members", "number")

    def __init__(
        self, frame: Frame, members: Ints, columns: dict[str, Column], masks: Masks | None
    ) -> None:
        self.frame, self.members, self.columns, self.masks = frame, members, columns, masks
        self.number = len(members)

    def take(self, rows: Ints, live: Sequence[str], masks: Masks | None) -> State:
        """Some rows again, with the variables that are still wanted."""
        own = self.columns
        columns = {
            name: column if isinstance(column := own[name], int) else column[rows]
            for name in live
            if name in own
        }
        return State(self.frame, self.members[rows], columns, masks)

    def where(self, test: Ints, live: Sequence[str]) -> State:
        """The rows that pass a test."""
        rows = test.nonzero()[0]
        if len(rows) == self.number:
            return self
        return self.take(rows, live, None if self.masks is None else self.masks[rows])

    def within(self, bits: np.uint64) -> State:
        """The rows in some worlds alone."""
        masks = self.frame.mask(self.masks, self.members) & bits
        rows = masks.nonzero()[0]
        return self.take(rows, tuple(self.columns), masks[rows])

    def join(
        self, relation: Sorted, places: tuple[int, ...], known: Sequence[Column], table: bool,
        new: Sequence[tuple[str, int]], live: Sequence[str],
    ) -> State:  # fmt: skip
        """Every match of a row with a row of the relation, which gives new variables."""
        index = relation.index(places, False)
        first: Column = 0 if table else self.members
        left, right = index.matches(index.wanted([first, *known], self.number))
        masks = self.masks
        if relation.masks is not None:
            own = self.frame.mask(masks, self.members)
            masks = own[left] & relation.masks[right]
            kept = masks.nonzero()[0]
            if len(kept) < len(masks):
                left, right, masks = left[kept], right[kept], masks[kept]
        elif masks is not None:
            masks = masks[left]
        if index.unique and len(left) == self.number:
            own_ = self.columns
            columns = {name: own_[name] for name in live if name in own_}
            found = State(self.frame, self.members, columns, masks)
        else:
            found = self.take(left, live, masks)
        for name, place in new:
            found.columns[name] = relation.columns[place + 1][right]
        return found

    def hold(
        self, relation: Sorted | None, places: tuple[int, ...], known: Sequence[Column],
        table: bool, negated: bool, live: Sequence[str],
    ) -> State:  # fmt: skip
        """The rows for which the relation has a row with some values, or has none."""
        if relation is None or not len(relation.keys):
            return self if negated else self.take(np.empty(0, dtype=np.int64), live, None)
        index = relation.index(places, False).distinct
        first: Column = 0 if table else self.members
        hit, at = index.places(index.wanted([first, *known], self.number))
        if index.masks is None:
            return self.where(~hit if negated else hit, live)
        own = self.frame.mask(self.masks, self.members)
        there = np.where(hit, index.masks[at], np.uint64(0))
        masks = own & ~there if negated else own & there
        rows = masks.nonzero()[0]
        return self.take(rows, live, masks[rows])
