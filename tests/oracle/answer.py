"""The answer for one complete encounter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .doses import Encounter, Outcome, gather
from .lines import (
    BARRED_IN_FACILITY,
    Line,
    barred,
    limit_concurrent,
    shot_lines,
    slot_lines,
    start_day,
    summed,
)
from .slots import Slot, ask_for_reasons, fill, mark, open_initials, slots_of


@dataclass(frozen=True, slots=True)
class Answer:
    """The lines, one base outcome per administration, and what the record half-states."""

    lines: tuple[Line, ...]
    base: dict[str, Outcome]
    asks: frozenset[tuple[str, str]]

    @property
    def unsupported(self) -> dict[str, str]:
        """The administrations outside the slice, each with the reason."""
        return {id_: why for id_, (kind, why) in self.base.items() if kind == "unsupported"}


def analyse(doc: dict[str, Any], settings: dict[str, str]) -> tuple[Encounter, list[Slot]]:
    """The sorted encounter and its slots, before any initial is chosen."""
    enc = gather(doc, settings)
    ask_for_reasons(enc)
    return enc, slots_of(enc)


def code(doc: dict[str, Any], settings: dict[str, str]) -> Answer:
    """The answer for a complete document; open choices fall back on the facility rank."""
    enc, slots = analyse(doc, settings)
    for slot in slots:
        if open_initials(enc, slot) and not barred(doc):
            enc.asks.add(("primary_reason", str(slot.visit)))
        fill(enc, slot)
    limit_concurrent(enc, slots)
    mark(enc, slots, {d.id: start_day(enc, d) for d in enc.doses})
    lines = [line for slot in slots for line in slot_lines(enc, slot)]
    lines += shot_lines(enc, {(line[0], line[3]) for line in lines})
    if barred(doc):
        lines = _without_barred(enc, lines)
    base = {id_: _resolved(enc, id_) for id_ in enc.base}
    return Answer(tuple(summed(enc, lines)), base, frozenset(enc.asks))


def _resolved(enc: Encounter, id_: str) -> Outcome:
    """Merged names the administration that has the line; without a line, its reason holds."""
    at = id_
    while enc.base[at][0] == "merged":
        at = enc.base[at][1]
    if at == id_ or enc.base[at][0] != "line":
        return enc.base[at]
    return ("merged", at)


def _without_barred(enc: Encounter, lines: list[Line]) -> list[Line]:
    for id_, (kind, what) in enc.base.items():
        if kind == "line" and what in BARRED_IN_FACILITY:
            enc.base[id_] = ("withheld", "not for a professional in a facility")
    return [line for line in lines if line[0] not in BARRED_IN_FACILITY]
