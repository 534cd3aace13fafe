"""What all answers to the switches share: one set of rules, its strata, its compiled clauses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

from infucode.engine.fixpoint import Readers, Step, Stratum
from infucode.engine.order import SETTINGS_READ, Order, order_from_plain, order_of
from infucode.passes.compile import Compiled
from infucode.passes.fold import fold
from infucode.passes.instances import compile_instances
from infucode.passes.values import Row
from infucode.rulebook.kept import WovenRules
from infucode.rulebook.language import Signature, Term
from infucode.rulebook.rules import Rule

MOST_KINDS = 512
"""Kinds of encounter remembered at once, by the predicates that they state."""


class Steps(Sequence[Step | None]):
    """Each rule with its settings written in, made when it is asked for; None if ruled out."""

    def __init__(self, number: int, make: Callable[[int], Step | None]) -> None:
        self._make = make
        self._made: dict[int, Step | None] = {}
        self._number = number

    @overload
    def __getitem__(self, place: int) -> Step | None: ...

    @overload
    def __getitem__(self, place: slice) -> list[Step | None]: ...

    def __getitem__(self, place: int | slice) -> Step | list[Step | None] | None:
        try:
            return self._made[place]  # type: ignore[index]
        except (KeyError, TypeError):
            pass
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(self._number))]
        if not -self._number <= place < self._number:
            raise IndexError(place)
        found = self._made[place] = self._make(place % self._number)
        return found

    def __len__(self) -> int:
        return self._number

    def but(self, changes: Mapping[int, Step | None]) -> Steps:
        """The same but for some rules."""
        found = Steps(self._number, self.__getitem__)
        found._made = {**self._made, **changes}
        return found


class Frame:
    """The rules of a day that reach an outcome, by their position in the rulebook."""

    def __init__(self, rules: Sequence[Rule], order: Order) -> None:
        self.rules, self.order = rules, order
        self.tables, self.about = order.tables, order.about
        self.needs, self.names = order.needs, order.names
        self._steps: dict[tuple[object, ...], Step | None] = {}
        self._instances: dict[int, Compiled] = {}
        self._live: dict[frozenset[Signature], tuple[Stratum, ...]] = {}

    @classmethod
    def of(
        cls,
        rules: Sequence[Rule],
        inputs: Iterable[Signature],
        outcomes: Iterable[Signature],
    ) -> Frame:
        """Order the rules. `inputs` are the predicates that an encounter states."""
        if isinstance(rules, WovenRules):
            return cls(rules, order_from_plain(rules.order))
        return cls(rules, order_of([rule.clause for rule in rules], inputs, outcomes))

    @cached_property
    def strata(self) -> tuple[Stratum, ...]:
        """All strata in their order: those of the tables come first."""
        return (*self.tables, *self.about)

    @cached_property
    def reads(self) -> frozenset[Signature]:
        """The predicates that some rule reads."""
        return frozenset().union(*[stratum.reads for stratum in self.strata])

    @cached_property
    def readers(self) -> Readers:
        """Which strata must be answered again when rules or predicates change."""
        return Readers(self.strata)

    @cached_property
    def positions(self) -> Mapping[Signature, Sequence[int]]:
        """The rules of each predicate."""
        found: dict[Signature, list[int]] = {}
        for stratum in self.strata:
            for position in stratum.rules:
                found.setdefault(self.order.heads[position], []).append(position)
        return found

    def live(self, known: Iterable[Signature]) -> tuple[Stratum, ...]:
        """Those of `about` of which a rule can fire where only these predicates have rows."""
        key = frozenset(known)
        found = self._live.get(key)
        if found is None:
            if len(self._live) >= MOST_KINDS:
                self._live.clear()
            found = self._live[key] = tuple(self._reached(set(key)))
        return found

    def _reached(self, known: set[Signature]) -> Iterator[Stratum]:
        """The strata with those of their rules that can fire."""
        heads, needs = self.order.heads, self.needs
        for stratum in self.about:
            rows = known.union(SETTINGS_READ, stratum.heads if stratum.recursive else ())
            fire = [n for n in stratum.rules if rows.issuperset(needs[n])]
            if fire:
                known.update([heads[n] for n in fire])
                yield Stratum(stratum.heads, tuple(fire), stratum.reads, stratum.recursive)

    def reading(self, name: str) -> list[int]:
        """The rules that read a setting."""
        return [position for position, names in self.names.items() if name in names]

    def steps(self, settings: Mapping[str, Term]) -> Steps:
        """Each rule with its settings written in; equal settings give the same object."""
        return Steps(len(self.rules), lambda position: self.step(position, settings))

    def step(self, position: int, settings: Mapping[str, Term]) -> Step | None:
        """One of the rules with its settings written in; None if they rule it out."""
        key = (position, *[settings.get(name) for name in self.names.get(position, ())])
        if key not in self._steps:
            rule = self.rules[position]
            clause = fold(rule.clause, settings) if position in self.names else rule.clause
            self._steps[key] = None if clause is None else Step(clause, rule.place)
        return self._steps[key]

    def row(self, position: int) -> Row | None:
        """The row of a table's line, None for any other rule."""
        return self.order.rows.get(position)

    def facts(self, stratum: Stratum) -> dict[Row, None] | None:
        """The rows of a stratum of facts alone, None for any other."""
        rows = self.order.rows
        if stratum.recursive or any(n not in rows for n in stratum.rules):
            return None
        return {rows[n]: None for n in stratum.rules}

    def instances(self, position: int) -> Compiled:
        """The function that lists the instances of a rule as it is written."""
        if position not in self._instances:
            self._instances[position] = compile_instances(self.rules[position].clause)
        return self._instances[position]
