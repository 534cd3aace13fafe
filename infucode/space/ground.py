"""The ground program of a space, as clingo hands it on, and an order in which to unfold it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import NoReturn

import clingo


class Unsuited(Exception):
    """A ground program that is not unfolded: clingo enumerates its models."""


@dataclass(frozen=True, slots=True)
class Body:
    """Literals with weights; it holds where those that hold weigh `lower` or more."""

    lower: int
    literals: tuple[tuple[int, int], ...]

    @property
    def atoms(self) -> Iterator[int]:
        """The atoms of the literals."""
        return (abs(literal) for literal, _ in self.literals)


@dataclass(frozen=True, slots=True)
class Derive:
    """An atom holds where one of some bodies does."""

    atom: int
    bodies: tuple[Body, ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """An atom may hold where one of some bodies does."""

    atom: int
    bodies: tuple[Body, ...]


@dataclass(frozen=True, slots=True)
class Forbid:
    """A body holds nowhere."""

    body: Body


Item = Derive | Choose | Forbid


@dataclass(slots=True)
class Ground(clingo.Observer):
    """Collects the rules of a program while it is ground."""

    derived: dict[int, list[Body]] = field(default_factory=dict)
    choices: dict[int, list[Body]] = field(default_factory=dict)
    forbidden: list[Body] = field(default_factory=list)
    groups: dict[int, int] = field(default_factory=dict)
    """By chosen atom the number of the rule that has it first: its atoms are chosen together."""
    strange: bool = False
    """Whether there is something that is not unfolded."""

    def rule(self, choice: bool, head: Sequence[int], body: Sequence[int]) -> None:
        """A rule."""
        self._add(choice, head, Body(len(body), tuple((literal, 1) for literal in body)))

    def weight_rule(
        self, choice: bool, head: Sequence[int], lower_bound: int, body: Sequence[tuple[int, int]]
    ) -> None:
        """A rule whose body is a sum."""
        self._add(choice, head, Body(lower_bound, tuple(body)))

    def _add(self, choice: bool, head: Sequence[int], body: Body) -> None:
        if choice:
            group = len(self.groups)
            for atom in head:
                self.choices.setdefault(atom, []).append(body)
                self.groups.setdefault(atom, group)
        elif len(head) > 1:
            self.strange = True
        elif head:
            self.derived.setdefault(head[0], []).append(body)
        else:
            self.forbidden.append(body)

    def _refused(self, *_: object) -> None:
        self.strange = True

    def minimize(self, priority: int, literals: Sequence[tuple[int, int]]) -> None:
        """Models are not all wanted then."""
        self._refused(priority, literals)

    def external(self, atom: int, value: clingo.TruthValue) -> None:
        """An atom without rules that may hold."""
        self._refused(atom, value)

    def project(self, atoms: Sequence[int]) -> None:
        """Models are not told apart then."""
        self._refused(atoms)

    def acyc_edge(self, node_u: int, node_v: int, condition: Sequence[int]) -> None:
        """A constraint that is no rule."""
        self._refused(node_u, node_v, condition)

    # ---- the order ----

    def order(self) -> list[Item]:
        """All of it, each item after what it reads: what is forbidden as early as can be, then
        what follows, choices last. Raises Unsuited where something hangs on itself."""
        if self.strange or self.derived.keys() & self.choices.keys():
            _unsuited("a statement that is no plain rule")
        items: list[Item] = [Forbid(body) for body in self.forbidden]
        items += [Derive(atom, tuple(own)) for atom, own in sorted(self.derived.items())]
        items += [Choose(atom, tuple(own)) for atom, own in sorted(self.choices.items())]
        heads = self.derived.keys() | self.choices.keys()
        waiting: dict[int, list[int]] = {}
        missing: list[int] = []
        ready: list[tuple[int, int, int]] = []
        for number, item in enumerate(items):
            needs = reads(item) & heads
            missing.append(len(needs))
            for atom in needs:
                waiting.setdefault(atom, []).append(number)
            if not needs:
                heappush(ready, (*self._rank(item), number))
        found: list[Item] = []
        while ready:
            item = items[heappop(ready)[-1]]
            found.append(item)
            if isinstance(item, Forbid):
                continue
            for number in waiting.get(item.atom, ()):
                missing[number] -= 1
                if not missing[number]:
                    heappush(ready, (*self._rank(items[number]), number))
        if len(found) < len(items):
            _unsuited("atoms that hang on themselves")
        return found

    def _rank(self, item: Item) -> tuple[int, int]:
        group = self.groups[item.atom] if isinstance(item, Choose) else 0
        return (Forbid, Derive, Choose).index(type(item)), group


def needed(order: Sequence[Item], wanted: set[int]) -> list[Item]:
    """What the choices, what is forbidden and some atoms hang on."""
    found: list[Item] = []
    needs = set(wanted)
    for item in reversed(order):
        if isinstance(item, Derive) and item.atom not in needs:
            continue
        found.append(item)
        needs |= reads(item)
    return found[::-1]


def reads(item: Item) -> set[int]:
    """The atoms that an item reads."""
    return {atom for body in _bodies(item) for atom in body.atoms}


def _bodies(item: Item) -> tuple[Body, ...]:
    return (item.body,) if isinstance(item, Forbid) else item.bodies


def _unsuited(why: str) -> NoReturn:
    raise Unsuited(why)
