"""Where things stand in a folder: definitions, references and symbols, found in the texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from infucode.workbench.server.cursor import papers_key, spots, statement
from infucode.workbench.server.folder import VOCABULARY, Folder
from infucode.workbench.server.tokens import Spot

SEARCHED = {
    "predicate": (".lp",),
    "rule": (".lp", ".toml", ".yaml"),
    "source": (".lp", ".toml"),
    "clause": (".lp", ".toml"),
    "setting": (".lp", ".toml"),
}
MOST_SYMBOLS = 200
_ID_LINE = re.compile(r"^%@\s*id\s*:\s*(\S+)\s*$")
_TEXT_LINE = re.compile(r"^%@\s*text\s*:\s*(.*)$")


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of one line (0-based) of a file of the folder."""

    name: str
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """A rule or predicate; ``last`` is the last line (0-based) that belongs to it."""

    title: str
    kind: str
    detail: str
    place: Place
    last: int


def wanted(spot: Spot) -> Spot:
    """What a spot is about: a word of a switch is about the switch."""
    if spot.kind == "word" and spot.call == "reading" and spot.first:
        return Spot("setting", spot.first, spot.start, spot.end)
    return spot


def occurrences(folder: Folder, about: Spot) -> Iterator[tuple[Place, Spot, list[str]]]:
    """Every place that names the same thing, with the lines of its file."""
    for suffix in SEARCHED.get(about.kind, ()):
        for name in folder.mirror.names(suffix):
            text = folder.mirror.text(name)
            if about.name not in text:
                continue
            lines = text.split("\n")
            for number, line in enumerate(lines):
                if about.name in line:
                    for spot in spots(name, lines, number):
                        if _same(spot, about):
                            yield Place(name, number, spot.start, spot.end), spot, lines


def _same(spot: Spot, about: Spot) -> bool:
    return (
        spot.kind == about.kind
        and spot.name == about.name
        and (None in (spot.arity, about.arity) or spot.arity == about.arity)
    )


def references(folder: Folder, spot: Spot, *, declared: bool = True) -> list[Place]:
    """Every place that names what stands at a spot, with or without what declares it."""
    about = wanted(spot)
    return [
        place
        for place, found, lines in occurrences(folder, about)
        if declared or not _defines(place, found, lines)
    ]


def definitions(folder: Folder, spot: Spot) -> list[Place]:
    """Where the thing at a spot is declared: in the vocabulary, or by the rules that give it."""
    about = wanted(spot)
    found = [
        place for place, its, lines in occurrences(folder, about) if _defines(place, its, lines)
    ]
    declared = [place for place in found if place.name == VOCABULARY]
    return declared if about.kind == "predicate" and declared else found


def _defines(place: Place, spot: Spot, lines: list[str]) -> bool:
    line, file = lines[place.line], place.name.rpartition("/")[2]
    if spot.kind == "predicate":
        if place.name == VOCABULARY:
            return line.startswith("%*!")
        if line.startswith("%") or line[: place.start].strip():
            return False
        return place.line == statement(lines, place.line)[0]
    if spot.kind == "rule":
        if line.startswith("%@"):
            return papers_key(lines, place.line) == "id"
        return file == "profile.toml" and line.lstrip().startswith("rule")
    if spot.kind == "source":
        return place.name == "sources.toml" and line.lstrip().startswith("[")
    if spot.kind == "clause":
        return place.name == "clauses.toml" and line.lstrip().startswith("[")
    header = place.name == "switches.toml" and line.startswith(f"[{spot.name}]")
    return header or (file == "layer.toml" and line.lstrip().startswith("name"))


def rule_lines(lines: list[str]) -> Iterator[tuple[str, Place]]:
    """The rule ids of a file and where their papers name them."""
    for number, line in enumerate(lines):
        match = _ID_LINE.match(line)
        if match:
            yield match[1], Place("", number, match.start(1), match.end(1))


def document_symbols(folder: Folder, name: str) -> list[Symbol]:
    """The rules of a file by their ids; of the vocabulary its predicates."""
    lines = folder.mirror.text(name).split("\n")
    if name == VOCABULARY:
        return [_declared(p.name, p.kind, str(p), p.line - 1, lines, name)
                for p in folder.vocabulary.values() if p.line <= len(lines)]  # fmt: skip
    found = []
    ids = list(rule_lines(lines))
    ends = [place.line for _, place in ids[1:]] + [len(lines)]
    for (id, place), end in zip(ids, ends, strict=False):
        last = place.line
        for number in range(place.line, end):
            if lines[number].strip() and not lines[number].startswith("%"):
                last = number
        text = next(
            (m[1] for line in lines[place.line : end] if (m := _TEXT_LINE.match(line))), ""
        )
        its = Place(name, place.line, place.start, place.end)
        found.append(Symbol(id, "rule", text, its, last))
    return found


def _declared(
    title: str, kind: str, detail: str, line: int, lines: list[str], name: str
) -> Symbol:
    start = max(lines[line].find(title), 0)
    return Symbol(title, kind, detail, Place(name, line, start, start + len(title)), line)


def workspace_symbols(folder: Folder, query: str) -> list[Symbol]:
    """The rules and predicates whose names hold a text, those of the rules' ids first."""
    word = query.casefold()
    found: list[Symbol] = []
    for name in folder.mirror.names(".lp"):
        found += [s for s in document_symbols(folder, name) if word in s.title.casefold()]
    seen: set[str] = set()
    for name, rule in folder.rules():
        head = rule.clause.head
        if head.name in seen or head.signature in folder.vocabulary or word not in head.name:
            continue
        seen.add(head.name)
        line, column = head.place[0] - 1, head.place[1] - 1
        place = Place(name, line, column, column + len(head.name))
        found.append(Symbol(head.name, "helper", rule.papers.text, place, line))
    return found[:MOST_SYMBOLS]
