"""What keeps an administration from any code of its own: the stay, the purpose, the family."""

from __future__ import annotations

from .clock import Spans, day_of, first_date
from .timing import Facts, Timing, is_drip

PUSH_LIMIT = 15  # T1: 15 minutes or less is a push
CHEMO, THERAPEUTIC, FLUID = "chemo", "therapeutic", "fluid"
FAMILY_ORDER = (CHEMO, THERAPEUTIC, FLUID)
DRUG_CATEGORIES = {"therapeutic", "chemotherapy", "complex_biologic", "hormonal_antineoplastic"}
OTHER_FAMILIES = {"vaccine", "allergen", "blood", "contrast"}
WITHHELD_PURPOSES = {"keep_open", "diluent", "flush", "procedural"}
LISTED_AS_THERAPEUTIC = {"J2357"}  # S84, S104
RSV_ANTIBODIES = {"90380", "90381"}  # U3
RSV_FROM = "2023-10-06"
TRANSFUSION = "36430"
OWN_PROCEDURES = {"intralesional", "intrapleural", "intraperitoneal", "intrathecal"}  # K14
OWN_TECHNIQUES = {"infusion", "push", "injection"}
INPATIENT_BILLS = {"011", "018", "021"}
INPATIENT_PLACE, HOME = "21", "12"
FACILITY_POS = {
    *("02", "06", "08", "19", "21", "22", "23", "24", "26"),
    *("31", "34", "41", "42", "51", "52", "53", "56", "61"),
}

Outcome = tuple[str, str]


def barred(doc: Facts) -> bool:
    """A professional claim from a facility place of service (V1)."""
    pos = str(doc.get("place_of_service", ""))
    return doc["claim"] == "professional" and pos in FACILITY_POS


def inpatient(doc: Facts) -> bool:
    """A facility's inpatient stay, by its bill type, else by its place (0012, V7, V9)."""
    if doc["claim"] != "facility":
        return False
    bill = doc.get("type_of_bill")
    if bill is None:
        return str(doc.get("place_of_service", "")) == INPATIENT_PLACE
    return str(bill).zfill(4)[:3] in INPATIENT_BILLS


def stay_outcome(doc: Facts, settings: dict[str, str]) -> Outcome | None:
    """What befalls every administration of the stay alike, else None (0012, scope)."""
    commercial = settings["plan"] == "cpcp026"
    if commercial and doc.get("line_of_business", "unknown") in {"medicare", "medicaid"}:
        return ("cannot_tell", "not a commercial member")
    everything = settings["facility_basic_charge"] == "all"
    if inpatient(doc) or (everything and doc["claim"] == "facility"):
        return ("withheld", "within the facility's basic charge")
    if commercial and str(doc.get("place_of_service", "")) == HOME:
        return ("withheld", "home infusion has its own policy")
    return None


def category_of(admin: Facts) -> str | None:
    """The category as stated, else as the plan's drug table gives it."""
    if admin.get("category") is not None:
        return str(admin["category"])
    return "complex_biologic" if _codes(admin) & LISTED_AS_THERAPEUTIC else None


def _codes(admin: Facts) -> set[str]:
    return _own_codes(admin) | {str(code) for code in admin.get("drug_codes", ())}


def _own_codes(admin: Facts) -> set[str]:
    dose = admin.get("dose") or {}
    return {str(code) for code in (admin.get("hcpcs"), dose.get("hcpcs")) if code}


def family_of(admin: Facts, settings: dict[str, str]) -> str:
    """The code family of a drug or fluid under the plan's switches."""
    category = category_of(admin)
    if category == "electrolyte":
        return FLUID if _hydrates(admin, settings) else THERAPEUTIC
    if category == "complex_biologic":
        return _complex_family(admin, settings["complex_biologic_family"])
    return {"hydration": FLUID, "therapeutic": THERAPEUTIC}.get(category or "", CHEMO)


def _hydrates(admin: Facts, settings: dict[str, str]) -> bool:
    """An electrolyte read as hydration, which is given into a vein alone (S63, H1)."""
    return admin["route"] == "iv" and settings["therapeutic_electrolyte"] == "hydration"


def _complex_family(admin: Facts, reading: str) -> str:
    if reading != "by_table":
        return CHEMO if reading == "chemo" else THERAPEUTIC
    listed = bool(_codes(admin) & LISTED_AS_THERAPEUTIC)
    return CHEMO if admin.get("intensity") and not listed else THERAPEUTIC


def is_rsv(admin: Facts, timing: Timing, doc: Facts) -> bool:
    """An RSV antibody by needle, on or after the day from which its codes exist (U3)."""
    given = admin["route"] in {"im", "sc"} and admin.get("technique") in {"injection", "push"}
    day = day_of(timing.start, first_date(doc))
    return given and bool(_own_codes(admin) & RSV_ANTIBODIES) and day >= RSV_FROM


def is_drug(admin: Facts, settings: dict[str, str]) -> bool:
    """A drug of the therapeutic or chemotherapy family, whatever it is given for."""
    category = category_of(admin)
    if category == "electrolyte":
        return not _hydrates(admin, settings)
    return category in DRUG_CATEGORIES


def premedicates_blood(admin: Facts, timing: Timing, doc: Facts) -> bool:
    """Premedication in a visit with blood, or on the day of a transfusion service (Z6)."""
    if admin.get("purpose") != "premedication":
        return False
    visit = admin.get("visit", 1)
    blood = any(
        a.get("category") == "blood" and a.get("visit", 1) == visit
        for a in doc["administrations"]
    )
    base = first_date(doc)
    day = day_of(timing.start, base)
    return blood or any(
        s["code"] == TRANSFUSION and str(s.get("date", base))[:10] == day
        for s in doc.get("services") or ()
    )


def hides_fluids(admin: Facts, timing: Timing, settings: dict[str, str]) -> Spans:
    """The minutes in which an administration keeps hydration of its visit from counting (H4)."""
    ran = sum(stop - start for start, stop in timing.spans)
    if not is_drug(admin, settings) or not ran:
        return ()
    route, technique = admin["route"], admin.get("technique")
    if route not in {"iv", "ia", "sc"} or technique not in {
        *("infusion", "pump", "push", "injection"),
    }:
        return ()
    long = ran > PUSH_LIMIT
    vein = route != "sc"
    pushed = vein and settings["push_over_15"] == "infusion"
    if long and (is_drip(admin) or pushed):
        return timing.spans
    return timing.spans if vein and settings["push_minutes_off_hydration"] == "yes" else ()
