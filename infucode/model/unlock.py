"""The answer to `unlock`: which absent facts would make a code reportable, as open questions."""

from __future__ import annotations

from dataclasses import dataclass

from infucode.model.solution import PolicyRef, Reason


@dataclass(frozen=True, slots=True)
class Query:
    """One open question about a fact that the record does not state."""

    fact: str
    """The input that it is."""
    about: str
    """The administration, access or service; empty for the stay."""
    asks: str
    values: tuple[str, ...]
    """The values, or classes of values, that were found to do; never part of the question."""


@dataclass(frozen=True, slots=True)
class Unlocking:
    """A smallest set of questions, and the rules by which the code would be reported."""

    queries: tuple[Query, ...]
    because: tuple[Reason, ...]
    """The rules behind the line under one of the values."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A documented fact that stands in the way."""

    fact: str
    about: str
    says: str


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The whole answer."""

    encounter: str
    policy: PolicyRef
    outcome: str
    code: str
    label: str
    state: str
    """``reported`` (every code set has it), ``found``, ``none`` (not with sets of up to `most`
    facts), ``never`` (not with any number of them)."""
    sets: tuple[Unlocking, ...]
    most: int
    """The size up to which sets are sought."""
    size: int
    """The size of the sets that were found; 0 if there are none."""
    complete: bool
    """Whether every value of every set of these sizes was tried."""
    tried: int
    """How many completed records were solved."""
    core: tuple[Standing, ...] = ()
    """Documented facts that rule the code out whatever else were documented."""
    uses: tuple[str, ...] = ()
    open_facts: int = 0
    """How many absent facts may be asked for."""
    core_smallest: bool = True
    """Whether it was told of each fact of `core` that it is needed there."""
