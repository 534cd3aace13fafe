"""What each rule costs on a sample of encounters: rows, processor time, ground instances.

The rules are run apart from the one function of the batch, clause by clause, each between two
readings of the processor's clock. A stratum is answered anew only where something that it reads
came out differently than in the world before, as in the batch; so what is rarely asked costs
little here too. The sample is run twice, and the second time is measured: by then every clause is
compiled.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from typing import cast

import clingo

from infucode.batch.answers import likeness
from infucode.batch.engine.answering import BatchPolicy, Wanted
from infucode.batch.profile_ground import Ground, ground_instances, whole_seconds
from infucode.engine.answer import Answer, read_answer
from infucode.engine.facts import Facts, facts_of
from infucode.engine.fixpoint import Step, answer
from infucode.engine.program import Program
from infucode.engine.relations import NOTHING, Relation, Relations
from infucode.errors import InfucodeError
from infucode.model.encounter import Encounter
from infucode.passes.values import Row, row_of
from infucode.policy import DEFAULT_PLAN, Policy
from infucode.questions.completions import Search, completed
from infucode.rulebook.language import Signature

READINGS = 2_000
"""Pairs of readings of the clock of which the quickest is what a reading costs."""


@dataclass(slots=True)
class Cost:
    """What a rule, or a stratum, cost in all worlds of the sample."""

    runs: int = 0
    """How often a clause of it was run."""
    rows: int = 0
    """Rows that it found, those left out that another clause had found before."""
    nanoseconds: int = 0
    """Of processor time, the reading of the clock left out."""

    def add(self, other: Cost) -> None:
        """Count what another cost too."""
        self.runs += other.runs
        self.rows += other.rows
        self.nanoseconds += other.nanoseconds


class Clocked:
    """A clause whose runs are counted; it stands in the place of its step."""

    __slots__ = ("clause", "cost", "head", "needs", "reading", "step")

    def __init__(self, step: Step, reading: int) -> None:
        self.step, self.reading = step, reading
        self.clause, self.head, self.needs = step.clause, step.head, step.needs
        self.cost = Cost()

    def can_fire(self, relations: Relations) -> bool:
        """Whether each of its positive literals has rows."""
        return self.step.can_fire(relations)

    def run(self, relations: Relations, out: dict[Row, None], newest: int | None = None) -> None:
        """Add the head's rows to `out`, and count. Raises what the step raises."""
        known = len(out)
        begun = time.process_time_ns()
        self.step.run(relations, out, newest)
        spent = time.process_time_ns() - begun
        cost = self.cost
        cost.runs += 1
        cost.rows += len(out) - known
        cost.nanoseconds += max(spent - self.reading, 0)


class Clockwork:
    """The rules of one program at work: it remembers the world before, as the batch does."""

    def __init__(self, program: Program) -> None:
        self.program = program
        reading = reading_cost()
        self.steps = [
            None if step is None else Clocked(step, reading) for step in _about(program)
        ]
        self.anew = [0] * len(program.frame.about)
        """How often each stratum was answered."""
        self._relations: dict[Signature, Relation] = dict(program.tables)
        self._stated: dict[Signature, dict[Row, None]] = {}

    def reset(self) -> None:
        """Forget all costs, and keep what is compiled."""
        for step in self.steps:
            if step is not None:
                step.cost = Cost()
        self.anew = [0] * len(self.anew)

    def world(self, stated: Mapping[Signature, dict[Row, None]]) -> Relations:
        """The rows of every predicate where these are stated or supposed."""
        program, relations = self.program, self._relations
        derived = program.frame.positions
        given = {s: rows for s, rows in stated.items() if s in program.frame.reads}
        changed = {
            signature
            for signature in {*given, *self._stated}
            if given.get(signature) != self._stated.get(signature)
        }
        self._stated = given
        for signature in changed - derived.keys():
            _set(relations, signature, given.get(signature))
        steps = cast("Sequence[Step | None]", self.steps)
        for number, stratum in enumerate(program.frame.about):
            if changed.isdisjoint(stratum.reads) and changed.isdisjoint(stratum.heads):
                continue
            self.anew[number] += 1
            old = {head: relations.pop(head, NOTHING) for head in stratum.heads}
            for head in stratum.heads:
                _set(relations, head, given.get(head))
            answer((stratum,), steps, relations)
            for head, known in old.items():
                if relations.get(head, NOTHING).rows != known.rows:
                    changed.add(head)
                elif known.rows:
                    relations[head] = known
                    changed.discard(head)
        return relations


def _about(program: Program) -> Iterable[Step | None]:
    """The steps by position; None for those of the tables too."""
    wanted = {position for stratum in program.frame.about for position in stratum.rules}
    return (step if n in wanted else None for n, step in enumerate(program.steps))


def _set(
    relations: dict[Signature, Relation], signature: Signature, rows: dict[Row, None] | None
) -> None:
    if rows:
        relations[signature] = Relation(dict(rows))
    else:
        relations.pop(signature, None)


def reading_cost() -> int:
    """Nanoseconds between two readings of the processor's clock with nothing between them."""
    return min(-(time.process_time_ns() - time.process_time_ns()) for _ in range(READINGS))


class ClockedSearch(Search):
    """Tries the completions of one encounter by the clockwork."""

    def __init__(self, work: Clockwork, encounter: Encounter, facts: Facts) -> None:
        super().__init__(work.program, encounter, facts)
        self.work = work

    def answers(self, extras: Sequence[tuple[clingo.Symbol, ...]]) -> list[Answer]:
        """The answers of some worlds."""
        return [self._answered(extra) for extra in extras]

    def _answered(self, extra: tuple[clingo.Symbol, ...]) -> Answer:
        self.tried += 1
        relations = self.work.world(rows_stated(self.facts, extra))
        atoms = self.program.outcomes_in(relations)
        return read_answer(atoms, self.facts.names, self.encounter)


