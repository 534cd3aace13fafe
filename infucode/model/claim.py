"""The answer of ``check`` as typed values: section 3 of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date

from infucode.model.encounter import ClaimLine
from infucode.model.solution import Ask, PolicyRef, Reason


@dataclass(frozen=True, slots=True)
class Earned:
    """A line that the record earns. ``units`` is whole and positive; ``charge`` money as text."""

    code: str
    label: str
    units: int
    modifiers: tuple[str, ...]
    date: Date
    visit: int
    administrations: tuple[str, ...]
    services: tuple[str, ...]
    charge: str | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong with a claim, or to know of it.

    ``severity`` is ``deny``, ``review`` or ``advise``. ``lines`` are line ids, first the one
    that it is about; none where it speaks of the claim as a whole or of a line that is not on it.
    """

    rule: str
    severity: str
    lines: tuple[str, ...]
    administrations: tuple[str, ...]
    says: str
    cite: str
    omitted: Earned | None = None
    """The line that the record earns and the claim lacks."""


@dataclass(frozen=True, slots=True)
class LineState:
    """A line of the claim: ``stands``, ``violates``, ``review`` or ``undecided``."""

    line: str
    state: str
    label: str = ""
    """The policy's short label of its code; empty where it has none."""
    because: tuple[Reason, ...] = ()
    """Why it is undecided."""
    asks: tuple[Ask, ...] = ()
    """Questions of the record that would decide it."""


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something that this check could not judge, and why. ``rule`` and ``cite`` may be empty."""

    what: str
    why: str
    rule: str = ""
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A least set of lines that cannot stand together, whatever else is claimed.

    ``lines`` are ids in the order of the claim; ``rules`` those that deny one of them.
    """

    lines: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a claim.

    ``op`` is ``replace``, ``add``, ``drop``, ``set_units`` or ``set_modifiers``. ``before`` is
    the line as claimed (none for ``add``), ``after`` as it would be (none for ``drop``).
    """

    op: str
    line: str
    says: str
    before: ClaimLine | None = None
    after: ClaimLine | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """A least set of edits after which nothing is denied and nothing more is to be asked.

    ``needs`` says what of that which the edits give up would stand if more were documented.
    ``lines`` is the claim as it would be, ``outcome`` what ``check`` says of it.
    """

    edits: tuple[Edit, ...]
    needs: tuple[str, ...]
    lines: tuple[ClaimLine, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit of the search of ``conflicts`` or ``repairs``: how many are shown, and why."""

    what: str
    count: int
    says: str


@dataclass(frozen=True, slots=True)
class Remedies:
    """Which lines cannot stand together, what makes the claim right, and what was cut off."""

    conflicts: tuple[Conflict, ...] = ()
    repairs: tuple[Repair, ...] = ()
    caps: tuple[Cap, ...] = ()
    begins: Date = Date.min
    """The date from which the days of lines are counted."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer to ``check``."""

    encounter: str
    policy: PolicyRef
    outcome: str
    """``valid``, ``review``, ``violating`` or ``undecided``."""
    lines: tuple[LineState, ...]
    """Every line of the claim, in its order."""
    violations: tuple[Violation, ...]
    """Deny, review, advise; within each by place on the claim."""
    not_checked: tuple[NotChecked, ...]
    record: str = "none"
    """What stands behind the claim: ``none``, ``complete`` (one code set) or ``open``."""
    remedies: Remedies | None = None
    """None where nobody asked for conflicts and repairs."""

    def state(self, line: str) -> LineState:
        """The state of one line. Raises KeyError if the claim has none of this id."""
        for item in self.lines:
            if item.line == line:
                return item
        raise KeyError(line)

    def about(self, line: str) -> tuple[Violation, ...]:
        """The violations that one line is the subject of."""
        return tuple(v for v in self.violations if v.lines[:1] == (line,))

    @property
    def omitted(self) -> tuple[Violation, ...]:
        """What the record earns and the claim lacks."""
        return tuple(v for v in self.violations if v.omitted is not None)
