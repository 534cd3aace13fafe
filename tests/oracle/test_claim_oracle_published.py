"""Published answers on claims, visits, waste and units of drugs, carried over as facts.

Minutes, levels of visit and vial sizes that a source leaves out are filled in, and old codes are
given their successors. Where a published answer no longer holds, or needs a fact that the
document cannot state, the case says so and the answer that follows from the rules is tested.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from .claims.builders import CPCP026, claim, judged, row
from .claims.claims_drawn import earned_claim
from .claims.earned import earned_of

Doc = dict[str, Any]
Expected = tuple[str, int, tuple[str, ...] | None]
"""Code, total units, and modifiers (None: any)."""


@dataclass(frozen=True)
class Case:
    """One published example: what was given, what is reported, what may not be."""

    id: str
    source: str
    given: tuple[Doc, ...]
    lines: tuple[Expected, ...] = ()
    absent: tuple[str, ...] = ()
    services: tuple[Doc, ...] = ()
    more: Doc = field(default_factory=dict)

    @property
    def doc(self) -> Doc:
        """An office's record of 5 August 2024."""
        admins = [{"id": f"a{n}", **admin} for n, admin in enumerate(self.given, 1)]
        services = [{"id": f"s{n}", **one} for n, one in enumerate(self.services, 1)]
        more = {"claim": "professional", "administrations": admins, **self.more}
        return claim(**more, **({"services": services} if services else {}))


def drip(drug: str, category: str, minutes: int = 60, **more: Any) -> Doc:
    """An infusion of stated minutes."""
    shape = {"category": category, "route": "iv", "technique": "infusion", "minutes": minutes}
    return {"drug": drug, **shape, **more}


def needle(drug: str, category: str, route: str = "im", **more: Any) -> Doc:
    """An injection under direct supervision."""
    shape = {"category": category, "route": route, "technique": "injection"}
    return {"drug": drug, **shape, "supervision": "direct", **more}


def declot(**more: Any) -> Doc:
    """A clotted port cleared with alteplase."""
    shape = {"category": "other", "route": "iv", "technique": "injection"}
    return {"drug": "alteplase", **shape, "purpose": "declot", "via": "port", **more}


def dose(code: str, given: str, step: str, thrown: str = "", *vials: tuple[str, int, str]) -> Doc:
    """A dose in milligrams; vials are size, number and `single` or `multi`."""
    out: Doc = {"hcpcs": code, "administered": given, "per_unit": step, "unit": "mg"}
    if thrown:
        out["discarded"] = thrown
    if vials:
        out["containers"] = [
            {"size": size, "count": count, "kind": f"{kind}_dose"} for size, count, kind in vials
        ]
    return {"dose": out}


def visit(code: str, *, separate: bool) -> Doc:
    """A visit to the same provider."""
    return {"code": code, "provider": "same", "separately_identifiable": separate}


ONCOLOGY = "AAPC Oncology & Hematology Coding Alert, 36593 on chemo day"
LUPRON = "AAPC Urology Coding Alert (2004), Lupron injections and supplies"
WASTAGE = "The Rheumatologist (ACR, 2023), billing drug wastage"
RTA = "RTA CPA (2017), appropriate Medicare drug billing"
NO_PUSH = ("96374", "96375", "96376")

