"""The oracle's own tables: code classes, units a day, primaries of add-ons, and pairs.

Typed in from the rule map and the CMS files: PTP and MUE effective 2024-07-01 (2024 Q3), add-on
codes V2025Q4 with the rows that hold for the whole of both years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.oracle.lines import VISIT_CODES

from .pairs import HOSPITAL, PRACTITIONER

Pair = tuple[str, str]

VISITS = frozenset(VISIT_CODES)
HYDRATION = frozenset({"96360", "96361"})
THERAPY = frozenset(
    {
        *("96365", "96366", "96367", "96368", "96369", "96370", "96371", "96372", "96373"),
        *("96374", "96375", "96376", "96377", "96379", "96380", "96381", "C8957"),
    }
)
CHEMOTHERAPY = frozenset(
    {
        *("96401", "96402", "96405", "96406", "96409", "96411", "96413", "96415", "96416"),
        *("96417", "96420", "96422", "96423", "96425", "96440", "96446", "96450", "96521"),
        *("96522", "96542", "96549", "G0498"),
    }
)
FLUSH, DECLOT = "96523", "36593"
ADMINISTRATION = HYDRATION | THERAPY | CHEMOTHERAPY | {FLUSH, DECLOT}
FAMILIES = (HYDRATION, THERAPY, CHEMOTHERAPY)
SERVICES = frozenset(
    {
        *("36415", "36430", "36561", "51702", "70460", "71260", "74177", "90460", "90471"),
        *("90472", "90473", "90474", "90480", "90935", "95115", "95117", "96547", "96548"),
        *("99151", "99152", "99153", "0663T"),
    }
)
"""Other codes that the tables know."""
ENTRIES = frozenset({"36000", "36410", "36591", "36592"})
FLUSHES = frozenset({"J1642", "J1644"})
FLUIDS = frozenset({"J7030", "J7040", "J7042", "J7050", "J7060", "J7070", "J7120", "J7121"})
"""Accesses and draws, flushes, and bags of fluid: supplies of the administration (S57, S59)."""

DISTINCT = frozenset({"59", "XE", "XP", "XS", "XU"})
PAYING = DISTINCT | {"25", "76", "JW", "JZ", "JA", "JB"}
INITIALS = ("96413", "96409", "96365", "96374", "96360")
"""I2, W21, in the facility's order of I4, highest first."""

UNLISTED_SERVICES = frozenset({"96379", "96549"})
UNLISTED_DRUGS = frozenset({"J3490", "J3590", "J9999", "C9399"})
TABLE_DRUGS = UNLISTED_DRUGS | {"J2357", "J0129", "90378", "90380", "90381"}
"""Drug codes that the plans' tables speak of, as far as contract and rule map say."""

BARRED_IN_FACILITY = frozenset(
    {
        *("96360", "96361", "96365", "96366", "96367", "96368", "96369", "96370", "96371"),
        *("96372", "96373", "96374", "96375", "96377", "96379"),  # S89
        *("96401", "96402", "96409", "96411", "96413", "96415", "96416", "96417"),  # K14
        *("96420", "96422", "96423", "96425", "96521", "96522", "96523"),
        *("96380", "96381"),  # the fee schedule's flag
    }
)
FACILITY_ONLY = frozenset({"96376", "C8957", "G0463"})  # S90, V3, E5
RSV_CODES = frozenset({"96380", "96381"})

