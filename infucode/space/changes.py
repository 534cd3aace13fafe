"""Small changes of an encounter, the first of them those that a rule would notice.

Beside the changes that tell mutants apart: a claim line, a service or an administration more, one
less, another date, visit, code, modifier or amount. A change that states nothing else of what a
condition hangs on cannot show it, so each is weighed by how near to the condition the inputs are
that it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Any

from infucode.documents import encounter_from_data, encounter_to_data
from infucode.engine.claim_facts import add_line
from infucode.engine.facts import add_encounter
from infucode.errors import InfucodeError
from infucode.model.encounter import Administration, ClaimLine, Dose, Encounter, Service
from infucode.rulebook.language import Clause, Signature
from infucode.workbench.case import Case
from infucode.workbench.mutation_nearest import Neighbours

APART = 45
"""Minutes between a run and the same once more."""
MOST_CODES = 3
"""So many other codes are tried on a line: those that most cases have."""
EARNED = frozenset(
    ("item_code", "item_day", "item_units", "item_visit", "item_modifier", "expected", "possible",
     "code_set", "item_in", "unjudged_given", "units_untold", "item_for", "item_service")
)  # fmt: skip
"""What a check states of the record: it hangs on every line that the record earns."""
LINES: tuple[Signature, ...] = (("line", 6), ("service_line", 4), ("coded", 3))
Fact = tuple[str, tuple[object, ...]]
Changed = tuple[str, Encounter]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A change and the names of the inputs of which it states something else."""

    change: str
    encounter: Encounter
    inputs: frozenset[str]


