"""A bench for mutants: encounters with known answers, and which of them a change can touch.

The whole answer of every encounter is kept. A mutant is answered by running the changed rule over
each of them, and what hangs on it as far as it gives other rows; only where an outcome comes or
goes, the encounter's expectation is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date

from infucode.engine.facts import Facts
from infucode.engine.fixpoint import Step, needs_of
from infucode.engine.frame import Frame
from infucode.engine.order import Order
from infucode.engine.program import Model, Program
from infucode.passes.fold import fold, setting_terms
from infucode.policy import Policy
from infucode.rulebook.book import Rulebook
from infucode.rulebook.rules import Rule
from infucode.workbench.mutants import Mutant, changed_rules, mutated

_LINE = re.compile(r":\d+ ")
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
    worded: bool = False
    """Whether sentences are expected: they hang on more than the outcomes."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A subject with the answers of its worlds."""

    subject: Subject
    models: tuple[Model, ...]

    def changes(self, changes: Changes) -> bool:
        """Whether some world has other outcomes, or none, under a change."""
        return any(differs(model, changes) for model in self.models)

    def reads(self, changes: Changes) -> bool:
        """Whether it expects sentences, and a change gives other rows that they may be read
        from, whatever the outcomes are."""
        return self.subject.worded and any(differs(m, changes, True) for m in self.models)


@dataclass(slots=True)
class Group:
    """The subjects of one rulebook; ``book`` is that of the program with every rule read."""

    program: Program
    book: Rulebook
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


