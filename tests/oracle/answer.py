"""The answer for one complete encounter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .aside import aside_lines, flush_lines, paid_lines, pump_codes, refill_lines
from .doses import Encounter, Outcome, gather
from .edits import marked
from .lines import Line, limit_concurrent, shot_lines, slot_lines, start_day, summed
from .slots import Slot, ask_for_reasons, fill, mark, open_initials, slots_of
from .stay import Stay, office_visits, service_lines


@dataclass(frozen=True, slots=True)
class Answer:
    """The lines, one base outcome per administration and service, and what is half-stated."""

    lines: tuple[Line, ...]
    base: dict[str, Outcome]
    asks: frozenset[tuple[str, str]]
    services: tuple[Line, ...]
    ends: dict[str, Outcome]


def analyse(doc: dict[str, Any], settings: dict[str, str]) -> tuple[Encounter, list[Slot]]:
    """The sorted encounter and its slots, before any initial is chosen."""
    enc = gather(doc, settings)
    ask_for_reasons(enc)
    enc.beside = pump_codes(enc)
    return enc, slots_of(enc)


def code(doc: dict[str, Any], settings: dict[str, str]) -> Answer:
    """The answer for a complete document; open choices fall back on the facility rank."""
    enc, slots = analyse(doc, settings)
    for slot in slots:
        if open_initials(enc, slot):
            enc.asks.add(("primary_reason", str(slot.visit)))
        fill(enc, slot)
    limit_concurrent(enc, slots)
    mark(enc, slots, {d.id: start_day(enc, d) for d in enc.doses})
    lines = [line for slot in slots for line in slot_lines(enc, slot)]
    lines += [*shot_lines(enc), *aside_lines(enc)]
    lines += refill_lines(enc, lines)
    lines = paid_lines(lines)
    stay = Stay(enc)
    stay.note(lines)
    visits = list(office_visits(stay))
    stay.note(visits)
    services = list(service_lines(stay))
    lines += visits
    lines += flush_lines(enc, {line[3] for line in (*lines, *services)})
    base = {id_: _resolved(enc, id_) for id_ in enc.base}
    ordered = tuple(sorted(services, key=lambda line: line[:5]))
    return Answer(
        tuple(summed(enc, marked(lines))), base, frozenset(enc.asks), ordered, stay.ends
    )


def _resolved(enc: Encounter, id_: str) -> Outcome:
    """Merged names the administration that has the line; without a line, its reason holds."""
    at = id_
    while enc.base[at][0] == "merged":
        at = enc.base[at][1]
    if at == id_ or enc.base[at][0] != "line":
        return enc.base[at]
    return ("merged", at)
