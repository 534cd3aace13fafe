"""What stands folded on the screen, told again for each code set: nothing may be lost in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BULLET = re.compile(r"^ +[•\-] (?:sets? [\d, -]+: )?")
_ENTRY = re.compile(r"(?<![\d:])\d+(?:-\d+)?(?:, \d+(?:-\d+)?)*: (\d+(?:, \d+)*)(?=\s|$)")
_BY_SET = re.compile(r"^( +)by set  ")
_UNITS = re.compile(r"^( +)units by set\b")
_CODE = re.compile(r"^  (?! )(\S+)")
_RANGE = re.compile(r"\d+ to \d+")
_IF = "  if "


def unfolded(text: str) -> str:
    """The text, and behind it every folded sentence as it holds in each code set."""
    lines = text.splitlines()
    return "\n".join([text, *_sentences(lines), *_suppositions(lines), *_units(lines)])


def _units(lines: list[str]) -> Iterator[str]:
    """Below ``units by set`` stand the units of the line above, each with its code set."""
    for number, line in enumerate(lines):
        folded = _UNITS.match(line)
        if folded is None:
            continue
        code = next(m[1] for row in reversed(lines[:number]) if (m := _CODE.match(row)))
        rows = [line[folded.end() :], *_below(lines, number, len(folded[1]) + 1)]
        for units in _ENTRY.findall(" ".join(rows)):
            yield f"{code}×{units}"


def _sentences(lines: list[str]) -> Iterator[str]:
    """Above ``by set  3: 2, 91`` stands the sentence whose ranges hold these numbers."""
    for number, line in enumerate(lines):
        folded = _BY_SET.match(line)
        if folded is None:
            continue
        hang = len(folded[1])
        rows = [line[folded.end() :], *_below(lines, number, folded.end())]
        said: list[str] = []
        for row in reversed(lines[:number]):
            said.insert(0, row[hang:])
            if _BULLET.match(row) or row[:hang].strip():
                break
        sentence = " ".join(said)
        for entry in _ENTRY.findall(" ".join(rows)):
            told = sentence
            for value in entry.split(", "):
                told = _RANGE.sub(value, told, count=1)
            yield told


def _suppositions(lines: list[str]) -> Iterator[str]:
    """Below ``if ... stopped at`` stand its endings, each with its code sets."""
    for number, line in enumerate(lines):
        if line.startswith(_IF):
            rows = [line[len(_IF) :], *_below(lines, number, len(_IF))]
            stem, *endings = re.split(r"\bsets? [\d, -]+: ", " ".join(rows))
            yield from (f"{stem} {ending}" for ending in endings)


def _below(lines: list[str], number: int, hang: int) -> Iterator[str]:
    for row in lines[number + 1 :]:
        if not row.startswith(" " * hang):
            return
        yield row.strip()
