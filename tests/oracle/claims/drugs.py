"""Drug lines of a claim among themselves and against the containers of the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from .claim import ClaimLine, Finding
from .tables import UNLISTED_DRUGS, is_drug

Held = Mapping[tuple[str, str], int]
"""Whole units that the opened containers hold, by drug code and date."""


def drug_findings(
    lines: list[ClaimLine],
    held: Held,
    earned_lines: Callable[[ClaimLine], int],
    provided: Callable[[ClaimLine], bool | None],
) -> Iterator[Finding]:
    """D2, D4, D8, D10 over the lines that survived stage 1.

    `earned_lines` says how many lines of the drug and date the record earns, waste apart;
    `provided` whether the record says that the provider supplied the drug (None: no record).
    """
    drugs = [line for line in lines if is_drug(line.code)]
    for line in drugs:
        mates = [other for other in drugs if other.key[:2] == line.key[:2] and other != line]
        given = [other for other in mates if not other.waste]
        if line.waste and not given:
            yield Finding("claim.waste-alone", "deny", line.id)
        if "JZ" in line.modifiers:
            for other in mates:
                if other.waste:
                    yield Finding("claim.none-beside-waste", "deny", line.id, other.id)
        if line.waste and _beyond(line, [line, *mates], held):
            yield Finding("claim.waste-units", "deny", line.id)
        yield from _second_line(line, given, earned_lines(line))
        yield from _free(line, provided(line))


def _beyond(line: ClaimLine, mates: list[ClaimLine], held: Held) -> bool:
    """Given and thrown away are more than the containers hold (D2, D6)."""
    room = held.get((line.code, line.date))
    return room is not None and sum(mate.units or 0 for mate in mates) > room


def _second_line(line: ClaimLine, given: list[ClaimLine], earned: int) -> Iterator[Finding]:
    """D10; unlisted codes stand for any drug, and what the record earns twice is no repeat."""
    if line.waste or line.code in UNLISTED_DRUGS:
        return
    before = [other for other in given if other.place < line.place]
    if before and len(before) >= earned:
        first = min(before, key=lambda other: other.place)
        yield Finding("claim.second-drug-line", "review", line.id, first.id)


def _free(line: ClaimLine, provided: bool | None) -> Iterator[Finding]:
    """S107, D8."""
    if not line.free:
        return
    if provided is None:
        yield Finding("claim.free-drug", "undecided", line.id)
    elif provided:
        yield Finding("claim.free-drug", "deny", line.id)
