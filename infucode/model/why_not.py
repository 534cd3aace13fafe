"""The answer to `why-not`: what stands between a record and a code, nearest misses first."""

from __future__ import annotations

from dataclasses import dataclass

from infucode.model.explanation import Sets
from infucode.model.proof import Step
from infucode.model.solution import Line, PolicyRef

Far = tuple[int, int, int, int]
"""The weight of what is missing, minutes that are, the start by the clock, and the place in the
record."""
Field = tuple[str, str]
"""A fact of the record: the input that it is, and whom it is about (empty: the stay)."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One condition that does not hold."""

    kind: str
    """``number`` (falls short), ``missing`` (the record does not state it), ``otherwise`` (the
    record says something else), ``stands`` (what must not be so is so)."""
    start: str
    """What there is, in words."""
    rule: str
    text: str
    """What the rule demands, in its own words."""
    cite: str
    place: str
    because: tuple[Step, ...] = ()
    """How what is there came about, down to the record; only in full."""
    fields: tuple[Field, ...] = ()
    """The facts of the record that it rests on; only in full."""
    wanted: tuple[str, ...] = ()
    """What would do instead, each of them."""

    @property
    def says(self) -> str:
        """What there is, and what is needed."""
        return f"{self.start}; {' or '.join(self.wanted)} needed" if self.wanted else self.start


@dataclass(frozen=True, slots=True)
class Miss:
    """One way to the code, and the conditions of it that do not hold."""

    sets: Sets
    administration: str | None
    service: str | None
    about: str
    """Whom it is about, in words."""
    became: str
    """What became of it instead."""
    lacks: tuple[Lack, ...]
    far: Far
    """How far it is from holding; only its order says something."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A line that has the code, and the code sets that hold it."""

    sets: Sets
    line: Line


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The whole answer. `misses` are nearest first; `more` further ones were left out."""

    encounter: str
    policy: PolicyRef
    outcome: str
    total: int
    """How many code sets the record allows."""
    code: str
    label: str
    reported: tuple[Reported, ...]
    misses: tuple[Miss, ...]
    more: int = 0
    uses: tuple[str, ...] = ()
    """What the rules know of a code to which none of them leads."""
    others: tuple[str, ...] = ()
    """The codes that the claim does have."""
