"""Encounters drawn for their drug lines: every administration is one that can be coded."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from .drawn import stamp

Doc = dict[str, Any]

DRUGS: tuple[tuple[str, str, str, str], ...] = (
    ("infliximab", "J1745", "10", "therapeutic"),
    ("abatacept", "J0129", "10", "therapeutic"),
    ("tocilizumab", "J3262", "1", "therapeutic"),
    ("ondansetron", "J2405", "1", "therapeutic"),
    ("ketorolac", "J1885", "15", "therapeutic"),
    ("alpha", "J7777", "0.5", "therapeutic"),
    ("beta", "J7778", "0.1", "therapeutic"),
    ("gamma", "J7779", "12.25", "therapeutic"),
    ("new drug", "J3490", "1", "therapeutic"),
    ("newer drug", "J3490", "1", "therapeutic"),
    ("paclitaxel", "J9267", "1", "chemotherapy"),
    ("chemo-a", "J9997", "100", "chemotherapy"),
    ("saline", "J7030", "1000", "hydration"),
)
PLACES: tuple[Doc, ...] = (
    *({"claim": "facility", "type_of_bill": "0131"},) * 6,
    *({"claim": "professional", "place_of_service": "11"},) * 4,
    {"claim": "facility", "place_of_service": "22"},
    {"claim": "facility", "type_of_bill": "0111"},
    {"claim": "facility", "place_of_service": "21"},
    {"claim": "facility", "type_of_bill": "0131", "place_of_service": "21"},
    {"claim": "professional", "place_of_service": "22"},
    {"claim": "professional", "place_of_service": "12"},
)
GOOD_PLACES = PLACES[:11]
PURPOSES = ("premedication", "test_dose", "flush", "diluent", "keep_open", "procedural")
STEPS = ("1", "5", "10", "100", "0.1", "0.5", "2.5", "12.25")
EXOTIC: tuple[Doc, ...] = (
    {"category": "therapeutic", "route": "po"},
    {"category": "therapeutic", "route": "inhaled"},
    {"category": "therapeutic", "route": "topical"},
    {"category": "therapeutic", "route": "io", "technique": "push"},
    {"category": "therapeutic", "route": "intradermal", "technique": "injection"},
    {"category": "therapeutic", "route": "intraarticular", "technique": "injection"},
    {"category": "therapeutic", "route": "im", "technique": "infusion"},
    {"category": "therapeutic", "route": "other", "technique": "injection"},
    {"category": "therapeutic", "route": "sc", "technique": "infusion"},
    {"category": "therapeutic", "route": "sc", "technique": "on_body"},
    {"category": "chemotherapy", "route": "sc", "technique": "on_body"},
    {"category": "therapeutic", "route": "ia", "technique": "push"},
    {"category": "hydration", "route": "sc", "technique": "infusion"},
    {"category": "hydration", "route": "iv", "technique": "push"},
    {"category": "therapeutic", "route": "intrathecal", "technique": "injection"},
    {"category": "therapeutic", "route": "intralesional", "technique": "injection"},
    {"category": "chemotherapy", "route": "intralesional", "technique": "injection",
     "lesions": 3},
    {"category": "chemotherapy", "route": "intrathecal", "technique": "injection",
     "via": "puncture"},
    {"category": "chemotherapy", "route": "intrapleural", "technique": "injection"},
    {"category": "vaccine", "route": "im", "technique": "injection"},
    {"category": "allergen", "route": "sc", "technique": "injection"},
    {"category": "blood", "route": "iv", "technique": "infusion"},
    {"category": "contrast", "route": "iv", "technique": "push"},
    {"category": "other", "route": "iv", "technique": "push"},
    {"category": "electrolyte", "route": "iv", "technique": "infusion"},
    {"category": "hormonal_antineoplastic", "route": "im", "technique": "injection"},
    {"category": "therapeutic", "route": "iv", "technique": "push", "purpose": "declot"},
    {"category": "hydration", "route": "iv", "technique": "infusion",
     "purpose": "protective_hydration"},
    {"category": "therapeutic", "route": "im", "technique": "injection", "supervision": "none"},
)  # fmt: skip
"""Administrations whose drug line hangs on what 0012 says of their form."""


class _Draft:
    """One encounter while it is drawn."""

    def __init__(self, source: random.Random, *, exotic: bool) -> None:
        self.source, self.exotic = source, exotic
        self.minute = source.choice((480, 600, 1320, 1400))
        self.palette = source.sample(DRUGS, source.choice((1, 1, 2, 3)))
        self.admins: list[Doc] = []
        self.visit = 1

    def chance(self, one_in: int) -> bool:
        return self.source.randrange(one_in) == 0

    def add(self) -> None:
        """One administration with its dose."""
        if self.admins and self.chance(12):
            self.visit, self.minute = 2, self.minute + 180
        name, code, step, category = self.source.choice(self.palette)
        admin: Doc = {"id": f"a{len(self.admins) + 1}", "drug": name}
        admin |= self._delivery(category)
        self._time(admin)
        admin["dose"] = dose = self._dose("1" if self.chance(12) else step)
        if self.chance(20):
            del admin["dose"]
        if not self.chance(16):
            self._name(admin, dose, code)
        if self.chance(8):
            admin["supplied_by"] = self.source.choice(("patient", "patient", "provider"))
        if admin.get("technique") == "injection" and self.chance(5):
            admin["dose_group"] = f"{name}-{admin['route']}"
        self.admins.append(admin)

    def _delivery(self, category: str) -> Doc:
        if self.exotic and self.chance(2):
            return dict(self.source.choice(EXOTIC))
        out: Doc = {"category": category, "route": "iv", "technique": "infusion"}
        if category != "hydration":
            out |= self.source.choice(
                (
                    {},
                    {},
                    {"technique": "push"},
                    {"route": "sc", "technique": "injection"},
                    {"route": "im", "technique": "injection"},
                )
            )
        if self.chance(10):
            out["purpose"] = self.source.choice(PURPOSES)
        return out

    def _time(self, admin: Doc) -> None:
        start = self.minute + self.source.choice((0, 10, 40, 100, 300))
        admin["start"] = stamp(start)
        if admin.get("technique") in {"infusion", "pump"}:
            length = self.source.choice((20, 40, 60, 100))
            admin["stop"] = stamp(start + length)
            self.minute = start + self.source.choice((0, length))
            self._pieces(admin, start, length)
        else:
            self.minute = start
        if self.visit > 1:
            admin["visit"] = self.visit

    def _pieces(self, admin: Doc, start: int, length: int) -> None:
        """Now and then the run is an interrupted one."""
        if self.chance(12) and admin.get("route") == "iv":
            half = start + length // 2
            del admin["start"], admin["stop"]
            pieces = [(start, half), (half + 5, start + length + 5)]
            admin["segments"] = [{"start": stamp(a), "stop": stamp(b)} for a, b in pieces]
            self.minute = start + length + 5

    def _name(self, admin: Doc, dose: Doc, code: str) -> None:
        where = self.source.randrange(4)
        if where:
            admin["hcpcs"] = code
        if where == 0:
            dose["hcpcs"] = code
        elif where == 1:
            dose["hcpcs"] = code if self.chance(3) else "J7776"

    def _dose(self, step: str) -> Doc:
        if self.chance(8):
            step = self.source.choice(STEPS)
        # A code stands for one amount; another one is told in another unit of measure.
        dose: Doc = {"per_unit": step, "unit": f"measure {step}"}
        unit = Decimal(step)
        sizes = [unit * self.source.choice((1, 2, 4, 5, 10)) for _ in range(3)]
        if self.chance(4):
            sizes = [size + unit / 2 for size in sizes]
        count = 0 if self.chance(4) else self.source.choice((1, 1, 1, 2, 2, 3))
        vials = [self._vial(size) for size in sizes[:count]]
        self._kinds(vials)
        held = sum((Decimal(v["size"]) * v["count"] for v in vials), Decimal(0))
        amount = self._amount(held, unit).quantize(Decimal("0.01"))
        dose["administered"] = plain(amount)
        self._discard(dose, held - amount, unit)
        if vials:
            dose["containers"] = vials
        for field in ("per_unit", "administered"):
            if self.chance(25):
                del dose[field]
        return dose

    def _vial(self, size: Decimal) -> Doc:
        count = self.source.choice((1, 1, 2, 4))
        return {"size": plain(size), "count": count, "kind": "single_dose"}

    def _kinds(self, vials: list[Doc]) -> None:
        if self.chance(6):
            for vial in vials:
                vial["kind"] = "multi_dose"
        elif self.chance(10) and vials:
            vials[-1]["kind"] = "multi_dose"

    def _amount(self, held: Decimal, unit: Decimal) -> Decimal:
        if self.chance(40):
            return Decimal(0)
        if not held or self.chance(25):
            return unit * self.source.choice((1, 2, 3, 7, 40)) + unit / self.source.choice((2, 4))
        share = self.source.choice((1, 1, 2, 2, 4, 8))
        return held - held / 16 * self.source.randrange(share) * self.source.choice((1, 1, 2))

    def _discard(self, dose: Doc, left: Decimal, unit: Decimal) -> None:
        if not self.chance(3):
            return
        stated = left if left > 0 and not self.chance(5) else unit * self.source.choice((0, 1, 3))
        if self.chance(8):
            stated += unit / 4
        dose["discarded"] = plain(stated.quantize(Decimal("0.001")))


def plain(amount: Decimal) -> str:
    """A decimal in plain digits, with at most three places."""
    text = f"{amount.quantize(Decimal('0.001')):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def drug_encounter(source: random.Random, *, exotic: bool = False) -> Doc:
    """An encounter of one to five doses, clocked, with clear forms; `exotic` adds other forms."""
    draft = _Draft(source, exotic=exotic)
    for _ in range(source.choice((1, 1, 2, 2, 3, 4, 5))):
        draft.add()
    first, *rest = draft.admins
    if not rest and "stop" not in first and draft.chance(4):
        first.pop("start", None)  # beside others its place among them would be unknown
    place = source.choice(PLACES if draft.chance(4) else GOOD_PLACES)
    doc: Doc = {"id": "drawn", **place, "line_of_business": "unknown", "date": "2024-08-05"}
    doc |= {"observation": True, "administrations": draft.admins}
    veins = {a.get("visit", 1): a["id"] for a in draft.admins if a["route"] == "iv"}
    if place["claim"] == "professional" and veins:
        doc["primary_reason"] = list(veins.values())
    return doc
