"""Checks of how rules are written: lines, spaces, names. What can be mended safely, is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from infucode.errors import Problem
from infucode.model.lint import Edit
from infucode.rulebook.rules import Rule
from infucode.rulebook.source import Source
from infucode.workbench.lint.subject import Subject

LONGEST_LINE = 98
MOST_LINES = 40
Found = Iterator[tuple[Problem, Edit | None]]
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|%.*|,(?=[^\s])', re.S)
_NAME = re.compile(r"[A-Z][a-zA-Z0-9]+'*")


def lines(subject: Subject) -> Found:
    """Lines that are too long, end in spaces or hold tabs; files that end within a line."""
    for source in subject.texts:
        for number, line in enumerate(source.lines, 1):
            if line != line.rstrip():
                yield (
                    source.problem(number, len(line.rstrip().encode()) + 1,
                                   "spaces at the end of the line", "remove them"),
                    Edit(source.name, number, number, (line.rstrip(),)),
                )  # fmt: skip
            if "\t" in line:
                yield (
                    source.problem(number, len(line[: line.index("\t")].encode()) + 1,
                                   "a tab", "indent with four spaces"),
                    Edit(source.name, number, number, (line.replace("\t", "    ").rstrip(),)),
                )  # fmt: skip
        if source.text and not source.text.endswith("\n"):
            last = len(source.lines)
            yield (
                source.problem(last, 1, "the file does not end with a line end", "add one"),
                Edit(source.name, last, last, (source.lines[-1], "")),
            )


def long_lines(subject: Subject) -> Found:
    """Lines of rules beyond 98 columns; papers and declarations may be longer."""
    for rules in subject.by_file.values():
        source = rules[0].source
        for number, line in enumerate(source.lines, 1):
            if len(line) > LONGEST_LINE and not line.startswith("%"):
                message = f"the line has {len(line)} columns"
                help = f"at most {LONGEST_LINE}"
                yield source.problem(number, LONGEST_LINE + 1, message, help), None


def commas(subject: Subject) -> Found:
    """Commas without a space behind, outside of texts and comments."""
    for source in subject.texts:
        for number, line in enumerate(source.lines, 1):
            if line.startswith("%"):
                continue
            bare = [m.start() for m in _TOKEN.finditer(line) if m[0] == ","]
            if bare:
                mended = "".join(c + (" " if n in bare else "") for n, c in enumerate(line))
                edit = Edit(source.name, number, number, (mended,))
                yield source.problem(number, bare[0] + 1, "no space after the comma",
                                     "write `a, b`"), edit  # fmt: skip


def parted_rules(subject: Subject) -> Found:
    """Rules that stand below an empty line and still under the papers of the rule above it."""
    for rules in subject.by_file.values():
        for before, rule in pairwise(rules):
            between = rule.source.lines[before.clause.end : rule.line - 1]
            if rule.papers.line == before.papers.line and "" in map(str.strip, between):
                yield (
                    rule.problem(
                        f"an empty line parts the rule from its papers, those of "
                        f"`{rule.papers.id}` in line {rule.papers.line}",
                        "write papers directly above it, or remove the empty line",
                    ),
                    None,
                )


def lonely_variables(subject: Subject) -> Found:
    """Variables that stand at one place only and that no message names: `_` says as much."""
    for rule in subject.rules:
        counted = Counter(name for term in rule.clause.terms() for name in _own(term))
        named = rule.papers.placeholders | {v for b in rule.papers.beats for v in b.on}
        for term in rule.clause.terms():
            if term.kind != "variable" or term.text in ("_", *named):
                continue
            if counted[term.text] == 1 and term.text not in _beaten(rule, subject):
                yield (
                    rule.problem(f"`{term.text}` stands here only", "write `_`", term.place),
                    _blank(rule.source, term.place, term.text),
                )


def _own(term: object) -> Iterator[str]:
    if getattr(term, "kind", "") == "variable":
        yield str(getattr(term, "text", ""))


def _beaten(rule: Rule, subject: Subject) -> set[str]:
    """The variables that exceptions to the rule are joined on."""
    return {
        name
        for other in subject.rules
        for beats in other.papers.beats
        if beats.rule == rule.papers.id
        for name in beats.on
    }


def _blank(source: Source, place: tuple[int, int], name: str) -> Edit | None:
    number, column = place
    raw = source.lines[number - 1].encode()
    start, end = column - 1, column - 1 + len(name.encode())
    if raw[start:end] != name.encode():
        return None
    line = (raw[:start] + b"_" + raw[end:]).decode()
    return Edit(source.name, number, number, (line,))


def short_names(subject: Subject) -> Found:
    """Variables of one letter."""
    for rule in subject.rules:
        seen: set[str] = set()
        for term in rule.clause.terms():
            if term.kind != "variable" or term.text == "_" or term.text in seen:
                continue
            seen.add(term.text)
            if not _NAME.fullmatch(term.text):
                yield (
                    rule.problem(f"`{term.text}` is no whole word",
                                 "name a variable by what it holds", term.place),
                    None,
                )  # fmt: skip


def long_files(subject: Subject) -> Found:
    """Files of more than forty lines that hold conditions; tables may be long."""
    for rules in subject.by_file.values():
        source = rules[0].source
        with_body = [rule for rule in rules if rule.clause.body]
        written = sum(rule.clause.end - rule.line + 1 for rule in with_body)
        if written > MOST_LINES * 2:
            yield (
                source.problem(1, 1, f"the rules of this file fill {written} lines",
                               "a file is about one thing; split it"),
                None,
            )  # fmt: skip
