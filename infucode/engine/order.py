"""The order in which the rules of a day are answered, and what is known of each beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from infucode.engine.fixpoint import Stratum, needs_of, row_of_fact, strata_of
from infucode.passes.values import Row
from infucode.rulebook.compact import Plain
from infucode.rulebook.language import Clause, Signature
from infucode.rulebook.types import SETTINGS

SETTINGS_READ = frozenset(SETTINGS)


@dataclass(frozen=True, slots=True)
class Order:
    """The strata that an outcome hangs on, and of each rule what running it begins with."""

    tables: tuple[Stratum, ...]
    """Those that hang on no encounter."""
    about: tuple[Stratum, ...]
    """The others."""
    heads: Sequence[Signature]
    """The predicate of each rule."""
    needs: Sequence[tuple[Signature, ...]]
    """The predicates of the positive literals of each rule as it is written."""
    rows: Mapping[int, Row]
    """What the rules without a body say."""
    names: Mapping[int, Sequence[str]]
    """The settings that a rule reads, of those that read any."""


def order_of(
    clauses: Sequence[Clause], inputs: Iterable[Signature], outcomes: Iterable[Signature]
) -> Order:
    """Order some clauses. `inputs` are the predicates that an encounter states."""
    reads = [
        [atom.signature for atom in clause.atoms()] if clause.body else () for clause in clauses
    ]
    wanted = list(_reaching(strata_of(clauses, reads), outcomes))
    bound = _bound(wanted, inputs, outcomes)
    facts = {n: row_of_fact(clause) for n, clause in enumerate(clauses) if not clause.body}
    return Order(
        tuple(s for s in wanted if bound.isdisjoint(s.heads)),
        tuple(s for s in wanted if not bound.isdisjoint(s.heads)),
        [clause.head.signature for clause in clauses],
        [needs_of(clause) for clause in clauses],
        {n: row for n, row in facts.items() if row is not None},
        {
            n: tuple(dict.fromkeys(_settings(clauses[n])))
            for n, own in enumerate(reads)
            if own and not SETTINGS_READ.isdisjoint(own)
        },
    )


def order_to_plain(order: Order) -> Plain:
    """An order as plain lists of JSON."""
    numbers: dict[Signature, int] = {}

    def number(signature: Signature) -> int:
        return numbers.setdefault(signature, len(numbers))

    def strata(own: Iterable[Stratum]) -> Plain:
        return [
            [
                list(map(number, s.heads)),
                list(s.rules),
                list(map(number, sorted(s.reads))),
                s.recursive,
            ]
            for s in own
        ]

    parts = [
        strata(order.tables),
        strata(order.about),
        list(map(number, order.heads)),
        [list(map(number, needs)) for needs in order.needs],
        [[n, *row] for n, row in order.rows.items()],
        [[n, *names] for n, names in order.names.items()],
    ]
    return [list(map(list, numbers)), *parts]


def order_from_plain(plain: Plain) -> Order:
    """An order read back."""
    named, tables, about, heads, needs, rows, names = plain
    known: list[Signature] = [(name, arity) for name, arity in named]

    def strata(own: Plain) -> tuple[Stratum, ...]:
        return tuple(
            [
                Stratum(
                    tuple([known[n] for n in heads]),
                    tuple(rules),
                    frozenset([known[n] for n in reads]),
                    recursive,
                )
                for heads, rules, reads, recursive in own
            ]
        )

    return Order(
        strata(tables),
        strata(about),
        [known[n] for n in heads],
        [tuple([known[n] for n in own]) for own in needs],
        {n: tuple(row) for n, *row in rows},
        {n: tuple(own) for n, *own in names},
    )


def _settings(clause: Clause) -> Iterator[str]:
    return (atom.terms[0].text for atom in clause.atoms() if atom.signature in SETTINGS)


def _bound(
    strata: Iterable[Stratum], inputs: Iterable[Signature], outcomes: Iterable[Signature]
) -> set[Signature]:
    """The predicates that hang on an encounter; `strata` stand in their order."""
    found = {*inputs, *outcomes}
    for stratum in strata:
        if not found.isdisjoint(stratum.heads) or not found.isdisjoint(stratum.reads):
            found.update(stratum.heads)
    return found


def _reaching(strata: Sequence[Stratum], outcomes: Iterable[Signature]) -> Iterable[Stratum]:
    """The strata that an outcome hangs on, in their order."""
    wanted = set(outcomes)
    kept = []
    for stratum in reversed(strata):
        if wanted & set(stratum.heads):
            wanted |= stratum.reads
            kept.append(stratum)
    return reversed(kept)
