"""An encounter as facts of the vocabulary, built from values, never from pasted text.

Ids and drug names become small constants (`a0`, `d0`, ...), the same for every encounter, so
that the memory of a long run stays flat; `Names` remembers what they stand for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import clingo

from infucode.errors import DocumentError, InternalError, PolicyError, Problem
from infucode.model.encounter import Administration, Dose, Encounter, drug_key
from infucode.rulebook.language import Signature
from infucode.rulebook.vocabulary import NUMBERS, Predicate, Type

if TYPE_CHECKING:
    from infucode.passes.slices import Shape

PREFIX = {
    "administration": "a",
    "access": "x",
    "drug": "d",
    "bag": "b",
    "dose_group": "g",
    "service": "s",
    "claim_line": "l",
    "item": "i",
}
DAY_MINUTES = 24 * 60
HOUR_MINUTES = 60
BILL_DIGITS = 4
"""A type of bill may be written without its leading zero."""


@lru_cache(maxsize=8192)
def constant(name: str) -> clingo.Symbol:
    """A constant symbol; the same object for the same name."""
    return clingo.Function(name)


@dataclass(slots=True)
class Names:
    """What the small constants of one encounter stand for, by sort."""

    symbols: dict[str, dict[str, clingo.Symbol]] = field(default_factory=dict)
    values: dict[clingo.Symbol, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """The same by the text of the constant."""

    def symbol(self, sort: str, value: str) -> clingo.Symbol:
        """The constant of `value`, made on first use."""
        known = self.symbols.setdefault(sort, {})
        if value not in known:
            name = f"{PREFIX[sort]}{len(known)}"
            known[value] = constant(name)
            self.values[known[value]] = self.words[name] = value
        return known[value]


@dataclass(slots=True)
class Facts:
    """The facts of one encounter and their shape."""

    names: Names
    signed: list[tuple[Signature, clingo.Symbol]]
    """Each fact beside its predicate."""
    shape: Shape
    assumed: tuple[clingo.Symbol, ...] = ()

    def supposing(
        self, extra: tuple[clingo.Symbol, ...], vocabulary: Mapping[Signature, Predicate]
    ) -> Facts:
        """The same facts and some supposed ones."""
        if not extra:
            return self
        shape = dict(self.shape)
        for atom in extra:
            key = (atom.name, len(atom.arguments))
            shape.setdefault(key, _slots(vocabulary[key]))
        added = [((atom.name, len(atom.arguments)), atom) for atom in extra]
        return Facts(self.names, [*self.signed, *added], shape, (*self.assumed, *extra))


def _slots(predicate: Predicate) -> list[frozenset[str] | None]:
    return [frozenset(t.words) if t.sort == "word" else None for t in predicate.types]


def _misfit(file: str, line: int, message: str) -> PolicyError:
    help = "the vocabulary knows every field and word of the encounter document"
    return PolicyError([Problem(file, line, 0, message, help)])


class Stating(Protocol):
    """Whatever takes facts of the vocabulary."""

    def add(self, name: str, *values: object) -> None: ...


class Builder:
    """Makes typed atoms; anything that does not fit the vocabulary is a bug of ours."""

    def __init__(self, vocabulary: Mapping[Signature, Predicate]) -> None:
        self.vocabulary = vocabulary
        self.names = Names()
        self.signed: list[tuple[Signature, clingo.Symbol]] = []
        self.shape: dict[Signature, list[set[str] | None]] = {}

    def add(self, name: str, *values: object) -> None:
        """One fact; nothing if any value is None."""
        if any(value is None for value in values):
            return
        predicate = self.vocabulary.get((name, len(values)))
        if predicate is None:
            raise _misfit("vocabulary.lp", 0, f"has no input `{name}/{len(values)}`")
        slots = self.shape.get(predicate.signature)
        if slots is None:
            slots = [set() if t.sort == "word" else None for t in predicate.types]
            self.shape[predicate.signature] = slots
        arguments = []
        for kind, value, slot in zip(predicate.types, values, slots, strict=True):
            if kind.sort == "word" and value not in kind.words:
                message = f"`{value}` is not in a closed list of `{predicate}`"
                raise _misfit(predicate.file, predicate.line, message)
            arguments.append(self.symbol(kind, value))
            if slot is not None:
                slot.add(str(value))
        self.signed.append((predicate.signature, clingo.Function(name, arguments)))

    def symbol(self, kind: Type, value: object) -> clingo.Symbol:
        """The symbol of a value of a type. Raises InternalError if it does not fit."""
        if kind.sort == "id" and isinstance(value, str):
            return self.names.symbol(kind.name, value)
        if kind.sort == "word" and value in kind.words:
            return constant(str(value))
        if kind.sort == "string" and isinstance(value, str) and "\0" not in value:
            return clingo.String(value)
        if kind.sort == "number" and isinstance(value, int):
            low, high = NUMBERS[kind.name]
            if low <= value <= high:
                return clingo.Number(value)
        raise InternalError(f"`{value}` is not {kind}")

    def facts(self) -> Facts:
        shape: Shape = {
            key: [None if slot is None else frozenset(slot) for slot in slots]
            for key, slots in self.shape.items()
        }
        return Facts(self.names, self.signed, shape)


def yes_no(value: bool | None) -> str | None:
    """A flag as the vocabulary's word."""
    return None if value is None else "yes" if value else "no"


