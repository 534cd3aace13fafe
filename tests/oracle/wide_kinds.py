"""The kinds of administration that `wide` draws from, gathered into themes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

Doc = dict[str, Any]

BOUNDARY = (1, 15, 16, 30, 31, 46, 60, 61, 90, 91, 150, 151, 211)
DRUGS = {
    "therapeutic": ("alpha", "alpha", "beta", "gamma"),
    "chemotherapy": ("chemo-a", "chemo-a", "chemo-b"),
    "hydration": ("saline", "ringer"),
    "electrolyte": ("magnesium",),
    "hormonal_antineoplastic": ("hormone",),
    "complex_biologic": ("mab-plain", "mab-complex", "mab-listed"),
}
BIOLOGICS: dict[str, Doc] = {
    "mab-plain": {},
    "mab-complex": {"intensity": ["monitoring", "reaction_risk"]},
    "mab-listed": {"hcpcs": "J2357", "intensity": ["monitoring"]},
}
PUMPS: tuple[Doc, ...] = (
    {"kind": "portable", "planned_minutes": 2760},
    {"kind": "portable", "planned_minutes": 481},
    {"kind": "portable", "planned_minutes": 480},
    {"kind": "portable"},
    {"kind": "implantable", "planned_minutes": 1440},
    {"kind": "elastomeric", "planned_minutes": 2760},
    {"kind": "stationary", "planned_minutes": 2760},
    {"kind": "stationary"},
    {"planned_minutes": 2760},
    {"planned_minutes": 60},
    {},
)
SETUPS: tuple[Doc, ...] = ({}, {"kind": "portable"}, {"extra_setups": 1}, {"extra_setups": 2})
REFILLED: tuple[Doc, ...] = (
    {"kind": "portable"},
    {"kind": "implantable"},
    {"kind": "elastomeric"},
    {"kind": "stationary"},
    {},
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One cell of the form table with the categories that it is drawn with."""

    route: str
    technique: str | None
    categories: tuple[str, ...]

    def draw(self, source: random.Random) -> Doc:
        """An administration of this kind, without its times."""
        category = source.choice(self.categories)
        drug = source.choice(DRUGS[category])
        out: Doc = {"drug": drug, "category": category, "route": self.route}
        out |= BIOLOGICS.get(drug, {})
        if self.technique is not None:
            out["technique"] = self.technique
        if self.technique == "pump":
            pump = source.choice(SETUPS if self.route == "sc" else PUMPS)
            out |= {"pump": dict(pump)} if pump else {}
        if self.technique == "refill" and (pump := source.choice(REFILLED)):
            out["pump"] = dict(pump)
        if self.route == "sc" and self.technique == "infusion" and source.randrange(4) == 0:
            out["pump"] = dict(source.choice(SETUPS[1:]))
        if self.route in {"intrathecal", "intraperitoneal", "intrapleural"}:
            via = source.choice(("reservoir", "puncture", "puncture", "port", "catheter", None))
            out |= {"via": via} if via else {}
        if self.route == "intralesional" and (count := source.choice((1, 3, 7, 8, 12, None))):
            out["lesions"] = count
        return out


THER, CHEMO = ("therapeutic",), ("chemotherapy",)
DRUG = ("therapeutic", "therapeutic", "chemotherapy", "complex_biologic")
ANY = ("therapeutic", "chemotherapy", "hydration", "electrolyte", "hormonal_antineoplastic")