LIMITS: dict[str, tuple[int, int, int]] = {
    "96360": (1, 2, 3), "96361": (8, 24, 3), "96365": (1, 2, 3), "96366": (8, 24, 3),
    "96367": (4, 4, 3), "96368": (1, 1, 2), "96369": (1, 1, 2), "96370": (3, 3, 3),
    "96371": (1, 1, 3), "96372": (4, 5, 3), "96373": (2, 3, 3), "96374": (1, 1, 3),
    "96375": (6, 6, 3), "96376": (0, 10, 3), "96377": (1, 1, 3), "96379": (1, 2, 3),
    "96380": (1, 1, 2), "96381": (1, 1, 2), "96401": (3, 4, 3), "96402": (2, 2, 3),
    "96405": (1, 1, 2), "96406": (1, 1, 2), "96409": (1, 1, 3), "96411": (3, 3, 3),
    "96413": (1, 1, 3), "96415": (8, 8, 3), "96416": (1, 1, 3), "96417": (3, 3, 3),
    "96420": (1, 2, 3), "96422": (2, 2, 3), "96423": (1, 2, 3), "96425": (1, 1, 3),
    "96440": (1, 1, 3), "96446": (1, 1, 3), "96450": (1, 1, 3), "96521": (2, 2, 3),
    "96522": (1, 1, 3), "96523": (1, 2, 3), "96542": (1, 1, 3), "96547": (1, 1, 2),
    "96548": (2, 2, 3), "96549": (1, 1, 3), "36000": (4, 4, 3), "36410": (3, 3, 3),
    "36430": (1, 1, 3), "36591": (2, 2, 3), "36592": (1, 1, 3), "36593": (2, 2, 3),
    "90460": (9, 9, 3), "90471": (1, 1, 2), "90472": (8, 8, 3), "90473": (1, 1, 2),
    "90474": (1, 1, 3), "95115": (1, 1, 2), "95117": (1, 1, 2), "99151": (1, 1, 3),
    "99152": (2, 2, 3), "99153": (9, 12, 3), "99211": (1, 2, 3), "G0463": (0, 4, 3),
    "G0498": (1, 1, 2),
}  # fmt: skip
"""Units a day of practitioners and of hospitals, and the kind of the limit (M1, M3)."""

_BASES = frozenset({"96365", "96374", "96409", "96413"})
_CHEMO_TIMES = frozenset({"96409", "96411", "96413", "96415", "96416", "96417"})
_VACCINES = frozenset({"90460", "90471", "90473", "G0008", "G0009", "G0010"})
PRIMARIES: dict[str, frozenset[str]] = {
    "96361": _BASES | {"96360"},
    "96366": frozenset({"96365", "96367", "96413"}),
    "96367": _BASES,
    "96368": frozenset({"96365", "96366", "96413", "96415", "96416", "C8957"}),
    "96370": frozenset({"96369"}),
    "96371": frozenset({"96369"}),
    "96375": _BASES,
    "96376": _BASES,
    "96411": frozenset({"96409", "96413"}),
    "96415": frozenset({"96413"}),
    "96417": frozenset({"96413"}),
    "96423": frozenset({"96422"}),
    "0663T": _CHEMO_TIMES,
    "90472": _VACCINES,
    "90474": _VACCINES,
    "99153": frozenset({"99151", "99152", "G0500"}),
}
"""A1-A11, A13. The list of 96547 and 96548 (A12) is not at hand: they are not judged."""
ON_HYDRATION = frozenset({"96366", "96367", "96368", "96375"})
"""On 96360 for practitioners alone (I5)."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one claim type."""

    pairs: Mapping[Pair, int]
    limits: Mapping[str, tuple[int, int]]
    primaries: Mapping[str, frozenset[str]]


def own_tables(*, facility: bool) -> Tables:
    """The project's own rows, as the oracle types them."""
    limits = {code: (row[1 if facility else 0], row[2]) for code, row in LIMITS.items()}
    primaries = dict(PRIMARIES)
    if not facility:
        primaries |= {code: PRIMARIES[code] | {"96360"} for code in ON_HYDRATION}
        del primaries["96376"]
    return Tables(HOSPITAL if facility else PRACTITIONER, limits, primaries)


def kind_of(code: str) -> str:
    """administration, visit, supply, drug, other, or empty where the tables know nothing."""
    if code in ADMINISTRATION:
        return "administration"
    if code in VISITS:
        return "visit"
    if code.startswith("A4") or code in ENTRIES | FLUSHES | FLUIDS:
        return "supply"
    if code in TABLE_DRUGS:
        return "drug"
    return "other" if code in SERVICES else ""


def may_be_drug(code: str) -> bool:
    """What comes in a container: drugs, flushes, fluids, and what no table knows (D4, Y7)."""
    return kind_of(code) in {"", "drug"} or code in FLUSHES | FLUIDS
