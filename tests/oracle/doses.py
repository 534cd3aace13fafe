"""From administrations to doses: what is out of scope, withheld, mixed, or left to be coded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from .clock import Spans
from .timing import Facts, Timing, is_drip, timings

PUSH_LIMIT = 15  # T1: 15 minutes or less is a push
CHEMO, THERAPEUTIC, FLUID = "chemo", "therapeutic", "fluid"
FAMILY_ORDER = (CHEMO, THERAPEUTIC, FLUID)
DRUG_CATEGORIES = {"therapeutic", "chemotherapy", "complex_biologic", "hormonal_antineoplastic"}
OTHER_FAMILIES = {"vaccine", "allergen", "blood", "contrast", "other"}
NO_CODE_ROUTES = {"po", "inhaled", "topical", "enteral"}
WITHHELD_PURPOSES = {"keep_open", "diluent", "flush", "procedural"}
UNLISTED_HCPCS = {"J3490", "J3590", "J9999", "C9399"}
LISTED_AS_THERAPEUTIC = {"J2357"}  # S84, S104

Outcome = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Dose:
    """One infusate or injection to be coded; `kind` is infusion, push, fluid or shot."""

    id: str
    index: int
    drugs: frozenset[str]
    family: str
    kind: str
    hormonal: bool
    visit: int
    access: str
    timing: Timing

    @property
    def minutes(self) -> int:
        """Known minutes, else 0."""
        return self.timing.minutes or 0

    @property
    def clock_key(self) -> tuple[int, str]:
        """Earlier start first, then the id."""
        return (self.timing.start, self.id)

    @property
    def seniority(self) -> tuple[int, int, str]:
        """Which of two runs began first; at equal starts the longer one."""
        return (self.timing.start, -self.minutes, self.id)


@dataclass(slots=True)
class Encounter:
    """The document, sorted: doses to code, outcomes settled, minutes that hide fluids."""

    doc: Facts
    settings: dict[str, str]
    doses: list[Dose] = field(default_factory=list)
    unstopped: list[Dose] = field(default_factory=list)
    base: dict[str, Outcome] = field(default_factory=dict)
    asks: set[tuple[str, str]] = field(default_factory=set)
    covers: dict[int, list[Spans]] = field(default_factory=dict)

    @property
    def facility(self) -> bool:
        """The claim is an institutional one."""
        return bool(self.doc["claim"] == "facility")


def family_of(admin: Facts, settings: dict[str, str]) -> str:
    """The code family of a drug or fluid under the plan's switches."""
    category = admin["category"]
    if category == "electrolyte":
        return FLUID if settings["therapeutic_electrolyte"] == "hydration" else THERAPEUTIC
    if category == "complex_biologic":
        return _complex_family(admin, settings["complex_biologic_family"])
    return {"hydration": FLUID, "therapeutic": THERAPEUTIC}.get(category, CHEMO)


def _complex_family(admin: Facts, reading: str) -> str:
    if reading != "by_table":
        return CHEMO if reading == "chemo" else THERAPEUTIC
    listed = str(admin.get("hcpcs")) in LISTED_AS_THERAPEUTIC
    return CHEMO if admin.get("intensity") and not listed else THERAPEUTIC


def settled(admin: Facts, doc: Facts, settings: dict[str, str]) -> Outcome | None:
    """The outcome of what never reaches a code of the slice, else None."""
    purpose = admin.get("purpose", "treatment")
    category = admin.get("category")
    if purpose == "declot":
        return ("unsupported", "declotting")
    if admin["route"] in NO_CODE_ROUTES:
        return ("withheld", "no code for this route in the family")
    if category in OTHER_FAMILIES:
        return ("withheld", "belongs to another family")
    if purpose in WITHHELD_PURPOSES:
        return ("withheld", f"purpose {purpose}")
    if category is None:
        return ("unsupported", "category left to the drug table")
    if _premedicates_blood(admin, doc) and settings["transfusion_premedication"] == "integral":
        return ("withheld", "premedication of a transfusion")
    return _by_technique(admin, purpose, settings) or _unsupervised(admin, doc, settings)


def _by_technique(admin: Facts, purpose: str, settings: dict[str, str]) -> Outcome | None:
    fluid = family_of(admin, settings) == FLUID
    route, technique = admin["route"], admin.get("technique")
    if purpose == "protective_hydration":
        if not fluid:
            return ("unsupported", "protective hydration with a drug")
        if settings["protective_hydration"] == "integral":
            return ("withheld", "protective hydration is integral")
    if route == "iv" and technique in {"infusion", "push", "injection"}:
        pushed = fluid and technique != "infusion"
        return ("withheld", "hydration has no push") if pushed else None
    if route in {"sc", "im"} and technique == "injection" and not fluid:
        return None
    return ("unsupported", f"{route} {technique}")


def _unsupervised(admin: Facts, doc: Facts, settings: dict[str, str]) -> Outcome | None:
    if doc["claim"] != "professional" or admin["route"] not in {"sc", "im"}:
        return None
    if admin.get("supervision", "direct") == "direct":
        return None
    if family_of(admin, settings) != THERAPEUTIC:
        return None
    if settings["unsupervised_injection"] == "none":
        return ("withheld", "no direct supervision")
    return ("unsupported", "unsupervised injection as an office visit")


def _premedicates_blood(admin: Facts, doc: Facts) -> bool:
    if admin.get("purpose") != "premedication":
        return False
    visit = admin.get("visit", 1)
    blood = any(
        a.get("category") == "blood" and a.get("visit", 1) == visit
        for a in doc["administrations"]
    )
    return blood or any(s["code"] == "36430" for s in doc.get("services") or ())


