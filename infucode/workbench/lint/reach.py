"""Checks of reach: rules that nothing needs, rules that nothing can make fire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infucode.errors import Problem
from infucode.rulebook.rules import Rule
from infucode.rulebook.strata import dependency_graph
from infucode.workbench.lint.predicates import THE_PROGRAM_READS
from infucode.workbench.lint.subject import Subject

Place = tuple[str, tuple[int, int]]


def place_of(rule: Rule) -> Place:
    """Where a rule stands: what woven and unwoven rules have in common."""
    return rule.source.name, rule.clause.place


def unreachable(subject: Subject) -> Iterator[Problem]:
    """Rules that lead to no outcome in any version of any plan."""
    needed: set[Place] = set()
    for _, _, rules in subject.books:
        graph = dependency_graph([rule.clause for rule in rules])
        wanted = set(subject.outcomes) | {s for s in graph if s[0] in THE_PROGRAM_READS}
        stack = [signature for signature in wanted if signature in graph]
        while stack:
            for read in graph[stack.pop()]:
                if read not in wanted:
                    wanted.add(read)
                    stack.append(read)
        needed.update(place_of(rule) for rule in rules if rule.clause.head.signature in wanted)
    for rule in _in_force(subject):
        if place_of(rule) not in needed:
            yield rule.problem(
                f"`{rule.clause.head.name}` leads to no outcome",
                "let an outcome need it, or remove the rule",
                rule.clause.head.place,
            )


def never_fires(subject: Subject) -> Iterator[Problem]:
    """Rules of which some condition can never hold, whatever the record says."""
    for rule in _in_force(subject):
        if place_of(rule) not in subject.alive.places:
            yield rule.problem(
                "no record can make this rule fire",
                "look for a condition that nothing gives, or words that exclude each other",
            )


def never_in_force(subject: Subject) -> Iterator[Problem]:
    """Rules whose days lie outside of every version of every plan."""
    seen = {place_of(rule) for _, _, rules in subject.books for rule in rules}
    for rule in subject.rules:
        if place_of(rule) not in seen:
            yield rule.source.problem(
                rule.papers.line,
                1,
                f"`{rule.papers.id}` is in force on no day of any version",
                "mend `from` and `until`, or remove the rule",
            )


def _in_force(subject: Subject) -> Sequence[Rule]:
    seen = {place_of(rule) for _, _, rules in subject.books for rule in rules}
    return [rule for rule in subject.rules if place_of(rule) in seen]
