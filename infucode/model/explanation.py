"""Answers to `why`: of a line, of a rule, of an administration. Plain values."""

from __future__ import annotations

from dataclasses import dataclass

from infucode.model.proof import Step
from infucode.model.solution import Ask, Line, NotReported, PolicyRef, Warned

Sets = tuple[int, ...]
"""Numbers of code sets, from 1; empty where it holds in every one."""


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A line with the proofs of all that it is made of."""

    sets: Sets
    line: Line
    proof: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class CodeExplained:
    """The lines of a code; where there are none, what is said of the code instead."""

    code: str
    label: str
    lines: tuple[ExplainedLine, ...]
    uses: tuple[str, ...] = ()
    """What the policy's tables use the code for."""
    others: tuple[str, ...] = ()
    """The codes that the claim does have."""
    not_reported: tuple[NotReported, ...] = ()
    """What is not reported and would have had the code."""


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that applied, and why."""

    sets: Sets
    step: Step


@dataclass(frozen=True, slots=True)
class Nearly:
    """A rule that did not apply to something: what held, what first did not, and why."""

    sets: Sets
    about: str
    held: tuple[Step, ...]
    failed: Step
    because: tuple[Step, ...]
    place: str


@dataclass(frozen=True, slots=True)
class RuleExplained:
    """Where a rule applied in an encounter, and where it nearly did."""

    id: str
    text: str
    cite: str
    places: tuple[str, ...]
    in_force: bool
    fired: tuple[Fired, ...]
    nearly: tuple[Nearly, ...]


@dataclass(frozen=True, slots=True)
class Unreported:
    """Something that is not reported, and the proof of it."""

    sets: Sets
    item: NotReported
    proof: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """All that became of one administration or service."""

    id: str
    service: bool
    lines: tuple[ExplainedLine, ...]
    not_reported: tuple[Unreported, ...]
    asks: tuple[Ask, ...]
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was asked about one encounter, and the answer that it is about."""

    encounter: str
    policy: PolicyRef
    outcome: str
    total: int
    """How many code sets the record allows."""
    answer: CodeExplained | RuleExplained | Fate
