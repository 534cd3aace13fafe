"""Who shares one initial service, which service holds it, and which modifier it then carries."""

from __future__ import annotations

from dataclasses import dataclass, field

from .clock import DAY
from .derive import Item, items, orphans, own_initial
from .doses import SLOT_KINDS, Dose, Encounter
from .services import Service, drug_services, hydration_service, net_fluids

OWN_REASONS = {"incompatible_drugs", "protocol", "condition"}
JOINING_REASONS = {"restarted", "convenience"}

Key = tuple[int, str, int]


@dataclass(slots=True)
class Slot:
    """One place for an initial service: a visit, an access, a day, as far as they matter."""

    visit: int
    access: str  # empty for the accesses that share the visit's slot
    day: int
    line_access: str
    services: list[Service] = field(default_factory=list)
    found: list[Item] = field(default_factory=list)
    modifiers: tuple[str, ...] = ()
    """On its initial service."""
    second: tuple[str, ...] = ()
    """On the hours and the fluid of a second access."""


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
    return [d for d in enc.doses if d.kind in SLOT_KINDS]


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
    for dose in _slotted(enc):
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
    fluids: dict[Key, list[Dose]] = {}
    shared: dict[int, set[str]] = {}
    for dose in _slotted(enc):
        visit, home, _ = key_of(enc, dose, visits)
        if not home:
            shared.setdefault(visit, set()).add(dose.access)
    for dose in enc.doses:
        if dose.kind in {"infusion", "push"}:
            doses.setdefault(key_of(enc, dose, visits), []).append(dose)
        elif dose.kind == "fluid":
            fluids.setdefault(key_of(enc, dose, visits), []).append(dose)
    for dose in enc.unstopped:
        if dose.visit in visits and dose.kind == "infusion":
            lost.setdefault(key_of(enc, dose, visits), []).append(dose)
    net = net_fluids(enc)
    out = []
    for key in {**doses, **fluids}:
        services = drug_services(enc, doses.get(key, []), lost.get(key, []))
        services += hydration_service(enc, fluids.get(key, []), net)
        if services:
            access = key[1] or min(shared[key[0]])
            out.append(Slot(key[0], key[1], key[2], access, services))
    return sorted(out, key=lambda s: (s.visit, s.day, bool(s.access), s.access))


def lawful_initials(enc: Encounter, slot: Slot) -> list[Service]:
    """The services that leave every other one a primary; all of them where none does."""
    pool = [s for s in slot.services if not _also_infused(s, slot.services)]
    return [s for s in pool if not orphans(enc, _earning(enc, slot, s))] or pool


def _also_infused(service: Service, others: list[Service]) -> bool:
    """A drug that is infused too stands with its infusion: candidates are drugs (I3, K12)."""
    return service.kind == "push" and any(
        other.kind == "infusion" and _drug(other) == _drug(service) for other in others
    )


def _drug(service: Service) -> tuple[frozenset[str], str]:
    return (service.head.drugs, service.head.family)


def _earning(enc: Encounter, slot: Slot, initial: Service) -> list[Item]:
    """What the slot reports under an initial, without repeats of a concurrent drug (S47)."""
    found = items(enc, slot.services, initial)
    aside = {i.dose.id for i in found if i.concurrent}
    lost = {d.id for s in slot.services if s.head.id in aside for d in s.repeats}
    return [item for item in found if item.dose.id not in lost]


def declared(enc: Encounter) -> list[str]:
    """The key reasons of the encounter, as a list."""
    reason = enc.doc.get("primary_reason")
    if reason is None:
        return []
    return [reason] if isinstance(reason, str) else list(reason)


def named(enc: Encounter, services: list[Service], every: list[Service]) -> list[Service]:
    """The services among these whose drug the record names as a key reason."""
    ids: set[str] = set()
    for reason in declared(enc):
        into = enc.base.get(reason, ("", ""))
        ids |= {reason, into[1]} if into[0] == "merged" else {reason}
    drugs = {_drug(service) for service in every if ids & service.members}
    return [service for service in services if _drug(service) in drugs]


def choose(enc: Encounter, slot: Slot) -> Service:
    """The service that holds the slot."""
    pool = lawful_initials(enc, slot)
    if enc.facility:
        return _by_rank(enc, pool, slot)
    return _by_rank(enc, named(enc, pool, slot.services) or pool, slot)


def open_initials(enc: Encounter, slot: Slot) -> list[Service]:
    """The services among which the record does not decide; empty where it does."""
    if enc.facility or enc.settings["no_primary_reason"] == "facility_rank":
        return []
    pool = lawful_initials(enc, slot)
    return pool if len(pool) > 1 and not named(enc, pool, slot.services) else []


def _by_rank(enc: Encounter, services: list[Service], slot: Slot) -> Service:
    top = min(s.rank for s in services)
    level = [s for s in services if s.rank == top]
    reading = enc.settings["tie_break"]
    if reading == "declared":
        level = named(enc, level, slot.services) or level
    if reading == "first":
        return min(level, key=lambda s: s.head.seniority)
    weight = {id(s): _drug_minutes(s, level) for s in level}
    return min(level, key=lambda s: (-weight[id(s)], s.head.clock_key))


def _drug_minutes(service: Service, level: list[Service]) -> int:
    return sum(s.drug_minutes for s in level if s.head.drugs == service.head.drugs)


def fill(enc: Encounter, slot: Slot) -> None:
    """Give the slot its items; add-ons without a primary go by the plan's switch."""
    found = items(enc, slot.services, choose(enc, slot))
    while True:
        idle = _idle(slot, found)
        bad = orphans(enc, [item for item in found if item.dose.id not in idle])
        if not bad:
            break
        worst = bad[0]
        if enc.settings["addon_beside_nonlisted_primary"] == "initial_59":
            found[found.index(worst)] = own_initial(worst)
        else:
            found.remove(worst)
            enc.base[worst.dose.id] = ("withheld", "no lawful primary")
    enc.base |= {id_: ("merged", head) for id_, head in idle.items()}
    slot.found = [item for item in found if item.dose.id not in idle]


def _idle(slot: Slot, found: list[Item]) -> dict[str, str]:
    """Repeats whose drug is concurrent or withheld, with its head: they earn nothing (S47)."""
    timed = {item.dose.id for item in found if not item.concurrent}
    there = {item.dose.id for item in found}
    return {
        dose.id: service.head.id
        for service in slot.services
        for dose in service.repeats
        if dose.id in there and service.head.id not in timed
    }


def mark(enc: Encounter, slots: list[Slot], day: dict[str, str]) -> None:
    """Set the modifiers of each slot: of a second access, and of a return visit (S78, S79).

    59 and a more fitting modifier never meet on one line (S97, Y4).
    """
    held: list[tuple[Slot, str]] = []
    for slot in slots:
        lead = next((item for item in slot.found if item.initial), None)
        if lead is None:
            continue
        today = day[lead.dose.id]
        if slot.access and any((o.visit, o.day) == (slot.visit, slot.day) for o, _ in held):
            slot.second = (enc.settings["second_access_modifier"],)
        marks = set(slot.second)
        if any(other.visit < slot.visit and date == today for other, date in held):
            marks.add(enc.settings["return_visit_modifier"])
        slot.modifiers = tuple(sorted(marks - {"59"} or marks))
        held.append((slot, today))