class WholeBooks:
    """The rulebooks of a plan with every rule read: a mutant looks at all of them."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._books: dict[tuple[object, ...], Rulebook] = {}
        self._rules: dict[int, tuple[Sequence[Rule], tuple[Rule, ...]]] = {}

    def on(self, day: Date, switches: Mapping[str, str]) -> Rulebook:
        """The rules in force on a day. Raises what `Policy.rulebook` raises."""
        key = day, *sorted(switches.items())
        if key not in self._books:
            self._books[key] = self.whole(self.policy.rulebook(day, switches))
        return self._books[key]

    def order(self, day: Date, switches: Mapping[str, str]) -> Order:
        """In which order the rules of a day are answered."""
        return self.policy.program(self.policy.rulebook(day, switches)).frame.order

    def whole(self, book: Rulebook) -> Rulebook:
        """The same rulebook; equal rules in force are one object."""
        known = self._rules.setdefault(id(book.rules), (book.rules, ()))
        if not known[1]:
            known = self._rules[id(book.rules)] = book.rules, tuple(book.rules)
        return replace(book, rules=known[1])


class MutantPolicy(Policy):
    """A plan with one change in its rules."""

    def __init__(self, policy: Policy, mutant: Mutant, whole: WholeBooks | None = None) -> None:
        super().__init__(policy.library)
        self._mutant = mutant
        self._whole = whole or WholeBooks(policy)
        self._books: dict[tuple[object, ...], Rulebook] = {}
        self._rules: dict[int, Sequence[Rule]] = {}

    def rulebook(self, day: Date, switches: Mapping[str, str] | None = None) -> Rulebook:
        """The rules in force on a day, with the change where they hold it."""
        key = day, *sorted((switches or {}).items())
        if key not in self._books:
            book = self._whole.on(day, switches or {})
            changed = mutated(self._mutant, book)
            if changed is not None:
                rules = self._rules.setdefault(id(book.rules), changed.rules)
                changed = replace(changed, rules=rules)
                if self._mutant.clause is not None and self._mutant.clause.body:
                    self._keep_order(book, changed, self._whole.order(day, switches or {}))
            self._books[key] = changed or book
        return self._books[key]

    def _keep_order(self, book: Rulebook, changed: Rulebook, order: Order) -> None:
        """A rule with no more conditions than before can be answered when it was before."""
        if id(changed.rules) in self._frames:
            return
        needs = list(order.needs)
        for index in changed_rules(book, changed):
            needs[index] = needs_of(changed.rules[index].clause)
        self._frames[id(changed.rules)] = Frame(changed.rules, replace(order, needs=needs))


class Bench:
    """Subjects, solved once by the rules as they are."""

    def __init__(self, policies: dict[str, Policy], subjects: Iterable[Subject]) -> None:
        self.policies = policies
        self._known: dict[int, bool] = {}
        self._named: dict[str, tuple[Group, Answered]] = {}
        self._whole = {plan: WholeBooks(policy) for plan, policy in policies.items()}
        groups: dict[tuple[str, str], Group] = {}
        for subject in subjects:
            key = subject.plan, subject.program.book.digest
            if key not in groups:
                book = self._whole[subject.plan].whole(subject.program.book)
                groups[key] = Group(subject.program, book)
            group = groups[key]
            models = tuple(group.program.model(facts) for facts in subject.worlds)
            answered = Answered(subject, models)
            group.subjects.append(answered)
            self._named[lineless(subject.name)] = group, answered
        self.groups = sorted(groups.values(), key=lambda g: -len(g.subjects))

    def try_out(self, mutant: Mutant, first: str = "") -> Verdict:
        """Whether some subject's expectation fails under a mutant: the first one found.

        The subject named `first` is asked before all others, wherever in its file it stands now.
        """
        policies = {
            plan: MutantPolicy(policy, mutant, self._whole[plan])
            for plan, policy in self.policies.items()
        }
        changed = False
        for group, answered, changes in self._asked(mutant, first):
            subject, other = answered.subject, answered.changes(changes)
            changed = changed or other
            if not (other or mutant.rule in subject.speaks or answered.reads(changes)):
                continue
            why = _judged(subject, policies[group.plan])
            if why is not None and self._sound(subject):
                return Verdict(subject.name, why, changed)
        return Verdict(None, "", changed)

    def _asked(self, mutant: Mutant, first: str) -> Iterator[tuple[Group, Answered, Changes]]:
        known = self._named.get(lineless(first))
        if known is not None:
            changes = _differing(known[0], mutant)
            if changes:
                yield *known, changes
        for group, changes in self.touched(mutant):
            for answered in _in_order(group.subjects, mutant):
                yield group, answered, changes

    def _sound(self, subject: Subject) -> bool:
        """Whether the rules as they are do what the subject expects; else it can judge nobody."""
        if id(subject) not in self._known:
            self._known[id(subject)] = _judged(subject, self.policies[subject.plan]) is None
        return self._known[id(subject)]

    def touched(self, mutant: Mutant) -> Iterator[tuple[Group, Changes]]:
        """The groups whose rulebook holds what is changed; those that expect it first."""
        for group in sorted(self.groups, key=lambda g: not _speaks(g, mutant)):
            changes = _differing(group, mutant)
            if changes:
                yield group, changes


def lineless(name: str) -> str:
    """The name of a case without its line, which moves with every case above it."""
    return _LINE.sub(" ", name, count=1)


def _speaks(group: Group, mutant: Mutant) -> bool:
    return any(mutant.rule in answered.subject.speaks for answered in group.subjects)


def _in_order(subjects: Iterable[Answered], mutant: Mutant) -> list[Answered]:
    return sorted(subjects, key=lambda answered: mutant.rule not in answered.subject.speaks)


def _differing(group: Group, mutant: Mutant) -> Changes:
    """The rules that a mutant makes others in the program of a group."""
    other = mutated(mutant, group.book)
    if other is None:
        return {}
    program, found = group.program, dict[int, Step | None]()
    terms = setting_terms(other)
    for index in changed_rules(group.book, other):
        clause = fold(other.rules[index].clause, terms)
        known = program.steps[index]
        if clause != (known.clause if known else None):
            found[index] = None if clause is None else Step(clause, other.rules[index].place)
    return found


def differs(model: Model, changes: Changes, anything: bool = False) -> bool:
    """Whether the outcomes of an answer are others under a change, or anything that holds."""
    program = model.program
    try:
        relations = program.instead(model, changes)
    except Exception:
        return True
    asked = {*relations, *model.relations} if anything else program.outcome_order
    return any(relations.get(name) is not model.relations.get(name) for name in asked)


def _judged(subject: Subject, policy: Policy) -> str | None:
    """What is wrong; a mutant that fails on the facts, however it does, is noticed too."""
    try:
        return subject.judge(policy)
    except Exception as error:
        return (str(error) or type(error).__name__).splitlines()[0]
