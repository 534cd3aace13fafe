"""The shortest derivation of each atom of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

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

    Where several give an atom the sizes of the smallest trees below are found first; then, of the
    instances that rest on smaller trees alone, the one is taken that needs the fewest different
    atoms, as what is shared is shown once. No choice can run in a circle.
    """

    def __init__(self, derivations: Derivations) -> None:
        self.derivations = derivations
        self._supports: dict[GroundAtom, Support] = {}
        self._chosen: dict[GroundAtom, Instance] = {}
        self._costs: dict[GroundAtom, int] = {}

    def cost(self, atom: GroundAtom) -> int:
        """How many steps the smallest tree of an atom has."""
        if atom not in self._costs:
            self._costs.update(self._found_below(atom))
        return self._costs[atom]

    def _found_below(self, atom: GroundAtom) -> dict[GroundAtom, int]:
        """The costs of an atom and of all that it can rest on, smallest first."""
        found: dict[GroundAtom, int] = {}
        waiting: dict[GroundAtom, list[int]] = {}
        instances, needs, open_count = [], [], []
        queue: list[tuple[int, int]] = []
        seen, stack = {atom}, [atom]
        while stack:
            one = stack.pop()
            items = () if one in self.derivations.given else self.derivations.behind(one)
            if one in self._costs or not items:
                found[one] = self._costs.get(one, 1)
                continue
            for item in items:
                own = set(rests_on(item))
                stack += own - seen
                seen |= own
                instances.append(item)
                needs.append(own)
        for number, atoms in enumerate(needs):
            missing = [one for one in atoms if one not in found]
            open_count.append(len(missing))
            for one in missing:
                waiting.setdefault(one, []).append(number)
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
        if atom in self.derivations.given or not (items := self.derivations.behind(atom)):
            return False
        if len(items) > 1:
            own = self.cost(atom)
            lower = [i for i in items if all(self.cost(a) < own for a in rests_on(i))]
            items = lower or items
        best = items[0]
        if len(items) > 1:
            best = min(items, key=lambda i: (len(self._union(i)), order(i)))
        self._chosen[atom] = best
        return True

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
    return min(MOST_COST, 1 + sum([known[atom] for atom in atoms]))
