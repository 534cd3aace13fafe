"""Labels: what it would take for a condition to hold, and what a question takes for possible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from infucode.passes.instances import ANY
from infucode.passes.values import GroundAtom, Row, Value
from infucode.questions.why_not_conditions import Condition
from infucode.questions.why_not_terms import Binding
from infucode.rulebook.language import Aggregate, Clause, Literal, Signature

Label = frozenset[int]
Labels = tuple[Label, ...]
NEVER: Labels = ()
ALWAYS: Labels = (frozenset(),)
Pattern = tuple[Value | None, ...]
"""The arguments of a goal; None where any value will do."""


class Failing(NamedTuple):
    """A condition of a rule, with what is known of its variables when it is reached."""

    position: int
    clause: Clause
    condition: Condition
    binding: Binding

    @property
    def literal(self) -> Literal:
        """The condition as written."""
        return self.condition.literal


class Ways(Protocol):
    """What a question takes for possible where a condition does not hold."""

    shares: bool
    """Whether conditions are taken to rest on the same causes; then nothing is passed over."""
    prunes: bool
    """Whether rules are left out that could not fire, whatever the record says."""

    def joined(self, left: Label, right: Label, /) -> Label:
        """What it takes for both."""

    def trimmed(self, labels: list[Label], /) -> Labels:
        """The labels worth keeping."""

    def stated(
        self, signature: Signature, pattern: Pattern, rows: Sequence[Row], /
    ) -> Iterable[tuple[Row, Labels]]:
        """Rows that a fact of the record could have beside those that it has."""

    def fails(self, failing: Failing, values: Row, /) -> Labels:
        """What it takes where a comparison fails with these values."""

    def stands(self, failing: Failing, atom: GroundAtom, most: int, /) -> Labels:
        """What it takes where an atom that must not hold does."""

    def recounts(self, aggregate: Aggregate, /) -> Labels:
        """What it takes that an aggregate counts something else."""

    def looks_further(
        self, signature: Signature, pattern: Pattern, rows: Sequence[Row], /
    ) -> bool:
        """Whether other rows of a goal matter beside those that it has."""


def goal_pattern(atom: GroundAtom) -> Pattern:
    """The goal of an atom as derivations show it, where `any__` stands for `_`."""
    return tuple(None if value == ANY.text else value for value in atom[1:])
