"""All rules over all encounters of a batch at once, in columns.

What an encounter states becomes rows of its number; the clauses of `settled.py` are joined over
sorted keys (`joining.py`), stratum by stratum. An encounter may have several worlds: what they
suppose are rows with a mask, and a row that hangs on nothing supposed is worked out once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from infucode.batch.engine.columns import Codes, Column, Ints, Masks, Unsuited
from infucode.batch.engine.plans import Plan
from infucode.batch.engine.sorted_rows import WORLDS, Frame, Sorted
from infucode.batch.engine.variants import Rules
from infucode.passes.values import Row
from infucode.rulebook.language import Clause, Signature

if TYPE_CHECKING:
    from infucode.batch.engine.taken import Taken

Rows = Mapping[Row, None]
Given = Mapping[Signature, Rows]
Supposed = Sequence[tuple[Signature, Row]]
NARROW, WIDE = 24, 34
"""Bits of a code; the wide ones hold every number of 32 bits."""
MOST = 4096
"""Members that are answered together, which bounds the memory."""


@dataclass(frozen=True, slots=True)
class Member:
    """An encounter with up to 64 worlds: what it states, and what each supposes beyond that."""

    given: Given
    worlds: Sequence[Supposed] = ((),)
    """One, where the rules themselves have variants: each of those is a world then."""


@dataclass(frozen=True, slots=True)
class _Stratum:
    heads: tuple[Signature, ...]
    plans: tuple[Plan, ...]
    recursive: bool


class Found:
    """The rows of every predicate, for all members."""

    def __init__(self, frame: Frame, relations: dict[Signature, Sorted]) -> None:
        self.frame, self.relations = frame, relations

    def rows(self, signature: Signature) -> tuple[list[int], list[Row], list[int] | None]:
        """The member, the values and the worlds of each row; members in order."""
        relation = self.relations.get(signature)
        if relation is None:
            return [], [], []
        members, *columns = relation.columns
        values = [self.frame.codes.values(column) for column in columns]
        rows: list[Row] = list(zip(*values, strict=True)) if values else [()] * len(members)
        masks = None if relation.masks is None else relation.masks.tolist()
        return members.tolist(), rows, masks


class WholeBatch:
    """The rules of one program, made ready for columns."""

    def __init__(self, rules: Rules, bits: int) -> None:
        """`bits` is the width of a code. Raises Unsuited for rules that columns cannot do."""
        self.codes, self.inputs, self.all = Codes(bits), rules.inputs, rules.all
        self.variants = rules.variants
        own = None if rules.variants == 1 else np.array([rules.all], dtype=np.uint64)
        clauses = [clause for _, part in rules.strata for clause, _ in part]
        derived = {clause.head.signature for clause in clauses}
        read = {atom.signature for clause in clauses for atom in clause.atoms()}
        self.reads = frozenset(rules.inputs & (read | rules.outcomes))
        frame = Frame(self.codes, 1, own)
        self.tables: dict[Signature, Sorted] = {}
        for signature, rows in rules.tables.items():
            if signature in derived or signature in rules.inputs or signature in rules.outcomes:
                raise Unsuited("a table that an encounter adds to")
            if signature in read:
                masks = None if own is None else list(rows.values())
                self.tables[signature] = table_of(frame, signature, list(rows), masks)
        self.strata = [
            _Stratum(
                stratum.heads,
                tuple([self._plan(clause, bits) for clause, bits in part]),
                stratum.recursive,
            )
            for stratum, part in rules.strata
        ]

    def _plan(self, clause: Clause, bits: int) -> Plan:
        return Plan(clause, self.tables.keys(), self.codes, 0 if bits == self.all else bits)

    def answer(self, members: Sequence[Member]) -> Found:
        """The rows of every predicate, of facts given as rows. Raises Unsuited."""
        codes = self.codes.batch()
        stated = _given(codes, members, self.reads)
        return self._answer(codes, stated, [member.worlds for member in members])

    def answer_taken(
        self, taken: Taken, places: Ints | None, worlds: Sequence[Sequence[Supposed]]
    ) -> Found:
        """The same of facts that were taken already; `places` are the encounters that the
        members are, None for each its own; `worlds` are those of each member. Raises Unsuited."""
        codes = self.codes.batch()
        stated = taken.columns(codes, places, self.reads)
        return self._answer(codes, stated, worlds)

    def _answer(
        self, codes: Codes, stated: Mapping[Signature, list[Column]],
        worlds: Sequence[Sequence[Supposed]],
    ) -> Found:  # fmt: skip
        full = None
        if self.variants > 1:
            full = np.full(len(worlds), self.all, dtype=np.uint64)
        elif any(len(own) > 1 for own in worlds):
            sizes = [len(own) for own in worlds]
            if max(sizes) > WORLDS:
                raise Unsuited("too many worlds")
            full = np.array([(1 << size) - 1 for size in sizes], dtype=np.uint64)
        frame = Frame(codes, len(worlds), full)
        relations = dict(self.tables)
        relations.update(self._stated(frame, stated, worlds))
        for stratum in self.strata:
            if stratum.recursive:
                _rounds(stratum, frame, relations)
                continue
            parts = []
            for plan in stratum.plans:
                for signature in plan.needs:
                    if signature not in relations:
                        break
                else:
                    state = plan.rows(frame, relations)
                    if state.number:
                        parts.append((plan.columns(state), state.masks))
            if parts:
                head = stratum.heads[0]
                if (known := relations.get(head)) is not None:
                    parts.append((list(known.columns), known.masks))
                relations[head] = _united(frame, parts)
        return Found(frame, relations)

    def _stated(
        self, frame: Frame, stated: Mapping[Signature, list[Column]],
        worlds: Sequence[Sequence[Supposed]],
    ) -> dict[Signature, Sorted]:  # fmt: skip
        """What is stated, and in some worlds what is supposed."""
        extra: dict[Signature, list[tuple[int, Row, int]]] = {}
        for number, own in enumerate(worlds):
            for bit, supposed in enumerate(own):
                world = self.all if self.variants > 1 else 1 << bit
                for signature, row in supposed:
                    if signature in self.reads:
                        extra.setdefault(signature, []).append((number, row, world))
        found = {}
        for signature, columns in stated.items():
            if signature not in extra:
                found[signature] = Sorted.of(frame, columns, None)
        for signature, added in extra.items():
            members, rows, bits = zip(*added, strict=True)
            rows_: list[Column] = [np.array(members, dtype=np.int64)]
            rows_ += _columns(frame.codes, signature[1], rows)
            masks = None if frame.full is None else np.array(bits, dtype=np.uint64)
            parts: list[Part] = [(rows_, masks)]
            if signature in stated:
                parts.append((stated[signature], None))
            found[signature] = _united(frame, parts)
        return found


def _given(
    codes: Codes, members: Sequence[Member], reads: Set[Signature]
) -> dict[Signature, list[Column]]:
    """The columns of facts that are given as rows."""
    numbers: dict[Signature, list[int]] = {}
    values: dict[Signature, list[Row]] = {}
    for number, member in enumerate(members):
        for signature, rows in member.given.items():
            if signature in reads and rows:
                values.setdefault(signature, []).extend(rows)
                numbers.setdefault(signature, []).extend((number,) * len(rows))
    return {
        signature: [
            np.array(numbers[signature], dtype=np.int64), *_columns(codes, signature[1], own)
        ]
        for signature, own in values.items()
    }  # fmt: skip


def _columns(codes: Codes, arity: int, rows: Sequence[Row]) -> list[Ints]:
    flat = codes.column(chain.from_iterable(rows))
    flat = flat.reshape(len(rows), arity)
    return [flat[:, place].copy() for place in range(arity)]


def table_of(
    frame: Frame, signature: Signature, rows: Sequence[Row], masks: Sequence[int] | None = None
) -> Sorted:
    """The rows of a table, each with the answers to the switches under which it holds; their
    member is none, 0."""
    columns: list[Column] = [np.zeros(len(rows), dtype=np.int64)]
    columns += _columns(frame.codes, signature[1], rows)
    own = None if masks is None else np.array(masks, dtype=np.uint64)
    return Sorted.of(frame, columns, own)


Part = tuple[list[Column], Masks | None]


def _united(frame: Frame, parts: Sequence[Part]) -> Sorted:
    """The rows of several clauses."""
    if len(parts) == 1:
        return Sorted.of(frame, *parts[0])
    masks = None
    if any(own is not None for _, own in parts):
        masks = np.concatenate([frame.mask(own, columns[0]) for columns, own in parts])
    packing = frame.standard(len(parts[0][0]))
    if packing is not None:
        keys = np.concatenate([packing.keys(columns) for columns, _ in parts])
        return Sorted.of_keys(frame, keys, packing, masks)
    columns: list[Any] = []
    for own in zip(*[columns for columns, _ in parts], strict=True):
        full = [
            np.full(len(part[0][0]), column) if isinstance(column, int) else column  # type: ignore
            for part, column in zip(parts, own, strict=True)
        ]
        columns.append(np.concatenate(full))
    return Sorted.of(frame, columns, masks)


def _rounds(stratum: _Stratum, frame: Frame, relations: dict[Signature, Sorted]) -> None:
    """Predicates that read each other, until nothing comes anew."""
    while True:
        grown = False
        for head in stratum.heads:
            known = relations.get(head)
            parts: list[Part] = [] if known is None else [(list(known.columns), known.masks)]
            for plan in stratum.plans:
                if plan.head == head and all(need in relations for need in plan.needs):
                    state = plan.rows(frame, relations)
                    if state.number:
                        parts.append((plan.columns(state), state.masks))
            if len(parts) <= (known is not None):
                continue
            found = _united(frame, parts)
            if known is None or not _same(known, found):
                relations[head] = found
                grown = True
        if not grown:
            return


def _same(known: Sorted, found: Sorted) -> bool:
    if len(known.keys) != len(found.keys):
        return False
    if known.masks is None or found.masks is None:
        return known.masks is found.masks
    return bool((known.masks == found.masks).all())
