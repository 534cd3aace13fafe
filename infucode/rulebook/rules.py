"""A rule with its papers and place, and the weaving of exceptions into the rules they beat."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from infucode.errors import Problem
from infucode.rulebook.language import Atom, Clause, Literal, Signature, Term
from infucode.rulebook.nearest import nearest
from infucode.rulebook.papers import Beats, Papers
from infucode.rulebook.source import Source


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a policy. ``clause`` is as written until exceptions are woven in."""

    clause: Clause
    papers: Papers
    source: Source
    layer: str

    @property
    def line(self) -> int:
        return self.clause.place[0]

    @property
    def place(self) -> str:
        """``file:line`` of the rule."""
        return f"{self.source.name}:{self.line}"

    @property
    def text(self) -> str:
        """The rule as written in its file."""
        return "\n".join(self.source.lines[self.line - 1 : self.clause.end])

    def problem(
        self, message: str, help: str = "", place: tuple[int, int] | None = None
    ) -> Problem:
        """A problem at a place of this rule, or at its begin."""
        return self.source.problem(*(place or self.clause.place), message, help)


def weave(rules: Sequence[Rule], outcomes: Collection[Signature]) -> list[Rule]:
    """The rules with one literal more for each exception, and the exceptions' own rules.

    An exception sets aside the rules under the beaten id that give an outcome; where none of
    them does, all of them.
    """
    counts = _counted(rules, outcomes)
    literals: dict[str, dict[str, tuple[Beats, Literal]]] = {}
    for beater in rules:
        for beats in beater.papers.beats:
            name = exception_name(beats.rule, beater.papers.id)
            absent = Literal(_atom(name, beats.on), 1)
            literals.setdefault(beats.rule, {})[name] = (beats, absent)

    woven = []
    for rule in rules:
        extra = [
            lit
            for beats, lit in literals.get(rule.papers.id, {}).values()
            if counts(rule) and _binds(rule, beats)
        ]
        clause = replace(rule.clause, body=(*rule.clause.body, *extra)) if extra else rule.clause
        woven.append(replace(rule, clause=clause) if extra else rule)
    grounds = [
        replace(
            rule,
            clause=replace(
                rule.clause, head=_atom(exception_name(beats.rule, rule.papers.id), beats.on)
            ),
        )
        for rule in woven
        if counts(rule)
        for beats in rule.papers.beats
    ]
    return [*woven, *grounds]


def _counted(rules: Sequence[Rule], outcomes: Collection[Signature]) -> Callable[[Rule], bool]:
    """Whether a rule is one of those that an exception to its id sets aside."""
    decisive = {r.papers.id for r in rules if r.clause.head.signature in outcomes}

    def counts(rule: Rule) -> bool:
        return rule.papers.id not in decisive or rule.clause.head.signature in outcomes

    return counts


def exception_name(beaten: str, beater: str) -> str:
    """The predicate that says for which subjects `beater` sets `beaten` aside."""
    names = (id.replace(".", "__").replace("-", "_") for id in (beaten, beater))
    return "exception__" + "__by__".join(names)


def _atom(name: str, variables: Iterable[str]) -> Atom:
    return Atom(name, tuple(Term("variable", v) for v in variables))


def _binds(rule: Rule, beats: Beats) -> bool:
    return set(beats.on) <= set(rule.clause.variables())


def exception_problems(rules: Sequence[Rule], outcomes: Collection[Signature]) -> list[Problem]:
    """Exceptions that name no rule, share no variables with it, or beat each other."""
    counts = _counted(rules, outcomes)
    known = {rule.papers.id for rule in rules}
    problems = []
    for rule in rules:
        for beats in rule.papers.beats:
            if beats.rule not in known:
                problems.append(
                    rule.source.problem(
                        rule.papers.line,
                        1,
                        f"exception to `{beats.rule}`, which is no rule here",
                        nearest(beats.rule, tuple(sorted(known))),
                    )
                )
            elif not all(
                _binds(r, beats) for r in rules if r.papers.id == beats.rule and counts(r)
            ):
                problems.append(
                    rule.source.problem(
                        rule.papers.line,
                        1,
                        f"`{beats.rule}` has no variables {', '.join(beats.on)}",
                        "name variables that every rule under both ids uses",
                    )
                )
            elif not _binds(rule, beats):
                problems.append(
                    rule.problem(
                        f"the exception does not bind {', '.join(beats.on)}",
                        "every rule under these papers is a ground of the exception",
                    )
                )
    return problems + _cycles(rules)


def _cycles(rules: Sequence[Rule]) -> list[Problem]:
    beats: dict[str, set[str]] = {}
    first: dict[str, Rule] = {}
    for rule in rules:
        first.setdefault(rule.papers.id, rule)
        beats.setdefault(rule.papers.id, set()).update(b.rule for b in rule.papers.beats)
    problems, done = [], set()
    for start in sorted(beats):
        path = _path_back(start, beats)
        if path and frozenset(path) not in done:
            done.add(frozenset(path))
            problems.append(
                first[start].problem(
                    "exceptions that beat each other: " + " -> ".join((*path, path[0])),
                    "decide which of them comes first and drop the other `beats`",
                )
            )
    return problems


def _path_back(start: str, beats: dict[str, set[str]]) -> list[str]:
    stack = [[start]]
    seen = set()
    while stack:
        path = stack.pop()
        for target in sorted(beats.get(path[-1], ())):
            if target == start:
                return path
            if target not in seen:
                seen.add(target)
                stack.append([*path, target])
    return []


def outcome_id(rule: Rule) -> str | None:
    """The rule id that an outcome head names in its first argument, or None."""
    terms = rule.clause.head.terms
    return terms[0].text[1:-1] if terms and terms[0].kind == "string" else None