CASES = (
    Case(
        "declot-beside-chemo",
        ONCOLOGY,
        (declot(dose_group="d1"), declot(dose_group="d1"), drip("chemo", "chemotherapy")),
        (("36593", 1, None),),
        (*NO_PUSH, "96411", "96523"),
        more={"primary_reason": "a3"},
    ),
    Case(
        "two-clots-one-day",  # published: the second with 59; nothing states a new clot
        ONCOLOGY,
        (declot(), declot()),
        (("36593", 2, None),),
        NO_PUSH,
    ),
    Case(
        "vitals-before-chemo",
        "Noridian, E/M services and drug administration billing",
        (drip("chemo", "chemotherapy"),),
        (("96413", 1, None),),
        ("99211",),
        (visit("99211", separate=False),),
    ),
    Case(
        "pleural-without-a-tap",  # published: 52; no field says that no tap was done
        "Palmetto GBA (2007), chemotherapy into the peritoneal and pleural cavity",
        (needle("chemo", "chemotherapy", "intrapleural"),),
        (("96440", 1, None),),
    ),
    Case(
        "rituximab-750-of-800",
        WASTAGE,
        (
            drip(
                "rituximab",
                "complex_biologic",
                **dose("J9312", "750", "10", "50", ("500", 1, "single"), ("100", 3, "single")),
            ),
        ),
        (("J9312", 75, ()), ("J9312", 5, ("JW",))),
    ),
    Case(
        "infliximab-360-of-400",
        WASTAGE,
        (
            drip(
                "infliximab",
                "complex_biologic",
                **dose("J1745", "360", "10", "40", ("100", 4, "single")),
            ),
        ),
        (("J1745", 36, ()), ("J1745", 4, ("JW",))),
    ),
    Case(
        "two-hours-of-fluid-and-a-work-up",
        "AAPC Primary Care Coding Alert, IV hydration coding",
        (drip("fluid", "hydration", 120),),
        (("96360", 1, None), ("96361", 1, None), ("99213", 1, ("25",))),
        ("96365",),
        (visit("99213", separate=True),),
    ),
    Case(
        "leuprolide-by-a-nurse",
        LUPRON,
        (needle("leuprolide", "hormonal_antineoplastic", **dose("J9217", "7.5", "7.5")),),
        (("96402", 1, None), ("J9217", 1, None)),
        ("99211", "96372"),
        (visit("99211", separate=False),),
    ),
    Case(
        "leuprolide-with-a-visit",
        LUPRON,
        (needle("leuprolide", "hormonal_antineoplastic", **dose("J9217", "7.5", "7.5")),),
        (("99212", 1, ("25",)), ("96402", 1, None), ("J9217", 1, None)),
        ("96372",),
        (visit("99212", separate=True),),
    ),
    Case(
        "contraceptive-by-a-nurse",
        "AAPC Primary Care Coding Alert, injection and nurse visit",
        (needle("medroxyprogesterone", "therapeutic"),),
        (("96372", 1, None),),
        ("99211", "96402"),
        (visit("99211", separate=False),),
    ),
    Case(
        "the-patients-own-interferon",  # published: 99211 with 25; barred outright since
        "AAPC Gastroenterology Coding Alert (2003), patient medications and injections",
        (needle("interferon", "therapeutic", "sc", supplied_by="patient"),),
        (("96372", 1, None),),
        ("99211",),
        (visit("99211", separate=True),),
    ),
    Case(
        "floxuridine-of-a-multi-dose-vial",
        "AAPC Oncology & Hematology Coding Alert (2000), coding multidose vials",
        (
            drip(
                "floxuridine",
                "chemotherapy",
                **dose("J9200", "375", "500", "", ("500", 1, "multi")),
            ),
        ),
        (("J9200", 1, None),),
        ("J9200-JW",),
    ),
    Case(
        "eighty-of-a-hundred",
        "ClaimsMed, JW and JZ modifiers compliance",
        (
            drip(
                "infliximab",
                "complex_biologic",
                **dose("J1745", "80", "10", "20", ("100", 1, "single")),
            ),
        ),
        (("J1745", 8, ()), ("J1745", 2, ("JW",))),
    ),
    Case(
        "tocilizumab-331-of-360",
        RTA,
        (
            drip(
                "tocilizumab",
                "complex_biologic",
                **dose("J3262", "331", "1", "29", ("200", 1, "single"), ("80", 2, "single")),
            ),
        ),
        (("J3262", 331, ()), ("J3262", 29, ("JW",))),
    ),
    Case(
        "bevacizumab-1600",
        RTA,
        (drip("bevacizumab", "chemotherapy", **dose("J9035", "1600", "10", "0")),),
        (("J9035", 160, None),),
        ("J9035-JW",),
    ),
    Case(
        "seven-of-ten-in-steps-of-ten",
        "American Medical Coding, JW and JZ modifier billing guidelines",
        (
            {
                **drip("doxorubicin", "chemotherapy"),
                "technique": "push",
                **dose("J9000", "7", "10", "3", ("10", 1, "single")),
            },
        ),
        (("J9000", 1, None),),
        ("J9000-JW",),
    ),
    Case(
        "methotrexate-29-of-two-vials",
        "AAPC forum 73757, multi-use vials",
        (
            needle(
                "methotrexate",
                "chemotherapy",
                **dose("J9250", "29", "5", "", ("20", 2, "multi")),
            ),
        ),
        (("J9250", 6, None),),
        ("J9250-JW",),
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_record_earns_what_was_published(case: Case) -> None:
    earned = earned_of(case.doc, CPCP026)
    assert earned is not None and len(earned.sets) == 1
    totals: Counter[tuple[str, tuple[str, ...] | None]] = Counter()
    for item in earned.sets[0].items:
        for marks in (item.modifiers, None):
            totals[item.code, marks] += item.units
    for code, units, marks in case.lines:
        assert totals[code, marks] == units, (code, marks)
    for text in case.absent:
        code, *rest = text.split("-")
        assert totals[code, tuple(rest) or None] == 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_published_claim_stands(case: Case) -> None:
    found = judged(earned_claim(case.doc, CPCP026))
    assert set(found.states.values()) == {"stands"} and found.outcome == "valid"


@pytest.mark.parametrize(
    ("case", "text"), [(case, text) for case in CASES for text in case.absent], ids=str
)
def test_what_may_not_be_reported_is_denied(case: Case, text: str) -> None:
    doc = earned_claim(case.doc, CPCP026)
    number = len(doc["claim_lines"]) + 1
    found = judged(doc | {"claim_lines": [*doc["claim_lines"], row(text, number)]})
    assert found.states[f"L{number}"] == "violates"


def test_the_second_clot_with_59_needs_a_record_of_it() -> None:
    case = next(c for c in CASES if c.id == "two-clots-one-day")
    found = judged(case.doc | {"claim_lines": [row("36593", 1), row("36593-59", 2)]})
    assert found.states == {"L1": "stands", "L2": "review"}
