"""Checks of the codes in tables that were copied: codes misread, codes with two names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from infucode.errors import Problem
from infucode.rulebook.language import Term
from infucode.rulebook.rules import Rule
from infucode.workbench.lint.predicates import THE_PROGRAM_READS
from infucode.workbench.lint.subject import Subject

_CODE = re.compile(r'"[A-Z0-9]\d{3}[A-Z0-9]"')


def strange_codes(subject: Subject) -> Iterator[Problem]:
    """Codes that stand at one place only, and are another code with two digits changed over."""
    places: dict[str, list[tuple[Rule, Term]]] = {}
    for rule in subject.rules:
        for term in rule.clause.terms():
            if term.kind == "string" and _CODE.fullmatch(term.text):
                places.setdefault(term.text.strip('"'), []).append((rule, term))
    for code, found in places.items():
        known = [other for other in _swapped(code) if len(places.get(other, ())) > 1]
        if known and len(found) == 1:
            rule, term = found[0]
            yield rule.problem(
                f"the code {code} stands here only", f"did you mean {known[0]}?", term.place
            )


def two_labels(subject: Subject) -> Iterator[Problem]:
    """Names of codes that the program reads by itself, where a code has two."""
    first: dict[str, Rule] = {}
    for rule in subject.rules:
        head = rule.clause.head
        if head.name not in THE_PROGRAM_READS or rule.clause.body or not head.terms:
            continue
        known = first.setdefault(str(head.terms[0]), rule)
        if known.clause.head != head:
            yield rule.problem(
                f"{head.terms[0]} has another `{head.name}` at {known.place}",
                "look which code each of them is about",
                head.terms[0].place,
            )


def _swapped(code: str) -> Iterator[str]:
    """The code with two neighbouring digits changed over."""
    for place, (one, other) in enumerate(zip(code, code[1:], strict=False)):
        if one != other and one.isdigit() and other.isdigit():
            yield code[:place] + other + one + code[place + 2 :]
