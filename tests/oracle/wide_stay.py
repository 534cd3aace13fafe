"""Where a drawn stay took place, its accesses, and the other services of it."""

from __future__ import annotations

import random
from typing import Any

Doc = dict[str, Any]

ACCESSES = (
    *(["line-1"], ["line-1"], ["line-1"], ["line-1", "line-2"], ["line-1", "line-2"]),
    ["line-1", "line-2", "line-3"],
)
OFFICE_VISITS = ("99211", "99211", "99213", "99213", "99214", "99203")
HOSPITAL_VISITS = ("99211", "99213", "99284", "99291", "G0463")
OTHERS = ("36000", "36410", "36591", "36592", "A4206", "A4222", "36430", "93000")
RARE = 12


def accesses(source: random.Random) -> list[str]:
    """The accesses that an encounter uses."""
    return list(source.choice(ACCESSES))


def place(source: random.Random, claim: str) -> Doc:
    """Claim type, place of service or bill type, and line of business."""
    often = source.randrange(RARE) != 0
    out: Doc = {}
    if claim == "facility":
        bill = "0131" if often else source.choice(("0111", "0181", "0211", "0851", "0121", None))
        if bill is None:
            out["place_of_service"] = source.choice(("21", "22"))
        else:
            out["type_of_bill"] = bill
            out |= {"place_of_service": "21"} if source.randrange(RARE) == 0 else {}
    else:
        odd = ("12", "19", "21", "22", "23", "24", "32", "49")
        out["place_of_service"] = "11" if often else source.choice(odd)
    business = ("medicare", "medicaid", "unknown", "commercial")
    rare = source.randrange(RARE) == 0
    out["line_of_business"] = source.choice(business) if rare else "commercial"
    if source.randrange(RARE) == 0:
        out["provider_type"] = source.choice(("hospital", "asc", "physician_office", "home"))
    return out


def services(source: random.Random, claim: str, visits: int) -> list[Doc]:
    """A few other services of the stay; often none."""
    count = source.choice((0, 0, 0, 1, 1, 2, 3))
    visits_of = OFFICE_VISITS if claim == "professional" else HOSPITAL_VISITS
    found: list[Doc] = []
    for number in range(count):
        codes = visits_of if source.randrange(2) else OTHERS
        service: Doc = {"id": f"s{number + 1}", "code": source.choice(codes)}
        provider = source.choice(("same", "same", "other", None))
        separate = source.choice((True, True, False, None))
        if provider:
            service["provider"] = provider
        if separate is not None:
            service["separately_identifiable"] = separate
        if source.randrange(3) == 0:
            service["date"] = source.choice(("2024-08-05", "2024-08-06"))
        if visits > 1 and source.randrange(3) == 0:
            service["visit"] = 2
        if source.randrange(RARE) == 0:
            service["units"] = 2
        if source.randrange(RARE) == 0:
            service["modifiers"] = ["25"] if service["code"].startswith("99") else ["59"]
        found.append(service)
    return found
