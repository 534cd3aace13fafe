"""What changes in a file of encounters between two sides."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from infucode.model.proving import Differing, Side

Rules = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedItem:
    """An administration or service of which the sides say otherwise."""

    id: str
    differing: Differing
    one: Side
    other: Side


@dataclass(frozen=True, slots=True)
class ChangedCode:
    """A code whose lines differ. ``fate`` is `gained` (only the second side has it), `lost`, or
    `otherwise`; the units are None where a side has several code sets."""

    code: str
    fate: str
    one: int | None
    other: int | None


@dataclass(frozen=True, slots=True)
class ChangedEncounter:
    """An encounter that the sides answer otherwise, and where it stands."""

    source: str
    line: int
    id: str
    administrations: int
    outcomes: tuple[str, str]
    codes: tuple[ChangedCode, ...]
    items: tuple[ChangedItem, ...]

    @property
    def place(self) -> str:
        """``file:line``, or the file alone."""
        return f"{self.source}:{self.line}" if self.line else self.source


@dataclass(frozen=True, slots=True)
class RejectedDocument:
    """A document that neither side is asked about, and why."""

    source: str
    line: int
    error: str
    reason: str

    @property
    def place(self) -> str:
        """``file:line``, or the file alone."""
        return f"{self.source}:{self.line}" if self.line else self.source


@dataclass(slots=True)
class CodeChanges:
    """How often a code changes, in encounters; units where each side has one code set."""

    code: str
    fates: Counter[str] = field(default_factory=Counter)
    units_one: int = 0
    units_other: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def encounters(self) -> int:
        return self.fates.total()


@dataclass(slots=True)
class RuleChanges:
    """In how many encounters a rule decided something on one side alone."""

    rule: str
    only_one: int = 0
    only_other: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class KindChanges:
    """The encounters in which the same rules decided otherwise; the smallest as an example."""

    one: Rules
    other: Rules
    encounters: int = 0
    items: int = 0
    """Administrations and services."""
    smallest: ChangedEncounter | None = None
    item: ChangedItem | None = None
    """That of the smallest."""


@dataclass(slots=True)
class Replay:
    """A file under two sides; `read` is `same` and `changed` and rejected."""

    sides: tuple[str, str]
    """Each side in words."""
    files: tuple[str, ...]
    read: int = 0
    same: int = 0
    changed: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    """By the code of the error."""
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Of all that were compared, by the outcomes of both sides."""
    changed_outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    codes: dict[str, CodeChanges] = field(default_factory=dict)
    rules: dict[str, RuleChanges] = field(default_factory=dict)
    kinds: dict[tuple[Rules, Rules], KindChanges] = field(default_factory=dict)
    refused: list[RejectedDocument] = field(default_factory=list)
    """The first of those that were rejected."""
    complete: bool = True
    """Whether the files were read to their end."""
    seconds: float = 0.0
