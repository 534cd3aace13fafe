"""From route and technique to a form of delivery (decision 0012), and its code where it is fixed.

A form whose code hangs on minutes, on other doses or on the slot has no code here.
"""

from __future__ import annotations

from dataclasses import dataclass

from .scope import (
    CHEMO,
    FLUID,
    OTHER_FAMILIES,
    OWN_PROCEDURES,
    OWN_TECHNIQUES,
    PUSH_LIMIT,
    THERAPEUTIC,
    WITHHELD_PURPOSES,
    Outcome,
    barred,
    category_of,
    family_of,
    is_rsv,
    premedicates_blood,
)
from .timing import Facts, Timing, is_drip

NO_CODE_ROUTES = {
    *("io", "intradermal", "intraarticular"),
    *("po", "inhaled", "topical", "enteral"),
}
NEEDLE = {"push", "injection"}
PROLONGED = 480  # T13: more than eight hours
TIMED = {"infusion", "fluid", "ia_run", "sc_run"}


@dataclass(frozen=True, slots=True)
class Form:
    """How something was given; `code` where nothing more is needed to name it."""

    kind: str
    code: str | None = None


def asked(fact: str) -> Outcome:
    """Cannot tell, for want of a fact that the record leaves out."""
    return ("cannot_tell", f"ask:{fact}")


def form_of(admin: Facts, timing: Timing, doc: Facts, settings: dict[str, str]) -> Form | Outcome:
    """The form of a delivery, or the outcome of one that has none."""
    purpose = admin.get("purpose", "treatment")
    own = admin["route"] in OWN_PROCEDURES and admin.get("technique") in OWN_TECHNIQUES
    if barred(doc) and not own:
        return ("withheld", "not for a professional in a facility")
    if admin["route"] in NO_CODE_ROUTES:
        return ("withheld", "no code for this route in the family")
    if admin.get("technique") == "device_flush" and admin["route"] == "iv":
        return Form("device_flush", "96523")
    if purpose == "declot":
        return Form("each", "36593")
    set_aside = purpose in WITHHELD_PURPOSES or _premedication(admin, timing, doc, settings)
    if is_rsv(admin, timing, doc) and not set_aside:
        return Form("each", "96380" if admin.get("counseling") else "96381")
    if admin.get("technique") == "refill" and not set_aside:
        return _refill(admin, settings)
    return _excluded(admin, timing, doc, settings) or _delivery(admin, timing, doc, settings)


def _excluded(
    admin: Facts, timing: Timing, doc: Facts, settings: dict[str, str]
) -> Outcome | None:
    purpose = admin.get("purpose", "treatment")
    if category_of(admin) in OTHER_FAMILIES:
        return ("withheld", "belongs to another family")
    if purpose in WITHHELD_PURPOSES:
        return ("withheld", f"purpose {purpose}")
    if _premedication(admin, timing, doc, settings):
        return ("withheld", "premedication of a transfusion")
    if category_of(admin) in {None, "other"}:
        return asked("category")
    protective = purpose == "protective_hydration" and family_of(admin, settings) == FLUID
    if protective and settings["protective_hydration"] == "integral":
        return ("withheld", "protective hydration is integral")
    return None


def _premedication(
    admin: Facts, timing: Timing, doc: Facts, settings: dict[str, str]
) -> bool:
    """Premedication that the plan counts as part of a transfusion."""
    integral = settings["transfusion_premedication"] == "integral"
    return integral and premedicates_blood(admin, timing, doc)


def _delivery(
    admin: Facts, timing: Timing, doc: Facts, settings: dict[str, str]
) -> Form | Outcome:
    route, technique = admin["route"], str(admin.get("technique"))
    if route in {"iv", "ia"}:
        return _vessel(admin, timing, doc, settings)
    if route in {"sc", "im"}:
        return _skin_or_muscle(admin, timing, doc, settings)
    if route in OWN_PROCEDURES and technique in {"infusion", *NEEDLE}:
        return _cavity(admin, settings)
    return asked("technique")


def _vessel(admin: Facts, timing: Timing, doc: Facts, settings: dict[str, str]) -> Form | Outcome:
    technique, family = admin.get("technique"), family_of(admin, settings)
    if technique not in {"infusion", "pump", *NEEDLE}:
        return asked("technique")
    if admin["route"] == "ia" and family == FLUID:
        return ("cannot_tell", "fluid through an artery")
    if technique == "pump":
        prolonged = _prolonged(admin, timing, settings)
        if isinstance(prolonged, tuple):
            return prolonged
        if prolonged and family == FLUID:
            return ("cannot_tell", "no code for prolonged hydration by pump")
        if prolonged:
            return Form("pump", _pump_code(admin, family, doc, settings))
    if family == FLUID:
        pushed = technique in NEEDLE
        return ("withheld", "hydration has no push") if pushed else Form("fluid")
    long = _runs(admin, timing, settings)
    if admin["route"] == "iv":
        return Form("infusion" if long else "push")
    return Form("ia_run") if long else Form("ia_push", "96420" if family == CHEMO else "96373")


