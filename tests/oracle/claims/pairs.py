"""NCCI pairs as the oracle types them: column 1 over column 2, PTP edits of 2024 Q3 (N4, 6)."""

from __future__ import annotations

Pair = tuple[str, str]


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SHOTS = _codes("96372 96377")
PUSHED = _codes("96372 96374 96377")
STARTS = _codes("96360 96365 96372 96374 96377")
REFILLS = _codes("96521 96522")
BLOCK = _codes("96360 96361 96365 96366 96367 96368 96372 96374 96375 96376 96377")
NO_HOURS = _codes("96360 96365 96372 96374 96375 96376 96377")
PROCEDURES = _codes("96405 96406 96440 96446 96450")
FAMILY: dict[str, tuple[str, ...]] = {
    "96360": PUSHED,
    "96365": ("96360", *PUSHED),
    "96369": (*SHOTS, "96401", "96402"),
    "96374": SHOTS,
    "96401": (*SHOTS, *REFILLS),
    "96402": (*SHOTS, *REFILLS),
    "96405": (*BLOCK, "96369", *REFILLS),
    "96406": (*BLOCK, "96369", *REFILLS),
    "96409": (*STARTS, *REFILLS),
    "96413": (*STARTS, "96409", *REFILLS),
    "96416": STARTS,
    "96420": (*SHOTS, *REFILLS),
    "96422": (*SHOTS, *REFILLS),
    "96423": REFILLS,
    "96425": NO_HOURS,
    "96440": (*BLOCK, *REFILLS),
    "96446": (*NO_HOURS, *REFILLS),
    "96450": (*BLOCK, *REFILLS),
    "96542": (*SHOTS, *REFILLS),
    "C8957": STARTS,
    "G0498": STARTS,
}
"""Indicator 1 in both tables."""
NEVER: dict[str, tuple[str, ...]] = {
    "96406": ("96405",),
    "96416": (*REFILLS, "G0498"),
    "96425": REFILLS,
    "C8957": (*REFILLS, "96415"),
    "G0498": REFILLS,
    "96380": ("99211",),
    "96381": ("99211",),
}
"""Indicator 0 in both tables."""

OFFICE = _codes("99202 99203 99204 99205 99212 99213 99214 99215 G0463")
EMERGENCY = _codes("99281 99282 99283 99284 99285 99291")
TIMED = _codes(
    "96360 96365 96369 96372 96373 96374 96401 96402 96409 96413 96416 96420 96422 96425"
)
OVER_VISITS = (*TIMED, *PROCEDURES)
BESIDE_OFFICE = (*OVER_VISITS, "96377", *REFILLS, "96542")
NO_NURSE = (*TIMED, "96377", "96423", *REFILLS)
LATE = _codes("96401 96402 96409 96413 96416 96420 96422 96425")
VEIN = _codes(
    "96360 96365 96374 96375 96376 96405 96406 96409 96413 96416 96440 96446 96450 96542"
)
DEEP_VEIN = tuple(code for code in VEIN if code not in {"96374", "96375", "96376"})
DRAWS = _codes(
    "96360 96361 96365 96366 96367 96368 96369 96370 96371 96372 96373 96374 96375 96376 96377 "
    "96401 96402 96405 96406 96409 96411 96413 96415 96416 96417 96420 96422 96423 96425 "
    "96440 96446 96450 96521 96522 96523 96542"
)
HEPARIN = _codes("96365 96409 96411 96413 96416 96446 96523")
OUTSIDE: dict[str, tuple[str, ...]] = {
    "36561": (*BLOCK, "96522"),
    "51702": BLOCK,
    "70460": NO_HOURS,
    "71260": NO_HOURS,
    "74177": ("96360", "96365", "96374"),
    "90460": SHOTS,
    "90935": BLOCK,
    "95115": NO_HOURS,
    "95117": NO_HOURS,
    "99151": (*NO_HOURS, "96373"),
    "99152": (*NO_HOURS, "96373"),
}
"""What belongs to another procedure, indicator 1 in both tables (N10-N15)."""

ALL_VISITS = (*OFFICE, "99211", *EMERGENCY, "99221", "99231", "99238")
SEDATION = _codes("99151 99152 99153")
OVER_FLUSH = _codes(
    "96360 96365 96372 96373 96374 96375 96376 96377 96401 96402 96405 96406 96409 96413 96416 "
    "96420 96422 96425 96440 96446 96450 96521 96522 96542 36000 36410 C8957 G0498"
)
"""Over 96523 with indicator 0 in both tables (K9)."""
OVER_FLUSH_IN_OFFICES = _codes(
    "96361 96366 96367 96368 96369 96370 96371 96379 96411 96415 96417 96423 96549 "
    "36415 36430 36561 36593 51702 70460 71260 74177 90460 90471 90472 90473 90474 "
    "90935 95115 95117"
)
OVER_FLUSH_APART = (*ALL_VISITS, *SEDATION, *_codes("96380 96381 0663T 90480"))
"""Indicator 0 for practitioners, 1 for hospitals."""


def _over(columns: dict[str, tuple[str, ...]], indicator: int) -> dict[Pair, int]:
    return {(one, two): indicator for one, codes in columns.items() for two in codes}


def _under(two: str, ones: tuple[str, ...], indicator: int) -> dict[Pair, int]:
    return {(one, two): indicator for one in ones}


def _both() -> dict[Pair, int]:
    rows = _over(FAMILY, 1) | _over(NEVER, 0) | _over(OUTSIDE, 1)
    rows |= _under("96523", OVER_FLUSH, 0)
    for visit in OFFICE:
        rows |= _under(visit, BESIDE_OFFICE, 1)
    for visit in (*EMERGENCY, "99221", "99238"):
        rows |= _under(visit, (*REFILLS, "96542"), 1)
    rows |= _under("99231", ("96542",), 1) | _under("99211", (*PROCEDURES, "96542"), 1)
    rows |= _under("36000", VEIN, 1) | _under("36410", DEEP_VEIN, 1)
    for two in ("36430", "51702"):
        rows |= _under(two, PROCEDURES, 1)
    return rows | {("99221", "96377"): 1, ("99238", "96377"): 1}


def _practitioner() -> dict[Pair, int]:
    rows = _both() | _under("99211", NO_NURSE, 0)
    for visit in EMERGENCY:
        rows |= _over({visit: (*OVER_VISITS, "96377")}, 1)
    for visit in ("99221", "99238"):
        rows |= _over({visit: OVER_VISITS}, 1)
    rows |= _over({"99231": (*TIMED, "96377")}, 0) | _over({"99231": PROCEDURES}, 1)
    rows |= _under("99231", REFILLS, 0)
    rows |= _under("96523", (*OVER_FLUSH_IN_OFFICES, *OVER_FLUSH_APART), 0)
    for two in ("36591", "36592"):
        rows |= _under(two, DRAWS, 0)
    for two in ("J1642", "J1644"):
        rows |= _under(two, HEPARIN, 1)
    return rows


def _hospital() -> dict[Pair, int]:
    rows = _both() | _under("99211", NO_NURSE, 1)
    for visit in ("99221", "99231", "99238"):
        rows |= _under(visit, OVER_VISITS, 1)
    rows |= _under("96523", OVER_FLUSH_APART, 1)
    rows |= _under("99231", REFILLS, 1) | {("99231", "96377"): 1}
    return rows | _under("99291", (*LATE, *PROCEDURES), 1)


PRACTITIONER = _practitioner()
HOSPITAL = _hospital()
