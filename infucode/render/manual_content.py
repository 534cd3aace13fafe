"""What the manual of a plan, and the page of one rule, are made of; any layout shows it all."""

from __future__ import annotations

from dataclasses import dataclass

from infucode.render.rules_view import RuleDetail

KINDS = {
    "record": "record",
    "supposed": "supposed",
    "table": "table",
    "plan": "plan",
    "rule": "rule",
    "compare": "number",
    "unless": "unless",
}
"""What a condition asks, and the word that stands before it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in words. ``gloss`` says what its predicate means; ``rules`` give it.

    ``own`` says that a rule of the same id gives it. ``below`` are the conditions of what it
    counts or chooses from.
    """

    kind: str
    text: str
    gloss: str = ""
    rules: tuple[str, ...] = ()
    own: bool = False
    below: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Logic:
    """One rule in words: what it gives, when all conditions hold; and the text of its file."""

    gives: str
    gloss: str
    outcome: bool
    conditions: tuple[Condition, ...]
    source: str
    place: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that a table has under one id; the columns are named as in the vocabulary."""

    name: str
    gloss: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """What one plan answers, from and until when; ``said`` in plain words."""

    plan: str
    value: str
    said: str
    basis: str
    cite: str
    dates: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SettingRead:
    """A switch (`reading`) or a number (`value`) that rules read, with each plan's answer."""

    name: str
    question: str
    switch: bool
    answers: tuple[PlanAnswer, ...]
    others: tuple[str, ...] = ()
    """Further values that the switch knows."""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A rule id with its sentence."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """A clause of the rule map."""

    id: str
    gist: str
    cite: str


@dataclass(frozen=True, slots=True)
class Example:
    """A case as a worked example: facts and what must come of them, in words, line by line."""

    name: str
    place: str
    plan: str
    facts: tuple[str, ...]
    expected: tuple[str, ...]
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    why: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """Everything about one rule id of a plan."""

    detail: RuleDetail
    file: str
    matters: str
    logic: tuple[Logic, ...]
    tables: tuple[Rows, ...]
    settings: tuple[SettingRead, ...]
    beats: tuple[Named, ...]
    beaten_by: tuple[Named, ...]
    reads: tuple[Named, ...]
    read_by: tuple[Named, ...]
    clauses: tuple[ClauseRef, ...]
    examples: tuple[Example, ...]
    plans: tuple[str, ...]
    more: tuple[tuple[str, int], ...] = ()
    """Further cases about it: how many in which file."""

    @property
    def id(self) -> str:
        return self.detail.id


@dataclass(frozen=True, slots=True)
class ClausePart:
    """A clause with the rules that are told here, and those that are told elsewhere.

    ``reason`` says why no rule decides it where none does.
    """

    clause: ClauseRef
    reason: str
    rules: tuple[RuleEntry, ...]
    elsewhere: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The clauses of one source document, or of one letter of the rule map."""

    key: str
    title: str
    about: str
    url: str
    parts: tuple[ClausePart, ...]

    @property
    def entries(self) -> tuple[RuleEntry, ...]:
        """The rules that are told here."""
        return tuple(rule for part in self.parts for rule in part.rules)


@dataclass(frozen=True, slots=True)
class PredicateEntry:
    """A predicate of the vocabulary, or a helper of the rules (`kind` is then empty)."""

    kind: str
    signature: str
    anchor: str
    text: str
    arguments: tuple[tuple[str, str], ...]
    absent: str
    given_by: tuple[str, ...]
    read_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileNode:
    """A rule file: its layer, what it is about, its rule ids."""

    name: str
    layer: str
    about: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileLink:
    """One file reads predicates that another gives; the numbers are places in the order."""

    reader: int
    giver: int
    predicates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The files in an order in which most read only what stands above them."""

    files: tuple[FileNode, ...]
    links: tuple[FileLink, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    """The manual of one version of a plan."""

    plan: str
    title: str
    version: str
    since: str
    layers: tuple[str, ...]
    digest: str
    chapters: tuple[Chapter, ...]
    settings: tuple[SettingRead, ...]
    predicates: tuple[PredicateEntry, ...]
    dependencies: Dependencies

    @property
    def entries(self) -> tuple[RuleEntry, ...]:
        """Every rule, in the order in which they are told."""
        return tuple(rule for chapter in self.chapters for rule in chapter.entries)