def _runs(admin: Facts, timing: Timing, settings: dict[str, str]) -> bool:
    """By its minutes it is an infusion; a run without a stop goes by `missing_stop`."""
    minutes = timing.minutes
    if is_drip(admin):
        if minutes is None:
            return settings["missing_stop"] != "push" or timing.timeless
        return minutes > PUSH_LIMIT
    long = minutes is not None and minutes > PUSH_LIMIT
    return long and settings["push_over_15"] == "infusion"


def _prolonged(admin: Facts, timing: Timing, settings: dict[str, str]) -> bool | Outcome:
    """Whether a pump makes the infusion a prolonged one, or what has to be asked (T13)."""
    pump = admin.get("pump") or {}
    kind = pump.get("kind")
    minutes = pump.get("planned_minutes") or timing.minutes
    if kind == "stationary" or (kind == "elastomeric" and not _portable(kind, settings)):
        return False
    if minutes is not None and minutes <= PROLONGED:
        return False
    if kind is None:
        return asked("pump_kind")
    return asked("pump_minutes") if minutes is None else True


def _portable(kind: str | None, settings: dict[str, str]) -> bool:
    elastomeric = kind == "elastomeric" and settings["elastomeric_pump"] == "portable"
    return kind == "portable" or elastomeric


def _pump_code(admin: Facts, family: str, doc: Facts, settings: dict[str, str]) -> str:
    if family == CHEMO:
        return "96425" if admin["route"] == "ia" else settings["prolonged_pump_code"]
    return "C8957" if doc["claim"] == "facility" and admin["route"] == "iv" else "96379"


def _refill(admin: Facts, settings: dict[str, str]) -> Form | Outcome:
    if admin["route"] == "intrathecal":
        return ("withheld", "spinal pumps have their own codes")
    if admin["route"] not in {"iv", "ia", "sc"}:
        return asked("technique")
    kind = (admin.get("pump") or {}).get("kind")
    if kind is None:
        return asked("pump_kind")
    if kind == "implantable":
        return Form("refill", "96522")
    return Form("refill", "96521") if _portable(kind, settings) else ("cannot_tell", "pump")


def _skin_or_muscle(
    admin: Facts, timing: Timing, doc: Facts, settings: dict[str, str]
) -> Form | Outcome:
    technique, family = admin.get("technique"), family_of(admin, settings)
    under_skin = admin["route"] == "sc"
    known = NEEDLE | ({"infusion", "pump", "on_body"} if under_skin else set())
    if technique not in known:
        return asked("technique")
    if family == FLUID:
        return ("cannot_tell", "fluid outside a vein")
    if technique == "on_body":
        tells = family == THERAPEUTIC
        return Form("each", "96377") if tells else ("cannot_tell", "chemotherapy on the body")
    if technique not in NEEDLE and _runs(admin, timing, settings):
        return Form("sc_run")
    return _shot(admin, family, doc, settings)


def _shot(admin: Facts, family: str, doc: Facts, settings: dict[str, str]) -> Form | Outcome:
    alone = admin.get("supervision", "direct") != "direct"
    if doc["claim"] != "professional" or family != THERAPEUTIC or not alone:
        return Form("shot")
    if settings["unsupervised_injection"] == "none":
        return ("withheld", "no direct supervision")
    return Form("unsupervised", "99211")


def _cavity(admin: Facts, settings: dict[str, str]) -> Form | Outcome:
    """The physician's own procedures with chemotherapy; others belong elsewhere (K3, K8, Z8)."""
    if family_of(admin, settings) != CHEMO:
        return ("withheld", "belongs to another family")
    route, via = admin["route"], admin.get("via")
    if route == "intralesional":
        return Form("lesion")
    if route == "intrapleural":
        return Form("once", "96440")
    codes = {"port": "96446", "catheter": "96446", "puncture": "96549"}
    if route == "intrathecal":
        codes = {"puncture": "96450", "reservoir": "96542"}
        if via in {"port", "catheter"}:
            return ("cannot_tell", "no spinal code for this way")
    return Form("once", codes[via]) if via in codes else asked("via")
