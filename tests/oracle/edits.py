"""NCCI pairs of one date (table of 2024 Q3): modifier 59 on column 2 (decision 0012, N4, N7)."""

from __future__ import annotations

from .lines import Line

CARE = {"96372", "96374", "96377"}
ONE_STARTS = {"96360", "96365", *CARE}
HYDRATION_AND_THERAPY = {
    *("96360", "96361", "96365", "96366", "96367", "96368"),
    *("96372", "96374", "96375", "96376", "96377"),
}
REFILLS = {"96521", "96522"}
SHOTS = {"96372", "96377"}
PAIRS: dict[str, set[str]] = {  # column 1, column 2; modifier indicator 1 in both tables
    "96360": CARE,
    "96365": {"96360", *CARE},
    "96369": {*SHOTS, "96401", "96402"},
    "96374": SHOTS,
    "96401": SHOTS | REFILLS,
    "96402": SHOTS | REFILLS,
    "96405": HYDRATION_AND_THERAPY | REFILLS | {"96369"},
    "96406": HYDRATION_AND_THERAPY | REFILLS | {"96369"},
    "96409": ONE_STARTS | REFILLS,
    "96413": ONE_STARTS | REFILLS | {"96409"},
    "96416": ONE_STARTS,
    "96420": SHOTS | REFILLS,
    "96422": SHOTS | REFILLS,
    "96423": REFILLS,
    "96425": ONE_STARTS | {"96375", "96376"},
    "96440": HYDRATION_AND_THERAPY | REFILLS,
    "96446": (HYDRATION_AND_THERAPY | REFILLS) - {"96361", "96366", "96367", "96368"},
    "96450": HYDRATION_AND_THERAPY | REFILLS,
    "96542": SHOTS | REFILLS,
    "C8957": ONE_STARTS,
    "G0498": ONE_STARTS,
}
DISTINCT = {"59", "XE", "XP", "XS", "XU"}  # Y4: never two of them on one line

BARS_99211 = {  # E2: practitioner table, modifier indicator 0
    *("96360", "96365", "96369", "96372", "96373", "96374", "96377", "96380", "96381"),
    *("96401", "96402", "96409", "96413", "96416", "96420", "96422", "96423", "96425"),
    *REFILLS,
}
BARS_99211_IN_HOSPITALS = {"96380", "96381"}
BARS_BLOOD_DRAW = {  # N9, Z9: practitioner table, modifier indicator 0, over 36591 and 36592
    *("96360", "96361", "96365", "96366", "96367", "96368", "96369", "96370", "96371"),
    *("96372", "96373", "96374", "96375", "96376", "96377", "96401", "96402", "96405"),
    *("96406", "96409", "96411", "96413", "96415", "96416", "96417", "96420", "96422"),
    *("96423", "96425", "96440", "96446", "96450", "96521", "96522", "96523", "96542"),
    *("96379", "96549", "96380", "96381", "36593", "C8957", "G0498"),  # "every code"
}
VEIN_ENTRY: dict[str, set[str]] = {  # N8: the codes that include it
    "36000": {
        *("96360", "96365", "96374", "96375", "96376", "96405", "96406", "96409", "96413"),
        *("96416", "96440", "96446", "96450", "96542"),
    },
    "36410": {
        *("96360", "96365", "96405", "96406", "96409", "96413", "96416"),
        *("96440", "96446", "96450", "96542"),
    },
}


def marked(lines: list[Line]) -> list[Line]:
    """The lines, with 59 on each that stands in column 2 of another of its date."""
    by_day: dict[str, set[str]] = {}
    for line in lines:
        by_day.setdefault(line[3], set()).add(line[0])
    out: list[Line] = []
    for code, units, marks, day, visit, access in lines:
        behind = any(code in PAIRS.get(other, ()) for other in by_day[day])
        if behind and not DISTINCT & set(marks):
            marks = tuple(sorted((*marks, "59")))
        out.append((code, units, marks, day, visit, access))
    return out
