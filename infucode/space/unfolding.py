"""All models of a ground program at once, in columns: choices double rows, constraints drop them.

Every atom is a column of truth values over the models so far. Items come in an order in which all
that they read is known (`ground.py`), so each model of the program is one row in the end, and
each row is one: a program without loops has one model for each way to choose that nothing
forbids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from infucode.passes.values import Row
from infucode.rulebook.language import Signature
from infucode.space.codes import EMPTY, Column, Contents, Ints, compact, shortened
from infucode.space.ground import Body, Choose, Derive, Forbid, Item, needed, reads

Truth = NDArray[np.bool_] | bool
Values = dict[int, Truth]
BLOCK = 1 << 14
"""Rows are parted before a choice that finds more of them."""
ENOUGH = 1 << 14
"""Models that are told together, at least, while there are more."""
WORD = 62
"""Truth values in one key."""


class Unfolding:
    """The models of one ground program; `shown` are the atoms of each predicate that is told."""

    def __init__(
        self, order: Sequence[Item], shown: Mapping[Signature, Mapping[int, Row]]
    ) -> None:
        self.shown = shown
        atoms = {atom for own in shown.values() for atom in own}
        first = needed(order, set())
        known = {item.atom for item in first if not isinstance(item, Forbid)}
        self._first = first
        self._then = [
            item
            for item in needed(order, atoms)
            if isinstance(item, Derive) and item.atom not in known
        ]
        self._chosen = [item.atom for item in first if isinstance(item, Choose)]
        last = {atom: place for place, item in enumerate(first) for atom in reads(item)}
        self._done: list[list[int]] = [[] for _ in first]
        """By item the atoms that no later one reads."""
        for place, item in enumerate(first):
            if isinstance(item, Derive):
                self._done[last.get(item.atom, place)].append(item.atom)

    def chunks(self, assumed: Iterable[int] = ()) -> Iterator[tuple[int, Values]]:
        """The models in which the `assumed` atoms hold: how many, and the truth of each atom."""
        waiting: list[tuple[int, Values]] = []
        for chunk in self._from(0, 1, {}, frozenset(assumed)):
            waiting.append(chunk)
            if sum(number for number, _ in waiting) >= ENOUGH:
                yield self._whole(waiting)
                waiting = []
        if waiting:
            yield self._whole(waiting)

    def _from(
        self, place: int, number: int, values: Values, assumed: frozenset[int]
    ) -> Iterator[tuple[int, Values]]:
        """The models that come of some rows; from an item of the order on."""
        for at in range(place, len(self._first)):
            item = self._first[at]
            for atom in self._done[at - 1] if at else ():
                values.pop(atom, None)
            if isinstance(item, Derive):
                values[item.atom] = _any(item.bodies, values, number)
                continue
            if isinstance(item, Choose):
                if number > BLOCK:
                    for begin in range(0, number, BLOCK):
                        rows = np.arange(begin, min(begin + BLOCK, number))
                        yield from self._from(at, len(rows), _taken(values, rows), assumed)
                    return
                may = _any(item.bodies, values, number)
                rows, truth = _chosen(may, number, sure=item.atom in assumed)
                values = _taken(values, rows)
                values[item.atom] = truth
                number = len(rows)
            else:
                bad = _holds(item.body, values, number)
                if isinstance(bad, bool):
                    number = 0 if bad else number
                elif bad.any():
                    rows = (~bad).nonzero()[0]
                    values, number = _taken(values, rows), len(rows)
            if not number:
                return
        yield number, {atom: values[atom] for atom in self._chosen}

    def _whole(self, parts: Sequence[tuple[int, Values]]) -> tuple[int, Values]:
        """Some rows, with what follows from their choices."""
        number = sum(size for size, _ in parts)
        values: Values = {}
        for atom in self._chosen:
            own = [_column(known[atom], size) for size, known in parts]
            values[atom] = np.concatenate(own) if len(own) > 1 else own[0]
        for item in (*self._first, *self._then):
            if isinstance(item, Derive):
                values[item.atom] = _any(item.bodies, values, number)
        return number, values

    def columns(self, number: int, values: Values, contents: Contents) -> dict[Signature, Column]:
        """What the models state, by predicate."""
        return {
            signature: _told(own, number, values, contents)
            for signature, own in self.shown.items()
        }


def _told(rows: Mapping[int, Row], number: int, values: Values, contents: Contents) -> Column:
    sure: list[Row] = []
    open_: list[tuple[Row, NDArray[np.bool_]]] = []
    for atom, row in rows.items():
        truth = values.get(atom, False)
        if isinstance(truth, bool):
            sure += [row] * truth
        elif truth.any():
            open_.append((row, truth))
    if not open_:
        return Column((contents.number(sure),)) if sure else EMPTY
    matrix = np.array([truth for _, truth in open_])
    codes, first = _classes(matrix, number)
    told = matrix[:, first]
    found = []
    for place in range(len(first)):
        own = told[:, place].nonzero()[0].tolist()
        found.append(contents.number([*sure, *(open_[n][0] for n in own)]))
    return shortened(found, codes)


def _classes(matrix: NDArray[np.bool_], number: int) -> tuple[Ints, Ints]:
    """The class of each column of a matrix, and a column of each class."""
    codes = np.zeros(number, dtype=np.int64)
    first = np.zeros(1, dtype=np.int64)
    for begin in range(0, len(matrix), WORD):
        key = np.zeros(number, dtype=np.int64)
        for bit, truth in enumerate(matrix[begin : begin + WORD]):
            key |= truth.astype(np.int64) << bit
        own, word = np.unique(key, return_inverse=True)
        codes, first = compact(codes * len(own) + word, len(first) * len(own))
    return codes, first


def _any(bodies: Sequence[Body], values: Values, number: int) -> Truth:
    found: Truth = False
    for body in bodies:
        own = _holds(body, values, number)
        if own is True:
            return True
        if own is not False:
            found = own if found is False else np.logical_or(found, own)
    return found


def _holds(body: Body, values: Values, number: int) -> Truth:
    if body.lower == len(body.literals) and all(weight == 1 for _, weight in body.literals):
        return _all(body.literals, values)
    least = body.lower
    total = np.zeros(number, dtype=np.int64)
    open_ = False
    for literal, weight in body.literals:
        truth = _literal(literal, values)
        if isinstance(truth, bool):
            least -= weight * truth
        else:
            total += weight * truth
            open_ = True
    return total >= least if open_ else least <= 0


def _all(literals: Sequence[tuple[int, int]], values: Values) -> Truth:
    found: Truth = True
    for literal, _ in literals:
        truth = _literal(literal, values)
        if truth is False:
            return False
        if truth is not True:
            found = truth if found is True else np.logical_and(found, truth)
    return found


def _literal(literal: int, values: Values) -> Truth:
    truth = values.get(abs(literal), False)
    if literal > 0:
        return truth
    return not truth if isinstance(truth, bool) else ~truth


def _chosen(may: Truth, number: int, *, sure: bool) -> tuple[Ints, Truth]:
    """The rows that do not choose, then those that do; what is assumed is chosen."""
    if may is False:
        return np.arange(0 if sure else number), False
    can = np.arange(number) if may is True else may.nonzero()[0]
    if sure:
        return can, True
    rows = np.concatenate([np.arange(number), can])
    return rows, np.arange(len(rows)) >= number


def _taken(values: Values, rows: Ints) -> Values:
    return {
        atom: truth if isinstance(truth, bool) else truth[rows] for atom, truth in values.items()
    }


def _column(truth: Truth, number: int) -> NDArray[np.bool_]:
    return np.full(number, truth) if isinstance(truth, bool) else truth
