"""What stands under the cursor: read from the text alone, so that half-typed rules do too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from infucode.workbench.server.cases import ID
from infucode.workbench.server.tokens import Spot, atoms

_PAPERS = re.compile(r"^%@\s*([a-z_]+)\s*:\s?")
_DECLARED = re.compile(r"^(?:%\*!\s*|#defined\s+)([a-z]\w*)")
_KEYED = re.compile(r"^\s*(\w+)\s*=\s*(.*)$")
_TABLE = re.compile(r"^\s*\[+\s*([^\]]*?)\s*\]+")
CLAUSE = re.compile(r"\b[A-Z]\d+[a-z]?\b")


def spot_at(name: str, lines: Sequence[str], line: int, column: int) -> Spot | None:
    """What stands at a 0-based line and column of a file, or ends there."""
    if not 0 <= line < len(lines):
        return None
    found = [s for s in spots(name, lines, line) if s.start <= column <= s.end]
    return min(found, key=lambda s: (column >= s.end, s.end - s.start), default=None)


def spots(name: str, lines: Sequence[str], line: int) -> Iterator[Spot]:
    """The things of one line."""
    text = lines[line]
    if name.endswith(".lp"):
        if text.startswith("%@"):
            yield from _of_papers(lines, line)
        elif declared := _DECLARED.match(text):
            yield _declared(declared, text)
        elif text.startswith("%"):
            word = re.compile(r"[a-z]\w*")
            yield from _named(word.finditer(text, _given(lines, line)), "predicate")
        else:
            first, last = statement(lines, line)
            yield from _of_rule(lines, first, last, line)
    elif name.endswith(".toml"):
        yield from _of_table(name, text)
    elif name.endswith(".yaml"):
        yield from _named(ID.finditer(text), "rule")


def papers_key(lines: Sequence[str], line: int) -> str:
    """The key that a line of papers belongs to, itself or the line that it goes on with."""
    while line >= 0 and lines[line].startswith("%@"):
        match = _PAPERS.match(lines[line])
        if match:
            return match[1]
        line -= 1
    return ""


def _given(lines: Sequence[str], line: int) -> int:
    """Where in a line of a header the list of what the file gives goes on; its end if nowhere."""
    number = line
    while number >= 0 and lines[number].startswith("%"):
        at = lines[number].find("Gives:")
        if at >= 0:
            return at + len("Gives:") if number == line else 0
        number -= 1
    return len(lines[line])


def _of_papers(lines: Sequence[str], line: int) -> Iterator[Spot]:
    text, key = lines[line], papers_key(lines, line)
    match = _PAPERS.match(text)
    start = match.end() if match else 2
    if match:
        yield Spot("key", key, match.start(1), match.end(1))
    if key == "cite":
        yield from cited(text, start, len(text), match is None)
    elif key in ("id", "beats"):
        yield from _named(ID.finditer(text, start), "rule")
    elif key == "clause":
        yield from _named(CLAUSE.finditer(text, start), "clause")
    elif key in ("says", "matters"):
        for braced in re.finditer(r"\{([A-Z]\w*)\}", text):
            yield Spot("variable", braced[1], braced.start(1), braced.end(1))


def cited(text: str, start: int, end: int, goes_on: bool = False) -> Iterator[Spot]:
    """The source keys of a citation; of a line that goes on, not what it begins with."""
    for number, part in enumerate(re.finditer(r"[^;]+", text[start:end])):
        word = re.search(r"[^\s\"]+", part[0])
        if word and not (goes_on and number == 0):
            at = start + part.start() + word.start()
            yield Spot("source", word[0], at, at + len(word[0]))


def _declared(match: re.Match[str], text: str) -> Spot:
    rest = text[match.end() :]
    if rest.startswith("/"):
        digits = re.match(r"/(\d+)", rest)
        arity = int(digits[1]) if digits else None
    else:
        inner = re.match(r"\s*\(([^)]*)\)", rest)
        arity = len([word for word in inner[1].split(",") if word.strip()]) if inner else 0
    return Spot("predicate", match[1], match.start(1), match.end(1), arity)


def _named(matches: Iterator[re.Match[str]], kind: str) -> Iterator[Spot]:
    return (Spot(kind, match[0], match.start(), match.end()) for match in matches)


def statement(lines: Sequence[str], line: int) -> tuple[int, int]:
    """The first and the last line (0-based, both in) of the rule that a line belongs to."""

    def apart(number: int) -> bool:
        return not lines[number].strip() or lines[number].startswith("%")

    first = last = line
    while first > 0 and not apart(first - 1) and not lines[first - 1].rstrip().endswith("."):
        first -= 1
    beyond = len(lines) - 1
    while last < beyond and not lines[last].rstrip().endswith(".") and not apart(last + 1):
        last += 1
    return first, last


def _of_rule(lines: Sequence[str], first: int, last: int, line: int) -> Iterator[Spot]:
    text = "\n".join(lines[first : last + 1])
    begin = sum(len(row) + 1 for row in lines[first:line])
    for spot in atoms(text):
        if begin <= spot.start <= begin + len(lines[line]):
            yield Spot(
                spot.kind, spot.name, spot.start - begin, spot.end - begin, spot.arity,
                spot.call, spot.argument, spot.first,
            )  # fmt: skip


def _of_table(name: str, text: str) -> Iterator[Spot]:
    table = _TABLE.match(text)
    if table:
        key, start = table[1], table.start(1)
        if key.startswith("clause."):
            yield Spot("clause", key[7:], start + 7, start + len(key))
        elif name == "sources.toml":
            yield Spot("source", key, start, start + len(key))
        elif name == "switches.toml":
            own = key.partition(".")[0]
            yield Spot("setting", own, start, start + len(own))
        return
    keyed = _KEYED.match(text)
    if keyed is None:
        return
    if keyed[1] == "cite":
        yield from cited(text, keyed.start(2), len(text))
    elif keyed[1] in ("name", "offset", "every"):
        yield from _named(re.compile(r"[a-z]\w+").finditer(text, keyed.start(2)), "setting")
    yield from _named(ID.finditer(text, keyed.start(2)), "rule")
