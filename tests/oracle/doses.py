"""From administrations to doses: what is settled at once, mixed, or left to be coded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from .clock import Spans
from .forms import NO_CODE_ROUTES, TIMED, Form, form_of
from .scope import (
    CHEMO,
    FAMILY_ORDER,
    FLUID,
    OTHER_FAMILIES,
    THERAPEUTIC,
    Outcome,
    category_of,
    family_of,
    hides_fluids,
    stay_outcome,
)
from .shared import same_drugs, shared_facts
from .timing import Facts, Timing, is_drip, timings

__all__ = [
    "CHEMO",
    "FLUID",
    "NO_CODE_ROUTES",
    "OTHER_FAMILIES",
    "THERAPEUTIC",
    "Dose",
    "Encounter",
    "Outcome",
    "family_of",
    "gather",
]

SLOT_KINDS = {"infusion", "push", "fluid"}
NEEDLE = {"injection", "push"}
ONE_DOSE = {"push", "shot", "ia_push"}
SPLIT = {*ONE_DOSE, "unsupervised"}  # Y3, P6: what `dose_group` joins
DECLOT = "36593"  # the instillations for one clot, too


@dataclass(frozen=True, slots=True)
class Dose:
    """One infusate, injection or procedure to be coded; `kind` is that of its form."""

    id: str
    index: int
    drugs: frozenset[str]
    family: str
    kind: str
    code: str | None
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
    beside: set[str] = field(default_factory=set)

    @property
    def facility(self) -> bool:
        """The claim is an institutional one."""
        return bool(self.doc["claim"] == "facility")


def gather(doc: Facts, settings: dict[str, str]) -> Encounter:
    """Sort the document: every administration gets an outcome or becomes (part of) a dose."""
    doc = shared_facts(doc, settings)
    enc = Encounter(doc, settings)
    clock = timings(doc, settings)
    names = same_drugs(doc["administrations"])
    whole = stay_outcome(doc, settings)
    doses: list[Dose] = []
    for index, admin in enumerate(doc["administrations"]):
        timing = clock[admin["id"]]
        if hidden := hides_fluids(admin, timing, settings):
            enc.covers.setdefault(int(admin.get("visit", 1)), []).append(hidden)
        supervised = _by_first_part(doc, admin, clock)
        form = whole or form_of(supervised, timing, doc, settings)
        if not isinstance(form, Form):
            _settle(enc, admin["id"], form)
            continue
        if timing.stop_missing and form.kind in {*TIMED, *ONE_DOSE, "unsupervised"}:
            enc.asks.add(("stop", admin["id"]))
        doses.append(_dose(admin, index, names[admin["id"]], timing, form, settings))
    doses = _joined(enc, doses, "bag")
    doses = _joined(enc, doses, "dose_group")
    for dose in doses:
        _place(enc, dose)
    return enc


def _settle(enc: Encounter, id_: str, outcome: Outcome) -> None:
    kind, why = outcome
    enc.base[id_] = outcome
    if kind == "cannot_tell" and why.startswith("ask:"):
        enc.asks.add((why[4:], id_))


def _dose(
    admin: Facts, index: int, name: str, timing: Timing, form: Form, settings: dict[str, str]
) -> Dose:
    return Dose(
        id=admin["id"],
        index=index,
        drugs=frozenset({name}),
        family=family_of(admin, settings),
        kind=form.kind,
        code=form.code,
        hormonal=category_of(admin) == "hormonal_antineoplastic",
        visit=int(admin.get("visit", 1)),
        access=str(admin.get("access", "line-1")),
        timing=timing,
    )


def _place(enc: Encounter, dose: Dose) -> None:
    """Keep a dose that can be coded; settle one whose time is not known."""
    admin = enc.doc["administrations"][dose.index]
    timing = dose.timing
    if not is_drip(admin) or timing.minutes is not None or dose.kind not in TIMED:
        enc.doses.append(dose)
    elif timing.timeless:
        enc.asks.add(("start", dose.id))
        enc.base[dose.id] = ("withheld", "no time at all")
    else:
        enc.unstopped.append(dose)
        enc.base[dose.id] = ("withheld", "no stop time")


def _by_first_part(doc: Facts, admin: Facts, clock: dict[str, Timing]) -> Facts:
    """A part of a split injection as supervised as the first part, which the code is for."""
    if admin.get("dose_group") is None or admin.get("technique") not in NEEDLE:
        return admin
    name = [admin.get(key) for key in ("dose_group", "visit", "route")]
    parts = [
        (clock[a["id"]].start or 0, a["id"], a)
        for a in doc["administrations"]
        if a.get("technique") in NEEDLE
        and [a.get(key) for key in ("dose_group", "visit", "route")] == name
    ]
    return admin | {"supervision": min(parts)[2].get("supervision", "direct")}


def _joined(enc: Encounter, doses: list[Dose], key: str) -> list[Dose]:
    """Doses of one bag (or one split dose) become one; the others are merged into it."""
    groups: dict[tuple[Any, ...], list[Dose]] = {}
    for dose in doses:
        groups.setdefault(_group(enc, dose, key), []).append(dose)
    return [_one_of(enc, members, mix=key == "bag") for members in groups.values()]


def _group(enc: Encounter, dose: Dose, key: str) -> tuple[Any, ...]:
    admin = enc.doc["administrations"][dose.index]
    name = admin.get(key)
    one_clot = key == "dose_group" and dose.code == DECLOT
    if name is None or (key == "dose_group" and dose.kind not in SPLIT and not one_clot):
        return (dose.id,)
    if key == "bag" and dose.kind not in {*TIMED, "push", "ia_push", "shot", "pump", "once"}:
        return (dose.id,)
    return (name, dose.visit, admin["route"], key, one_clot)


def _one_of(enc: Encounter, members: list[Dose], *, mix: bool) -> Dose:
    first = (lambda d: d.index) if mix else (lambda d: (d.timing.start, d.id))
    head = min(members, key=lambda d: (FAMILY_ORDER.index(d.family), first(d)))
    for member in members:
        if member is not head:
            enc.base[member.id] = ("merged", head.id)
    if not mix or len(members) == 1:
        return head
    mates = [d for d in members if d.family != FLUID or head.family == FLUID]
    source = next((d for d in (head, *mates) if d.timing.minutes is not None), head)
    drugs = frozenset(name for d in mates for name in d.drugs)
    return replace(head, drugs=drugs, timing=source.timing, kind=source.kind)
