"""Whole: all rules that a batch can reach, as one Python function over plain rows.

One by one, rules cost more to look up and call than to join: so here the clauses of every
stratum stand behind one another in one function, each behind a test whether its positive
literals have rows. What holds of every encounter is worked out once and is a global of that
function, as are the constants.

The function is a generator that keeps the rows of the encounter before: a stratum is answered
anew only where something that it reads came out differently. Encounters that are alike (batches
are sorted so) and the worlds of one encounter thus share most of the work. A stratum's rows hang
on nothing but what it reads, so the rows are those of `engine/fixpoint.py` whatever went before.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, cast

from infucode.batch.engine.settled import settle
from infucode.batch.engine.text import INDENT, Rows, Text
from infucode.engine.fixpoint import Step, Stratum
from infucode.engine.relations import Relation
from infucode.rulebook.language import Signature

Given = Mapping[Signature, Rows]
Evaluate = Callable[[], Generator[tuple[Rows, ...], Given, None]]


@dataclass(frozen=True, slots=True)
class Whole:
    """The rules that can fire where only some predicates are stated."""

    inputs: frozenset[Signature]
    outcomes: tuple[Signature, ...]
    evaluate: Evaluate
    """Takes what one encounter or world states and supposes, gives the rows of each outcome."""
    fixed: Mapping[Signature, Relation]
    """What holds of every encounter that this is for."""
    names: Mapping[str, Signature]
    """The variables that hold the rows of a predicate."""
    clauses: int
    text: str


class Running:
    """A whole at work: it remembers the encounter before."""

    __slots__ = ("_generator", "whole")

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self._generator: Generator[tuple[Rows, ...], Given, None] | None = None

    def outcomes(self, world: Given) -> tuple[Rows, ...]:
        """The rows of each outcome. Raises what a rule raises; then nothing is remembered."""
        generator = self._generator
        if generator is None:
            generator = self.whole.evaluate()
            next(generator)
        self._generator = None
        rows = generator.send(world)
        self._generator = generator
        return rows

    def relations(self, world: Given, reads: Set[Signature]) -> dict[Signature, Relation]:
        """The rows of every predicate in the world that was the last to be answered; of what is
        stated those that some rule `reads`."""
        assert self._generator is not None
        found = dict(self.whole.fixed)
        for signature, rows in world.items():
            if rows and signature in reads:
                found.setdefault(signature, Relation(rows))
        names = self.whole.names
        for name, rows in cast(Any, self._generator).gi_frame.f_locals.items():
            if rows and name in names:
                found[names[name]] = Relation(rows)
        return found


def compile_whole(
    strata: Iterable[Stratum],
    steps: Sequence[Step | None],
    tables: Mapping[Signature, Relation],
    inputs: Iterable[Signature],
    outcomes: Sequence[Signature],
    writing: Callable[[Mapping[Signature, Rows], Set[Signature]], Text] = Text,
) -> Whole:
    """One function for the rules that can fire where the `tables` hold and only `inputs` are
    stated or supposed; `writing` makes its text."""
    stated = frozenset(inputs)
    shape = settle(strata, steps, tables, stated)
    derived = {step.head for _, firing in shape.firing for step in firing}
    text = writing(shape.tables, stated)
    for stratum, firing in shape.firing:
        reads = {atom.signature for step in firing for atom in step.clause.atoms()}
        own = reads & (stated | derived) - set(stratum.heads)
        text.renewed(stratum, firing, own)
    within = text.take()
    kept = tuple(s for s in outcomes if s in derived or s in shape.tables)
    taken, rows, indexes = text.taking(), text.declared, text.indexes
    lines = [
        "def whole():",
        *text.cleared(rows, "NEVER", 1),
        *text.cleared(indexes, "None", 1),
        f"{INDENT}world = yield ()",
        f"{INDENT}while True:",
        *text.cleared([f"new_{name}" for name in rows], "False", 2),
        *taken,
        *within,
        f"{INDENT * 2}world = yield ({''.join(f'{text.rows(s)}, ' for s in kept)})",
    ]
    function = text.function("whole", lines)
    number = sum(len(firing) for _, firing in shape.firing)
    names = {name: s for s, name in text.names.items() if s not in shape.tables}
    return Whole(stated, kept, function, shape.relations, names, number, "\n".join(lines))
