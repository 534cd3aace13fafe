"""A bench for mutants: encounters with known answers, and which of them a change can touch.

The whole answer of every encounter is kept, grouped by rulebook. A changed rule is first
evaluated over these answers: where it gives no other heads, the answer stands and the encounter
cannot tell the mutant from the rule. Only the others are solved again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from itertools import chain

import clingo

from infucode.engine.control import ground
from infucode.engine.facts import Facts, constant
from infucode.engine.program import Program
from infucode.errors import PolicyError
from infucode.passes.fold import fold, setting_terms
from infucode.passes.lift import ENCOUNTER, lift
from infucode.policy import Policy
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Clause, Signature
from infucode.workbench.mutants import Mutant, changed_rules, mutated
from infucode.workbench.touching import Change, came_or_went

BATCH = 64
FIRST = 8
"""Worlds tried at first: most mutants are noticed at once."""
WORLD = "world__"


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
class World:
    """One world of a subject."""

    subject: Subject
    facts: Facts


@dataclass(slots=True)
class Group:
    """The subjects of one rulebook and the atoms of their answers, as program text."""

    program: Program
    subjects: list[Subject]
    worlds: dict[int, World] = field(default_factory=dict)
    """By number; the numbers go on from group to group."""
    outcomes: dict[int, set[clingo.Symbol]] = field(default_factory=dict)
    lifted: dict[Signature, str] = field(default_factory=dict)
    common: dict[Signature, str] = field(default_factory=dict)

    @property
    def book(self) -> Rulebook:
        return self.program.book

    @property
    def plan(self) -> str:
        return self.subjects[0].plan

    def facts(self, signatures: Iterable[Signature]) -> tuple[list[str], list[str]]:
        """What is known of some predicates: of the encounters, and of the tables."""
        wanted = sorted(set(signatures))
        return (
            [self.lifted[s] for s in wanted if s in self.lifted],
            [self.common[s] for s in wanted if s in self.common],
        )


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

    def rulebook(self, day: Date, switches: Mapping[str, str] | None = None) -> Rulebook:
        """The rules in force on a day, with the change where they hold it."""
        key = day, *sorted((switches or {}).items())
        if key not in self._books:
            book = super().rulebook(day, switches)
            self._books[key] = mutated(self._mutant, book) or book
        return self._books[key]


class Bench:
    """Subjects, solved once by the rules as they are."""

    def __init__(self, policies: dict[str, Policy], subjects: Iterable[Subject]) -> None:
        self.policies = policies
        self._known: dict[int, bool] = {}
        groups: dict[tuple[str, str], Group] = {}
        for subject in subjects:
            key = subject.plan, subject.program.book.digest
            if key not in groups:
                groups[key] = Group(subject.program, [])
            groups[key].subjects.append(subject)
        self.groups = sorted(groups.values(), key=lambda g: -len(g.subjects))
        number, lifter = 0, _Lifter()
        for group in self.groups:
            number = _answer(group, number, lifter)

    def try_out(self, mutant: Mutant) -> Verdict:
        """Whether some subject's expectation fails under a mutant: the first one found."""
        policies = {plan: MutantPolicy(self.policies[plan], mutant) for plan in self.policies}
        judged: set[int] = set()
        for group, worlds in self._touched(mutant):
            policy = policies[group.plan]
            for subject in _changed(group, worlds, policy, mutant):
                judged.add(id(subject))
                why = _judged(subject, policy)
                if why is not None and self._sound(subject):
                    return Verdict(subject.name, why, True)
        for subject in self._speaking(mutant):
            why = _judged(subject, policies[subject.plan]) if id(subject) not in judged else None
            if why is not None and self._sound(subject):
                return Verdict(subject.name, why, bool(judged))
        return Verdict(None, "", bool(judged))

    def _sound(self, subject: Subject) -> bool:
        """Whether the rules as they are do what the subject expects; else it can judge nobody."""
        if id(subject) not in self._known:
            self._known[id(subject)] = _judged(subject, self.policies[subject.plan]) is None
        return self._known[id(subject)]

    def _speaking(self, mutant: Mutant) -> Iterator[Subject]:
        for group in self.groups:
            named = [s for s in group.subjects if mutant.rule in s.speaks]
            if named and mutated(mutant, group.book) is not None:
                yield from named

    def _touched(self, mutant: Mutant) -> list[tuple[Group, list[int]]]:
        """The worlds in whose answers the change makes rules fire otherwise, by group."""
        together: dict[tuple[str, ...], tuple[list[str], list[Change], list[Group]]] = {}
        for group in self.groups:
            changes = list(_changes(group, mutant))
            if changes:
                _, common = group.facts(chain.from_iterable(c.reads for c in changes))
                key = (*map(str, changes), *common)
                together.setdefault(key, (common, changes, []))[2].append(group)
        found = []
        for common, changes, groups in together.values():
            differing = _differing(changes, groups, common)
            for group in groups:
                worlds = [n for n in group.worlds if differing is None or n in differing]
                if worlds:
                    found.append((group, worlds))
        return sorted(found, key=lambda pair: -len(pair[1]))


