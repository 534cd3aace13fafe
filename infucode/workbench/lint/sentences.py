"""Checks of what people read: the texts and messages of papers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from infucode.errors import Problem
from infucode.rulebook.checks_papers import NEED_MATTERS, NEED_WORDS
from infucode.rulebook.language import Comparison, Term
from infucode.rulebook.papers import PLACEHOLDER
from infucode.rulebook.rules import Rule
from infucode.workbench.lint.subject import Subject

_RAW = re.compile(r"\b[a-z]+_[a-z_]+\b")


def sentences(subject: Subject) -> Iterator[Problem]:
    """Texts that are no sentence: no capital at the beginning, no stop at the end, raw names."""
    for rule in _first(subject):
        for key, text in (("text", rule.papers.text), ("says", rule.papers.says)):
            for message, help in _flaws(text):
                yield rule.source.problem(rule.papers.line, 1, f"`{key}` {message}", help)


def _flaws(text: str) -> Iterator[tuple[str, str]]:
    if not text:
        return
    if not (text[0].isupper() or text[0].isdigit() or text[0] == "{"):
        yield "does not begin with a capital", "write a sentence"
    if text[-1] not in ".?":
        yield "does not end with a stop", "end it with `.` or `?`"
    if "  " in text:
        yield "holds two spaces in a row", "write one"
    for word in _RAW.findall(PLACEHOLDER.sub("", text)):
        yield f"speaks of `{word}`", "say it in words of the field"


def questions(subject: Subject) -> Iterator[Problem]:
    """Questions that do not ask."""
    for rule in subject.rules:
        if rule.clause.head.name in NEED_MATTERS and "?" not in rule.papers.says:
            yield rule.source.problem(
                rule.papers.line, 1, "a question without a question mark", "ask in open words"
            )


def unsaid_numbers(subject: Subject) -> Iterator[Problem]:
    """Outcomes that hang on a number of the plan, and whose message names no number."""
    for rule in subject.rules:
        if rule.clause.head.name not in NEED_WORDS or not rule.papers.says:
            continue
        limits = {
            atom.terms[1].text
            for atom in rule.clause.positive()
            if atom.name == "value" and atom.terms[1].kind == "variable"
        }
        for comparison in rule.clause.comparisons():
            named = {name for term in comparison.terms for name in term.variables()}
            if named & limits and not named & rule.papers.placeholders and _ordered(comparison):
                yield rule.problem(
                    f"the message does not name the numbers of `{comparison}`",
                    "show what was counted and what was needed",
                    _place(comparison.terms[0], rule),
                )


def _ordered(comparison: Comparison) -> bool:
    return any(operator not in ("=", "!=") for operator in comparison.operators)


def _place(term: Term, rule: Rule) -> tuple[int, int]:
    return term.place if term.place != (0, 0) else rule.clause.place


def _first(subject: Subject) -> Iterator[Rule]:
    """One rule of each papers."""
    seen: set[tuple[str, int]] = set()
    for rule in subject.rules:
        key = rule.source.name, rule.papers.line
        if key not in seen:
            seen.add(key)
            yield rule
