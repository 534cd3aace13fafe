"""Every cell of category, route and technique as a small encounter, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date
from random import Random

from infucode.documents.words import (
    CATEGORY,
    CLAIM,
    PUMP_KIND,
    ROUTE,
    ROUTE_WITHOUT_TECHNIQUE,
    TECHNIQUE,
    VIA,
)
from infucode.engine.answer import Answer, read_answer
from infucode.engine.facts import facts_of
from infucode.engine.program import Program
from infucode.model.encounter import Administration, Encounter, Pump
from infucode.policy import Policy

BATCH = 256
START = 10 * 60
OFFICE = "11"
TIMED = ("infusion", "push", "pump")
PUMPED = ("pump", "refill")
THROUGH = ("infusion", "push", "injection")
NEEDLE = ("push", "injection")
RUN, PLANNED, LESIONS, FULL = (
    "push_minutes",
    "prolonged_pump_minutes",
    "lesion_limit",
    "hour_minutes",
)
"""Values of the plan at whose limits a cell may change, and the length of an ordinary run."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A fact that may decide within a cell; the plain one has no words."""

    words: str = ""
    minutes: int | None = None
    via: str | None = None
    lesions: int | None = None
    pump: Pump | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One delivery, alone on its claim."""

    claim: str
    category: str
    route: str
    technique: str | None
    variant: Variant


def variants(policy: Policy, technique: str | None) -> Iterator[Variant]:
    """The plain delivery, then each fact that may decide, one at a time."""
    number = {s.name: int(s.value) for s in policy.library.values.values if s.name in _LIMITS}
    yield Variant()
    if technique in TIMED:
        for minutes in (number[RUN], number[RUN] + 1):
            yield Variant(f"{minutes} minutes", minutes=minutes)
    for via in VIA if technique in THROUGH else ():
        yield Variant(f"via {via}", via=via)
    for lesions in (number[LESIONS], number[LESIONS] + 1) if technique in NEEDLE else ():
        yield Variant(f"{lesions} lesions", lesions=lesions)
    for kind in PUMP_KIND if technique in PUMPED else ():
        for minutes in (number[PLANNED], number[PLANNED] + 1):
            yield Variant(f"{kind} for {minutes}", pump=Pump(kind, None, minutes))


_LIMITS = (RUN, PLANNED, LESIONS, FULL)


def cells(policy: Policy) -> Iterator[Cell]:
    """All of them, in the order of the document's lists."""
    for route in ROUTE:
        for technique in (None,) if route in ROUTE_WITHOUT_TECHNIQUE else TECHNIQUE:
            for variant in variants(policy, technique):
                for category in CATEGORY:
                    for claim in CLAIM:
                        yield Cell(claim, category, route, technique, variant)


def encounter(cell: Cell, day: Date, usual: int) -> Encounter:
    """The cell as an encounter in a hospital or an office."""
    variant = cell.variant
    timed = cell.technique in TIMED or cell.technique is None
    minutes = variant.minutes or (usual if cell.technique != "push" else 1)
    item = Administration(
        "a",
        "substance",
        cell.route,
        category=cell.category,
        technique=cell.technique,
        start=START,
        stop=START + minutes if timed else None,
        via=variant.via,
        lesions=variant.lesions,
        pump=variant.pump,
    )
    place = OFFICE if cell.claim == CLAIM[1] else None
    return Encounter("cell", cell.claim, day, (item,), place_of_service=place)


def outcomes(policy: Policy, wanted: Sequence[Cell]) -> dict[Cell, str]:
    """What becomes of each cell under a plan, on the first day of its last version."""
    day = policy.library.profile.versions[-1].since
    book = policy.rulebook(day)
    program, usual = policy.program(book), int(book.settings[FULL].value)
    order = list(wanted)
    Random(0).shuffle(order)  # each batch then has every shape, and one slice serves them all
    found: dict[Cell, str] = {}
    for begin in range(0, len(order), BATCH):
        part = order[begin : begin + BATCH]
        stays = [encounter(cell, day, usual) for cell in part]
        found.update(zip(part, _solved(program, stays), strict=True))
    return {cell: found[cell] for cell in wanted}


def _solved(program: Program, stays: Sequence[Encounter]) -> Iterator[str]:
    facts = [facts_of(stay, program.book.vocabulary) for stay in stays]
    for stay, known, atoms in zip(stays, facts, program.run_many(facts), strict=True):
        yield outcome(read_answer(atoms, known.names, stay))


def outcome(answer: Answer) -> str:
    """The one outcome of a single delivery, and what is asked about it."""
    ends = [_line(answer)] if answer.lines else []
    delivery = [o for o in answer.of("withheld") if o.arguments[1] == "delivery"]
    ends += [f"none `{o.rule}`" for o in delivery]
    ends += [f"cannot tell `{o.rule}`" for o in answer.of("cannot_tell")]
    asked = sorted({str(o.arguments[1]) for o in answer.of("ask")})
    ends += [f"open `{o.rule}`" for o in answer.of("open_stop")]
    if len(ends) != 1:
        return f"NOT EXACTLY ONE: {'; '.join(ends) or 'nothing'}"
    return ends[0] + (f", asks {_listed(asked)}" if asked else "")


def _line(answer: Answer) -> str:
    shown = []
    for line in answer.lines:
        code = "-".join((line.key.code, *line.key.modifiers))
        shown.append(code if line.units == 1 else f"{code} x{line.units}")
    return " + ".join(shown)


def _listed(words: Iterable[str]) -> str:
    return " and ".join(words)
