"""All rules over all encounters of a batch at once, in columns.

What an encounter states becomes rows of its number; the clauses of `settled.py` are joined over
sorted keys (`joining.py`), stratum by stratum. An encounter may have several worlds: what they
suppose are rows with a mask, and a row that hangs on nothing supposed is worked out once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from infucode.batch.engine.columns import Codes, Column, Ints, Masks, Unsuited
from infucode.batch.engine.plans import Plan
from infucode.batch.engine.sorted_rows import WORLDS, Frame, Sorted
from infucode.batch.engine.variants import Rules
from infucode.passes.values import Row
from infucode.rulebook.language import Clause, Signature

Rows = Mapping[Row, None]
Given = Mapping[Signature, Rows]
Supposed = Sequence[tuple[Signature, Row]]
NARROW, WIDE = 24, 34
"""Bits of a code; the wide ones hold every number of 32 bits."""
MOST = 1024
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
        clauses = [clause for _, own in rules.strata for clause, _ in own]
        derived = {clause.head.signature for clause in clauses}
        read = {atom.signature for clause in clauses for atom in clause.atoms()}
        self.reads = frozenset(rules.inputs & (read | rules.outcomes))
        frame = Frame(self.codes, 1, own)
        self.tables: dict[Signature, Sorted] = {}
        for signature, rows in rules.tables.items():
            if signature in derived or signature in rules.inputs or signature in rules.outcomes:
                raise Unsuited("a table that an encounter adds to")
            if signature in read:
                self.tables[signature] = _table(frame, signature, rows)
        self.strata = [
            _Stratum(
                stratum.heads,
                tuple([self._plan(clause, bits) for clause, bits in own]),
                stratum.recursive,
            )
            for stratum, own in rules.strata
        ]

    def _plan(self, clause: Clause, bits: int) -> Plan:
        return Plan(clause, self.tables.keys(), self.codes, 0 if bits == self.all else bits)

    def answer(self, members: Sequence[Member]) -> Found:
        """The rows of every predicate. Raises Unsuited."""
        codes = self.codes.batch()
        full = None
        if self.variants > 1:
            full = np.full(len(members), self.all, dtype=np.uint64)
        elif any(len(member.worlds) > 1 for member in members):
            sizes = [len(member.worlds) for member in members]
            if max(sizes) > WORLDS:
                raise Unsuited("too many worlds")
            full = np.array([(1 << size) - 1 for size in sizes], dtype=np.uint64)
        frame = Frame(codes, len(members), full)
        stated = self._stated(frame, members)
        relations = dict(self.tables)
        relations.update(stated)
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

    def _stated(self, frame: Frame, members: Sequence[Member]) -> dict[Signature, Sorted]:
        numbers: dict[Signature, list[int]] = {}
        values: dict[Signature, list[Row]] = {}
        reads = self.reads
        for number, member in enumerate(members):
            for signature, rows in member.given.items():
                if signature in values:
                    values[signature] += rows
                    numbers[signature] += (number,) * len(rows)
                elif signature in reads and rows:
                    values[signature] = list(rows)
                    numbers[signature] = [number] * len(rows)
        masks: dict[Signature, list[int]] = {}
        fulls = [1] * len(members) if frame.full is None else frame.full.tolist()
        for number, member in enumerate(members):
            for bit, supposed in enumerate(member.worlds):
                world = self.all if self.variants > 1 else 1 << bit
                for signature, row in supposed:
                    if signature not in reads:
                        continue
                    own = values.setdefault(signature, [])
                    members_ = numbers.setdefault(signature, [])
                    if signature not in masks:
                        masks[signature] = [fulls[n] for n in members_]
                    members_.append(number)
                    own.append(row)
                    masks[signature].append(world)
        found = {}
        for signature, own in values.items():
            columns: list[Column] = [np.array(numbers[signature], dtype=np.int64)]
            columns += _columns(frame.codes, signature[1], own)
            own_masks = None
            if frame.full is not None and signature in masks:
                own_masks = np.array(masks[signature], dtype=np.uint64)
            found[signature] = Sorted.of(frame, columns, own_masks)
        return found


def _columns(codes: Codes, arity: int, rows: Sequence[Row]) -> list[Ints]:
    flat = codes.column(chain.from_iterable(rows))
    flat = flat.reshape(len(rows), arity)
    return [flat[:, place].copy() for place in range(arity)]


def _table(frame: Frame, signature: Signature, rows: Mapping[Row, int]) -> Sorted:
    """The rows of a table; their member is none, 0."""
    columns: list[Column] = [np.zeros(len(rows), dtype=np.int64)]
    columns += _columns(frame.codes, signature[1], list(rows))
    masks = None if frame.full is None else np.array(list(rows.values()), dtype=np.uint64)
    return Sorted.of(frame, columns, masks)


Part = tuple[list[Column], Masks | None]


def _united(frame: Frame, parts: Sequence[Part]) -> Sorted:
    """The rows of several clauses."""
    if len(parts) == 1:
        return Sorted.of(frame, *parts[0])
    columns: list[Any] = []
    for own in zip(*[columns for columns, _ in parts], strict=True):
        full = [
            np.full(len(part[0][0]), column) if isinstance(column, int) else column  # type: ignore
            for part, column in zip(parts, own, strict=True)
        ]
        columns.append(np.concatenate(full))
    masks = None
    if any(own is not None for _, own in parts):
        masks = np.concatenate([frame.mask(own, columns[0]) for columns, own in parts])
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