def rows_stated(
    facts: Facts, extra: Iterable[clingo.Symbol] = ()
) -> dict[Signature, dict[Row, None]]:
    """What is stated and supposed, as rows by predicate."""
    found: dict[Signature, dict[Row, None]] = {}
    for signature, atom in facts.signed:
        found.setdefault(signature, {})[row_of(atom)] = None
    for atom in extra:
        found.setdefault((atom.name, len(atom.arguments)), {})[row_of(atom)] = None
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """By which plan the sample is judged, and how much of it is grounded."""

    plan: str | None = None
    switches: Mapping[str, str] = field(default_factory=dict)
    as_of: Date | None = None
    grounded: int = 5
    """Encounters that are grounded by clingo, rule by rule."""


@dataclass(slots=True)
class Profile:
    """What the rules cost on a sample, by rule id and by stratum."""

    encounters: int = 0
    refused: int = 0
    """Encounters that no rulebook answers."""
    worlds: int = 0
    rulebooks: int = 0
    rules: dict[str, Cost] = field(default_factory=dict)
    strata: dict[str, tuple[int, Cost]] = field(default_factory=dict)
    """By the predicates that they give: how often answered anew, and the cost."""
    grounds: dict[str, Ground] = field(default_factory=dict)
    grounded: int = 0
    ground_seconds: float = 0.0
    """What grounding whole programs took for those."""
    batch_seconds: float = 0.0
    """What the batch itself took for the same encounters, of processor time."""

    @property
    def nanoseconds(self) -> int:
        """Of all rules."""
        return sum(cost.nanoseconds for cost in self.rules.values())


def profile(
    encounters: Iterable[Encounter], load: Callable[[str], Policy], asked: Asked
) -> Profile:
    """Measure the rules on some encounters; `load` gives a plan by its name.

    Raises what loading a plan raises.
    """
    found = Profile()
    by_plan: dict[str, list[Encounter]] = {}
    for encounter in sorted(encounters, key=likeness):
        plan = asked.plan or encounter.policy or DEFAULT_PLAN
        by_plan.setdefault(plan, []).append(encounter)
    for plan, own in by_plan.items():
        _Measuring(load(plan), asked, found).all(own)
    return found


class _Measuring:
    """The encounters of one plan."""

    def __init__(self, policy: Policy, asked: Asked, found: Profile) -> None:
        self.policy, self.asked, self.found = policy, asked, found
        self._works: dict[str, Clockwork] = {}

    def all(self, encounters: Sequence[Encounter]) -> None:
        """Compile on a first pass, measure on a second."""
        known = [item for item in encounters if self._solved(item)]
        self.found.encounters += len(known)
        self.found.refused += len(encounters) - len(known)
        for work in self._works.values():
            work.reset()
        self.found.worlds += sum(self._solved(item) for item in known)
        for work in self._works.values():
            self._tell(work)
        for item in known[: max(self.asked.grounded - self.found.grounded, 0)]:
            self._ground(item)
        self._in_batch(known)

    def _work(self, encounter: Encounter) -> Clockwork | None:
        switches = {**dict(encounter.switches), **self.asked.switches}
        day = self.asked.as_of or encounter.date
        ready = self.policy.ready(day, switches, self.asked.as_of)
        if ready is None:
            return None
        solver, policy, _ = ready
        if policy.digest not in self._works:
            self._works[policy.digest] = Clockwork(solver.program)
        return self._works[policy.digest]

    def _solved(self, encounter: Encounter) -> int:
        """How many worlds it took; 0 where nothing can answer it."""
        try:
            work = self._work(encounter)
            if work is None:
                return 0
            facts = facts_of(encounter, self.policy.library.vocabulary)
            search = ClockedSearch(work, encounter, facts)
            completed(search)
        except InfucodeError:
            return 0
        return search.tried

    def _tell(self, work: Clockwork) -> None:
        found, rules = self.found, work.program.book.rules
        found.rulebooks += 1
        for anew, stratum in zip(work.anew, work.program.frame.about, strict=True):
            whole = Cost()
            for position in stratum.rules:
                step = work.steps[position]
                if step is None or not step.cost.runs:
                    continue
                whole.add(step.cost)
                found.rules.setdefault(rules[position].papers.id, Cost()).add(step.cost)
            if whole.runs:
                name = ", ".join(f"{name}/{arity}" for name, arity in stratum.heads)
                times, cost = found.strata.get(name, (0, Cost()))
                cost.add(whole)
                found.strata[name] = times + anew, cost

    def _ground(self, encounter: Encounter) -> None:
        work = self._work(encounter)
        if work is None:
            return
        facts = facts_of(encounter, self.policy.library.vocabulary)
        self.found.ground_seconds += whole_seconds(work.program, facts)
        for rule, ground in ground_instances(work.program, facts).items():
            self.found.grounds.setdefault(rule, Ground()).add(ground)
        self.found.grounded += 1

    def _in_batch(self, encounters: Sequence[Encounter]) -> None:
        wanted = Wanted(self.asked.switches, self.asked.as_of)
        batch = BatchPolicy(self.policy, wanted)
        for item in encounters:
            batch.solve(item)
        begun = time.process_time()
        for item in encounters:
            batch.solve(item)
        self.found.batch_seconds += time.process_time() - begun
