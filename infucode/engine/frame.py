"""What all answers to the switches share: one set of rules, its strata, its compiled clauses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from infucode.engine.fixpoint import Readers, Step, Stratum, needs_of, strata_of
from infucode.passes.compile import Compiled
from infucode.passes.fold import fold
from infucode.passes.instances import compile_instances
from infucode.passes.values import Row
from infucode.rulebook.language import Clause, Signature, Term
from infucode.rulebook.rules import Rule
from infucode.rulebook.types import SETTINGS

SETTINGS_READ = frozenset(SETTINGS)
MOST_KINDS = 512
"""Kinds of encounter remembered at once, by the predicates that they state."""


@dataclass(slots=True)
class Frame:
    """The rules of a day that reach an outcome, by their position in the rulebook."""

    rules: Sequence[Rule]
    strata: tuple[Stratum, ...]
    tables: tuple[Stratum, ...]
    """Those of the strata that hang on no encounter."""
    about: tuple[Stratum, ...]
    """The others."""
    reads: frozenset[Signature]
    names: Mapping[int, Sequence[str]]
    """The settings that a rule reads, of those that read any."""
    readers: Readers
    needs: tuple[tuple[Signature, ...], ...]
    """The predicates of the positive literals of each rule as it is written."""
    positions: Mapping[Signature, Sequence[int]]
    """The rules of each predicate."""
    _plain: list[Step | None]
    _folded: dict[tuple[object, ...], Step | None] = field(default_factory=dict)
    _instances: dict[int, Compiled] = field(default_factory=dict)
    _live: dict[frozenset[Signature], tuple[Stratum, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        rules: Sequence[Rule],
        inputs: Iterable[Signature],
        outcomes: Iterable[Signature],
    ) -> Frame:
        """Order the rules. `inputs` are the predicates that an encounter states."""
        clauses = [rule.clause for rule in rules]
        reads = [
            [atom.signature for atom in clause.atoms()] if clause.body else ()
            for clause in clauses
        ]
        wanted = list(_reaching(strata_of(clauses, reads), outcomes))
        bound = _bound(wanted, inputs, outcomes)
        tables = tuple(s for s in wanted if bound.isdisjoint(s.heads))
        names = {
            n: tuple(dict.fromkeys(_settings(clauses[n])))
            for n, own in enumerate(reads)
            if own and not SETTINGS_READ.isdisjoint(own)
        }
        plain = [
            None if n in names else Step(rule.clause, rule.place) for n, rule in enumerate(rules)
        ]
        about = tuple(s for s in wanted if not bound.isdisjoint(s.heads))
        strata = (*tables, *about)
        return cls(
            rules,
            strata,
            tables,
            about,
            frozenset(signature for stratum in wanted for signature in stratum.reads),
            names,
            Readers(strata),
            tuple(
                needs_of(clauses[n]) if step is None else step.needs
                for n, step in enumerate(plain)
            ),
            _positions(strata, clauses),
            plain,
        )

    def live(self, known: Iterable[Signature]) -> tuple[Stratum, ...]:
        """Those of `about` of which a rule can fire where only these predicates have rows."""
        key = frozenset(known)
        found = self._live.get(key)
        if found is None:
            if len(self._live) >= MOST_KINDS:
                self._live.clear()
            found = self._live[key] = tuple(self._reached(set(key)))
        return found

    def _reached(self, known: set[Signature]) -> Iterable[Stratum]:
        for stratum in self.about:
            rows = known.union(SETTINGS_READ, stratum.heads if stratum.recursive else ())
            fire = {self._head(n) for n in stratum.rules if all(s in rows for s in self.needs[n])}
            if fire:
                known |= fire
                yield stratum

    def _head(self, position: int) -> Signature:
        return self.rules[position].clause.head.signature

    def reading(self, name: str) -> list[int]:
        """The rules that read a setting."""
        return [position for position, names in self.names.items() if name in names]

    def steps(self, settings: Mapping[str, Term]) -> list[Step | None]:
        """Each rule with its settings written in; None for those that they rule out.

        Equal settings give the same object.
        """
        found = list(self._plain)
        for position in self.names:
            found[position] = self.step(position, settings)
        return found

    def step(self, position: int, settings: Mapping[str, Term]) -> Step | None:
        """One of the rules that read a setting, with its settings written in."""
        key = (position, *(settings.get(name) for name in self.names[position]))
        if key not in self._folded:
            rule = self.rules[position]
            clause = fold(rule.clause, settings)
            self._folded[key] = None if clause is None else Step(clause, rule.place)
        return self._folded[key]

    def row(self, position: int) -> Row | None:
        """The row of a table's line, None for any other rule."""
        step = self._plain[position]
        return None if step is None else step.row

    def instances(self, position: int) -> Compiled:
        """The function that lists the instances of a rule as it is written."""
        if position not in self._instances:
            self._instances[position] = compile_instances(self.rules[position].clause)
        return self._instances[position]


def _positions(
    strata: Iterable[Stratum], clauses: Sequence[Clause]
) -> dict[Signature, list[int]]:
    found: dict[Signature, list[int]] = {}
    for stratum in strata:
        for position in stratum.rules:
            found.setdefault(clauses[position].head.signature, []).append(position)
    return found


def _bound(
    strata: Iterable[Stratum], inputs: Iterable[Signature], outcomes: Iterable[Signature]
) -> set[Signature]:
    """The predicates that hang on an encounter; `strata` stand in their order."""
    found = {*inputs, *outcomes}
    for stratum in strata:
        if not found.isdisjoint(stratum.heads) or not found.isdisjoint(stratum.reads):
            found.update(stratum.heads)
    return found


def _settings(clause: Clause) -> Iterable[str]:
    return (atom.terms[0].text for atom in clause.atoms() if atom.signature in SETTINGS)


def _reaching(strata: Sequence[Stratum], outcomes: Iterable[Signature]) -> Iterable[Stratum]:
    """The strata that an outcome hangs on, in their order."""
    wanted = set(outcomes)
    kept = []
    for stratum in reversed(strata):
        if wanted & set(stratum.heads):
            wanted |= stratum.reads
            kept.append(stratum)
    return reversed(kept)
