"""Which changes of which cases are tried for what is open: those near to the condition.

Rounds go from little to much: one change of the smallest case in which the rule came near to it,
then of the next cases, then two changes at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from infucode.model.encounter import Encounter
from infucode.rulebook.language import Signature
from infucode.rulebook.types import SETTINGS
from infucode.space.changes import Changes, Reads, Weighed
from infucode.workbench.case import Case
from infucode.workbench.cover.covering import Sights
from infucode.workbench.cover.questions import Key, Place
from infucode.workbench.plans import Plans

BASES = 4
"""Cases of which each changes once for what is open, a round each."""
PAIR_BASES = 2
"""Cases of which each changes twice."""
MOST_ONCE = 24
"""Single changes of a case that are tried for one thing that is open."""
FIRST, SECOND = 4, 6
"""So many changes, and so many more of each, where two are made at once."""


@dataclass(frozen=True, slots=True)
class Base:
    """A case, and what its changes are to show."""

    case: Case
    keys: tuple[Key, ...]
    readings: tuple[tuple[str, str], ...]
    """Answers to switches that are tried with it as it is."""
    pairs: bool


class Directed:
    """Chooses the cases and changes that what is open hangs on."""

    def __init__(self, found: Sights, cases: Sequence[Case], plans: Plans) -> None:
        self.found, self.plans = found, plans
        self.changes = Changes(cases)
        clauses = {
            rule.clause: None for plan in plans.known for rule in plans.policy(plan).library.rules
        }
        self.reads = Reads(clauses)
        self._near: dict[Key, Mapping[str, int]] = {}
        self._cases = {case.place: case for case in cases}
        self._bases: dict[Place, list[Case]] = {}

    def rounds(self) -> Iterator[tuple[int, bool]]:
        """Each round: which of its cases a rule takes, and whether two changes are made."""
        yield from ((number, False) for number in range(BASES))
        yield from ((number, True) for number in range(PAIR_BASES))

    def bases(self, open: Collection[Key], number: int, pairs: bool) -> list[Base]:
        """The cases of a round, with what each is to show."""
        wanted: dict[str, list[Key]] = {}
        for key in open:
            near = self._of(key[0])[number : number + 1]
            for case in near:
                wanted.setdefault(case.place, []).append(key)
        return [
            Base(self._cases[name], tuple(keys), self._values(self._cases[name], keys), pairs)
            for name, keys in wanted.items()
        ]

    def _of(self, place: Place) -> list[Case]:
        """The cases that show something of a rule, then those in which its id fired or was to
        be silent; the smallest first."""
        if place not in self._bases:
            rule, _ = self.found.rules[place]
            own = {name for key, name in self.found.first.items() if key[0] == place}
            others = [
                case
                for case in self._cases.values()
                if rule.papers.id in self._fired(case) or rule.papers.id in case.silent
            ]
            first = sorted((self._cases[n] for n in own if n in self._cases), key=_size)
            rest = sorted((c for c in others if c.place not in own), key=_size)
            self._bases[place] = [*first[: BASES - 1], *rest][:BASES]
        return self._bases[place]

    def _fired(self, case: Case) -> Collection[str]:
        return self.found.fired.get(f"{case.policy} {case.place}", ())

    def tries(self, base: Base, reached: Collection[Key]) -> Iterator[tuple[str, Encounter]]:
        """The changes of a case that are tried, for what is not `reached` by then."""
        known = list(self.changes.weighed(base.case.encounter))
        asked: set[str] = set()
        more: dict[str, list[Weighed]] = {}
        for key in base.keys:
            most = FIRST if base.pairs else MOST_ONCE
            for change in self._nearest(key, known, most):
                if key in reached:
                    break
                if not base.pairs and change.change not in asked:
                    asked.add(change.change)
                    yield change.change, change.encounter
                elif base.pairs:
                    if change.change not in more:
                        more[change.change] = list(self.changes.weighed(change.encounter))
                    yield from self._twice(key, change, more[change.change], asked, reached)

    def _twice(
        self, key: Key, first: Weighed, more: list[Weighed], asked: set[str],
        reached: Collection[Key],
    ) -> Iterator[tuple[str, Encounter]]:  # fmt: skip
        for second in self._nearest(key, more, SECOND):
            change = f"{first.change}, {second.change}"
            if change not in asked and key not in reached:
                asked.add(change)
                yield change, second.encounter

    def _nearest(self, key: Key, changes: Iterable[Weighed], most: int) -> list[Weighed]:
        """The changes that change something on which a condition hangs, the nearest first."""
        near = self._distances(key)
        far = 1 + max(near.values(), default=0)
        scored = []
        for number, change in enumerate(changes):
            score = min((near.get(name, far) for name in change.inputs), default=far)
            if score < far:
                scored.append((score, len(change.inputs), number, change))
        return [item[3] for item in sorted(scored, key=lambda item: item[:3])[:most]]

    def _distances(self, key: Key) -> Mapping[str, int]:
        if key not in self._near:
            self._near[key] = self.reads.distances(self._signatures(key))
        return self._near[key]

    def _signatures(self, key: Key) -> list[Signature]:
        """What a change must bear on: the condition; of a comparison what its values are from;
        for a condition to be the only way, the other ways."""
        place, number, kind = key
        clause = self.found.rules[place][0].clause
        literal = clause.body[number]
        if kind == "true":
            return [clause.head.signature]
        own = [atom.signature for atom in literal.atoms()]
        if own:
            return own
        names = {*literal.formula.variables()}
        return [
            atom.signature
            for other in clause.body
            if other is not literal and not names.isdisjoint(other.formula.variables())
            for atom in other.atoms()
        ]

    def _values(self, case: Case, keys: Sequence[Key]) -> tuple[tuple[str, str], ...]:
        """Each answer to the switches that the rules in question read."""
        known = self.plans.policy(case.policy).library.switches
        names = {
            atom.terms[0].text
            for place, _, _ in keys
            for atom in self.found.rules[place][0].clause.atoms()
            if atom.signature in SETTINGS
        }
        return tuple(
            (name, value) for name in sorted(names & known.keys()) for value in known[name].values
        )


def _size(case: Case) -> tuple[int, str]:
    encounter = case.encounter
    things = (encounter.administrations, encounter.services, encounter.claim_lines)
    return sum(map(len, things)), case.place
