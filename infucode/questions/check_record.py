"""The first step of a check: what the record earns, with its claim lines set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from infucode.engine.answer import DraftLine
from infucode.engine.claim_facts import Record
from infucode.engine.facts import DAY_MINUTES, Facts, Names
from infucode.engine.wording import Wording
from infucode.model.claim import Earned
from infucode.model.encounter import Encounter
from infucode.model.solution import Ask, Line, PolicyRef, Solution
from infucode.questions.found import Found
from infucode.questions.solve import Solver
from infucode.questions.view import TOO_MANY

NO_RECORD = Record("none", {}, {})
UNJUDGED = ("cannot_tell", "cannot_tell_part")


@dataclass(frozen=True, slots=True)
class Coded:
    """The record of a claim, the questions that it leaves open, and what stands behind it."""

    record: Record
    asks: tuple[Ask, ...] = ()
    found: tuple[Found, ...] = ()


def has_record(encounter: Encounter) -> bool:
    """Whether the document says what was done, and not only what is claimed."""
    return bool(encounter.administrations or encounter.services)


def coded(
    solver: Solver,
    encounter: Encounter,
    facts: Facts,
    policy: PolicyRef,
    *,
    explain: bool,
    strict: bool,
) -> Coded:
    """Code the record as ``solve`` does; the questions are worded only where there are any."""
    solution, found = solver.solve(encounter, facts, policy, explain=False, strict=strict)
    asks = solution.asks
    if asks and explain:
        worded, _ = solver.solve(encounter, facts, policy, explain=True, strict=strict)
        asks = worded.asks
    return Coded(_record(solver, encounter, solution, found), asks, tuple(found))


def _record(
    solver: Solver, encounter: Encounter, solution: Solution, found: Sequence[Found]
) -> Record:
    """Of one code set all lines are expected; else the certain ones, and the others possible."""
    complete = solution.outcome == "coded"
    slots = _slots(solution)
    shown = len(solution.code_sets)
    expected = [s for s in slots if complete or (s.certain and len(s.sets) == shown)]
    possible = [(s.merged(), tuple(sorted(s.sets))) for s in slots if s not in expected]
    if _too_many(solution):
        claimed = {_claimed(slot.merged()) for slot in expected}
        drafts = [draft for item in found for draft in item.answer.lines]
        others = {_claimed(e): e for e in (_drafted(solver, encounter, d) for d in drafts)}
        possible += [(e, (1,)) for key, e in others.items() if key not in claimed]
    names = _Names(Wording(encounter, Names()))
    certain = names.of(slot.merged() for slot in expected)
    open_ = names.of(item for item, _ in possible)
    return Record(
        "complete" if complete else "open",
        certain,
        open_,
        () if complete else tuple(_unjudged(encounter, solution, found)),
        {name: sets for name, (_, sets) in zip(open_, possible, strict=True)},
        shown + 1 if _too_many(solution) else shown,
        () if complete else tuple(_untold_drugs(encounter, found)),
    )


@dataclass(slots=True)
class _Slot:
    """A line that some code sets share: alike on a claim, and the n-th such line of its set."""

    lines: list[Earned]
    sets: set[int]
    certain: bool

    def merged(self) -> Earned:
        """The line, for every administration that earns it in some set."""
        ids = tuple(dict.fromkeys(id for line in self.lines for id in line.administrations))
        return replace(self.lines[0], administrations=ids)


def _slots(solution: Solution) -> list[_Slot]:
    """The lines of all code sets, each once; a code set is numbered from 1."""
    slots: dict[tuple[object, ...], _Slot] = {}
    for number, code_set in enumerate(solution.code_sets, 1):
        again: Counter[tuple[object, ...]] = Counter()
        for line in code_set.lines:
            earned = _earned(line)
            key = _claimed(earned)
            again[key] += 1
            slot = slots.setdefault((key, again[key]), _Slot([], set(), line.certain))
            slot.lines.append(earned)
            slot.sets.add(number)
    return list(slots.values())


def _too_many(solution: Solution) -> bool:
    return any(warned.rule == TOO_MANY for warned in solution.warnings)


def _claimed(item: Earned) -> tuple[object, ...]:
    """What a claim shows of a line."""
    return item.code, item.units, item.modifiers, item.date, item.visit, item.charge


def _unjudged(encounter: Encounter, solution: Solution, found: Sequence[Found]) -> Iterator[str]:
    """What could not be coded, with all of its visit; of too many worlds all they differ in."""
    open_ = {str(o.arguments[0]) for item in found for o in item.answer.of("cannot_tell")}
    visits = {encounter.administration(id).visit for id in open_}
    ids = {item.id for item in encounter.administrations if item.visit in visits}
    if _too_many(solution):
        worlds = [world for item in found for world in item.worlds]
        ids.update(id for world in worlds for id in (*world.stops, *world.reasons))
    yield from (item.id for item in encounter.administrations if item.id in ids)


def _untold_drugs(encounter: Encounter, found: Sequence[Found]) -> Iterator[tuple[str, int]]:
    """Drug codes, each with a day, of which the record does not tell all units."""
    ids = {str(o.arguments[0]) for item in found for k in UNJUDGED for o in item.answer.of(k)}
    for given in encounter.administrations:
        if given.id in ids:
            stated = None if given.dose is None else given.dose.hcpcs
            for code in {given.hcpcs, stated} - {None}:
                yield str(code), max(0, given.start or 0) // DAY_MINUTES


def _earned(line: Line) -> Earned:
    return Earned(
        line.code, line.label, line.units, line.modifiers, line.date, line.visit,
        line.administrations, line.services, line.charge,
    )  # fmt: skip


def _drafted(solver: Solver, encounter: Encounter, draft: DraftLine) -> Earned:
    key = draft.key
    return Earned(
        key.code, solver.program.labels.get(key.code, ""), draft.units, key.modifiers,
        encounter.date + timedelta(days=key.day), key.visit, tuple(draft.administrations),
        tuple(draft.services), key.charge or None,
    )  # fmt: skip


class _Names:
    """A name for each line that a record earns, fit to be read in a sentence."""

    def __init__(self, words: Wording) -> None:
        self.words = words
        self._used: dict[str, int] = {}

    def of(self, items: Iterable[Earned]) -> Mapping[str, Earned]:
        """The lines by name, in their order."""
        return {self._name(item): item for item in items}

    def _name(self, item: Earned) -> str:
        name = "-".join((item.code, *item.modifiers))
        if item.administrations:
            said = ", ".join(self.words.administration(id) for id in item.administrations[:1])
            more = len(item.administrations) - 1
            name += f" for {said}" + (f" and {more} more" if more else "")
        number = self._used[name] = self._used.get(name, 0) + 1
        return name if number == 1 else f"{name} ({number})"
