"""What papers must say: ids once, citations that resolve, words with placeholders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from infucode.errors import Problem
from infucode.rulebook.language import Signature
from infucode.rulebook.nearest import nearest
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
                yield rule.source.problem(
                    rule.papers.line,
                    1,
                    f"`{key}` is not in sources.toml",
                    nearest(key, tuple(sources)) or f"add `[{key}]` to sources.toml",
                )


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
        yield rule.problem(
            f"`{word}` is not a placeholder", "write a variable of the rule, such as `{Minutes}`"
        )
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
