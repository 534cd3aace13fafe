"""The papers of a rule: the `%@ key: value` lines directly above it, bound by location."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date as Date
from typing import TYPE_CHECKING

from infucode.errors import Problem
from infucode.rulebook.nearest import nearest
from infucode.rulebook.source import Source

if TYPE_CHECKING:
    from infucode.rulebook.parse import ParsedFile

KEYS = (
    "id", "cite", "text", "says", "matters", "clause", "from", "until", "beats", "rows", "total",
)  # fmt: skip
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LINE = re.compile(r"^%@\s*([a-z_]+)\s*:\s*(.*?)\s*$")
_ID = re.compile(r"^[a-z0-9]+(\.[a-z0-9]+(-[a-z0-9]+)*)+$")
_BEATS = re.compile(r"^([a-z0-9.-]+)\s*\(\s*([A-Z]\w*(?:\s*,\s*[A-Z]\w*)*)\s*\)$")
_MEANT = re.compile(rf"^%+\s*@?\s*({'|'.join(KEYS)})\s*:")
PLACEHOLDER = re.compile(r"\{([A-Z]\w*)\}")


@dataclass(frozen=True, slots=True)
class Beats:
    """This rule is an exception to `rule`, joined on the variables named in `on`."""

    rule: str
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """What a rule says of itself. `line` is where its papers begin."""

    id: str
    cite: str
    text: str
    line: int
    says: str = ""
    matters: str = ""
    clauses: tuple[str, ...] = ()
    since: Date | None = None
    until: Date | None = None
    beats: tuple[Beats, ...] = field(default=())
    rows: int | None = None
    """How many rows its table has where it was copied from."""
    total: str = ""
    """What the numbers of those rows add up to, and a sum over their text."""

    def in_force(self, day: Date) -> bool:
        """Whether the rule holds on `day`; `until` is the last day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )

    @property
    def placeholders(self) -> frozenset[str]:
        """The variables that `says` and `matters` name."""
        return frozenset(m[1] for m in PLACEHOLDER.finditer(f"{self.says} {self.matters}"))

    @property
    def stray(self) -> list[str]:
        """What stands in braces, or is a brace, and names no variable."""
        rest = PLACEHOLDER.sub("", f"{self.says} {self.matters}")
        return re.findall(r"\{[^{}]*\}|[{}]", rest)


def bind_papers(file: ParsedFile, problems: list[Problem]) -> list[Papers | None]:
    """For each rule of `file` its papers: its own, or those of the group it stands in."""
    comments = dict(file.comments)
    used: set[int] = set()
    bound: list[Papers | None] = []
    current: Papers | None = None
    for rule in file.rules:
        block = list(_block_above(comments, rule.location.begin.line))
        if block:
            used.update(line for line, _ in block)
            current = _read(block, file.source, problems)
        elif not used:
            problems.append(
                file.source.problem(
                    rule.location.begin.line,
                    rule.location.begin.column,
                    "a rule without papers",
                    "write `%@ id:`, `%@ cite:` and `%@ text:` lines directly above it",
                )
            )
        bound.append(current)
    problems.extend(_lost_papers(file, used))
    return bound


def _lost_papers(file: ParsedFile, used: set[int]) -> Iterator[Problem]:
    lost = 0
    for line, text in file.comments:
        if text.startswith("%@") and line not in used:
            before, lost = lost, line
            if before and before == line - 1:
                continue  # of the same papers
            yield file.source.problem(
                line,
                1,
                "papers that belong to no rule",
                "papers stand directly above their rule, without an empty line between",
            )
        elif not text.startswith("%@") and (meant := _MEANT.match(text)):
            yield file.source.problem(
                line,
                1,
                f"a comment that looks like papers: `{meant[1]}`",
                "write it as `%@ key:`",
            )


