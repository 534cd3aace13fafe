"""A bench for mutants: encounters with known answers, and which of them a change can touch.

The whole answer of every encounter is kept. A mutant is answered by running the changed rule over
each of them, and what hangs on it as far as it gives other rows; only where an outcome comes or
goes, the encounter's expectation is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date

from infucode.engine.facts import Facts
from infucode.engine.fixpoint import Step
from infucode.engine.program import Model, Program
from infucode.passes.fold import fold, setting_terms
from infucode.policy import Policy
from infucode.rulebook.book import Rulebook
from infucode.rulebook.rules import Rule
from infucode.workbench.mutants import Mutant, changed_rules, mutated

Changes = Mapping[int, Step | None]
"""Rules that are others, by position; None for those that do not stand any more."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An encounter under one rulebook, in all its worlds, and what must be true of its answer.

    ``judge`` says what is wrong under a policy, or None; ``speaks`` names the rules of which
    something is expected that the outcomes alone do not show.
    """

    name: str
    plan: str
    day: Date
    switches: tuple[tuple[str, str], ...]
    program: Program
    worlds: tuple[Facts, ...]
    judge: Callable[[Policy], str | None]
    speaks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answered:
    """A subject with the answers of its worlds."""

    subject: Subject
    models: tuple[Model, ...]

    def changes(self, changes: Changes) -> bool:
        """Whether some world has other outcomes, or none, under a change."""
        return any(differs(model, changes) for model in self.models)


@dataclass(slots=True)
class Group:
    """The subjects of one rulebook."""

    program: Program
    subjects: list[Answered] = field(default_factory=list)

    @property
    def plan(self) -> str:
        return self.subjects[0].subject.plan


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the bench makes of a mutant."""

    killer: str | None
    """The subject whose expectation fails."""
    why: str
    changes: bool
    """Whether the outcomes of some subject change, expected or not."""


class MutantPolicy(Policy):
    """A plan with one change in its rules."""

    def __init__(self, policy: Policy, mutant: Mutant) -> None:
        super().__init__(policy.library)
        self._mutant = mutant
        self._books: dict[tuple[object, ...], Rulebook] = {}
        self._rules: dict[int, Sequence[Rule]] = {}

    def rulebook(self, day: Date, switches: Mapping[str, str] | None = None) -> Rulebook:
        """The rules in force on a day, with the change where they hold it."""
        key = day, *sorted((switches or {}).items())
        if key not in self._books:
            book = super().rulebook(day, switches)
            changed = mutated(self._mutant, book)
            if changed is not None:
                rules = self._rules.setdefault(id(book.rules), changed.rules)
                changed = replace(changed, rules=rules)
            self._books[key] = changed or book
        return self._books[key]


class Bench:
    """Subjects, solved once by the rules as they are."""

    def __init__(self, policies: dict[str, Policy], subjects: Iterable[Subject]) -> None:
        self.policies = policies
        self._known: dict[int, bool] = {}
        groups: dict[tuple[str, str], Group] = {}
        for subject in subjects:
            key = subject.plan, subject.program.book.digest
            group = groups.setdefault(key, Group(subject.program))
            models = tuple(group.program.model(facts) for facts in subject.worlds)
            group.subjects.append(Answered(subject, models))
        self.groups = sorted(groups.values(), key=lambda g: -len(g.subjects))

    def try_out(self, mutant: Mutant) -> Verdict:
        """Whether some subject's expectation fails under a mutant: the first one found."""
        policies = {plan: MutantPolicy(self.policies[plan], mutant) for plan in self.policies}
        changed = False
        for group, changes in self.touched(mutant):
            policy = policies[group.plan]
            for answered in _in_order(group.subjects, mutant):
                subject, other = answered.subject, answered.changes(changes)
                changed = changed or other
                if not other and mutant.rule not in subject.speaks:
                    continue
                why = _judged(subject, policy)
                if why is not None and self._sound(subject):
                    return Verdict(subject.name, why, changed)
        return Verdict(None, "", changed)

    def _sound(self, subject: Subject) -> bool:
        """Whether the rules as they are do what the subject expects; else it can judge nobody."""
        if id(subject) not in self._known:
            self._known[id(subject)] = _judged(subject, self.policies[subject.plan]) is None
        return self._known[id(subject)]

    def touched(self, mutant: Mutant) -> Iterator[tuple[Group, Changes]]:
        """The groups whose rulebook holds what is changed; those that expect it first."""
        for group in sorted(self.groups, key=lambda g: not _speaks(g, mutant)):
            changes = _differing(group.program, mutant)
            if changes:
                yield group, changes


def _speaks(group: Group, mutant: Mutant) -> bool:
    return any(mutant.rule in answered.subject.speaks for answered in group.subjects)


def _in_order(subjects: Iterable[Answered], mutant: Mutant) -> list[Answered]:
    return sorted(subjects, key=lambda answered: mutant.rule not in answered.subject.speaks)


def _differing(program: Program, mutant: Mutant) -> Changes:
    """The rules that a mutant makes others in a program."""
    other = mutated(mutant, program.book)
    if other is None:
        return {}
    terms, found = setting_terms(other), {}
    for index in changed_rules(program.book, other):
        clause = fold(other.rules[index].clause, terms)
        known = program.steps[index]
        if clause != (known.clause if known else None):
            found[index] = None if clause is None else Step(clause, other.rules[index].place)
    return found


def differs(model: Model, changes: Changes) -> bool:
    """Whether the outcomes of an answer are others under a change."""
    program = model.program
    try:
        relations = program.instead(model, changes)
    except Exception:
        return True
    return any(
        relations.get(signature) is not model.relations.get(signature)
        for signature in program.outcome_order
    )


def _judged(subject: Subject, policy: Policy) -> str | None:
    """What is wrong; a mutant that fails on the facts, however it does, is noticed too."""
    try:
        return subject.judge(policy)
    except Exception as error:
        return (str(error) or type(error).__name__).splitlines()[0]
