"""The vocabulary: every input, table and outcome predicate, typed and documented.

A predicate is declared by a block comment in `vocabulary.lp`::

    %*! start(Administration, Clock)
    Kind: input
    The charted clock time at which it began.
      Administration: administration
      Clock: clock
    Absent: unknown, so rules that need a clock do not fire.
    *%

A predicate whose last argument is a closed list may add lines `Said: word = plain words`: how
messages speak of a word that would read badly as it stands. Words without such a line are said
as they are, with spaces for underscores.

Kinds: `input` (a fact of the record), `assumed` (a supposed value of a half-stated fact),
`table` (rows in the policy, the same for every encounter), `setting` (what the plan fixes),
`outcome` (what the engine reads).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infucode.errors import Problem
from infucode.rulebook.nearest import nearest
from infucode.rulebook.source import Source

if TYPE_CHECKING:
    from infucode.rulebook.parse import ParsedFile

KINDS = ("input", "assumed", "table", "setting", "outcome")
OUTCOMES = (
    "line", "service_line", "modifier", "modifier_on", "visit_modifier", "own_line",
    "charged_access", "opens", "remark", "merged", "withheld", "lost_minutes",
    "service_withheld", "ask", "ask_stay", "warning", "cannot_tell", "cannot_tell_part",
    "open_stop", "open_reason", "charge", "service_warning", "deny", "deny_beside", "review",
    "review_beside", "advise", "omitted", "undecided", "not_checked", "lifted_by", "tried_with",
    "recode_to", "fewer_to", "take_off", "mark_with", "needed", "needed_fact",
    "broken", "broken_stay",
)  # fmt: skip
"""The outcomes that the program reads; one of another name would be ignored without a word."""
IDS = ("administration", "access", "drug", "bag", "dose_group", "service", "claim_line",
       "item")  # fmt: skip
NUMBERS = {
    "clock": (0, 200_000),
    "minutes": (-200_000, 200_000),
    "day": (0, 100),
    "count": (0, 100_000),
    "units": (0, 100_000),
    "rank": (0, 100_000),
    "visit": (1, 1_000),
    "years": (0, 200),
    "amount": (0, 100_000_000),
}
STRINGS = ("rule", "code", "modifier", "label", "place", "text")
_HEAD = re.compile(r"^%\*!\s*([a-z]\w*)\s*(?:\(([^)]*)\))?\s*$")
_NAME = re.compile(r"^[A-Z]\w*$")
_SAID = re.compile(r"^\s*Said:(.*?)(?:\*%)?\s*$")


@dataclass(frozen=True, slots=True)
class Type:
    """The type of one argument.

    ``sort`` is ``id``, ``number``, ``string`` or ``word``; ``name`` is the id or number kind;
    ``words`` is the closed list of a ``word``.
    """

    sort: str
    name: str
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " | ".join(self.words) if self.sort == "word" else self.name

    def fits(self, other: Type) -> bool:
        """Whether a value of `other` may stand where this type is wanted."""
        if self.sort != other.sort:
            return False
        if self.sort == "word":
            return bool(set(self.words) & set(other.words))
        return self.name == other.name or (
            self.sort == "number" and "number" in (self.name, other.name)
        )


ANY_NUMBER = Type("number", "number")


@dataclass(frozen=True, slots=True)
class Predicate:
    """One declared predicate: its arguments in order, with their types."""

    name: str
    kind: str
    arguments: tuple[tuple[str, Type], ...]
    text: str
    absent: str
    file: str
    line: int
    said: tuple[tuple[str, str], ...] = ()
    """Plain words for words of its last argument."""

    @property
    def signature(self) -> tuple[str, int]:
        return self.name, len(self.arguments)

    @property
    def types(self) -> tuple[Type, ...]:
        return tuple(kind for _, kind in self.arguments)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(name for name, _ in self.arguments)})"


def read_vocabulary(
    file: ParsedFile, problems: list[Problem]
) -> dict[tuple[str, int], Predicate]:
    """The predicates that the `%*!` blocks of `file` declare, by name and arity."""
    found: dict[tuple[str, int], Predicate] = {}
    for line, text in file.comments:
        if not text.startswith("%*!"):
            continue
        predicate = _block(line, text.split("\n"), file.source, problems)
        if predicate is None:
            continue
        if predicate.signature in found:
            problems.append(
                file.source.problem(
                    line, 1, f"`{predicate}` is declared twice", "keep one of them"
                )
            )
        found[predicate.signature] = predicate
    if file.rules:
        place = file.rules[0].location.begin
        problems.append(
            file.source.problem(
                place.line, place.column, "the vocabulary holds no rules", "put it into a layer"
            )
        )
    return found


def _block(
    line: int, text: list[str], source: Source, problems: list[Problem]
) -> Predicate | None:
    head = _HEAD.match(text[0])
    if not head:
        problems.append(
            source.problem(line, 1, "not a predicate's head", "write `%*! name(Argument, ...)`")
        )
        return None
    names = [name.strip() for name in (head[2] or "").split(",") if name.strip()]
    fields, prose = _fields([row for row in text[1:] if not _SAID.match(row)])
    types = []
    for name in names:
        kind = parse_type(fields.get("  " + name, ""))
        if kind is None or not _NAME.match(name):
            problems.append(
                source.problem(
                    line,
                    1,
                    f"argument `{name}` of `{head[1]}` has no known type",
                    f"add a line `{name}: type`; types are "
                    f"{', '.join((*IDS, *NUMBERS, *STRINGS))} or a list `a | b`",
                )
            )
            return None
        types.append((name, kind))
    kind_word = fields.get("Kind", "")
    if kind_word == "outcome" and head[1] not in OUTCOMES:
        problems.append(
            source.problem(
                line,
                1,
                f"the program reads no outcome `{head[1]}`",
                nearest(head[1], OUTCOMES) or f"outcomes: {', '.join(OUTCOMES)}",
            )
        )
    if kind_word not in KINDS:
        problems.append(
            source.problem(
                line,
                1,
                f"`{head[1]}` has no known kind",
                nearest(kind_word, KINDS) or f"kinds: {', '.join(KINDS)}",
            )
        )
        return None
    if kind_word == "input" and not fields.get("Absent"):
        problems.append(
            source.problem(
                line,
                1,
                f"`{head[1]}` does not say what absence means",
                "add a line `Absent: ...`",
            )
        )
    said = tuple(_said(line, text, types[-1][1] if types else None, source, problems))
    return Predicate(
        head[1], kind_word, tuple(types), prose, fields.get("Absent", ""), source.name, line, said
    )


def _said(
    line: int, text: list[str], kind: Type | None, source: Source, problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    """The pairs of the `Said:` lines, each checked against the closed list."""
    words = kind.words if kind is not None else ()
    found: set[str] = set()
    for number, row in enumerate(text, line):
        match = _SAID.match(row)
        if match is None:
            continue
        word, equals, plain = (part.strip() for part in match[1].partition("="))
        if not equals or not plain or word not in words or word in found:
            problems.append(
                source.problem(
                    number,
                    1,
                    f"`{match[1].strip()}` does not say how a word of the list is spoken of",
                    (equals and word not in words and nearest(word, words))
                    or "write `Said: word = plain words`, once for a word",
                )
            )
            continue
        found.add(word)
        yield word, plain


def _fields(lines: list[str]) -> tuple[dict[str, str], str]:
    """`Key: value` lines (argument types are indented), and the prose between them."""
    fields: dict[str, str] = {}
    prose: list[str] = []
    for raw in lines:
        text = raw.strip().removesuffix("*%").strip()
        key, colon, value = text.partition(":")
        if colon and _NAME.match(key) and (raw.startswith("  ") or key in ("Kind", "Absent")):
            fields["  " + key if raw.startswith("  ") else key] = value.strip()
        elif text:
            prose.append(text)
    return fields, " ".join(prose)


def parse_type(text: str) -> Type | None:
    """The type that a vocabulary line names, or None if there is no such type."""
    words = tuple(word.strip() for word in text.split("|") if word.strip())
    if len(words) > 1 or (words and text.strip().endswith("|")):
        return Type("word", "", words) if all(re.match(r"^[a-z]\w*$", w) for w in words) else None
    name = words[0] if words else ""
    if name in IDS:
        return Type("id", name)
    if name in NUMBERS:
        return Type("number", name)
    return Type("string", name) if name in STRINGS else None


def by_kind(predicates: dict[tuple[str, int], Predicate], *kinds: str) -> Iterator[Predicate]:
    """The predicates of the given kinds, in the order of their declaration."""
    return (p for p in predicates.values() if p.kind in kinds)