def _block_above(comments: dict[int, str], line: int) -> Iterator[tuple[int, str]]:
    start = line
    while comments.get(start - 1, "").startswith("%"):
        start -= 1
    for number in range(start, line):
        if comments[number].startswith("%@"):
            yield number, comments[number]


def _read(block: list[tuple[int, str]], source: Source, problems: list[Problem]) -> Papers | None:
    found: dict[str, list[tuple[int, str]]] = {}
    last = ""
    for line, text in block:
        match = _LINE.match(text)
        if not match and text.startswith("%@  ") and last:
            number, value = found[last][-1]
            found[last][-1] = (number, f"{value} {text[2:].strip()}")
            continue
        if not match or match[1] not in KEYS:
            word = match[1] if match else text[2:].strip()
            problems.append(
                source.problem(
                    line,
                    1,
                    f"`{word}` is not a key of papers",
                    nearest(word, KEYS) or f"the keys are {', '.join(KEYS)}",
                )
            )
            continue
        last = match[1]
        found.setdefault(last, []).append((line, match[2]))
    return _papers(found, block[0][0], source, problems)


def _papers(
    found: dict[str, list[tuple[int, str]]], line: int, source: Source, problems: list[Problem]
) -> Papers | None:
    before = len(problems)
    for key in ("id", "cite", "text"):
        if not any(value for _, value in found.get(key, [])):
            problems.append(
                source.problem(line, 1, f"papers without `{key}`", f"add a line `%@ {key}: ...`")
            )
    for key, values in found.items():
        if key != "beats" and len(values) > 1:
            problems.append(
                source.problem(values[1][0], 1, f"`{key}` is given twice", "keep one of them")
            )
    id = _one(found, "id")
    if id and not _ID.match(id):
        help = "write it as `layer.topic-detail`"
        problems.append(source.problem(found["id"][0][0], 1, f"`{id}` is not a rule id", help))
    since, until = (_day(found, key, source, problems) for key in ("from", "until"))
    beats = tuple(_beats(found.get("beats", []), source, problems))
    rows = _rows(found, source, problems)
    if since and until and since > until:
        message = f"in force from {since} until {until}, which is never"
        help = "`until` is the last day in force"
        problems.append(source.problem(found["until"][0][0], 1, message, help))
    if len(problems) > before:
        return None
    clauses = tuple(word.strip() for word in _one(found, "clause").split(",") if word.strip())
    return Papers(
        id,
        _one(found, "cite"),
        _one(found, "text"),
        line,
        _one(found, "says"),
        _one(found, "matters"),
        clauses,
        since,
        until,
        beats=beats,
        rows=rows,
        total=_one(found, "total"),
    )


def _one(found: dict[str, list[tuple[int, str]]], key: str) -> str:
    return found[key][0][1] if key in found else ""


def _day(
    found: dict[str, list[tuple[int, str]]], key: str, source: Source, problems: list[Problem]
) -> Date | None:
    if key not in found:
        return None
    line, text = found[key][0]
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        return Date.fromisoformat(text)
    except ValueError:
        problems.append(
            source.problem(line, 1, f"`{text}` is not a date", "write it as 2024-07-30")
        )
        return None


def _rows(
    found: dict[str, list[tuple[int, str]]], source: Source, problems: list[Problem]
) -> int | None:
    for line, text in found.get("rows", ()):
        if re.fullmatch(r"[1-9][0-9]{0,8}", text):
            return int(text)
        message = f"`{text}` is no number of rows"
        problems.append(source.problem(line, 1, message, "write how many the source has"))
    return None


def _beats(
    values: list[tuple[int, str]], source: Source, problems: list[Problem]
) -> Iterator[Beats]:
    for line, text in values:
        match = _BEATS.match(text)
        if match:
            yield Beats(match[1], tuple(name.strip() for name in match[2].split(",")))
        else:
            problems.append(
                source.problem(
                    line,
                    1,
                    f"`{text}` does not name a rule and its variables",
                    "write it as `%@ beats: cpt.some-rule (Administration)`",
                )
            )
