"""The facts of an encounter as plain rows: those of `engine/facts.py`, without symbols."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from infucode.engine.facts import (
    PREFIX,
    add_accesses,
    add_encounter,
    add_services,
    add_stay,
    administration_facts,
    dose_facts,
    dose_scale,
)
from infucode.errors import InternalError
from infucode.model.encounter import Administration, Encounter, drug_key
from infucode.passes.values import TEXT_MARK, Row, Value
from infucode.rulebook.language import Signature
from infucode.rulebook.vocabulary import NUMBERS, Predicate, Type

Rows = dict[Row, None]
Read = Callable[["Stated", object], Value]


class Stated:
    """What one encounter states, as rows by predicate, and what its small constants stand for."""

    __slots__ = ("_encounter", "_given", "kinds", "symbols", "values")

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self._given: dict[Signature, Rows] = {}
        self._encounter: Encounter | None = None
        self.symbols: dict[str, dict[str, str]] = {}
        self.values: dict[Value, str] = {}

    @classmethod
    def named(
        cls, kinds: Kinds, encounter: Encounter, symbols: dict[str, dict[str, str]]
    ) -> Stated:
        """What an encounter states whose constants were given out already; its rows are made
        when they are asked for."""
        found = cls(kinds)
        found._encounter, found.symbols = encounter, symbols
        for known in symbols.values():
            found.values.update(zip(known.values(), known, strict=True))
        return found

    @property
    def given(self) -> dict[Signature, Rows]:
        """The rows of each predicate."""
        if self._encounter is not None:
            self._given = rows_of(self._encounter, self.kinds).given
            self._encounter = None
        return self._given

    def add(self, name: str, *values: object) -> None:
        """One fact; nothing if any value is None."""
        if None in values:
            return
        reads = self.kinds[name, len(values)]
        row = tuple([read(self, value) for read, value in zip(reads, values, strict=True)])
        rows = self._given.get((name, len(values)))
        if rows is None:
            self._given[name, len(values)] = {row: None}
        else:
            rows[row] = None

    def symbol(self, sort: str, value: str) -> str:
        """The constant of an id, made on first use."""
        known = self.symbols.get(sort)
        if known is None:
            known = self.symbols[sort] = {}
        found = known.get(value)
        if found is None:
            found = known[value] = f"{PREFIX[sort]}{len(known)}"
            self.values[found] = value
        return found


class Kinds(dict[tuple[str, int], tuple[Read, ...]]):
    """How the values of each predicate of a vocabulary are read."""

    def __init__(self, vocabulary: Mapping[Signature, Predicate]) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.columns = [
            ((name, 2), _column(vocabulary[name, 2].types[1], stated))
            for name, (_, stated) in COLUMNS.items()
            if (name, 2) in vocabulary
        ]
        self.names = [name for (name, _), _ in self.columns]
        """The predicates of these columns."""
        fields = [COLUMNS[name][0] for name in self.names]
        self.fields: Callable[[Administration], tuple[Any, ...]] = attrgetter(*fields, "id", "id")
        """What an administration has in each column, and more behind that is not asked for."""

    def __missing__(self, key: tuple[str, int]) -> tuple[Read, ...]:
        predicate = self.vocabulary.get(key)
        if predicate is None:
            raise InternalError(f"the vocabulary has no input `{key[0]}/{key[1]}`")
        found = self[key] = tuple(_read(kind) for kind in predicate.types)
        return found


def rows_of(encounter: Encounter, kinds: Kinds) -> Stated:
    """Every fact of an encounter. Raises InternalError for what does not fit the vocabulary."""
    stated = Stated(kinds)
    items = encounter.administrations
    if not items or any(item.concurrent_with or item.after is not None for item in items):
        add_encounter(stated, encounter)
        return stated
    add_stay(stated, encounter)
    ids = [stated.symbol("administration", item.id) for item in items]
    given = stated.given
    given["administration", 1] = {(id,): None for id in ids}
    given["document_order", 2] = dict.fromkeys(zip(ids, range(len(ids)), strict=True))
    ranked = sorted(range(len(items)), key=lambda n: items[n].id)
    given["id_order", 2] = {(ids[n], rank): None for rank, n in enumerate(ranked)}
    scale = 1
    if any(item.dose is not None for item in items):
        scale = dose_scale(encounter)
    nothing = (None,) * len(items)
    fields = zip(*map(kinds.fields, items), strict=True)
    for (signature, column), values in zip(kinds.columns, fields, strict=False):
        if values != nothing:
            given[signature] = column(stated, ids, values)
    for item in items:
        if any(_RARE(item)):
            for name, *rest in (*administration_facts(item), *dose_facts(item, scale)):
                if name not in COLUMNS:
                    stated.add(str(name), item.id, *rest)
    add_accesses(stated, encounter)
    add_services(stated, encounter)
    return stated


_RARE = attrgetter(
    "segments", "intensity", "documentation", "dose", "pump", "volume_ml",
    "sequential_reason", "indication",
)  # fmt: skip


_drug = lru_cache(maxsize=4096)(drug_key)
_flag = {True: "yes", False: "no", None: None}.__getitem__
Stating = Callable[[Any], object]
COLUMNS: dict[str, tuple[str, Stating | None]] = {
    "drug_text": ("drug", _drug),
    **{name: (name, None) for name in (
        "hcpcs", "category", "route", "technique", "access", "bag", "visit", "purpose", "start",
        "stop", "via", "lesions", "dose_group", "supervision", "supplied_by",
    )},
    "stated_minutes": ("minutes", None),
    **{name: (name, _flag) for name in ("attended", "discontinued", "counseling")},
}  # fmt: skip
"""What most administrations state in one value, by the field that has it and how it is stated;
the rest is stated as `engine/facts.py` does."""
Column = Callable[["Stated", Sequence[str], Sequence[object]], Rows]


def _column(kind: Type, state: Stating | None) -> Column:
    """Makes the rows of one predicate from the values of all administrations."""
    if kind.sort == "word":
        known = frozenset((*kind.words, None))

        def words(_: Stated, ids: Sequence[str], values: Sequence[Any]) -> Rows:
            if state is not None:
                values = tuple(map(state, values))
            if not known.issuperset(values):
                _misfit(values, kind)
            return {row: None for row in zip(ids, values, strict=True) if row[1] is not None}

        return words
    read = _read(kind)

    def others(stated: Stated, ids: Sequence[str], values: Sequence[Any]) -> Rows:
        if state is not None:
            values = [None if value is None else state(value) for value in values]
        return {
            (id, read(stated, value)): None
            for id, value in zip(ids, values, strict=True)
            if value is not None
        }

    return others


def _read(kind: Type) -> Read:
    """How a value of a type becomes one of a row; it raises InternalError for any other."""
    if kind.sort == "id":
        name = kind.name
        return lambda stated, value: stated.symbol(name, _text(value, kind))
    if kind.sort == "word":
        words = frozenset(kind.words)
        return lambda _, value: _text(value, kind) if value in words else _misfit(value, kind)
    if kind.sort == "string":
        return lambda _, value: TEXT_MARK + _text(value, kind)
    low, high = NUMBERS[kind.name]

    def number(_: Stated, value: object) -> Value:
        if isinstance(value, int) and low <= value <= high:
            return value
        return _misfit(value, kind)

    return number


def _text(value: object, kind: Type) -> str:
    return value if isinstance(value, str) and "\0" not in value else _misfit(value, kind)


def _misfit(value: object, kind: Type) -> str:
    raise InternalError(f"`{value}` is not {kind}")
