"""`prove`: whether invariants hold of every encounter of a space, and the smallest where not.

Every encounter of the space is answered by the compiled rules, the smallest sizes first; a
counterexample is answered again by the rules as `solve` runs them before it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date
from functools import cached_property, partial
from pathlib import Path

import clingo

from infucode.engine.grounding import check_safety
from infucode.errors import InternalError, UsageError
from infucode.model.encounter import Encounter
from infucode.model.proving import Asked, Counterexample, Invariant, Progress, Verdict
from infucode.model.solution import Solution
from infucode.passes.values import TEXT_MARK
from infucode.policy import Policy
from infucode.rulebook.book import Rulebook
from infucode.rulebook.checks import BROKEN, INVARIANTS
from infucode.rulebook.language import Signature
from infucode.rulebook.library import Library, require_plan
from infucode.rulebook.nearest import nearest
from infucode.rulebook.papers import Papers
from infucode.rulebook.reading import read_plan
from infucode.space.answering import CHANGED, REASON, Answers, Beside, Outcomes, book_of, stated
from infucode.space.claims import DENIED, MOST_CLAIMED, Claims
from infucode.space.exceptions import Exceptions
from infucode.space.models import MOST_SERVICES, Given, Models, Sized, ordered
from infucode.space.spaces import Space
from infucode.space.spoken import Pattern, Spoken
from infucode.space.walk import Walk
from infucode.space.written import encounter_of, id_of


@dataclass(frozen=True, slots=True)
class _Broken:
    """A world that breaks an invariant."""

    order: tuple[object, ...]
    given: Given
    change: str


Found = dict[str, _Broken]
Met = frozenset[Pattern]


def library_of(folder: Path, plan: str) -> Library:
    """A plan with its invariants. Raises PolicyError and UsageError."""
    require_plan(folder, plan)
    library = read_plan(folder, plan, "", extra=(INVARIANTS,))
    check_safety(library)
    return library


class Prover:
    """Asks one plan on one day about all encounters of a space.

    Raises UsageError for an invariant or a switch unknown, or a day before the first version.
    """

    def __init__(
        self,
        library: Library,
        space: Space,
        day: Date,
        switches: Mapping[str, str],
        wanted: Sequence[str] = (),
    ) -> None:
        self.library, self.day = library, day
        self.book = book_of(library, day, switches)
        self.walk = Walk(Models(space, (self.book,)))
        self.invariants = _invariants(library, wanted)
        self.spoken = Spoken(self.book.rules, self.book.vocabulary)
        self._asking: tuple[str, ...] | None = None
        self._sized: Sized
        self._ready: dict[tuple[str, ...], Answers] = {}

    @property
    def answers(self) -> Answers:
        """What answers the invariants that are still asked: no rule of another is run."""
        asking = self.asking
        if asking not in self._ready:
            rules = [
                rule
                for rule in self.book.rules
                if rule.clause.head.signature != BROKEN or rule.papers.id in asking
            ]
            own = [rule for rule in rules if rule.papers.id in asking]
            reads = {atom.signature for rule in own for atom in rule.clause.atoms()}
            beside: list[Beside] = []
            if reads & Claims.reads:
                beside.append(self.claims)
            if reads & Exceptions.reads:
                beside.append(Exceptions(self.book, self._other))
            book = replace(self.book, rules=rules)
            outcomes = [BROKEN, *sorted(self.spoken.derived(set(asking)))]
            self._ready[asking] = Answers(book, outcomes, beside)
        return self._ready[asking]

    @property
    def asking(self) -> tuple[str, ...]:
        """The invariants that are still asked."""
        return tuple(one.id for one in self.invariants) if self._asking is None else self._asking

    def most(self, id: str) -> int:
        """The most services of which an invariant is asked."""
        own = [rule for rule in self.book.rules if rule.papers.id == id]
        reads = {atom.signature for rule in own for atom in rule.clause.atoms()}
        return MOST_CLAIMED if reads & Claims.reads else MOST_SERVICES

    @cached_property
    def claims(self) -> Claims:
        """The check of claims."""
        return Claims(self.book, self.day)

    def _other(
        self, book: Rulebook, outcomes: Sequence[Signature]
    ) -> Callable[[Given], Outcomes]:
        answers = Answers(book, outcomes)
        return lambda given: answers.of(answers.running(self._sized), given)

    def run(
        self,
        services: int,
        *,
        jobs: int = 1,
        seconds: float | None = None,
        told: Callable[[Progress], None] = lambda _: None,
    ) -> list[Verdict]:
        """The verdict of each invariant over encounters of up to so many services.

        What is not decided in time, or before a KeyboardInterrupt, keeps a smaller `upto`.
        """
        verdicts = [Verdict(one, most=self.most(one.id)) for one in self.invariants]
        self.walk.begin(seconds)
        self.spoken.met.clear()
        for size in range(1, services + 1):
            if not self.walk.enter(size):
                break
            kinds = self.walk.sized(size).kinds | {REASON}
            for verdict in verdicts:
                verdict.asked = verdict.asked or kinds.issuperset(verdict.invariant.changes)
            left = [v for v in verdicts if v.broken is None and size <= v.most]
            if not left:
                break
            smallest: Found = {}
            self._asking = tuple(
                v.invariant.id for v in left if kinds.issuperset(v.invariant.changes)
            )
            if not self._asking:
                continue
            self.walk.over(size, self.part, jobs, partial(self._take, smallest, size), told)
            for verdict in left:
                verdict.encounters += self.walk.looked.get(size, 0)
                broken = smallest.get(verdict.invariant.id)
                if broken is not None:
                    verdict.broken = self._replayed(verdict.invariant.id, size, broken)
                    verdict.smallest = self.walk.complete
                elif self.walk.complete:
                    verdict.upto = size
            if not self.walk.complete:
                break
        self.walk.require_some()
        for verdict in verdicts:
            if verdict.upto and verdict.broken is None:
                verdict.never = self.spoken.never(verdict.invariant.id)
        return verdicts

    def asked(self, services: int, seconds: float) -> Asked:
        """What the last run was asked, and how much of it was looked at."""
        version, profile = self.book.version, self.library.profile
        plan = f"{profile.title} {version.name} ({profile.id}), as of {self.day}"
        return self.walk.asked((plan,), services, seconds)

    def solution(self, encounter: Encounter) -> Solution:
        """What `solve` says of a found encounter."""
        switches = dict(self.book.overrides)
        return Policy(self.library).solve(encounter, switches=switches, explain=False).solution

    def _take(self, smallest: Found, size: int, told: tuple[Found, Met]) -> None:
        found, met = told
        self.spoken.met |= met
        _merge(smallest, found)
        for id in found:
            self.walk.progress.broken.setdefault(id, size)

    def part(self, size: int, cube: tuple[clingo.Symbol, ...]) -> tuple[int, tuple[Found, Met]]:
        """How many encounters a part of a size holds, the smallest that break something, and
        what invariants speak of that some of them show."""
        sized, answers = self.walk.sized(size), self.answers
        running, fixed, self._sized = answers.running(sized), sized.fixed, sized
        ids = {TEXT_MARK + one.id: one.id for one in self.invariants}
        smallest: Found = {}
        count = 0
        spoken, asked = self.spoken, self.spoken.asked(set(self.asking))
        at_once = answers.at_once(sized)
        if at_once is not None:
            at_once.watching = {one for one in asked if one not in spoken.met}
            for number, showing in at_once.showing(cube, BROKEN):
                count += number
                for change, given, outcomes in showing:
                    _note(smallest, ids, change, given, outcomes)
                    spoken.see(asked, given)
            spoken.met |= asked - at_once.watching
            return count, (smallest, frozenset(spoken.met))
        for world in sized.worlds(cube):
            count += 1
            for change, given, outcomes in answers.worlds(
                running, world, neighbours=True, fixed=fixed
            ):
                _note(smallest, ids, change, given, outcomes)
                spoken.see(asked, fixed, given, outcomes)
        return count, (smallest, frozenset(spoken.met))

    def _replayed(self, id: str, size: int, found: _Broken) -> Counterexample:
        """A counterexample that is one when it is asked again. Raises InternalError if not."""
        sized = self.walk.sized(size)
        rows = self.answers.again(sized, found.given).get(BROKEN, {})
        names = sorted(id_of(str(row[1])) for row in rows if row[0] == TEXT_MARK + id)
        if not names:
            raise InternalError(f"`{id}` is not broken when it is asked again")
        encounter = encounter_of(stated({**sized.fixed, **found.given}), self.day)
        if DENIED in found.given and self.claims.again(encounter)[DENIED] != found.given[DENIED]:
            raise InternalError(f"`{id}`: the check denies something else when it is asked again")
        return Counterexample(size, encounter, tuple(names), found.change)


def _note(
    smallest: Found, ids: Mapping[str, str], change: str, given: Given, outcomes: Outcomes
) -> None:
    for row in outcomes.get(BROKEN, ()):
        id = ids.get(str(row[0]))
        if id is not None:
            _merge(smallest, {id: _Broken(ordered(stated(given)), given, change)})


def _merge(smallest: Found, found: Found) -> None:
    for id, broken in found.items():
        if id not in smallest or broken.order < smallest[id].order:
            smallest[id] = broken


def _invariants(library: Library, wanted: Sequence[str]) -> tuple[Invariant, ...]:
    papers: dict[str, Papers] = {}
    for rule in library.rules:
        if rule.layer == INVARIANTS and rule.clause.head.signature == BROKEN:
            papers.setdefault(rule.papers.id, rule.papers)
    for name in wanted:
        if name not in papers:
            hint = nearest(name, tuple(papers)) or f"invariants: {', '.join(papers)}"
            raise UsageError(f"there is no invariant `{name}`; {hint}")
    changes: dict[str, set[str]] = {id: set() for id in papers}
    for rule in library.rules:
        for atom in rule.clause.atoms():
            named = atom.signature == CHANGED and atom.terms[0].kind == "word"
            if rule.papers.id in papers and named:
                changes[rule.papers.id].add(atom.terms[0].text)
    return tuple(
        Invariant(id, own.text, own.cite, tuple(sorted(changes[id])))
        for id, own in papers.items()
        if not wanted or id in wanted
    )
