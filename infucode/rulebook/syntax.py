"""What a syntax error of clingo means: where a rule does not end, what joins conditions."""

from __future__ import annotations

from itertools import takewhile

from infucode.errors import Problem
from infucode.rulebook.lexical import tokens
from infucode.rulebook.source import Source

_WORDS = {
    "and": "join conditions with `,`",
    "or": "join conditions with `,`; what holds in either case wants two rules",
    "if": "a rule is `head :- condition, condition.`",
}


def plainer(problem: Problem, source: Source) -> Problem:
    """A syntax error where its cause is, as far as that can be told; else as it is."""
    if not problem.message.startswith("syntax error"):
        return problem
    offset = _offset(source, problem)
    before = list(takewhile(lambda token: token[0] < offset, tokens(source.text)))
    if "EOF" in problem.message and before:
        return _unended(source, before[-1], "the file ends within a rule")
    found = next(((s, t) for s, t in tokens(source.text) if s == offset), (offset, ""))
    places = [*before, found]
    begins = next((n for n in range(len(before), -1, -1) if _at_margin(source, places[n])), 0)
    begun = any(token == ":" for _, token in before[begins:]) or found[1] in ("", ":")
    if begins and (begun or begins == len(before)) and before[begins - 1][1][0] != ".":
        return _unended(source, before[begins - 1], "the rule does not end in `.`")
    if found[1] in _WORDS:
        return source.after(source.text[:offset], problem.message, _WORDS[found[1]])
    if before and before[-1][1].startswith("'"):
        start = before[-1][0]
        return source.after(source.text[:start], "a text in single quotes", 'write it as `"..."`')
    return problem


def _offset(source: Source, problem: Problem) -> int:
    """Where a problem is, in characters."""
    lines = source.text.split("\n")
    if problem.line > len(lines):
        return len(source.text)
    return sum(len(line) + 1 for line in lines[: problem.line - 1]) + problem.column - 1


def _at_margin(source: Source, token: tuple[int, str]) -> bool:
    start = token[0]
    return start == 0 or source.text[start - 1 : start] == "\n"


def _unended(source: Source, last: tuple[int, str], message: str) -> Problem:
    start, token = last
    if token == ",":
        return source.after(source.text[:start], message, "write `.` for `,`")
    return source.after(source.text[: start + len(token)], message, "write `.` here")
