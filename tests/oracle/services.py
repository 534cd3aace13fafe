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
    pieces: tuple[Spans, ...] = ()  # counted minutes of hydration, for each of its runs
    drug_minutes: int = 0
    members: frozenset[str] = frozenset()  # the administrations that it stands for
    short: tuple[Dose, ...] = ()  # short repeats that are coded as pushes, yet ran

    @property
    def minutes(self) -> int:
        """Minutes that are counted before hours are taken."""
        if self.kind == "fluid":
            return sum(measure(spans) for spans in self.pieces)
        return sum(d.minutes for d in self.runs)

    @property
    def spans(self) -> Spans:
        """The clock minutes of every run of the drug, repeats included."""
        return merge(s for d in (*self.runs, *self.apart) for s in d.timing.spans)

    @property
    def apart(self) -> tuple[Dose, ...]:
        """The runs that are not summed with the head."""
        return (*self.repeats, *self.short)

    @property
    def seniority(self) -> tuple[int, int, str]:
        """Which of two services began first: that of the first run."""
        return self.head.seniority

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
    for dose in sorted(doses, key=lambda d: d.seniority):
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
    head, later, short = infusions[0], infusions[1:], []
    reading = enc.settings["same_drug_repeat"]
    total = sum(d.minutes for d in infusions)
    if reading == "each":
        again = _walk(enc, [], infusions, pushes, lost)
        return Service(head, "infusion", (head,), tuple(later), again, (), total, ids)
    if reading == "push_same_drug" and enc.facility:
        short = [d for d in later if d.minutes <= SHORT_REPEAT]
        later = [d for d in later if d not in short]
        pushes = sorted(pushes + short, key=lambda d: d.seniority)
    runs = (head, *later)
    for dose in later:
        enc.base[dose.id] = ("merged", head.id)
    again = _walk(enc, [], list(runs), pushes, lost)
    return Service(head, "infusion", runs, (), again, (), total, ids, tuple(short))


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
    after = [d for d in infusions if d.timing.start >= start]
    before = [d for d in infusions if d not in after]
    before += [d for d in lost if d.seniority < push.seniority]
    if after:
        drip = min(after, key=lambda d: d.seniority)
        gap = drip.timing.start - end
        billed_apart = enc.settings["bolus_then_drip"] == "separate" and gap <= FOLD_WITHIN
        if not _far(enc, gap) and not billed_apart:
            return ("merged", drip.id)
    if any(not _far(enc, start - d.timing.end) for d in before):
        return ("withheld", "too near an earlier infusion of the drug")
    if any(not _far(enc, start - d.timing.end) for d in reported):
        return ("withheld", "too near an earlier push of the drug")
    return None


def _far(enc: Encounter, gap: int) -> bool:
    return gap > GAP or (gap == GAP and enc.settings["same_drug_gap"] == "at_least_30")


def net_fluids(enc: Encounter) -> dict[str, Spans]:
    """The minutes of each fluid under no drug infusion and no fluid that began before it."""
    floor, each = int(enc.settings["hydration_minimum"]), enc.settings["hydration_segments"]
    taken: dict[int, list[Spans]] = {}
    out = {}
    for dose in sorted((d for d in enc.doses if d.kind == FLUID), key=lambda d: d.seniority):
        hidden = [*enc.covers.get(dose.visit, []), *taken.get(dose.visit, [])]
        off = [s for spans in hidden for s in spans]
        taken.setdefault(dose.visit, []).append(dose.timing.spans)
        runs = [subtract([span], off) for span in dose.timing.spans]
        out[dose.id] = merge(
            s for net in runs if each == "sum" or measure(net) >= floor for s in net
        )
    return out


def hydration_service(enc: Encounter, fluids: list[Dose], net: dict[str, Spans]) -> list[Service]:
    """The fluids of one slot as one service, where together they reach the floor."""
    giving = [d for d in sorted(fluids, key=lambda d: d.seniority) if net[d.id]]
    total = sum(measure(net[d.id]) for d in giving)
    enough = bool(giving) and total >= int(enc.settings["hydration_minimum"])
    for dose in fluids:
        if not enough or dose not in giving:
            enc.base[dose.id] = ("withheld", "hydration below the minimum")
        elif dose is not giving[0]:
            enc.base[dose.id] = ("merged", giving[0].id)
    if not enough:
        return []
    ids = frozenset(d.id for d in fluids)
    pieces = tuple(net[d.id] for d in giving)
    return [Service(giving[0], "fluid", tuple(giving), (), (), pieces, total, ids)]