def facts_of(encounter: Encounter, vocabulary: Mapping[Signature, Predicate]) -> Facts:
    """Every fact of the encounter. Numbers are whole minutes, days and counts."""
    build = Builder(vocabulary)
    add_encounter(build, encounter)
    return build.facts()


def add_encounter(build: Stating, encounter: Encounter) -> None:
    """State every fact of the encounter."""
    add_stay(build, encounter)
    ids = sorted(item.id for item in encounter.administrations)
    scale = dose_scale(encounter)
    rank = {id: number for number, id in enumerate(ids)}
    for position, item in enumerate(encounter.administrations):
        build.add("administration", item.id)
        build.add("document_order", item.id, position)
        build.add("id_order", item.id, rank[item.id])
        for name, *values in (*administration_facts(item), *dose_facts(item, scale)):
            build.add(str(name), item.id, *values)
    add_accesses(build, encounter)
    add_services(build, encounter)


def add_stay(build: Stating, encounter: Encounter) -> None:
    """What holds of the whole stay."""
    build.add("claim", encounter.claim)
    build.add("place_of_service", encounter.place_of_service)
    bill = encounter.type_of_bill
    build.add("type_of_bill", None if bill is None else bill.zfill(BILL_DIGITS))
    build.add("line_of_business", encounter.line_of_business)
    build.add("provider_type", encounter.provider_type)
    build.add("patient_age", encounter.patient_age_years)
    build.add("observation", yes_no(encounter.observation))
    build.add("stay_ends", encounter.ends)
    for id in encounter.primary_reason:
        build.add("primary_reason", id)
    for day in range(_last_day(encounter) + 1):
        build.add("midnight", day, (day + 1) * DAY_MINUTES)


def administration_facts(item: Administration) -> Iterator[tuple[object, ...]]:
    yield "drug_text", drug_key(item.drug)
    yield "hcpcs", item.hcpcs
    yield "category", item.category
    yield "route", item.route
    yield "technique", item.technique
    yield "access", item.access
    yield "bag", item.bag
    yield "visit", item.visit
    yield "purpose", item.purpose
    yield from _times(item)
    yield "attended", yes_no(item.attended)
    yield "discontinued", yes_no(item.discontinued)
    for factor in item.intensity:
        yield "intensity", factor
    yield "via", item.via
    yield "lesions", item.lesions
    yield "counseling", yes_no(item.counseling)
    yield "dose_group", item.dose_group
    yield "supervision", item.supervision
    yield "supplied_by", item.supplied_by
    for element, done in item.documentation:
        yield "documented", element, yes_no(done)
    if item.sequential_reason:
        yield ("sequential_reason_stated",)
    if item.indication:
        yield ("indication_stated",)
    if item.dose is not None:
        yield "dose_code", item.dose.hcpcs
        yield ("dose_stated",)
        if item.dose.ndc:
            yield ("ndc_stated",)
    if item.pump is not None:
        yield "pump_kind", item.pump.kind
        yield "pump_supplied_by", item.pump.supplied_by
        yield "pump_minutes", item.pump.planned_minutes
        yield "pump_setups", item.pump.extra_setups


