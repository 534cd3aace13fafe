"""What papers must say: ids once, citations that resolve, words with placeholders."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from infucode.errors import Problem
from infucode.rulebook.language import Signature
from infucode.rulebook.nearest import nearest
from infucode.rulebook.papers import PLACEHOLDER
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import SourceDocument
from infucode.rulebook.vocabulary import Predicate

NEED_WORDS = frozenset(
    {
        "line",
        "service_line",
        "modifier",
        "remark",
        "modifier_on",
        "visit_modifier",
        "charge",
        "merged",
        "withheld",
        "lost_minutes",
        "service_withheld",
        "ask",
        "ask_stay",
        "warning",
        "service_warning",
        "cannot_tell",
        "cannot_tell_part",
        "deny",
        "deny_beside",
        "review",
        "review_beside",
        "advise",
        "omitted",
        "undecided",
        "not_checked",
        "recode_to",
        "fewer_to",
        "take_off",
        "mark_with",
        "needed",
        "needed_fact",
    }
)
"""Outcomes whose sentence people read; the others only arrange or open something."""
NEED_MATTERS = frozenset({"ask", "ask_stay"})
"""Questions, which also say what the answer decides."""


def id_problems(rules: Sequence[Rule]) -> Iterator[Problem]:
    """Ids used twice."""
    first: dict[str, tuple[str, int]] = {}
    for rule in rules:
        papers = rule.papers
        place = (rule.source.name, papers.line)
        if first.setdefault(papers.id, place) != place:
            file, line = first[papers.id]
            yield rule.source.problem(
                papers.line,
                1,
                f"rule id `{papers.id}` is used at {file}:{line} already",
                "ids are unique for ever",
            )


def citation_problems(
    rules: Sequence[Rule], sources: Mapping[str, SourceDocument]
) -> Iterator[Problem]:
    """Citations that do not resolve."""
    for rule in rules:
        for key in cited(rule.papers.cite):
            if key not in sources:
                yield _in_papers(
                    rule,
                    ("cite",),
                    key,
                    f"`{key}` is not in sources.toml",
                    nearest(key, tuple(sources)) or f"add `[{key}]` to sources.toml",
                )


def _in_papers(
    rule: Rule, keys: Collection[str], word: str, message: str, help: str
) -> Problem:
    """A problem where a word stands under some keys of the papers of a rule; at their begin if
    it cannot be found there, as in a sentence that goes on in the next line."""
    whole = re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w-])" if word[0].isalnum()
                       else re.escape(word))  # fmt: skip
    key = ""
    for number, line in enumerate(rule.source.lines[rule.papers.line - 1 :], rule.papers.line):
        if not line.startswith("%"):
            break
        begins = re.match(r"%@\s*(\w+)\s*:", line)
        key = begins[1] if begins else key
        text = PLACEHOLDER.sub(lambda m: " " * len(m[0]), line)
        found = whole.search(text, begins.end() if begins else 2) if key in keys else None
        if found:
            column = len(line[: found.start()].encode()) + 1
            return rule.source.problem(number, column, message, help)
    return rule.source.problem(rule.papers.line, 1, message, help)


def message_problems(
    rules: Sequence[Rule], vocabulary: Mapping[Signature, Predicate]
) -> Iterator[Problem]:
    """Outcomes without words, and messages that name what the rule does not bind."""
    for rule in rules:
        declared = vocabulary.get(rule.clause.head.signature)
        if declared is not None and declared.kind == "outcome":
            yield from _message_problems(rule, declared)


def _message_problems(rule: Rule, declared: Predicate) -> Iterator[Problem]:
    if not rule.papers.says and declared.name in NEED_WORDS:
        yield rule.source.problem(
            rule.papers.line, 1, "an outcome without words", "add a line `%@ says: ...`"
        )
    if not rule.papers.matters and declared.name in NEED_MATTERS:
        yield rule.source.problem(
            rule.papers.line,
            1,
            "a question that does not say what it decides",
            "add a line `%@ matters: ...`",
        )
    for word in rule.papers.stray:
        help = "write a variable of the rule, such as `{Minutes}`"
        yield _in_papers(rule, ("says", "matters"), word, f"`{word}` is not a placeholder", help)
    bound = rule.clause.variables()
    for name in sorted(rule.papers.placeholders - set(bound)):
        if declared.name in NEED_WORDS:
            yield rule.problem(
                f"the message names `{{{name}}}`, which this rule does not bind",
                f"variables here: {', '.join(bound)}",
            )


def cited(cite: str) -> list[str]:
    """The source keys of a citation `key place; key place`."""
    return [part.split()[0] for part in cite.split(";") if part.split()]
