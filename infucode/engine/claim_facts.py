"""A claim as facts of the vocabulary, for the second step of a check.

The facts of the stay, the lines as claimed, what the record earns as the first step found it, and
rows of imported tables. The record's administrations are named, never stated: nothing is coded
anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from infucode.engine.facts import DAY_MINUTES, Builder, Facts, add_stay
from infucode.errors import DocumentError, Problem
from infucode.model.claim import Earned
from infucode.model.encounter import ClaimLine, Encounter
from infucode.rulebook.language import Signature
from infucode.rulebook.vocabulary import NUMBERS, Predicate

if TYPE_CHECKING:
    from infucode.tables.rows import Slice

SAME = "same"
"""The provider of a service who is the provider of the claim."""
MOST_UNITS = NUMBERS["units"][1]
HELD = {"ptp": "pairs", "mue": "units", "addon": "primaries"}
"""What the rules call each kind of imported table."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the first step found.

    ``state`` is ``none``, ``complete`` or ``open``; ``expected`` and ``possible`` are the lines
    by a name of their own, ``unjudged`` the administrations that could not be coded. ``within``
    says in which code sets, numbered from 1 to ``sets``, a possible line stands; where there are
    too many sets to list, the last of two holds the expected lines alone. ``untold`` are drug
    codes and days from the first date of which not all units are told.
    """

    state: str
    expected: Mapping[str, Earned]
    possible: Mapping[str, Earned]
    unjudged: tuple[str, ...] = ()
    within: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    sets: int = 1
    untold: tuple[tuple[str, int], ...] = ()


def claim_facts_of(
    encounter: Encounter,
    record: Record,
    held: Slice | None,
    vocabulary: Mapping[Signature, Predicate],
) -> Facts:
    """Every fact of the second step. Raises DocumentError for units too many to be counted."""
    require_countable(encounter)
    _require_earnable(encounter, record)
    build = Builder(vocabulary)
    add_stay(build, encounter)
    build.add("record", record.state)
    for place, line in enumerate(encounter.claim_lines, 1):
        add_line(build, line, place, encounter)
    for id in record.expected:
        build.add("expected", id)
    for id in record.possible:
        build.add("possible", id)
    for id, item in {**record.expected, **record.possible}.items():
        for name, *values in _item(item, encounter):
            build.add(str(name), id, *values)
    for number in range(1, record.sets + 1):
        build.add("code_set", number)
    for id, numbers in record.within.items():
        for number in numbers:
            build.add("item_in", id, number)
    for id in record.unjudged:
        build.add("unjudged_given", id)
    for code, day in record.untold:
        build.add("units_untold", code, day)
    for given in encounter.administrations:
        stated = None if given.dose is None else given.dose.hcpcs
        for named in dict.fromkeys((given.hcpcs, stated)):
            build.add("given_drug", given.id, named)
        for container in () if given.dose is None else given.dose.containers:
            build.add("given_container", given.id, container.kind)
    for service in encounter.services:
        build.add("given_as_service", service.id, service.code)
        if service.provider == SAME:
            build.add("service_same_provider", service.id)
        elif service.provider is not None:
            build.add("service_other_provider", service.id)
    if held is not None:
        _held(build, held)
    return build.facts()


def add_line(build: Builder, line: ClaimLine, place: int, encounter: Encounter) -> None:
    """One line as claimed. ``place`` counts from 1; the stay is that of ``encounter``."""
    build.add("claim_line", line.id)
    build.add("line_place", line.id, place)
    for name, *values in _line(line, encounter):
        build.add(str(name), line.id, *values)


def _require_earnable(encounter: Encounter, record: Record) -> None:
    items = [*record.expected.values(), *record.possible.values()]
    problems = [
        Problem(
            encounter.file, 0, 0,
            f"the record earns {item.units:,} units of {item.code}, more than {MOST_UNITS:,}",
            "correct the amount that was given, or `per_unit` of its dose",
            field="administrations",
        )
        for item in items
        if item.units > MOST_UNITS
    ]  # fmt: skip
    if problems:
        raise DocumentError(problems)


def require_countable(encounter: Encounter) -> None:
    """Raises DocumentError where a line claims more units than the rules can count."""
    problems = [
        Problem(
            encounter.file, 0, 0,
            f"line `{line.id}` claims {line.units:f} units, more than {MOST_UNITS:,}",
            f"a line has at most {MOST_UNITS:,} units: correct it, or split the line",
            field="units",
        )
        for line in encounter.claim_lines
        if line.units is not None and line.units > MOST_UNITS
    ]  # fmt: skip
    if problems:
        raise DocumentError(problems)


def _line(line: ClaimLine, encounter: Encounter) -> Iterator[tuple[object, ...]]:
    yield "line_code", line.code
    for modifier in line.modifiers:
        yield "line_modifier", modifier
    units = whole_units(line)
    if units is None:
        yield ("line_units_unfit",)
    else:
        yield "line_units", units
    if (line.day or 0) >= 0:
        yield "line_day", line.day or 0
    if is_outside(line, encounter):
        yield ("line_outside",)
    yield "line_visit", line.visit
    for id in line.administrations:
        yield "line_for", id
    if line.charge is not None:
        yield "line_charge", money(line.charge)
        if not line.charge:
            yield ("line_free",)
    if line.description and line.description.strip():
        yield ("line_described",)
    if line.ndc and line.ndc.strip():
        yield ("line_ndc",)


def whole_units(line: ClaimLine) -> int | None:
    """The units that a line claims; 1 where it says nothing, None where they are no count."""
    if line.units is None:
        return 1
    fits = line.units == line.units.to_integral_value() and line.units >= 1
    return int(line.units) if fits else None


def is_outside(line: ClaimLine, encounter: Encounter) -> bool:
    """Whether its date lies before the first date of service or after that of the stay's end.

    A stay that ends at midnight ends on the date that begins: a push of that minute is dated so.
    """
    day = line.day or 0
    if day < 0:
        return True
    return encounter.ends is not None and day > encounter.ends // DAY_MINUTES


def money(amount: Decimal) -> str:
    """An amount with two decimals, or with all that it has."""
    exponent = amount.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return f"{amount:.{max(2, decimals)}f}"


def _item(item: Earned, encounter: Encounter) -> Iterator[tuple[object, ...]]:
    yield "item_code", item.code
    yield "item_units", item.units
    yield "item_day", (item.date - encounter.date).days
    yield "item_visit", item.visit
    for modifier in item.modifiers:
        yield "item_modifier", modifier
    yield "item_charge", item.charge
    for id in item.administrations:
        yield "item_for", id
    for id in item.services:
        yield "item_service", id


def _held(build: Builder, held: Slice) -> None:
    """Rows of imported editions; an extract's rows count, but it does not speak for the rest."""
    for used in held.used:
        if not used.edition.extract:
            build.add("holds", HELD[used.kind])
    for edit in held.ptp:
        build.add("held_edit", edit.column1, edit.column2, edit.indicator)
    for most in held.mue:
        if most.units <= MOST_UNITS:
            build.add("held_most", most.code, most.units, most.indicator)
    for addon, primary in listed_primaries(held):
        build.add("held_primary", addon, primary)


def listed_primaries(held: Slice) -> Iterable[tuple[str, str]]:
    """Each add-on code whose list of primaries is closed, with each of them."""
    return [(item.code, one) for item in held.addons if item.closed for one in item.primaries]


def codes_of(encounter: Encounter) -> Sequence[str]:
    """The codes of the claim, each once, in order of their lines."""
    return list(dict.fromkeys(line.code for line in encounter.claim_lines))
