"""Checks of the comment that a rule file begins with: what it is about and what it gives."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from infucode.errors import Problem
from infucode.model.lint import Edit
from infucode.rulebook.source import Source
from infucode.workbench.lint.subject import Subject

COLUMNS = 98
_GIVES = re.compile(r"\s*\bGives:[^.]*\.", re.S)


def header_lines(source: Source) -> int:
    """How many lines the comment fills that the file begins with."""
    number = 0
    for line in source.lines:
        if not line.startswith("%") or line.startswith(("%@", "%*")):
            break
        number += 1
    return number


def header_of(source: Source) -> str:
    """The comment that a file begins with, without its marks."""
    lines = source.lines[: header_lines(source)]
    return "\n".join(line.lstrip("%").strip() for line in lines)


def gives_of(source: Source) -> tuple[str, ...]:
    """The predicates that a file's header says it gives to other files."""
    match = _GIVES.search(header_of(source))
    return tuple(re.findall(r"[a-z]\w*", match[0].partition("Gives:")[2])) if match else ()


def headers(subject: Subject) -> Iterator[Problem | tuple[Problem, Edit | None]]:
    """Rule files that do not say what they are about, or give what no rule of them gives."""
    for rules in subject.by_file.values():
        source = rules[0].source
        if not header_of(source):
            yield source.problem(
                1, 1, "the file does not say what it is about", "begin it with a comment"
            )
            continue
        heads = {rule.clause.head.name for rule in rules}
        stray = [word for word in gives_of(source) if word not in heads]
        if stray:
            kept = [word for word in gives_of(source) if word in heads]
            named = ", ".join(f"`{word}`" for word in stray)
            yield (
                source.problem(
                    1, 1, f"the header gives {named}, no rule here does",
                    "mend the list after `Gives:`",
                ),
                _edit(source, kept),
            )  # fmt: skip


def unlisted(subject: Subject) -> Iterator[Problem | tuple[Problem, Edit | None]]:
    """Helpers that another file reads, though no header lists them."""
    listed = {
        (word, rules[0].source.name)
        for rules in subject.by_file.values()
        for word in gives_of(rules[0].source)
    }
    for file, rules in subject.by_file.items():
        own = dict.fromkeys(rule.clause.head.signature for rule in rules)
        missing = []
        for signature in own:
            givers = {r.source.name for r in subject.by_head[signature]}
            readers = {r.source.name for r in subject.readers.get(signature, ())} - givers
            if subject.helper(signature) and readers and (signature[0], file) not in listed:
                missing.append((signature[0], min(readers)))
        if missing and header_of(rules[0].source):
            source = rules[0].source
            heads = {rule.clause.head.name for rule in rules}
            kept = [word for word in gives_of(source) if word in heads]
            words = ", ".join(f"`{name}`" for name, _ in missing)
            yield (
                source.problem(
                    1, 1, f"the header does not list {words}",
                    f"{missing[0][1]} reads `{missing[0][0]}`; add it after `Gives:`",
                ),
                _edit(source, [*kept, *(name for name, _ in missing)]),
            )  # fmt: skip


def _edit(source: Source, gives: list[str]) -> Edit:
    """The header with its list of what the file gives written anew."""
    number = header_lines(source)
    plain = _GIVES.sub("", header_of(source)).rstrip()
    text = plain + (f"\nGives: {', '.join(dict.fromkeys(gives))}." if gives else "")
    lines = [
        f"% {row}"
        for line in text.split("\n")
        for row in (textwrap.wrap(line, COLUMNS - 2, break_on_hyphens=False) or [""])
    ]
    return Edit(source.name, 1, number, tuple(line.rstrip() for line in lines))