VEIN = (
    *(Kind("iv", "infusion", THER) for _ in range(3)),
    *(Kind("iv", "push", THER) for _ in range(3)),
    Kind("iv", "infusion", CHEMO),
    Kind("iv", "infusion", CHEMO),
    Kind("iv", "push", CHEMO),
    *(Kind("iv", "infusion", ("hydration",)) for _ in range(3)),
    Kind("iv", "infusion", ("electrolyte", "complex_biologic", "hormonal_antineoplastic")),
    Kind("iv", "injection", DRUG),
)
NEEDLE = (
    Kind("im", "injection", THER),
    Kind("sc", "injection", THER),
    Kind("im", "injection", (*DRUG, "hormonal_antineoplastic")),
    Kind("sc", "injection", (*DRUG, "hormonal_antineoplastic")),
    Kind("sc", "push", DRUG),
    Kind("sc", "on_body", (*DRUG, "hydration")),
)
ARTERY = (
    *(Kind("ia", "infusion", CHEMO) for _ in range(3)),
    Kind("ia", "infusion", (*DRUG, "hydration")),
    Kind("ia", "push", DRUG),
    Kind("ia", "pump", DRUG),
)
SKIN = (
    *(Kind("sc", "infusion", THER) for _ in range(4)),
    Kind("sc", "infusion", (*DRUG, "hydration")),
    Kind("sc", "pump", DRUG),
    Kind("sc", "injection", THER),
)
CAVITY = (
    Kind("intrapleural", "infusion", CHEMO),
    Kind("intrapleural", "injection", ("chemotherapy", "therapeutic")),
    Kind("intraperitoneal", "infusion", CHEMO),
    Kind("intraperitoneal", "injection", CHEMO),
    Kind("intraperitoneal", "pump", CHEMO),
    Kind("intrathecal", "injection", CHEMO),
    Kind("intrathecal", "injection", ("chemotherapy", "complex_biologic", "therapeutic")),
    Kind("intrathecal", "infusion", ("chemotherapy", "hydration")),
    Kind("intralesional", "injection", CHEMO),
    Kind("intralesional", "injection", CHEMO),
    Kind("intralesional", "infusion", ("chemotherapy", "therapeutic")),
)
PUMPED = (
    *(Kind("iv", "pump", CHEMO) for _ in range(3)),
    Kind("iv", "pump", (*DRUG, "hydration")),
    Kind("iv", "refill", DRUG),
    Kind("ia", "refill", CHEMO),
    Kind("sc", "refill", (*DRUG, "hydration")),
    Kind("intrathecal", "refill", CHEMO),
    Kind("iv", "device_flush", ("therapeutic", "hydration")),
    Kind("ia", "pump", CHEMO),
)
ODD = tuple(
    Kind(route, technique, ANY)
    for route, technique in (
        ("io", "infusion"),
        ("io", "push"),
        ("intradermal", "injection"),
        ("intraarticular", "injection"),
        ("other", "infusion"),
        ("other", "injection"),
        ("po", None),
        ("inhaled", None),
        ("topical", None),
        ("enteral", None),
        ("im", "infusion"),
        ("im", "pump"),
        ("im", "on_body"),
        ("iv", "on_body"),
        ("intrathecal", "pump"),
        ("intrapleural", "pump"),
        ("intralesional", "pump"),
        ("ia", "device_flush"),
        ("sc", "device_flush"),
        ("ia", "on_body"),
        ("im", "refill"),
    )
)
EVERY = (*VEIN, *NEEDLE, *ARTERY, *SKIN, *CAVITY, *PUMPED, *ODD)
THEMES: tuple[tuple[Kind, ...], ...] = (
    *((VEIN,) * 5),
    *(((*VEIN, *NEEDLE),) * 3),
    NEEDLE,
    (*VEIN, *ARTERY),
    (*VEIN, *SKIN),
    (*VEIN, *CAVITY),
    (*VEIN, *PUMPED),
    (*VEIN, *PUMPED),
    (*ARTERY, *PUMPED),
    SKIN,
    (*CAVITY, *NEEDLE),
    PUMPED,
    EVERY,
    EVERY,
)

WITHHELD: tuple[Doc, ...] = (
    {"category": "vaccine", "route": "im", "technique": "injection"},
    {"category": "allergen", "route": "sc", "technique": "injection"},
    {"category": "blood", "route": "iv", "technique": "infusion"},
    {"category": "blood", "route": "iv", "technique": "infusion"},
    {"category": "contrast", "route": "iv", "technique": "push", "purpose": "procedural"},
    {"category": "therapeutic", "route": "iv", "technique": "infusion", "purpose": "procedural"},
    {"category": "therapeutic", "route": "iv", "technique": "infusion", "purpose": "diluent"},
    {"category": "hydration", "route": "iv", "technique": "infusion", "purpose": "keep_open"},
    {"category": "therapeutic", "route": "iv", "technique": "push", "purpose": "flush"},
    {"category": "therapeutic", "route": "iv", "technique": "push", "purpose": "declot"},
    {"category": "therapeutic", "route": "iv", "technique": "infusion", "purpose": "declot"},
    {"category": "other", "route": "iv", "technique": "push"},
    {"category": "vaccine", "route": "im", "technique": "injection", "hcpcs": "90380",
     "counseling": True},
    {"category": "therapeutic", "route": "im", "technique": "injection", "hcpcs": "90381"},
    {"route": "im", "technique": "injection", "hcpcs": "90381", "counseling": False},
    {"category": "therapeutic", "route": "im", "technique": "injection", "hcpcs": "90378"},
    {"route": "iv", "technique": "push"},
)  # fmt: skip