def same_drugs(admins: Iterable[Facts]) -> dict[str, str]:
    """Each administration id with the name that stands for its drug: same text or same HCPCS."""
    roots: dict[str, str] = {}

    def find(key: str) -> str:
        while roots.setdefault(key, key) != key:
            key = roots[key]
        return key

    names: dict[str, str] = {}
    for admin in admins:
        text = "drug:" + re.sub(r"\s+", "", str(admin["drug"])).lower()
        code = admin.get("hcpcs")
        if code and code not in UNLISTED_HCPCS:
            low, high = sorted((find(text), find(f"hcpcs:{code}")))
            roots[high] = low
        names[admin["id"]] = text
    return {id_: find(text) for id_, text in names.items()}


def gather(doc: Facts, settings: dict[str, str]) -> Encounter:
    """Sort the document: every administration gets an outcome or becomes (part of) a dose."""
    enc = Encounter(doc, settings)
    clock = timings(doc, settings)
    names = same_drugs(doc["administrations"])
    doses: list[Dose] = []
    for index, admin in enumerate(doc["administrations"]):
        timing = clock[admin["id"]]
        _note_cover(enc, admin, timing)
        outcome = settled(admin, doc, settings)
        if outcome is not None:
            enc.base[admin["id"]] = outcome
            continue
        if timing.stop_missing:
            enc.asks.add(("stop", admin["id"]))
        doses.append(_dose(admin, index, names[admin["id"]], timing, settings))
    doses = _joined(enc, doses, "bag")
    doses = _joined(enc, doses, "dose_group")
    for dose in doses:
        _place(enc, dose, clock)
    return enc


def _dose(admin: Facts, index: int, name: str, timing: Timing, settings: dict[str, str]) -> Dose:
    family = family_of(admin, settings)
    shot = admin["route"] in {"sc", "im"}
    return Dose(
        id=admin["id"],
        index=index,
        drugs=frozenset({name}),
        family=family,
        kind="shot" if shot else _iv_kind(admin, family, timing, settings),
        hormonal=admin["category"] == "hormonal_antineoplastic",
        visit=int(admin.get("visit", 1)),
        access=str(admin.get("access", "line-1")),
        timing=timing,
    )


def _iv_kind(admin: Facts, family: str, timing: Timing, settings: dict[str, str]) -> str:
    if family == FLUID:
        return "fluid"
    minutes = timing.minutes
    if is_drip(admin):
        if minutes is None:
            return "push" if settings["missing_stop"] == "push" else "infusion"
        return "push" if minutes <= PUSH_LIMIT else "infusion"
    long = minutes is not None and minutes > PUSH_LIMIT
    return "infusion" if long and settings["push_over_15"] == "infusion" else "push"


def _place(enc: Encounter, dose: Dose, clock: dict[str, Timing]) -> None:
    """Keep a dose that can be coded; settle one whose time is not known."""
    admin = enc.doc["administrations"][dose.index]
    timing = dose.timing
    if not is_drip(admin) or timing.minutes is not None:
        enc.doses.append(dose)
    elif timing.timeless:
        enc.asks.add(("start", dose.id))
        enc.base[dose.id] = ("withheld", "no time at all")
    elif dose.kind == "push":
        enc.doses.append(dose)
    else:
        enc.unstopped.append(dose)
        enc.base[dose.id] = ("withheld", "no stop time")


def _joined(enc: Encounter, doses: list[Dose], key: str) -> list[Dose]:
    """Doses of one bag (or one split dose) become one; the others are merged into it."""
    groups: dict[tuple[Any, ...], list[Dose]] = {}
    for dose in doses:
        groups.setdefault(_group(enc, dose, key), []).append(dose)
    return [_one_of(enc, members, mix=key == "bag") for members in groups.values()]


def _group(enc: Encounter, dose: Dose, key: str) -> tuple[Any, ...]:
    admin = enc.doc["administrations"][dose.index]
    name = admin.get(key)
    if name is None or (key == "dose_group" and dose.kind not in {"push", "shot"}):
        return (dose.id,)
    return (name, dose.visit, admin["route"] == "iv", key)


def _one_of(enc: Encounter, members: list[Dose], *, mix: bool) -> Dose:
    head = min(members, key=lambda d: (FAMILY_ORDER.index(d.family), d.index))
    for member in members:
        if member is not head:
            enc.base[member.id] = ("merged", head.id)
    if not mix or len(members) == 1:
        return head
    mates = [d for d in members if d.family != FLUID or head.family == FLUID]
    source = next((d for d in (head, *mates) if d.timing.minutes is not None), head)
    drugs = frozenset(name for d in mates for name in d.drugs)
    return replace(head, drugs=drugs, timing=source.timing, kind=source.kind)


def _note_cover(enc: Encounter, admin: Facts, timing: Timing) -> None:
    """Minutes of a drug infusion, on whatever access, hide hydration of the same visit (H4)."""
    ran = sum(stop - start for start, stop in timing.spans)
    if admin["route"] not in {"iv", "ia"} or admin.get("purpose") in WITHHELD_PURPOSES - {
        "procedural"
    }:
        return
    if not _is_drug(admin, enc.settings) or ran == 0:
        return
    long = ran > PUSH_LIMIT
    infusion = long and (is_drip(admin) or enc.settings["push_over_15"] == "infusion")
    if infusion or enc.settings["push_minutes_off_hydration"] == "yes":
        enc.covers.setdefault(int(admin.get("visit", 1)), []).append(timing.spans)


def _is_drug(admin: Facts, settings: dict[str, str]) -> bool:
    category = admin.get("category")
    if category == "electrolyte":
        return settings["therapeutic_electrolyte"] == "therapeutic"
    return category in DRUG_CATEGORIES
