"""The closed lists of the encounter document, and its limits."""

from __future__ import annotations

CLAIM = ("facility", "professional")
LINE_OF_BUSINESS = ("commercial", "medicare", "medicaid", "unknown")
PROVIDER_TYPE = (
    "hospital",
    "asc",
    "physician_office",
    "infusion_center",
    "home",
    "unknown",
)
CATEGORY = (
    "hydration",
    "electrolyte",
    "therapeutic",
    "chemotherapy",
    "complex_biologic",
    "hormonal_antineoplastic",
    "vaccine",
    "allergen",
    "blood",
    "contrast",
    "other",
)
ROUTE = (
    "iv",
    "ia",
    "sc",
    "im",
    "io",
    "intradermal",
    "intrathecal",
    "intrapleural",
    "intraperitoneal",
    "intralesional",
    "intraarticular",
    "po",
    "inhaled",
    "topical",
    "enteral",
    "other",
)
ALSO = {
    "intravenous": "iv",
    "intra_arterial": "ia",
    "subcutaneous": "sc",
    "subq": "sc",
    "sq": "sc",
    "intramuscular": "im",
    "intraosseous": "io",
    "oral": "po",
    "inhalation": "inhaled",
    "drip": "infusion",
    "piggyback": "infusion",
    "ivpb": "infusion",
    "bolus": "push",
    "ivp": "push",
    "fluid": "hydration",
    "fluids": "hydration",
    "antibiotic": "therapeutic",
    "chemo": "chemotherapy",
    "biologic": "complex_biologic",
    "inpatient": "hospital",
    "outpatient": "hospital",
    "office": "physician_office",
}
"""What people write instead of a word of these lists; only ever suggested, never read as it."""
ROUTE_WITHOUT_TECHNIQUE = ("po", "inhaled", "topical", "enteral")
TECHNIQUE = ("infusion", "push", "injection", "on_body", "pump", "refill", "device_flush")
TECHNIQUE_AT_ONCE = ("push", "injection")
"""A run of these may stop in the minute in which it started."""
PURPOSE = (
    "treatment",
    "premedication",
    "keep_open",
    "diluent",
    "flush",
    "procedural",
    "protective_hydration",
    "declot",
    "test_dose",
)
INTENSITY = (
    "monitoring",
    "reaction_risk",
    "special_preparation",
    "advanced_training",
    "special_disposal",
)
VIA = ("reservoir", "puncture", "port", "catheter")
PUMP_KIND = ("portable", "implantable", "elastomeric", "stationary")
PUMP_SUPPLIED_BY = ("provider", "patient", "other")
SUPERVISION = ("direct", "general", "none")
SUPPLIED_BY = ("provider", "patient")
DOCUMENTATION = (
    "order",
    "infusion_type",
    "signature",
    "anatomic_site",
    "route",
    "site_preparation",
    "technique",
    "local_anesthetic",
    "drug_and_dose",
    "start_time",
    "stop_time",
    "rate",
    "reaction",
    "post_procedure_instructions",
    "second_access_reason",
    "sequential_reason",
    "waste_reason",
)
CONTAINER_KIND = ("single_dose", "multi_dose")
ACCESS_REASON = ("incompatible_drugs", "protocol", "condition", "restarted", "convenience")
ACCESS_DEVICE = ("peripheral", "central", "port", "picc", "midline", "other")
SERVICE_PROVIDER = ("same", "other")

MAX_ADMINISTRATIONS = 500
MAX_CLAIM_LINES = 500
MAX_ITEMS = 500
"""Accesses, services, segments, references: every list without a limit in the contract."""
MAX_CONTAINERS = 100
MAX_MODIFIERS = 10
MAX_SWITCHES = 100
MAX_DAYS = 62
MAX_MINUTES = MAX_DAYS * 24 * 60
MAX_NAME = 1_000
MAX_NOTE = 10_000
