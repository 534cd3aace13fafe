"""Drawn claims: what a record earns, that claim with one line corrupted, and free claims.

Equal seeds give equal claims; nothing here knows what a judge makes of them.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.oracle.drugs_drawn import drug_encounter
from tests.oracle.wide import wide, wide_open

from .earned import Item, earned_of
from .tables import ADMINISTRATION, FAMILIES, UNLISTED_DRUGS, UNLISTED_SERVICES, VISITS

Doc = dict[str, Any]
Row = dict[str, Any]

FIRST_DAY = dt.date(2024, 8, 5)
"""Of every drawn record; a claim line before it is refused with its document."""
ONE_WITH_DOSES = 4
"""How often a drawn record has doses, and so drug lines."""
MARKS = ("59", "59", "XE", "XS", "25", "76", "JW", "JZ", "JA", "JB")
VEIN = (
    *("96365", "96365", "96366", "96367", "96368", "96374", "96374", "96375", "96360", "96361"),
    *("96360", "96372", "36000", "96413", "96415", "96409", "96411"),
)
CHEMO = ("96409", "96411", "96413", "96415", "96417", "96365", "96367", "96368", "96401", "96402")
SHOTS = ("96372", "96372", "99213", "99213", "99211", "99284", "96377", "96374", "36591", "96380")
STAY = ("96365", "96374", "96375", "96376", "96360", "96361", "G0463", "99284", "36592", "36000")
PUMPS = ("96416", "G0498", "96521", "96522", "96523", "96413", "96415", "96422", "96423", "C8957")
DRUGS = ("J2405", "J2405", "J1745", "J3490", "96365", "96372", "A4222", "99213", "96523")
ODD = ("96369", "96370", "96371", "96405", "96406", "96379", "96549", "93000", "36410", "36430")
THEMES = (VEIN, VEIN, VEIN, CHEMO, SHOTS, SHOTS, STAY, STAY, PUMPS, DRUGS, DRUGS, ODD)
FREE_CODES = tuple(sorted({code for theme in THEMES for code in theme}))
SERVICE_MARKS = (*((),) * 12, *(("59",),) * 6, ("XS",), ("XU",), ("76",), ("59", "XE"))
DRUG_MARKS = ((), (), (), ("JW",), ("JW",), ("JZ",), ("JW", "JZ"), ("JA",), ("JA", "JB"))
VISIT_MARKS = ((), (), ("25",), ("25",), ("25",), ("59",))
PLACES: tuple[Doc, ...] = (
    *({"claim": "facility", "type_of_bill": "0131"},) * 5,
    *({"claim": "professional", "place_of_service": "11"},) * 5,
    {"claim": "facility", "type_of_bill": "0111"},
    {"claim": "professional", "place_of_service": "22"},
    {"claim": "professional", "place_of_service": "12"},
    {"claim": "professional", "place_of_service": "11", "line_of_business": "medicaid"},
)
DAYS = ("2024-08-05", "2024-08-05", "2024-08-05", "2024-08-06")


@dataclass(frozen=True, slots=True)
class Corrupted:
    """A claim before and after one change of one line."""

    kind: str
    line: str
    before: Doc
    after: Doc

    @property
    def unread(self) -> Doc:
        """The corrupted claim without the record behind it."""
        return without_record(self.after)


def without_record(doc: Doc) -> Doc:
    """The document with its claim lines and nothing to hold them against."""
    kept = {k: v for k, v in doc.items() if k not in {"services", "accesses", "primary_reason"}}
    lines = [
        {k: v for k, v in row.items() if k != "administrations"}
        for row in doc.get("claim_lines") or ()
    ]
    return kept | {"administrations": [], "claim_lines": lines}


def earned_claim(doc: Doc, settings: dict[str, str], pick: int = 0) -> Doc:
    """The document with the claim that its record earns: that of one code set, in its order."""
    earned = earned_of(doc, settings)
    sets = earned.sets if earned is not None else ()
    items = sets[pick % len(sets)].items if sets else ()
    return doc | {"claim_lines": [_row(item, n) for n, item in enumerate(items, 1)]}


def _row(item: Item, number: int) -> Row:
    row: Row = {"id": f"L{number}", "code": item.code, "units": item.units}
    row |= {"modifiers": list(item.modifiers), "date": item.date}
    if item.visit is not None:
        row["visit"] = item.visit
    if item.administrations:
        row["administrations"] = list(item.administrations)
    if item.charge:
        row["charge"] = item.charge
    if item.code in UNLISTED_SERVICES | UNLISTED_DRUGS:
        row["description"] = "as given"
    if item.code in UNLISTED_DRUGS:
        row["ndc"] = "00000-0000-00"
    return row


def record(seed: int) -> Doc:
    """A drawn record: of the whole rulebook, now and then of drugs with doses."""
    if seed % ONE_WITH_DOSES == 0:
        return drug_encounter(random.Random(f"dosed {seed}"), exotic=bool(seed % 8))
    return wide(seed)


def open_record(seed: int) -> Doc:
    """A drawn record that lacks a stop, a key reason, or both."""
    return wide_open(seed)


def corrupted(seed: int, settings: dict[str, str]) -> Corrupted | None:
    """The claim that a drawn record earns with one line corrupted; None where it earns none."""
    return corruption_of(earned_claim(record(seed), settings), random.Random(f"corrupted {seed}"))


def corrupted_open(seed: int, settings: dict[str, str]) -> Corrupted | None:
    """The same of a record that lacks something: one of its code sets is claimed."""
    source = random.Random(f"corrupted open {seed}")
    before = earned_claim(open_record(seed), settings, source.randrange(8))
    return corruption_of(before, source)


def corruption_of(before: Doc, source: random.Random) -> Corrupted | None:
    """A claim with one line corrupted; half of them name no administration."""
    if source.randrange(2):
        for row in before["claim_lines"]:
            row.pop("administrations", None)
    kinds = list(CORRUPTIONS)
    source.shuffle(kinds)
    for kind in kinds:
        rows = [dict(row) for row in before["claim_lines"]]
        changed = CORRUPTIONS[kind](source, rows)
        if changed is not None:
            return Corrupted(kind, changed, before, before | {"claim_lines": rows})
    return None


Change = Callable[[random.Random, list[Row]], str | None]


def _dropped(source: random.Random, rows: list[Row]) -> str | None:
    if not rows:
        return None
    return str(rows.pop(source.randrange(len(rows)))["id"])


def _doubled(source: random.Random, rows: list[Row]) -> str | None:
    if not rows:
        return None
    row = source.choice(rows)
    rows.append(row | {"id": f"L{len(rows) + 1}"})
    return str(rows[-1]["id"])


def _reunited(source: random.Random, rows: list[Row]) -> str | None:
    """Two lines of one code and date as one, with the modifiers of the first."""
    pairs = [
        (one, two)
        for n, one in enumerate(rows)
        for two in rows[n + 1 :]
        if (one["code"], one["date"]) == (two["code"], two["date"])
    ]
    if not pairs:
        return None
    one, two = source.choice(pairs)
    one["units"] += two["units"]
    rows.remove(two)
    return str(one["id"])


def _other_code(source: random.Random, rows: list[Row]) -> str | None:
    """Another code of the same family: administrations, visits or drugs."""
    for row in source.sample(rows, len(rows)):
        pool = _family(row["code"])
        if pool:
            row["code"] = source.choice(sorted(pool))
            return str(row["id"])
    return None


def _family(code: str) -> frozenset[str]:
    own = next((family for family in FAMILIES if code in family), frozenset())
    if code.startswith("J"):
        own = frozenset({"J2405", "J1745", "J9267"})
    elif code in VISITS:
        own = frozenset({"99213", "99214", "99284"})
    return own - {code}


def _other_family(source: random.Random, rows: list[Row]) -> str | None:
    for row in source.sample(rows, len(rows)):
        if row["code"] in ADMINISTRATION:
            own = next((f for f in FAMILIES if row["code"] in f), frozenset())
            row["code"] = source.choice(sorted(ADMINISTRATION - own - {row["code"]}))
            return str(row["id"])
    return None


def _marked(source: random.Random, rows: list[Row]) -> str | None:
    if not rows:
        return None
    row = source.choice(rows)
    new = source.choice([mark for mark in MARKS if mark not in row["modifiers"]])
    row["modifiers"] = sorted([*row["modifiers"], new])
    return str(row["id"])


def _unmarked(source: random.Random, rows: list[Row]) -> str | None:
    marked = [row for row in rows if row["modifiers"]]
    if not marked:
        return None
    row = source.choice(marked)
    gone = source.choice(row["modifiers"])
    row["modifiers"] = [mark for mark in row["modifiers"] if mark != gone]
    return str(row["id"])


def _moved(source: random.Random, rows: list[Row]) -> str | None:
    if not rows:
        return None
    row = source.choice(rows)
    day = dt.date.fromisoformat(row["date"])
    back = -1 if day > FIRST_DAY else 1
    row["date"] = (day + dt.timedelta(days=source.choice((back, 1, 1, 2)))).isoformat()
    return str(row["id"])


CORRUPTIONS: dict[str, Change] = {
    "dropped": _dropped,
    "doubled": _doubled,
    "reunited": _reunited,
    "other code": _other_code,
    "other family": _other_family,
    "modifier added": _marked,
    "modifier removed": _unmarked,
    "date moved": _moved,
}


def free_claim(seed: int, most: int = 6, codes: tuple[str, ...] = ()) -> Doc:
    """A claim without a record over a few codes, dates and visits, in no lawful order.

    Codes are of one theme of a small universe, or of `codes` where some are given.
    """
    source = random.Random(f"free {seed}")
    place = source.choice(PLACES)
    doc: Doc = {"id": f"free-{seed}", **place, "date": "2024-08-05", "administrations": []}
    if source.randrange(3) == 0:
        doc["ends"] = "2024-08-06T12:00"
    stated = source.randrange(3)
    theme = codes or source.choice(THEMES)
    few = source.sample(theme, min(len(theme), source.choice((2, 3, 3, 5, 8))))
    doc["claim_lines"] = [
        _free_line(source, n, few, stated=stated) for n in range(1, source.randint(1, most) + 1)
    ]
    return doc


def _free_line(source: random.Random, number: int, codes: list[str], *, stated: int) -> Row:
    """One line; visits are stated on none, some or all of the lines."""
    code = source.choice(codes)
    drug = code.startswith("J")
    row: Row = {"id": f"L{number}", "code": code}
    if source.randrange(4):
        row["units"] = source.choice((1,) * 8 + (2, 3, 5, 9, 25) if not drug else (1, 4, 35))
    if source.randrange(60) == 0:
        row["units"] = source.choice((0, "1.5", -1))
    marks = DRUG_MARKS if drug else VISIT_MARKS if code in VISITS else SERVICE_MARKS
    row["modifiers"] = list(source.choice(marks))
    if source.randrange(30) == 0:
        row["modifiers"] = [source.choice(MARKS)]
    if source.randrange(5):
        row["date"] = source.choice(DAYS)
    elif source.randrange(6) == 0:
        row["date"] = "2024-08-07"
    if stated == 2 or (stated == 1 and source.randrange(2)):
        row["visit"] = source.choice((1, 1, 2))
    if drug and source.randrange(5) == 0:
        row["charge"] = source.choice(("0.00", "120.00"))
    if source.randrange(2):
        row["description"] = "as given"
    if source.randrange(2) and drug:
        row["ndc"] = "00000-0000-00"
    return row
