"""The shortest derivation of each atom of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from heapq import heappop, heappush
from itertools import chain

from infucode.engine.derivations import Derivations
from infucode.passes.instances import Instance
from infucode.passes.values import GroundAtom

MOST_COST = 1 << 40
"""A tree of more steps than this is as long as any."""
Support = frozenset[GroundAtom]


def order(item: Instance) -> tuple[object, ...]:
    """Earlier rules first, then smaller bindings; numbers come before words."""
    return item.rule, [(isinstance(value, str), value) for value in item.variables]


def rests_on(item: Instance) -> Iterator[GroundAtom]:
    """The atoms that an instance rests on, those that its aggregates counted among them."""
    yield from item.holds
    for elements in item.counted:
        for _, holds in elements:
            yield from holds


class Shortest:
    """Chooses for each atom the instance whose proof needs the fewest different atoms.

    First the size of the smallest tree of every atom is found, smallest first; then, of the
    instances that rest on smaller trees alone, the one is taken that needs the fewest different
    atoms, as what is shared is shown once. No choice can run in a circle.
    """

    def __init__(self, derivations: Derivations) -> None:
        self.derivations = derivations
        self._supports: dict[GroundAtom, Support] = {}
        self._chosen: dict[GroundAtom, Instance] = {}

    @cached_property
    def costs(self) -> dict[GroundAtom, int]:
        """How many steps the smallest tree of each atom has."""
        level = self.derivations.level
        instances = list(chain.from_iterable(self.derivations.by_head.values()))
        found: dict[GroundAtom, int] = dict.fromkeys(self.derivations.given, 1)
        needs = [set(rests_on(item)) for item in instances]
        waiting: dict[GroundAtom, list[int]] = {}
        open_count = []
        queue: list[tuple[int, int]] = []
        for number, atoms in enumerate(needs):
            missing = [a for a in atoms if a not in found and a in level]
            open_count.append(len(missing))
            for atom in missing:
                waiting.setdefault(atom, []).append(number)
            if not missing:
                heappush(queue, (_cost(atoms, found), number))
        while queue:
            cost, number = heappop(queue)
            head = instances[number].head
            if head in found:
                continue
            found[head] = cost
            for other in waiting.get(head, ()):
                open_count[other] -= 1
                if not open_count[other]:
                    heappush(queue, (_cost(needs[other], found), other))
        return found

    def instance(self, atom: GroundAtom) -> Instance | None:
        """The instance that gives the atom by the shortest proof; None for what is given."""
        if atom not in self._chosen and not self._choose(atom):
            return None
        return self._chosen[atom]

    def _choose(self, atom: GroundAtom) -> bool:
        items = self.derivations.by_head.get(atom, [])
        if atom in self.derivations.given or not items:
            return False
        if len(items) > 1:
            own = self.costs.get(atom, MOST_COST)
            lower = [i for i in items if all(self._below(a, own) for a in rests_on(i))]
            items = lower or items
        best = items[0]
        if len(items) > 1:
            best = min(items, key=lambda i: (len(self._union(i)), order(i)))
        self._chosen[atom] = best
        return True

    def _below(self, atom: GroundAtom, cost: int) -> bool:
        return self.costs.get(atom, 1) < cost

    def _support(self, atom: GroundAtom) -> Support:
        """The atom and all that its proof shows."""
        found = self._supports.get(atom)
        if found is None:
            item = self.instance(atom)
            below = frozenset[GroundAtom]() if item is None else self._union(item)
            found = self._supports[atom] = below | {atom}
        return found

    def _union(self, item: Instance) -> Support:
        return frozenset[GroundAtom]().union(*map(self._support, rests_on(item)))


def _cost(atoms: set[GroundAtom], known: dict[GroundAtom, int]) -> int:
    return min(MOST_COST, 1 + sum(known.get(atom, 1) for atom in atoms))
