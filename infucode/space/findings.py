"""Findings about a rulebook over declared spaces: every encounter is answered and looked at.

A rule is dead if it fires in no encounter although the spaces state all that it needs; shadowed
if another rule decides the same whenever it decides. A gap is a delivery without a base outcome,
an overlap two rules that decide one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from functools import partial

import clingo

from infucode.model.findings import FindingKind, RulebookFinding, Witness
from infucode.model.proving import Progress
from infucode.passes.slices import Shape, Slicer, Slot
from infucode.passes.values import TEXT_MARK, Row
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Signature
from infucode.rulebook.library import outcome_signatures
from infucode.space.answering import Answers, Outcomes
from infucode.space.models import Given, Models, Sized, World, ordered, slot_of
from infucode.space.spaces import Space
from infucode.space.walk import Walk
from infucode.space.watching import Clause, Watching, fired_at_once
from infucode.space.written import encounter_of, id_of

DELIVERY = "delivery"
DECIDING: dict[Signature, tuple[int, ...]] = {
    ("line", 6): (1, 2, 5), ("withheld", 3): (1, 2), ("merged", 3): (1,),
    ("cannot_tell", 2): (1,), ("cannot_tell_part", 3): (1, 2), ("service_line", 4): (1,),
    ("service_withheld", 2): (1,),
}  # fmt: skip
"""Where an outcome says what it decides: two rules that agree there overlap."""
BASE: dict[Signature, int | None] = {
    ("line", 6): 2, ("withheld", 3): 2, ("merged", 3): None, ("cannot_tell", 2): None,
    ("open_stop", 2): None,
}  # fmt: skip
"""What becomes of a delivery, and where an outcome says that it is about the delivery."""
HOW = (("category", 2), ("route", 2), ("technique", 2))
Key = tuple[str, str]


@dataclass(slots=True)
class Seen:
    """What a part of a space shows."""

    fired: dict[Clause, None] = field(default_factory=dict)
    decided: dict[str, None] = field(default_factory=dict)
    """Rules that give an outcome."""
    alone: dict[str, None] = field(default_factory=dict)
    """Those that did where no other rule gives the same."""
    found: dict[Key, tuple[tuple[object, ...], Given, str]] = field(default_factory=dict)
    """Gaps and overlaps: order, facts and subject of the smallest encounter."""

    def add(self, other: Seen) -> None:
        """Take in what another part shows."""
        self.fired.update(other.fired)
        self.decided.update(other.decided)
        self.alone.update(other.alone)
        for key, item in other.found.items():
            if key not in self.found or item[0] < self.found[key][0]:
                self.found[key] = item


class Watch:
    """One plan over one space."""

    def __init__(self, plan: str, book: Rulebook, space: Space, day: Date) -> None:
        self.plan, self.book, self.day = plan, book, day
        self.walk = Walk(Models(space, (book,)))
        self._fired: dict[Clause, None] = {}
        self._settled: dict[int, dict[Clause, None]] = {}
        outcomes = sorted(outcome_signatures(book.vocabulary))
        self.answers = Answers(book, outcomes, writing=partial(Watching, self._fired))
        self.seen = Seen()
        self.witnesses: dict[Key, Witness] = {}

    def run(
        self, services: int, jobs: int, seconds: float | None, told: Callable[[Progress], None]
    ) -> None:
        """Look at all encounters of up to so many services, or as many as there is time for."""
        self.walk.begin(seconds)
        for size in range(1, services + 1):
            smallest = Seen()
            self.walk.over(size, self.part, jobs, smallest.add, told)
            if size not in self.walk.looked:
                break
            fixed = self.walk.sized(size).fixed
            for key, (_, given, subject) in smallest.found.items():
                if key not in self.witnesses:
                    encounter = encounter_of({**fixed, **given}, self.day)
                    self.witnesses[key] = Witness(
                        self.plan, self.walk.models.space.name, size, encounter, id_of(subject)
                    )
            self.seen.add(smallest)
            if not self.walk.complete:
                break

    def part(self, size: int, cube: tuple[clingo.Symbol, ...]) -> tuple[int, Seen]:
        """How many encounters a part of a size holds, and what they show."""
        sized = self.walk.sized(size)
        running = self.answers.running(sized)
        seen, count = Seen(), 0
        for world in sized.worlds(cube):
            count += 1
            for _, given, outcomes in self.answers.worlds(running, world, neighbours=False):
                self._look(seen, world, {**sized.fixed, **given}, outcomes)
        seen.fired.update(self._fired)
        seen.fired.update(self._settled_in(sized))
        return count, seen

    def _settled_in(self, sized: Sized) -> dict[Clause, None]:
        """The rules that fire in every encounter of a size, as nothing that differs bears on
        them."""
        if sized.services not in self._settled:
            program, whole = self.answers.program, self.answers.running(sized).whole
            steps = [
                step
                for stratum in program.frame.about
                for n in stratum.rules
                if (step := program.steps[n]) is not None
            ]
            self._settled[sized.services] = fired_at_once(
                steps, whole.fixed, frozenset(whole.names.values())
            )
        return self._settled[sized.services]

    @property
    def asked(self) -> set[str]:
        """The ids of the rules that hang on what an encounter states."""
        frame = self.answers.program.frame
        return {self.book.rules[n].papers.id for stratum in frame.about for n in stratum.rules}

    def reachable(self) -> set[str]:
        """The ids of the rules of which this space states what they need."""
        program, rules = self.answers.program, self.book.rules
        about = [
            (rules[n].papers.id, step.clause)
            for stratum in program.frame.about
            for n in stratum.rules
            if (step := program.steps[n]) is not None
        ]
        stated = self.walk.models.shape(self.walk.sized(max(self.walk.looked)))
        tables = {s: _slots(s, r.rows, self.book, stated) for s, r in program.tables.items()}
        slicer = Slicer([clause for _, clause in about], program.outcomes)
        cut = slicer.slice({**tables, **stated}, whole=True)
        return {about[n][0] for n, _ in cut}

    def _look(self, seen: Seen, world: World, given: Given, outcomes: Outcomes) -> None:
        for signature, rows in outcomes.items():
            if not rows or signature[1] < 2:
                continue
            same: dict[Row, list[str]] = {}
            for row in rows:
                same.setdefault(row[1:], []).append(_rule(row))
            for rules in same.values():
                seen.decided.update(dict.fromkeys(rules))
                if len(rules) == 1:
                    seen.alone[rules[0]] = None
        for key, subject in (*overlaps(outcomes), *gaps(given, outcomes)):
            if key not in self.witnesses:
                item = ordered(world.given), world.given, subject
                if key not in seen.found or item[0] < seen.found[key][0]:
                    seen.found[key] = item


def overlaps(outcomes: Outcomes) -> Iterator[tuple[Key, str]]:
    """Two rules that decide one thing, each pair once for each subject."""
    for signature, places in DECIDING.items():
        rows = outcomes.get(signature, ())
        if len(rows) < 2:
            continue
        deciding: dict[tuple[object, ...], dict[str, None]] = {}
        for row in rows:
            deciding.setdefault(tuple(row[n] for n in places), {})[_rule(row)] = None
        for about, rules in deciding.items():
            for one, other in _pairs(sorted(rules)):
                yield (FindingKind.overlap.value, f"{one} + {other}"), str(about[0])


def gaps(given: Given, outcomes: Outcomes) -> Iterator[tuple[Key, str]]:
    """Administrations whose delivery is neither reported nor withheld, merged or untold."""
    base = {
        row[1]
        for signature, place in BASE.items()
        for row in outcomes.get(signature, ())
        if place is None or row[place] == DELIVERY
    }
    for (id,) in given["administration", 1]:
        if id not in base:
            how = [str(row[1]) for name in HOW for row in given.get(name, ()) if row[0] == id]
            yield (FindingKind.gap.value, " ".join(how)), str(id)


def _pairs(rules: Sequence[str]) -> Iterator[tuple[str, str]]:
    for n, one in enumerate(rules):
        for other in rules[n + 1 :]:
            yield one, other


def _rule(row: Row) -> str:
    return str(row[0])[len(TEXT_MARK) :]


def _slots(
    signature: Signature, rows: Iterable[Row], book: Rulebook, stated: Shape
) -> list[Slot]:
    """The words of a table at each place, of its rows about routes and techniques that occur."""
    declared = book.vocabulary.get(signature)
    for name in HOW[1:]:
        kind, words = book.vocabulary[name].types[1], stated.get(name, [None, None])[1]
        for n, own in enumerate(declared.types if declared is not None else ()):
            if own == kind and words is not None:
                rows = [row for row in rows if row[n] in words]
    known = list(rows)
    return [slot_of(row[n] for row in known) for n in range(signature[1])]


def findings_of(watches: Sequence[Watch]) -> tuple[list[RulebookFinding], list[str], int]:
    """What walks over several plans and spaces show together, the rules that need what no space
    states, and how many fired."""
    whole = Seen()
    reachable = {id for watch in watches for id in watch.reachable()}
    witnesses: dict[Key, Witness] = {}
    ids: dict[Clause, str] = {}
    for watch in watches:
        whole.add(watch.seen)
        ids |= {(r.place, r.clause.head.name): r.papers.id for r in watch.book.rules}
        for key, witness in watch.witnesses.items():
            if key not in witnesses or witness.services < witnesses[key].services:
                witnesses[key] = witness
    fired = {ids[clause] for clause in whole.fired if clause in ids}
    found = [
        RulebookFinding(FindingKind.dead, id, "fires in no encounter")
        for id in sorted(reachable - fired)
    ]
    found += [
        RulebookFinding(FindingKind.shadowed, id, "decides nothing that another rule does not")
        for id in sorted(whole.decided.keys() - whole.alone.keys())
    ]
    said = {"gap": "nothing says what becomes of it", "overlap": "both decide the same"}
    found += [
        RulebookFinding(FindingKind(kind), about, said[kind], witnesses[kind, about])
        for kind, about in sorted(witnesses)
    ]
    outside = {id for watch in watches for id in watch.asked} - reachable - fired
    return found, sorted(outside), len(fired)
