"""Drug lines of a claim among themselves, as claimed, and what is free of charge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .claim import ClaimLine, Finding
from .tables import UNLISTED_DRUGS


@dataclass(frozen=True, slots=True)
class DrugSays:
    """What the record says of a drug line; without a record nothing."""

    lines: Callable[[ClaimLine], int]
    """How many lines it earns of the drug and date, waste apart."""
    free: Callable[[ClaimLine], bool | None]
    """Whether it prices the drug as the patient's own; None without a record or a line."""
    recorded: bool
    prices: Callable[[ClaimLine], frozenset[str]]
    """The prices of the patient's own drug, where all that it earns of it is that; else none."""
    both: Callable[[ClaimLine], bool]
    """It earns a line with JW beside one with JZ, of doses that share no line."""


def drug_findings(drugs: list[ClaimLine], says: DrugSays) -> Iterator[Finding]:
    """D2, D4, D8, D10."""
    for line in drugs:
        mates = [other for other in drugs if other.key[:2] == line.key[:2] and other != line]
        given = [other for other in mates if not other.waste]
        if line.waste and not given:
            yield Finding("claim.waste-alone", "deny", line.id)
        if "JZ" in line.modifiers and not says.both(line):
            for other in mates:
                if other.waste:
                    yield Finding("claim.none-beside-waste", "deny", line.id, other.id)
        yield from _second_line(line, given, says.lines(line))
        yield from _free(line, says)


def _second_line(line: ClaimLine, given: list[ClaimLine], earned: int) -> Iterator[Finding]:
    """D10; unlisted codes stand for any drug, and what the record earns twice is no repeat."""
    if line.waste or line.code in UNLISTED_DRUGS:
        return
    before = [other for other in given if other.place < line.place]
    if before and len(before) >= earned:
        first = min(before, key=lambda other: other.place)
        yield Finding("claim.second-drug-line", "review", line.id, first.id)


def _free(line: ClaimLine, says: DrugSays) -> Iterator[Finding]:
    """S107, D8: denied where the record earns the drug that day and shows no patient's price,
    and the other way round."""
    if not line.free:
        prices = {float(price) for price in says.prices(line)}
        if prices and line.charge is not None and float(line.charge) not in prices:
            yield Finding("claim.patient-drug", "deny", line.id)
        return
    if not says.recorded:
        yield Finding("claim.free-drug", "undecided", line.id)
    elif says.free(line) is False:
        yield Finding("claim.free-drug", "deny", line.id)
