"""The rules over a space as a function that notes which of them fired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from infucode.batch.engine.text import INDENT, Forget, Rows
from infucode.engine.fixpoint import Step
from infucode.engine.relations import Relation
from infucode.passes.values import Row
from infucode.rulebook.language import Signature
from infucode.space.remembering import Memory, Remembering

Clause = tuple[str, str]
"""Where a rule stands, and what it gives."""


def clause_of(step: Step) -> Clause:
    """A rule by its place."""
    return step.place, step.head[0]


class Watching(Remembering):
    """The text of such a function: `fired` gains each rule once it gives a row."""

    def __init__(
        self, fired: dict[Clause, None], memory: Memory,
        tables: Mapping[Signature, Rows], stated: Set[Signature],
    ) -> None:  # fmt: skip
        super().__init__(memory, tables, stated)
        self._globals["fired"] = fired

    def _clause(self, step: Step, depth: int, out: str) -> None:
        super()._clause(step, depth, out)
        last = self._lines[-1]
        assert not isinstance(last, Forget)
        name = f"clause{len(self._globals)}"
        self._globals[name] = clause_of(step)
        within = len(last) - len(last.lstrip())
        self._lines.append(f"{INDENT * within}fired[{name}] = None")


def fired_at_once(
    steps: Sequence[Step], relations: Mapping[Signature, Relation], open: Set[Signature]
) -> dict[Clause, None]:
    """The rules that fire over what holds of every encounter and read nothing that is `open`."""
    known = dict(relations)
    found: dict[Clause, None] = {}
    for step in steps:
        if any(atom.signature in open for atom in step.clause.atoms()):
            continue
        out: dict[Row, None] = {}
        if step.can_fire(known):
            step.run(known, out)
        if out:
            found[clause_of(step)] = None
    return found