class Changes:
    """Small changes by the values that the encounters of some cases have."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.neighbours = Neighbours(cases)
        encounters = [case.encounter for case in cases]
        lines = [line for encounter in encounters for line in encounter.claim_lines]
        services = [item for encounter in encounters for item in encounter.services]
        self.codes = _common(line.code for line in lines)
        self.service_codes = _common(item.code for item in services)
        self.modifiers = _common((m for line in lines for m in line.modifiers), 4 * MOST_CODES)
        self.places = _common((e.place_of_service for e in encounters), 4 * MOST_CODES)

    def weighed(self, encounter: Encounter) -> Iterator[Weighed]:
        """Sound changes, each with what it states otherwise."""
        before = told(encounter)
        for change, other in chain(self.neighbours.sound(encounter), self.further(encounter)):
            differ = before ^ told(other)
            if differ:
                yield Weighed(change, other, frozenset(name for name, _ in differ))

    def further(self, encounter: Encounter) -> Iterator[Changed]:
        """Those that a document can state, beside those that tell mutants apart."""
        made = chain(
            self._lines(encounter), self._services(encounter), _given(encounter),
            ((f"`place_of_service` = {place}", replace(encounter, place_of_service=place))
             for place in self.places if place != encounter.place_of_service),
        )  # fmt: skip
        for change, other in made:
            try:
                yield change, encounter_from_data(encounter_to_data(other))
            except (InfucodeError, ValueError, TypeError):
                continue

    def _lines(self, encounter: Encounter) -> Iterator[Changed]:
        lines = encounter.claim_lines
        for place, line in enumerate(lines):
            for change, other in self._line(line):
                yield change, replace(encounter, claim_lines=_put(lines, place, other))
            code = line.code
            for other_code in _others(code, self.codes, (one.code for one in lines)):
                new = replace(line, id=_new_id(lines, "l"), code=other_code)
                more = replace(encounter, claim_lines=(*lines, new))
                yield f"a line of {other_code} like {line.id} besides", more
            twice = replace(line, id=_new_id(lines, "l"))
            yield f"{line.id} twice", replace(encounter, claim_lines=(*lines, twice))

    def _line(self, line: ClaimLine) -> Iterator[tuple[str, ClaimLine]]:
        for step in (1, -1):
            yield f"{line.id} a day {_side(step)}", replace(line, day=(line.day or 0) + step)
        for visit in (None, 1, 2):
            if visit != line.visit:
                yield f"{line.id} of visit {visit}", replace(line, visit=visit)
        for code in _others(line.code, self.codes, ()):
            yield f"{code} on {line.id}", replace(line, code=code)
        for modifier in self.modifiers:
            if modifier not in line.modifiers:
                marks = (*line.modifiers, modifier)
                yield f"modifier {modifier} on {line.id}", replace(line, modifiers=marks)
        for number in range(len(line.modifiers)):
            marks = (*line.modifiers[:number], *line.modifiers[number + 1 :])
            yield f"no {line.modifiers[number]} on {line.id}", replace(line, modifiers=marks)
        for units in (Decimal(0), Decimal(9)):
            if units != line.units:
                yield f"{units} units on {line.id}", replace(line, units=units)
        for charge in (None, Decimal(0), Decimal(10)):
            if charge != line.charge:
                yield f"a charge of {charge} on {line.id}", replace(line, charge=charge)
        if line.administrations:
            yield f"{line.id} for nothing named", replace(line, administrations=())

    def _services(self, encounter: Encounter) -> Iterator[Changed]:
        services = encounter.services
        for place, item in enumerate(services):
            rest = (*services[:place], *services[place + 1 :])
            yield f"{item.id} left out", replace(encounter, services=rest)
            for change, other in self._service(item):
                yield change, replace(encounter, services=_put(services, place, other))
            twice = replace(item, id=_new_id(services, "s"))
            yield f"{item.id} twice", replace(encounter, services=(*services, twice))
        for code in self.service_codes:
            if code not in {item.code for item in services}:
                new = Service(_new_id(services, "s"), code)
                yield f"a service {code} besides", replace(encounter, services=(*services, new))

    def _service(self, item: Service) -> Iterator[tuple[str, Service]]:
        for code in _others(item.code, self.service_codes, ()):
            yield f"{code} for {item.id}", replace(item, code=code)
        for step in (1, -1):
            yield f"{item.id} a day {_side(step)}", replace(item, day=(item.day or 0) + step)
            if item.units + step > 0:
                yield (
                    f"{item.id} {item.units + step} units",
                    replace(item, units=item.units + step),
                )
        yield f"{item.id} of visit 2", replace(item, visit=2)
        for provider in ("same", "other", None):
            if provider != item.provider:
                yield f"{item.id} by {provider}", replace(item, provider=provider)
        for apart in (True, False, None):
            if apart != item.separately_identifiable:
                yield f"{item.id} apart: {apart}", replace(item, separately_identifiable=apart)


def _given(encounter: Encounter) -> Iterator[Changed]:
    given = encounter.administrations
    names = list(dict.fromkeys(item.drug for item in given))
    for place, item in enumerate(given):
        if item.dose is not None:
            for change, dose in _doses(item.dose):
                other = replace(item, dose=dose)
                yield f"{change} of {item.id}", _with(encounter, place, other)
        for number in range(len(item.segments)):
            parts = (*item.segments[:number], *item.segments[number + 1 :])
            other = replace(item, segments=parts)
            yield f"a part of {item.id} left out", _with(encounter, place, other)
        for name in (*(n for n in names if n != item.drug), "another drug"):
            yield f"{item.id} of {name}", _with(encounter, place, replace(item, drug=name))
        yield from _again(encounter, item)
    for place, access in enumerate(encounter.accesses):
        for before in (a.id for a in encounter.accesses if a.id != access.id):
            new = replace(access, replaces=None if access.replaces == before else before)
            changed = replace(encounter, accesses=_put(encounter.accesses, place, new))
            yield f"{access.id} in place of {new.replaces}", changed


def _again(encounter: Encounter, item: Administration) -> Iterator[Changed]:
    """An administration once more: at the same time, just after, and on a later visit."""
    given = encounter.administrations
    new = replace(item, id=_new_id(given, "a"))
    yield f"{item.id} twice", replace(encounter, administrations=(*given, new))
    if item.start is not None:
        long = (item.stop or item.start) - item.start + APART
        later = replace(
            new, start=item.start + long, stop=None if item.stop is None else item.stop + long
        )
        yield f"{item.id} again later", replace(encounter, administrations=(*given, later))
    other = replace(new, visit=item.visit + 1)
    yield (
        f"{item.id} again on the next visit",
        replace(encounter, administrations=(*given, other)),
    )


def _doses(dose: Dose) -> Iterator[tuple[str, Dose]]:
    step = dose.per_unit or Decimal(1)
    for name in ("administered", "discarded"):
        value = getattr(dose, name)
        for other in (None, *(() if value is None else (value + step, value - step))):
            if other != value:
                yield f"`{name}` = {other}", replace(dose, **{name: other})
    for name, without in (
        ("hcpcs", replace(dose, hcpcs=None)),
        ("per_unit", replace(dose, per_unit=None)),
        ("unit", replace(dose, unit=None)),
    ):
        if without != dose:
            yield f"no `{name}`", without
    for place, box in enumerate(dose.containers):
        others: list[tuple[str, tuple[Any, ...]]] = [("a container less", ())]
        others += [
            ("a container more", (replace(box, count=box.count + 1),)),
            ("a smaller container besides", (box, replace(box, size=box.size / 2))),
            ("a larger container besides", (box, replace(box, size=box.size * 2))),
            ("a container of the other kind", (replace(box, kind=_other_kind(box.kind)),)),
        ]
        for change, new in others:
            boxes = (*dose.containers[:place], *new, *dose.containers[place + 1 :])
            yield change, replace(dose, containers=boxes)


def _other_kind(kind: str) -> str:
    return "multi_dose" if kind == "single_dose" else "single_dose"


def _side(step: int) -> str:
    return "later" if step > 0 else "earlier"


def _with(encounter: Encounter, place: int, item: Administration) -> Encounter:
    return replace(encounter, administrations=_put(encounter.administrations, place, item))


def _put(items: tuple[Any, ...], place: int, item: Any) -> tuple[Any, ...]:
    return (*items[:place], item, *items[place + 1 :])


def _new_id(items: Iterable[Any], letter: str) -> str:
    known = {item.id for item in items}
    return next(id for n in range(1, 1000) if (id := f"{letter}{n}") not in known)


def _common(values: Iterable[Any], most: int = MOST_CODES) -> tuple[Any, ...]:
    """The values that come most often, None left out."""
    counts: dict[Any, int] = {}
    for value in values:
        if value is not None:
            counts[value] = counts.get(value, 0) + 1
    return tuple(sorted(counts, key=lambda value: (-counts[value], str(value)))[:most])


def _others(own: str, common: Sequence[str], near: Iterable[str]) -> list[str]:
    return [code for code in dict.fromkeys((*near, *common)) if code != own]


class _Told:
    """Keeps what is stated as it is."""

    def __init__(self) -> None:
        self.facts: set[Fact] = set()

    def add(self, name: str, *values: object) -> None:
        if None not in values:
            self.facts.add((name, values))


def told(encounter: Encounter) -> set[Fact]:
    """The facts of an encounter and its claim as plain values."""
    build = _Told()
    add_encounter(build, encounter)
    for place, line in enumerate(encounter.claim_lines, 1):
        add_line(build, line, place, encounter)
    return build.facts


class Reads:
    """How far from what rules read the inputs stand on which it hangs."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self.by_head: dict[Signature, list[Clause]] = {}
        for clause in clauses:
            self.by_head.setdefault(clause.head.signature, []).append(clause)

    def distances(self, signatures: Iterable[Signature]) -> Mapping[str, int]:
        """The names of the inputs below some predicates, each with the fewest rules between."""
        found: dict[Signature, int] = {}
        waiting = list(dict.fromkeys(signatures))
        far = 0
        while waiting:
            following: dict[Signature, None] = {}
            for signature in waiting:
                found.setdefault(signature, far)
                for clause in self.by_head.get(signature, ()):
                    following.update(dict.fromkeys(atom.signature for atom in clause.atoms()))
                if signature[0] in EARNED:
                    following.update(dict.fromkeys(LINES))
            waiting = [signature for signature in following if signature not in found]
            far += 1
        return {name: far for (name, _), far in sorted(found.items(), key=lambda item: -item[1])}