def _times(item: Administration) -> Iterator[tuple[object, ...]]:
    yield "start", item.start
    yield "stop", item.stop
    for number, (start, stop) in enumerate(item.segments):
        yield "segment", number, start, stop
    yield "stated_minutes", item.minutes
    yield "flow_minutes", _flow_minutes(item.volume_ml, item.rate_ml_per_hour)
    if item.after is not None:
        yield "stated_gap", item.after.administration, item.after.minutes
    for other in item.concurrent_with:
        yield "concurrent_with", other


def _flow_minutes(volume: Decimal | None, rate: Decimal | None) -> int | None:
    """Whole minutes that a volume takes at a rate; parts of a minute are cut off."""
    if volume is None or rate is None:
        return None
    minutes = int(volume * HOUR_MINUTES / rate)
    low, high = NUMBERS["minutes"]
    return minutes if max(low, 1) <= minutes <= high else None


def _last_day(encounter: Encounter) -> int:
    """The last day that a run can reach; 0 where no run passes a midnight."""
    last = 0
    for item in encounter.administrations:
        begin = item.start
        last = max([last, *(stop for _, stop in item.segments)])
        if begin is None:
            continue
        if item.stop is not None:
            last = max(last, item.stop)
        elif item.minutes is not None:
            last = max(last, begin + item.minutes)
        else:
            last = max(last, encounter.ends or 0, begin + DAY_MINUTES)
    return (last - 1) // DAY_MINUTES if last else 0


def _amounts(dose: Dose) -> Iterator[Decimal]:
    stated = (dose.administered, dose.discarded, dose.per_unit)
    yield from (amount for amount in stated if amount is not None)
    yield from (container.size for container in dose.containers)


MOST_AMOUNT = 10**9
"""All amounts of a document together, in steps: what the rules add up stays within 32 bits."""


def dose_scale(encounter: Encounter) -> int:
    """The least power of ten that makes every amount of every dose whole.

    Raises DocumentError where the amounts lie too far apart to be counted exactly.
    """
    doses = [item.dose for item in encounter.administrations if item.dose is not None]
    amounts = [amount for dose in doses for amount in _amounts(dose)]
    opened = [c.size * c.count for dose in doses for c in dose.containers]
    scale = 1
    for amount in amounts:
        exponent = amount.normalize().as_tuple().exponent
        scale = max(scale, 10 ** max(0, -exponent if isinstance(exponent, int) else 0))
    most = NUMBERS["amount"][1]
    if any(a * scale > most for a in amounts) or sum(amounts + opened) * scale > MOST_AMOUNT:
        message = f"the amounts of the doses are too many steps of 1/{scale:,} unit to be counted"
        help = "state amounts with fewer decimals, or in a larger unit"
        raise DocumentError([Problem(encounter.file, 0, 0, message, help)])
    return scale


def _steps(amount: Decimal | None, scale: int) -> int | None:
    """An amount in steps of 1/`scale` of its unit."""
    return None if amount is None else int(amount * scale)


def dose_facts(item: Administration, scale: int) -> Iterator[tuple[object, ...]]:
    """The amounts of a dose as whole numbers of 1/`scale` of its unit."""
    dose = item.dose
    if dose is None:
        return
    yield "dose_given", _steps(dose.administered, scale)
    yield "dose_discarded", _steps(dose.discarded, scale)
    yield "dose_step", _steps(dose.per_unit, scale)
    for number, container in enumerate(dose.containers):
        size = int(container.size * scale)
        yield "container", number, size, container.count, container.kind


def add_accesses(build: Stating, encounter: Encounter) -> None:
    used = {item.access for item in encounter.administrations}
    declared = {item.id for item in encounter.accesses}
    for number, id in enumerate(sorted(used | declared)):
        build.add("access_order", id, number)
    for item in encounter.accesses:
        build.add("access_reason", item.id, item.reason)
        build.add("access_device", item.id, item.device)
        build.add("access_replaces", item.id, item.replaces)


def add_services(build: Stating, encounter: Encounter) -> None:
    for item in encounter.services:
        build.add("service", item.id)
        build.add("service_code", item.id, item.code)
        for modifier in item.modifiers:
            build.add("service_modifier", item.id, modifier)
        build.add("service_provider", item.id, item.provider)
        build.add("separately_identifiable", item.id, yes_no(item.separately_identifiable))
        build.add("service_day", item.id, item.day or 0)
        build.add("service_visit", item.id, item.visit)
        build.add("service_units", item.id, item.units)
        build.add("service_minutes", item.id, item.minutes)