def _changed(
    group: Group, touched: list[int], policy: Policy, mutant: Mutant
) -> Iterator[Subject]:
    """The subjects that have a world whose outcomes change, each once."""
    first = group.worlds[touched[0]].subject
    program = policy.program(policy.rulebook(first.day, dict(first.switches)))
    touched.sort(key=lambda n: (mutant.rule not in group.worlds[n].subject.speaks, n))
    seen: set[int] = set()
    for begin, end in ((0, FIRST), *((n, n + BATCH) for n in range(FIRST, len(touched), BATCH))):
        part = [(n, group.worlds[n]) for n in touched[begin:end]]
        answers: list[list[clingo.Symbol]] | None
        try:
            answers = program.solve([world.facts for _, world in part])
        except Exception:
            answers = None
        for place, (number, world) in enumerate(part):
            same = answers is not None and set(answers[place]) == group.outcomes[number]
            if not same and id(world.subject) not in seen:
                seen.add(id(world.subject))
                yield world.subject


def _judged(subject: Subject, policy: Policy) -> str | None:
    """What is wrong; a mutant that fails on the facts, however it does, is noticed too."""
    try:
        return subject.judge(policy)
    except Exception as error:
        return (str(error) or type(error).__name__).splitlines()[0]


class _Lifter:
    """Lifts the rules of many rulebooks, those that they share once."""

    def __init__(self) -> None:
        self._texts: dict[tuple[int, frozenset[Signature]], tuple[Clause, str]] = {}

    def texts(self, program: Program) -> list[str]:
        """The program over many worlds."""
        return [self._text(clause, program.lifted) for _, clause in program.folded]

    def _text(self, clause: Clause, lifted: frozenset[Signature]) -> str:
        key = id(clause), lifted
        if key not in self._texts:  # the clause is kept, so that no other takes its identity
            self._texts[key] = clause, str(lift(clause, lifted))
        return self._texts[key][1]


def _answer(group: Group, number: int, lifter: _Lifter) -> int:
    """Solve the subjects of a group; worlds are numbered on from `number`."""
    for subject in group.subjects:
        for facts in subject.worlds:
            group.worlds[number] = World(subject, facts)
            group.outcomes[number] = set()
            number += 1
    whole = lifter.texts(group.program)
    lifted: dict[Signature, list[str]] = {}
    common: dict[Signature, dict[str, None]] = {}
    worlds = list(group.worlds.items())
    for begin in range(0, len(worlds), BATCH):
        grounded = ground(whole, _facts(worlds[begin : begin + BATCH]))
        for name, arity, _ in grounded.control.symbolic_atoms.signatures:
            atoms = grounded.of(name, arity)
            plain, texts = (name, arity - 1), [f"{atom}." for atom in atoms]
            if plain not in group.program.lifted and name != ENCOUNTER:
                common.setdefault((name, arity), {}).update(dict.fromkeys(texts))
                continue
            lifted.setdefault((name, arity), []).extend(texts)
            for atom in atoms if plain in group.program.outcomes else ():
                world, *rest = atom.arguments
                group.outcomes[_number(world)].add(clingo.Function(name, rest))
    group.lifted = {key: "".join(texts) for key, texts in lifted.items()}
    group.common = {key: "".join(texts) for key, texts in common.items()}
    return number


def _number(world: clingo.Symbol) -> int:
    return int(world.name.removeprefix(WORLD))


def _facts(worlds: Iterable[tuple[int, World]]) -> Iterator[clingo.Symbol]:
    for number, world in worlds:
        name = constant(f"{WORLD}{number}")
        yield clingo.Function(ENCOUNTER, [name])
        for _, atom in world.facts.signed:
            yield clingo.Function(atom.name, [name, *atom.arguments])


def _changes(group: Group, mutant: Mutant) -> Iterator[Change]:
    """The rules that the change makes different, settings folded in, lifted to many worlds."""
    other = mutated(mutant, group.book)
    if other is None:
        return
    before, after = setting_terms(group.book), setting_terms(other)

    def lifted(clause: Clause | None) -> Clause | None:
        return None if clause is None else lift(clause, group.program.lifted)

    for index in changed_rules(group.book, other):
        old = fold(group.book.rules[index].clause, before)
        new = fold(other.rules[index].clause, after)
        if old != new:
            yield Change(lifted(old), lifted(new))


def _differing(
    changes: Sequence[Change], groups: Sequence[Group], common: Sequence[str]
) -> set[int] | None:
    """The worlds in which the changes give or take a head; None: perhaps all."""
    signatures = [s for change in changes for s in change.reads]
    facts = [text for group in groups for text in group.facts(signatures)[0]]
    found: set[int] = set()
    try:
        for atom in came_or_went(changes, [*common, *facts]):
            if not atom.arguments or not str(atom.arguments[0]).startswith(WORLD):
                return None
            found.add(_number(atom.arguments[0]))
    except PolicyError:
        return None
    return found
