"""Each published row as claims on both of its sides."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from tests.official.claims import CLAIMS, Finding, Judge, Written
from tests.official.rows import PAIRS, UNITS, primaries, read

PAIR = "claim.pair"
PRIMARY = "claim.primary"
MOST = {
    "1": "claim.most-units-line",
    "2": "claim.most-units-day",
    "3": "claim.most-units-clinical",
}
DISTINCT, SEPARATE = "59", "25"
INSIDE = "ptp_internal"


def lifting(code: str) -> str:
    """The modifier that lifts a pair on its column 2: visits have one of their own."""
    visit = code.startswith(("992", "994")) or code == "G0463"
    return SEPARATE if visit else DISTINCT


def asked_pairs(judge: Judge, folder: Path) -> Iterator[tuple[str, Finding]]:
    """Each pair, for both kinds of claim, without and with the modifier that may lift it."""
    inside: dict[str, set[tuple[str, str]]] = {claim: set() for claim in CLAIMS}
    for file, row in read(folder, "ptp*.csv"):
        first, second = row["column1"], row["column2"]
        for claim in CLAIMS:
            indicator = row[PAIRS[claim]].strip()
            if indicator and file.startswith(INSIDE):
                inside[claim].add((first, second))
            for marks in ((), (lifting(second),)):
                lines = [(first, 1, ()), (second, 1, marks)]
                wanted = indicator == "0" or (indicator == "1" and not marks)
                group = f"pairs, {claim}, indicator {indicator or 'none'}, "
                group += "with the modifier" if marks else "bare"
                name = f"{claim} {first} {second} {' '.join(marks)}"
                yield group, Finding(name, wanted, PAIR, "L2", judge.denied(claim, lines))
    for claim, known in inside.items():
        codes = sorted({code for pair in known for code in pair})
        for first, second in permutations(codes, 2):
            if not {(first, second), (second, first)} & known:
                denied = judge.denied(claim, [(first, 1, ()), (second, 1, ())])
                name = f"{claim} {first} {second}"
                yield f"no pair, {claim}, inside", Finding(name, False, PAIR, "L2", denied)


def asked_units(judge: Judge, folder: Path) -> Iterator[tuple[str, Finding]]:
    """Each number of units for a day or line, and one more."""
    for _, row in read(folder, "mue*.csv"):
        for claim, kind in UNITS.items():
            if not row[f"{kind}_mue"].strip():
                continue
            most, adjudicated = int(row[f"{kind}_mue"]), row[f"{kind}_mai"][0]
            for units in range(max(most, 1), most + 2):
                denied = judge.denied(claim, [(row["code"], units, ())])
                side = "one more" if units > most else "at the limit"
                name = f"{claim} {row['code']} {units} of {most}"
                finding = Finding(name, units > most, MOST[adjudicated], "L1", denied)
                yield f"units, {claim}, indicator {adjudicated}, {side}", finding


def asked_primaries(judge: Judge, folder: Path) -> Iterator[tuple[str, Finding]]:
    """Each add-on beside each code that is a primary of some add-on, and beside each add-on.

    A line that another rule denies is no primary of anything.
    """
    known = primaries(folder)
    others = sorted({code for listed in known.of.values() for code in listed} | set(known.of))
    for addon in known.of:
        for claim in CLAIMS:
            for other in others:
                if other == addon:
                    continue
                beside = [other, *known.above(claim, other)]
                lines: list[Written] = [(code, 1, (DISTINCT,)) for code in (addon, *beside)]
                denied = judge.denied(claim, lines)
                out = {line for rule, line in denied if rule != PRIMARY}
                left = {code for n, code in enumerate(beside, start=2) if f"L{n}" not in out}
                lawful = bool(left & known.on(claim, addon))
                side = "lawful" if lawful else "none"
                name = f"{claim} {addon} beside {' '.join(beside)}"
                finding = Finding(name, not lawful, PRIMARY, "L1", denied)
                yield f"add-ons, {claim}, {side}", finding
