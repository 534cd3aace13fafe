"""What has no drug line along with its administration, and the date of a dose (decision 0012)."""

from __future__ import annotations

from typing import Any

from .clock import day_of, first_date, instant

Facts = dict[str, Any]

FACILITY_PLACES = {
    *("02", "06", "08", "19", "21", "22", "23", "24", "26"),
    *("31", "34", "41", "42", "51", "52", "53", "56", "61"),
}
"""Where a professional claim is one in a facility (V1)."""
OTHER_SUBSTANCES = {"vaccine", "allergen", "blood", "contrast", "other"}
BARRING_PURPOSES = {"flush", "diluent", "keep_open", "procedural"}
HOME = "12"  # S108: out of the scope of CPCP026; Medicare's rules name no such place
INPATIENT_PLACE = "21"
INPATIENT_BILLS = ("011", "018", "021")
OWN_PROCEDURES = {"intralesional", "intrapleural", "intraperitoneal", "intrathecal"}
OTHER_ROUTES = {
    *("po", "inhaled", "topical", "enteral"),
    *("io", "intradermal", "intraarticular"),
}
FORMS = {
    "iv": {"infusion", "push", "injection", "pump", "refill"},
    "ia": {"infusion", "push", "injection", "pump", "refill"},
    "sc": {"infusion", "push", "injection", "pump", "on_body", "refill"},
    "im": {"push", "injection"},
    "intrathecal": {"infusion", "push", "injection"},
    "intrapleural": {"infusion", "push", "injection"},
    "intraperitoneal": {"infusion", "push", "injection"},
    "intralesional": {"infusion", "push", "injection"},
}
"""The cells of 0012's table that hold a form."""


NEVER = 10**9
"""The moment of what has no time: after everything that has one."""


def moment_of(admin: Facts, doc: Facts) -> int:
    """The minute in which an administration began, from midnight of the document's date."""
    begin = admin.get("start") or next((s["start"] for s in admin.get("segments") or ()), None)
    return NEVER if begin is None else instant(begin, first_date(doc))


def date_of(admin: Facts, doc: Facts) -> str:
    """The calendar day on which it began; the document's where the record says nothing."""
    minute = moment_of(admin, doc)
    return day_of(0 if minute == NEVER else minute, first_date(doc))


def bar_of(admin: Facts, doc: Facts, settings: dict[str, str]) -> str | None:
    """Why an administration carries no drug line at all; None where it may."""
    return (
        _by_place(admin, doc, settings)
        or _by_purpose(admin, settings)
        or _by_form(admin, settings)
    )


def _fluid(admin: Facts, settings: dict[str, str]) -> bool:
    electrolytes = settings["therapeutic_electrolyte"] == "hydration"
    return admin["category"] == "hydration" or (
        admin["category"] == "electrolyte" and electrolytes
    )


def _chemo(admin: Facts, settings: dict[str, str]) -> bool:
    if admin["category"] == "complex_biologic":
        reading = settings["complex_biologic_family"]
        return reading == "chemo" or (reading == "by_table" and bool(admin.get("intensity")))
    return admin["category"] in {"chemotherapy", "hormonal_antineoplastic"}


def _by_place(admin: Facts, doc: Facts, settings: dict[str, str]) -> str | None:
    place, bill = str(doc.get("place_of_service", "")), str(doc.get("type_of_bill", ""))
    if place == HOME and settings["plan"] == "cpcp026":
        return "home infusion is another policy's"
    if doc["claim"] == "facility":
        inpatient = bill.startswith(INPATIENT_BILLS) if bill else place == INPATIENT_PLACE
        if inpatient or settings["facility_basic_charge"] == "all":
            return "within the facility's basic charge"
    elif place in FACILITY_PLACES and not _own_procedure(admin):
        return "not for a professional in a facility"
    return None


def _own_procedure(admin: Facts) -> bool:
    return admin["route"] in OWN_PROCEDURES and admin["category"] == "chemotherapy"


def _by_purpose(admin: Facts, settings: dict[str, str]) -> str | None:
    purpose = admin.get("purpose", "treatment")
    if purpose in BARRING_PURPOSES:
        return f"purpose {purpose}"
    if admin["category"] in OTHER_SUBSTANCES:
        return "belongs to another family"
    if _fluid(admin, settings) and settings["fluid_bag"] == "integral":
        return "the bag is part of the service"
    return None


def _by_form(admin: Facts, settings: dict[str, str]) -> str | None:
    """Cells without a form, forms that another family reports, forms that no rule can tell."""
    route, technique = admin["route"], admin.get("technique")
    fluid, chemo = _fluid(admin, settings), _chemo(admin, settings)
    if route in OTHER_ROUTES:
        return "no code in this family"
    if technique not in FORMS.get(route, ()):
        return "cannot tell the form"
    if route in OWN_PROCEDURES and not chemo:
        return "belongs to another family"
    if fluid and route in {"ia", "sc"}:
        return "cannot tell: fluid by this route"
    if technique == "on_body" and chemo:
        return "cannot tell: chemotherapy by an on-body injector"
    return None
