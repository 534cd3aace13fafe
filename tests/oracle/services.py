"""Doses of one slot gathered into services: a drug's runs summed, its repeats, its pushes."""

from __future__ import annotations

from dataclasses import dataclass

from .clock import Spans, measure, merge, subtract
from .doses import CHEMO, FLUID, Dose, Encounter

SHORT_REPEAT = 30  # push_same_drug: repeats of 30 minutes or less
FOLD_WITHIN = 15  # bolus_then_drip: a drip that begins within 15 minutes of the push's end
GAP = 30  # P2


@dataclass(frozen=True, slots=True)
class Service:
    """What can hold the initial slot: a drug's infusions, its first push, or one fluid."""

    head: Dose
    kind: str  # infusion | push | fluid
    runs: tuple[Dose, ...]  # the summed runs, the head first
    repeats: tuple[Dose, ...]  # infusions that are counted each for itself
    again: tuple[Dose, ...]  # later pushes of the drug that earn the same-drug push code
    pieces: Spans = ()  # counted minutes of a fluid
    drug_minutes: int = 0
    members: frozenset[str] = frozenset()  # the administrations that it stands for

    @property
    def minutes(self) -> int:
        """Minutes that are counted before hours are taken."""
        return measure(self.pieces) if self.kind == "fluid" else sum(d.minutes for d in self.runs)

    @property
    def spans(self) -> Spans:
        """The clock minutes of every run of the service, repeats included."""
        return merge(s for d in (*self.runs, *self.repeats) for s in d.timing.spans)

    @property
    def seniority(self) -> tuple[int, int, str]:
        """Which of two services began first; at equal starts the longer one."""
        return (self.head.timing.start, -self.minutes, self.head.id)

    @property
    def rank(self) -> int:
        """Facility rank (I4): chemo over therapeutic over fluid, infusion over push."""
        if self.kind == "fluid":
            return 4
        return (0 if self.head.family == CHEMO else 2) + (self.kind == "push")


def drug_services(enc: Encounter, doses: list[Dose], lost: list[Dose]) -> list[Service]:
    """One service for each drug of the slot; chemotherapy by technique as well (S9).

    `lost` are infusions of the slot that are withheld for want of a stop time.
    """
    chains: dict[tuple[frozenset[str], str, str], list[Dose]] = {}
    for dose in sorted(doses, key=lambda d: d.clock_key):
        technique = dose.kind if dose.family == CHEMO else ""
        chains.setdefault((dose.drugs, dose.family, technique), []).append(dose)
    return [
        _chain(enc, chain, [d for d in lost if d.drugs == drugs and d.timing.spans])
        for (drugs, _, _), chain in chains.items()
    ]


def _chain(enc: Encounter, chain: list[Dose], lost: list[Dose]) -> Service:
    infusions = [d for d in chain if d.kind == "infusion"]
    pushes = [d for d in chain if d.kind == "push"]
    ids = frozenset(d.id for d in chain)
    if not infusions:
        again = _walk(enc, [pushes[0]], [], pushes[1:], lost)
        minutes = sum(d.minutes for d in pushes)
        return Service(pushes[0], "push", (pushes[0],), (), again, (), minutes, ids)
    head, later = infusions[0], infusions[1:]
    reading = enc.settings["same_drug_repeat"]
    total = sum(d.minutes for d in infusions)
    if reading == "each":
        again = _walk(enc, [], infusions, pushes, lost)
        return Service(head, "infusion", (head,), tuple(later), again, (), total, ids)
    if reading == "push_same_drug" and enc.facility:
        short = [d for d in later if d.minutes <= SHORT_REPEAT]
        later = [d for d in later if d not in short]
        pushes = sorted(pushes + short, key=lambda d: d.clock_key)
    runs = (head, *later)
    for dose in later:
        enc.base[dose.id] = ("merged", head.id)
    again = _walk(enc, [], list(runs), pushes, lost)
    return Service(head, "infusion", runs, (), again, (), total, ids)


def _walk(
    enc: Encounter,
    first: list[Dose],
    infusions: list[Dose],
    pushes: list[Dose],
    lost: list[Dose],
) -> tuple[Dose, ...]:
    """The same-drug pushes that are reported, walked in clock order (P2); others are settled."""
    reported = list(first)
    for push in pushes:
        outcome = _repeat_outcome(enc, push, reported, infusions, lost)
        if outcome is None:
            reported.append(push)
        else:
            enc.base[push.id] = outcome
    return tuple(d for d in reported if d not in first)


def _repeat_outcome(
    enc: Encounter, push: Dose, reported: list[Dose], infusions: list[Dose], lost: list[Dose]
) -> tuple[str, str] | None:
    if not enc.facility:
        return ("withheld", "same-drug push on a professional claim")
    start, end = push.timing.start, push.timing.end
    after = [d for d in infusions if d.timing.start >= end]
    before = [*reported, *(d for d in infusions if d not in after)]
    before += [d for d in lost if d.timing.start < end]
    if any(not _far(enc, start - d.timing.end) for d in before):
        return ("withheld", "too near an earlier dose of the drug")
    if after:
        drip = min(after, key=lambda d: d.clock_key)
        gap = drip.timing.start - end
        billed_apart = enc.settings["bolus_then_drip"] == "separate" and gap <= FOLD_WITHIN
        if not _far(enc, gap) and not billed_apart:
            return ("merged", drip.id)
    return None


def _far(enc: Encounter, gap: int) -> bool:
    return gap > GAP or (gap == GAP and enc.settings["same_drug_gap"] == "at_least_30")


def fluid_services(enc: Encounter) -> list[Service]:
    """Every fluid that reaches the floor; the others are withheld."""
    floor = int(enc.settings["hydration_minimum"])
    each = enc.settings["hydration_segments"] == "each_31"
    found = []
    for dose, net in _net_fluids(enc):
        pieces = tuple(p for p in net if p[1] - p[0] >= floor) if each else net
        if measure(pieces) < floor:
            enc.base[dose.id] = ("withheld", "hydration below the minimum")
        else:
            found.append(_fluid(dose, pieces))
    return found


def _fluid(dose: Dose, pieces: Spans) -> Service:
    ids = frozenset({dose.id})
    return Service(dose, "fluid", (dose,), (), (), pieces, measure(pieces), ids)


def _net_fluids(enc: Encounter) -> list[tuple[Dose, Spans]]:
    """Each fluid with its minutes under no drug infusion and no fluid that began before it."""
    taken: dict[int, list[Spans]] = {}
    out = []
    for dose in sorted((d for d in enc.doses if d.kind == FLUID), key=lambda d: d.seniority):
        hidden = [*enc.covers.get(dose.visit, []), *taken.get(dose.visit, [])]
        net = subtract(dose.timing.spans, [s for spans in hidden for s in spans])
        taken.setdefault(dose.visit, []).append(dose.timing.spans)
        out.append((dose, net))
    return out
