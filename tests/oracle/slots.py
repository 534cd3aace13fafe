"""Who shares one initial service, which service holds it, and which modifier it then carries."""

from __future__ import annotations

from dataclasses import dataclass, field

from .clock import DAY
from .derive import Item, items, orphans, own_initial
from .doses import Dose, Encounter
from .services import Service, drug_services, fluid_services

OWN_REASONS = {"incompatible_drugs", "protocol", "condition"}
JOINING_REASONS = {"restarted", "convenience"}

Key = tuple[int, str, int]


@dataclass(slots=True)
class Slot:
    """One place for an initial service: a visit, an access, a day, as far as they matter."""

    visit: int
    access: str
    day: int
    services: list[Service] = field(default_factory=list)
    found: list[Item] = field(default_factory=list)
    modifier: str | None = None
    second: bool = False


def access_home(enc: Encounter, access: str) -> str:
    """The access whose slot this one uses: itself where its reason is lawful, else the first."""
    listed = {a["id"]: a for a in enc.doc.get("accesses") or ()}
    seen: set[str] = set()
    while access in listed and access not in seen:
        seen.add(access)
        entry = listed[access]
        if entry.get("replaces"):
            access = entry["replaces"]
        elif entry.get("reason") in OWN_REASONS:
            return access
        else:
            break
    return ""


def ask_for_reasons(enc: Encounter) -> None:
    """A second access in use whose record gives no reason and no predecessor is a question."""
    listed = {a["id"]: a for a in enc.doc.get("accesses") or ()}
    used = list(dict.fromkeys(d.access for d in _slotted(enc)))
    plain = [a for a in used if not (listed.get(a, {}).get("reason"))]
    plain = [a for a in plain if not listed.get(a, {}).get("replaces")]
    for access in plain[1:] if len(plain) > 1 else ():
        enc.asks.add(("second_access_reason", access))


def _slotted(enc: Encounter) -> list[Dose]:
    return [d for d in enc.doses if d.kind != "shot"]


def key_of(enc: Encounter, dose: Dose, visits: dict[int, int]) -> Key:
    """The slot of a dose under initial_scope, second_visit and midnight."""
    scope = enc.settings["initial_scope"]
    day = dose.timing.start // DAY
    if scope == "patient_date":
        return (0, "", day)
    home = access_home(enc, dose.access) if scope == "encounter_access" else ""
    return (visits[dose.visit], home, day if enc.settings["midnight"] == "reset" else 0)


def visit_heads(enc: Encounter) -> dict[int, int]:
    """Each visit with the one whose initial it shares (itself under new_initial)."""
    first: dict[int, int] = {}
    for dose in [*enc.doses, *enc.unstopped]:
        start = dose.timing.start // DAY
        first[dose.visit] = min(first.get(dose.visit, start), start)
    if enc.settings["second_visit"] == "new_initial":
        return {visit: visit for visit in first}
    return {visit: min(v for v in first if first[v] == first[visit]) for visit in first}


def slots_of(enc: Encounter) -> list[Slot]:
    """Every slot with its services, in the order in which initials are counted."""
    visits = visit_heads(enc)
    doses: dict[Key, list[Dose]] = {}
    lost: dict[Key, list[Dose]] = {}
    fluids: dict[Key, list[Service]] = {}
    for dose in enc.doses:
        if dose.kind in {"infusion", "push"}:
            doses.setdefault(key_of(enc, dose, visits), []).append(dose)
    for dose in enc.unstopped:
        lost.setdefault(key_of(enc, dose, visits), []).append(dose)
    for fluid in fluid_services(enc):
        fluids.setdefault(key_of(enc, fluid.head, visits), []).append(fluid)
    out = []
    for key in {**doses, **fluids}:
        services = drug_services(enc, doses.get(key, []), lost.get(key, []))
        out.append((key, Slot(key[0], key[1], key[2], services + fluids.get(key, []))))
    out.sort(key=lambda pair: (pair[0][0], pair[0][2], bool(pair[0][1]), _first(pair[1])))
    return [slot for _, slot in out]


def _first(slot: Slot) -> tuple[int, str]:
    return min(s.head.clock_key for s in slot.services)


def lawful_initials(enc: Encounter, slot: Slot) -> list[Service]:
    """The services that leave every other one a primary; all of them where none does."""
    good = [s for s in slot.services if not orphans(enc, items(enc, slot.services, s))]
    return good or slot.services


def declared(enc: Encounter) -> list[str]:
    """The key reasons of the encounter, as a list."""
    reason = enc.doc.get("primary_reason")
    if reason is None:
        return []
    return [reason] if isinstance(reason, str) else list(reason)


def named(enc: Encounter, services: list[Service]) -> Service | None:
    """The service among these that the record names as a key reason."""
    for reason in declared(enc):
        into = enc.base.get(reason, ("", ""))
        ids = {reason, into[1]} if into[0] == "merged" else {reason}
        for service in services:
            if ids & service.members:
                return service
    return None


def choose(enc: Encounter, slot: Slot) -> Service:
    """The service that holds the slot."""
    pool = lawful_initials(enc, slot)
    if enc.facility:
        return _by_rank(enc, pool)
    return named(enc, pool) or _by_rank(enc, pool)


def open_initials(enc: Encounter, slot: Slot) -> list[Service]:
    """The services among which the record does not decide; empty where it does."""
    if enc.facility or enc.settings["no_primary_reason"] == "facility_rank":
        return []
    pool = lawful_initials(enc, slot)
    return pool if len(pool) > 1 and named(enc, pool) is None else []


def _by_rank(enc: Encounter, services: list[Service]) -> Service:
    top = min(s.rank for s in services)
    level = [s for s in services if s.rank == top]
    reading = enc.settings["tie_break"]
    if reading == "declared":
        chosen = named(enc, level)
        if chosen is not None:
            return chosen
    if reading == "first":
        return min(level, key=lambda s: s.head.clock_key)
    weight = {id(s): _drug_minutes(s, level) for s in level}
    return min(level, key=lambda s: (-weight[id(s)], s.head.clock_key))


def _drug_minutes(service: Service, level: list[Service]) -> int:
    return sum(s.drug_minutes for s in level if s.head.drugs == service.head.drugs)


def fill(enc: Encounter, slot: Slot) -> None:
    """Give the slot its items; add-ons without a primary go by the plan's switch."""
    found = items(enc, slot.services, choose(enc, slot))
    while bad := orphans(enc, found):
        worst = bad[0]
        if enc.settings["addon_beside_nonlisted_primary"] == "initial_59":
            found[found.index(worst)] = own_initial(worst)
        else:
            found.remove(worst)
            enc.base[worst.dose.id] = ("withheld", "no lawful primary")
    slot.found = found


def mark(enc: Encounter, slots: list[Slot], day: dict[str, str]) -> None:
    """Set the modifier of each slot's initial: a second access, or a return visit (S78, S79)."""
    held: list[tuple[Slot, str]] = []
    for slot in slots:
        lead = next((item for item in slot.found if item.initial), None)
        if lead is None:
            continue
        today = day[lead.dose.id]
        if slot.access and any((o.visit, o.day) == (slot.visit, slot.day) for o, _ in held):
            slot.modifier, slot.second = enc.settings["second_access_modifier"], True
        elif any(other.visit < slot.visit and date == today for other, date in held):
            slot.modifier = enc.settings["return_visit_modifier"]
        held.append((slot, today))
