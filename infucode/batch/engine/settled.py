"""What a batch fixes is worked out before it is run: tables, and literals that are decided.

The encounters of one shape share what they state of the stay in words (kind of claim, place,
payer); rules that hang on nothing else are answered once, and their rows are tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from infucode.engine.fixpoint import Step, Stratum, answer
from infucode.engine.relations import Relation
from infucode.passes.values import Row, term_value
from infucode.rulebook.language import Atom, Clause, Literal, Signature

Rows = dict[Row, None]
Firing = list[tuple[Stratum, list[Step]]]


@dataclass(frozen=True, slots=True)
class Settled:
    """The tables of a shape, and the strata that can fire beyond them."""

    relations: dict[Signature, Relation]
    firing: Firing

    @property
    def tables(self) -> dict[Signature, Rows]:
        """The tables as rows."""
        return {signature: found.rows for signature, found in self.relations.items()}


def settle(
    strata: Iterable[Stratum],
    steps: Sequence[Step | None],
    tables: Mapping[Signature, Relation],
    stated: Set[Signature],
) -> Settled:
    """What can fire where the `tables` hold and only these predicates are stated or supposed."""
    known = {signature: found for signature, found in tables.items() if found.rows}
    firing: Firing = []
    open_ = set(stated)
    for stratum in strata:
        own = [step for n in stratum.rules if (step := steps[n]) is not None]
        reads = {atom.signature for step in own for atom in step.clause.atoms()}
        if open_.isdisjoint(reads) and open_.isdisjoint(stratum.heads):
            answer((stratum,), steps, known)
            continue
        found = firing_of(own, stratum, known, open_)
        if found:
            open_.update(step.head for step in found)
            firing.append((stratum, found))
    return Settled({s: r for s, r in known.items() if r.rows}, firing)


def firing_of(
    steps: Sequence[Step], stratum: Stratum, tables: Mapping[Signature, Relation],
    open_: Set[Signature],
) -> list[Step]:  # fmt: skip
    """The clauses whose positive literals can have rows, without literals that are decided."""
    alive = {*tables, *open_}
    if stratum.recursive:
        alive |= _grown(steps, alive)
    found = []
    for step in steps:
        if alive.issuperset(step.needs):
            clause = decided(step.clause, tables, alive, open_)
            if clause is not None:
                found.append(step if clause is step.clause else Step(clause, step.place))
    return found


def _grown(steps: Sequence[Step], alive: Set[Signature]) -> set[Signature]:
    """The heads that clauses which read each other can reach."""
    found: set[Signature] = set()
    while True:
        more = {s.head for s in steps if all(n in alive or n in found for n in s.needs)}
        if more <= found:
            return found
        found |= more


def decided(
    clause: Clause,
    tables: Mapping[Signature, Relation],
    alive: Set[Signature],
    open_: Set[Signature],
) -> Clause | None:
    """The clause without literals that hold of the whole batch; None where one never does."""
    body: list[Literal] = []
    for literal in clause.body:
        atom = literal.formula
        if not isinstance(atom, Atom) or literal.signs > 1:
            body.append(literal)
            continue
        holds = _holds(atom, tables, alive, open_)
        if holds is None:
            body.append(literal)
        elif holds == (literal.signs == 1):
            return None
    return clause if len(body) == len(clause.body) else replace(clause, body=tuple(body))


def _holds(
    atom: Atom,
    tables: Mapping[Signature, Relation],
    alive: Set[Signature],
    open_: Set[Signature],
) -> bool | None:
    """Whether an atom holds in every encounter, in none, or None: it depends."""
    if atom.signature not in alive:
        return False
    if atom.signature in open_ or atom.signature not in tables:
        return None
    if any(term.kind in ("variable", "arithmetic") for term in atom.terms):
        return None
    return tuple(map(term_value, atom.terms)) in tables[atom.signature].rows
