"""The nearest encounter on which a surviving mutant answers otherwise.

The encounters of the cases are changed a little: a clock time by a minute, a field to a value
another case has there, one administration left out. The first that tells the mutant from
the rules as they are is shown; where none of a few hundred does, nothing is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from infucode.documents import encounter_from_data, encounter_to_data
from infucode.engine.facts import facts_of
from infucode.engine.fixpoint import Step
from infucode.engine.program import Program
from infucode.errors import InfucodeError
from infucode.model.encounter import Administration, Encounter
from infucode.rulebook.types import SETTINGS
from infucode.workbench.bench import Answered, Bench, Changes, Group, MutantPolicy, differs
from infucode.workbench.case import Case
from infucode.workbench.mutants import Mutant
from infucode.workbench.mutation_answers import Switches, answer_in_short

MOST_TRIES = 800
MOST_BASES = 24
ASKED_COST = 8
"""A whole answer costs as much as so many runs of what the mutant changes."""
MOST_VALUES = 12
AS_IT_IS = "as it is, were all of its answer expected"
"""A field with more values than these in all cases is free, and none of them is tried."""
CLOCK = ("start", "stop", "minutes")
Pool = Mapping[str, tuple[Any, ...]]
KEPT = frozenset({"id", "drug", "date", "note", "file", "claim_lines", "administrations"})


@dataclass(frozen=True, slots=True)
class Nearest:
    """An encounter that tells a mutant from the rules as they are."""

    case: str
    """The case that it was made from."""
    change: str
    document: dict[str, Any]
    switches: Switches
    plan: str
    now: str
    """What the rules answer, in short."""
    mutated: str
    """What the mutant answers."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """An encounter to try; ``asked`` where only the whole answer can tell."""

    change: str
    encounter: Encounter
    switches: Switches
    asked: bool


class Neighbours:
    """Encounters that differ a little from one, by the values that those of some cases have."""

    def __init__(self, cases: Iterable[Case]) -> None:
        encounters = [case.encounter for case in cases]
        self._head = _pool(encounters, Encounter)
        given = [item for encounter in encounters for item in encounter.administrations]
        self._given = _pool(given, Administration)

    def sound(self, encounter: Encounter) -> Iterator[tuple[str, Encounter]]:
        """Those that a document can state, each with what was changed."""
        for change, other in self._changes(encounter):
            try:
                yield change, encounter_from_data(encounter_to_data(other))
            except (InfucodeError, ValueError, TypeError):
                continue

    def _changes(self, encounter: Encounter) -> Iterator[tuple[str, Encounter]]:
        given = encounter.administrations
        for place, item in enumerate(given):
            for change, other in _shifted(item):
                yield change, _with(encounter, place, other)
        if encounter.ends is not None:
            for step in (1, -1):
                change = f"`ends` {_signed(step)}"
                yield change, replace(encounter, ends=encounter.ends + step)
        for place, item in enumerate(given):
            for change, other in _toggled(item, self._given, f" of {item.id}"):
                yield change, _with(encounter, place, other)
        yield from _claims(encounter)
        yield from _toggled(encounter, self._head, "")
        for place, item in enumerate(given):
            if len(given) > 1:
                rest = (*given[:place], *given[place + 1 :])
                yield f"{item.id} left out", replace(encounter, administrations=rest)


class Seeker:
    """Looks for such encounters among small changes of the cases."""

    def __init__(self, bench: Bench, cases: Mapping[str, Case]) -> None:
        self.bench, self.cases = bench, cases
        self.neighbours = Neighbours(cases.values())

    def nearest(self, mutant: Mutant) -> Nearest | None:
        """The first encounter found, or None. What is least changed is tried first."""
        tries = MOST_TRIES
        based = [
            (group, changes, self.cases[answered.subject.name])
            for group, changes in self.bench.touched(mutant)
            for answered in self._bases(group, changes, mutant)
        ]
        for kind in (self._as_they_are, self._changed):
            for group, changes, case in based:
                for tried in kind(case, mutant):
                    tries -= ASKED_COST if tried.asked else 1
                    if tries < 0:
                        return None
                    if tried.asked or self._tells(group.program, changes, tried.encounter):
                        found = self._shown(mutant, case, tried)
                        if found is not None:
                            return found
        return None

    def _is_base(self, name: str) -> bool:
        """A document alone, without tables beside it, has to tell the two apart."""
        return name in self.cases and self.cases[name].tables is None

    def _bases(self, group: Group, changes: Changes, mutant: Mutant) -> list[Answered]:
        """Encounters in which the rule has something to join, those of its own cases first."""
        steps = [step for n in changes if (step := group.program.steps[n]) is not None]
        near = [
            answered
            for answered in group.subjects
            if self._is_base(answered.subject.name) and (not steps or _joins(steps, answered))
        ]
        near.sort(
            key=lambda a: (
                mutant.rule not in a.subject.speaks,
                len(self.cases[a.subject.name].encounter.administrations),
            )
        )
        return near[:MOST_BASES]

    def _tells(self, program: Program, changes: Changes, encounter: Encounter) -> bool:
        try:
            facts = facts_of(encounter, program.book.vocabulary)
            return differs(program.model(facts), changes)
        except InfucodeError:
            return False

    def _shown(self, mutant: Mutant, case: Case, tried: _Tried) -> Nearest | None:
        policy, switches = self.bench.policies[case.policy], tried.switches
        now = answer_in_short(policy, tried.encounter, switches)
        other = answer_in_short(MutantPolicy(policy, mutant), tried.encounter, switches)
        if now == other:
            return None
        document = encounter_to_data(tried.encounter)
        return Nearest(case.place, tried.change, document, switches, case.policy, now, other)

    def _as_they_are(self, case: Case, mutant: Mutant) -> Iterator[_Tried]:
        """The encounter itself, under its plan and under other answers to what the rule reads."""
        yield _Tried(AS_IT_IS, case.encounter, case.switches, case.is_claim)
        for name, value in self._readings(case, mutant):
            switches = tuple(sorted({**dict(case.switches), name: value}.items()))
            yield _Tried(f"under {name} = {value}", case.encounter, switches, True)

    def _changed(self, case: Case, _: Mutant) -> Iterator[_Tried]:
        """Sound encounters that differ a little from one, each with what was changed."""
        for change, encounter in self.neighbours.sound(case.encounter):
            yield _Tried(change, encounter, case.switches, case.is_claim)

    def _readings(self, case: Case, mutant: Mutant) -> Iterator[tuple[str, str]]:
        """Each answer to the switches that the changed rule reads."""
        atoms = mutant.written.atoms() if mutant.written else ()
        known = self.bench.policies[case.policy].library.switches
        for name in dict.fromkeys(a.terms[0].text for a in atoms if a.signature in SETTINGS):
            for value in known[name].values if name in known else ():
                yield name, value


def _joins(steps: Sequence[Step], answered: Answered) -> bool:
    """Whether the facts of some world have rows for a changed rule."""
    return any(step.can_fire(model.relations) for step in steps for model in answered.models)


def _pool(items: list[Any], kind: type[Any]) -> Pool:
    """The values that each field has somewhere, where these are few."""
    found: dict[str, tuple[Any, ...]] = {}
    for field in fields(kind):
        if field.name in KEPT or field.name in CLOCK:
            continue
        flag = "bool" in str(field.type)
        values: dict[Any, None] = dict.fromkeys((True, False) if flag else ())
        for item in items:
            value = getattr(item, field.name)
            try:
                values[value] = None
            except TypeError:
                values = dict.fromkeys(range(MOST_VALUES + 1))
                break
        if 1 < len(values) <= MOST_VALUES:
            found[field.name] = tuple(values)
    return found


def _claims(encounter: Encounter) -> Iterator[tuple[str, Encounter]]:
    """Claim lines with a unit more or less, without their modifiers, or left out."""
    lines = encounter.claim_lines
    for place, line in enumerate(lines):
        before, after = lines[:place], lines[place + 1 :]
        others = []
        if line.units is not None:
            others += [(f"one unit more on {line.id}", replace(line, units=line.units + 1))]
            others += [(f"one unit less on {line.id}", replace(line, units=line.units - 1))]
        if line.modifiers:
            others += [(f"no modifier on {line.id}", replace(line, modifiers=()))]
        for change, other in others:
            yield change, replace(encounter, claim_lines=(*before, other, *after))
        if len(lines) > 1:
            yield f"{line.id} left out", replace(encounter, claim_lines=(*before, *after))


def _toggled(item: Any, pool: Pool, of: str) -> Iterator[tuple[str, Any]]:
    for name, values in pool.items():
        for value in values:
            if value != getattr(item, name):
                shown = "left out" if value is None else f"= {value}"
                yield f"`{name}`{of} {shown}", replace(item, **{name: value})


def _shifted(item: Administration) -> Iterator[tuple[str, Administration]]:
    for step in (1, -1):
        for name in CLOCK:
            value = getattr(item, name)
            if value is not None:
                change = f"`{name}` of {item.id} {_signed(step)}"
                yield change, replace(item, **{name: value + step})
        if item.start is not None and item.stop is not None:
            both = replace(item, start=item.start + step, stop=item.stop + step)
            yield f"{item.id} {_signed(step)}", both
        if item.after is not None and item.after.minutes is not None:
            after = replace(item.after, minutes=item.after.minutes + step)
            yield f"the gap before {item.id} {_signed(step)}", replace(item, after=after)


def _signed(step: int) -> str:
    return f"{step:+d} minute"


def _with(encounter: Encounter, place: int, item: Administration) -> Encounter:
    given = encounter.administrations
    return replace(encounter, administrations=(*given[:place], item, *given[place + 1 :]))
