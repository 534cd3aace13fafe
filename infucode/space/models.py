"""The models of a space as rows of facts: one encounter after another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

import clingo

from infucode.engine.control import choosing
from infucode.errors import PolicyError, Problem
from infucode.passes.slices import Shape
from infucode.passes.values import TEXT_MARK, Row, Value, row_of
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Signature
from infucode.rulebook.nearest import nearest
from infucode.rulebook.vocabulary import Predicate
from infucode.space.ground import Ground, Unsuited
from infucode.space.spaces import Space
from infucode.space.written import IMPLIED

if TYPE_CHECKING:
    from infucode.space.codes import Column, Contents
    from infucode.space.unfolding import Unfolding

_SHOW = re.compile(r"^#show (\w+)/(\d+)\.$", re.MULTILINE)
Rows = dict[Row, None]
Given = dict[Signature, Rows]
Fact = tuple[Signature, Row]
SERVICES = "services"
MOST_SERVICES = 8
CHANGES = (("instead", 3), ("besides", 2))
CUBED, DEEP = "of_kind", 3
"""What a space is cut by, so that several processes share it: the kinds of the first services."""


@dataclass(frozen=True, slots=True)
class Change:
    """What makes a neighbour of an encounter: facts besides its own, or instead of one."""

    kind: str
    gone: Fact | None
    new: Fact


@dataclass(frozen=True, slots=True)
class World:
    """One encounter of a space, as what it states of the predicates that differ."""

    given: Given
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Sized:
    """The encounters of one size, ground."""

    services: int
    fixed: Given
    """What all of them state."""
    open: frozenset[Signature]
    """The predicates of which they differ."""
    changed: frozenset[Signature]
    """The predicates of which a neighbour may say more or something else."""
    kinds: frozenset[str]
    """The kinds of change that make a neighbour."""
    control: clingo.Control
    unfolding: Unfolding | None = None
    """All of them in columns; None without numpy, or for a program with loops."""
    _known: dict[clingo.Symbol, Fact | Change] = field(default_factory=dict)

    def cubes(self, parts: int) -> list[tuple[clingo.Symbol, ...]]:
        """A partition of them: each encounter is in one cube; one where one part is enough."""
        if parts <= 1:
            return [()]
        kinds: dict[clingo.Symbol, list[clingo.Symbol]] = {}
        for atom in self.control.symbolic_atoms.by_signature(CUBED, 2):
            kinds.setdefault(atom.symbol.arguments[0], []).append(atom.symbol)
        chosen: list[list[clingo.Symbol]] = []
        number = 1
        for _, symbols in sorted(kinds.items())[:DEEP]:
            if number >= parts:
                break
            chosen.append(sorted(symbols))
            number *= len(symbols)
        return list(product(*chosen))

    def columns(
        self, cube: Iterable[clingo.Symbol], contents: Contents
    ) -> Iterator[tuple[int, dict[Signature, Column]]]:
        """Every encounter of a cube in columns: how many come next, and what they state."""
        assert self.unfolding is not None
        atoms = self.control.symbolic_atoms
        assumed = [atom.literal for s in cube if (atom := atoms[s]) is not None]
        for number, values in self.unfolding.chunks(assumed):
            yield number, self.unfolding.columns(number, values, contents)

    def worlds(self, cube: tuple[clingo.Symbol, ...] = ()) -> Iterator[World]:
        """Every encounter, or those of one cube."""
        known, open = self._known, self.open
        with self.control.solve(assumptions=[(s, True) for s in cube], yield_=True) as handle:
            for model in handle:
                given: Given = {}
                changes: list[Change] = []
                for symbol in model.symbols(shown=True):
                    found = known.get(symbol)
                    if found is None:
                        found = known[symbol] = _read(symbol)
                    if isinstance(found, Change):
                        changes.append(found)
                        continue
                    signature, row = found
                    if signature in open:
                        rows = given.get(signature)
                        if rows is None:
                            given[signature] = {row: None}
                        else:
                            rows[row] = None
                yield World(given, tuple(changes))


class Models:
    """The encounters of a space under the answers of one plan, or of several."""

    def __init__(self, space: Space, books: tuple[Rulebook, ...]) -> None:
        self.space, self.books = space, books

    def of_size(self, services: int) -> Sized:
        """The encounters of so many services.

        Raises PolicyError where the space is no program, or states what no encounter can.
        """
        program = f"{self.space.program}\n{settings_of(self.books)}"
        control = choosing(program, {SERVICES: services}, self.space.located)
        fixed, open = self._inputs(control)
        told = _SHOW.sub(lambda m: "" if (m[1], int(m[2])) in fixed else m[0], program)
        ground = Ground()
        control = choosing(told, {SERVICES: services}, self.space.located, ground)
        changes = [_change(atom.symbol) for atom in _changes(control)]
        changed = frozenset(change.new[0] for change in changes)
        kinds = frozenset(change.kind for change in changes)
        atoms = control.symbolic_atoms
        shown = {
            signature: {a.literal: row_of(a.symbol) for a in atoms.by_signature(*signature)}
            for signature in open & {(m[1], int(m[2])) for m in _SHOW.finditer(told)}
        }
        unfolding = unfolding_of(ground, shown)
        return Sized(services, fixed, frozenset(open), changed, kinds, control, unfolding)

    def _inputs(self, control: clingo.Control) -> tuple[Given, set[Signature]]:
        """What all encounters state, and the predicates of which they differ."""
        fixed: Given = {}
        open: set[Signature] = set()
        inputs = self.books[0].vocabulary
        for name, arity, positive in control.symbolic_atoms.signatures:
            signature = name, arity
            declared = inputs.get(signature)
            if not positive or declared is None or declared.kind != "input":
                continue
            for atom in control.symbolic_atoms.by_signature(name, arity):
                self._check(atom.symbol, declared)
                if atom.is_fact:
                    fixed.setdefault(signature, {})[row_of(atom.symbol)] = None
                else:
                    open.add(signature)
        for signature in open:
            fixed.pop(signature, None)
        return fixed, open

    def _check(self, symbol: clingo.Symbol, declared: Predicate) -> None:
        """Raises PolicyError for a word that no document can say."""
        for value, (argument, kind) in zip(row_of(symbol), declared.arguments, strict=True):
            if kind.sort == "word" and value not in kind.words:
                said = f"`{symbol}`: {argument} is one of `{kind}`"
                help = nearest(str(value), kind.words) or "write one of these words"
                raise PolicyError([Problem(self.space.file, 0, 0, said, help)])

    def shape(self, sized: Sized) -> Shape:
        """Which words stand at each place of what encounters of a size may state."""
        found: Shape = {}
        for name, arity, positive in sized.control.symbolic_atoms.signatures:
            declared = self.books[0].vocabulary.get((name, arity))
            if not positive or declared is None or declared.kind != "input":
                continue
            rows = [
                row_of(a.symbol) for a in sized.control.symbolic_atoms.by_signature(name, arity)
            ]
            if rows:
                found[name, arity] = [slot_of(row[n] for row in rows) for n in range(arity)]
        return found


def unfolding_of(
    ground: Ground, shown: Mapping[Signature, Mapping[int, Row]]
) -> Unfolding | None:
    """All models in columns, where that can be done."""
    try:
        from infucode.space.unfolding import Unfolding

        return Unfolding(ground.order(), shown)
    except (ImportError, Unsuited):
        return None


def settings_of(books: tuple[Rulebook, ...]) -> str:
    """What the plans answer on a day as facts of a space; where they differ, each answer."""
    facts: dict[str, None] = {}
    for book in books:
        for setting in book.settings.values():
            kind = book.type_of(setting.name).sort
            if kind == "number":
                facts[f"value({setting.name}, {setting.value})."] = None
            elif kind == "word":
                facts[f"reading({setting.name}, {setting.value})."] = None
            else:
                facts[f'value({setting.name}, "{setting.value}").'] = None
    return "\n".join(facts)


def slot_of(values: Iterable[Value]) -> frozenset[str] | None:
    """The words that stand at a place; None where something else does."""
    known = list(values)
    words = [v for v in known if isinstance(v, str) and not v.startswith(TEXT_MARK)]
    return frozenset(words) if len(words) == len(known) else None


def _changes(control: clingo.Control) -> Iterator[clingo.SymbolicAtom]:
    for name, arity in CHANGES:
        yield from control.symbolic_atoms.by_signature(name, arity)


def _read(symbol: clingo.Symbol) -> Fact | Change:
    return _change(symbol) if (symbol.name, len(symbol.arguments)) in CHANGES else _fact(symbol)


def _change(symbol: clingo.Symbol) -> Change:
    kind, *facts = symbol.arguments
    return Change(kind.name, _fact(facts[0]) if len(facts) > 1 else None, _fact(facts[-1]))


def _fact(symbol: clingo.Symbol) -> Fact:
    return (symbol.name, len(symbol.arguments)), row_of(symbol)


def neighbour(given: Mapping[Signature, Rows], change: Change) -> Given:
    """An encounter with one change."""
    found = dict(given)
    if change.gone is not None:
        signature, row = change.gone
        found[signature] = {own: None for own in found[signature] if own != row}
    signature, row = change.new
    found[signature] = {**found.get(signature, {}), row: None}
    return found


def ordered(given: Given) -> tuple[object, ...]:
    """A value that orders encounters of one size: fewer facts of the document first, then
    smaller numbers. What goes without saying (how many midnights the clock passes) is none."""
    given = {signature: own for signature, own in given.items() if signature[0] not in IMPLIED}
    rows = [(signature, sorted(map(str, own))) for signature, own in sorted(given.items())]
    numbers = sum(v for own in given.values() for row in own for v in row if isinstance(v, int))
    return sum(len(own) for own in given.values()), numbers, rows
