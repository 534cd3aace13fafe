"""The code items of one slot under one initial service, and whether each add-on has a primary."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .clock import Span, Spans, measure, merge, overlap, subtract
from .doses import CHEMO, Dose, Encounter
from .services import Service

SHORTEST = 16  # T1, T11: below this a run is no infusion
INITIAL = {
    (CHEMO, "infusion"): "96413",
    (CHEMO, "push"): "96409",
    ("therapeutic", "infusion"): "96365",
    ("therapeutic", "push"): "96374",
    ("fluid", "fluid"): "96360",
}
SECONDARY = {
    (CHEMO, "infusion"): "96417",
    (CHEMO, "push"): "96411",
    ("therapeutic", "infusion"): "96367",
    ("therapeutic", "push"): "96375",
}
HOURS = {CHEMO: "96415", "therapeutic": "96366", "fluid": "96361"}
CONCURRENT, UNLISTED, SAME_DRUG = "96368", "96549", "96376"

PRIMARIES = {  # A1-A10; the hydration base counts for practitioners only where marked below
    "96361": {"96360", "96365", "96374", "96409", "96413"},
    "96366": {"96365", "96367", "96413"},
    "96367": {"96365", "96374", "96409", "96413"},
    "96368": {"96365", "96366", "96413", "96415", "96416", "C8957"},
    "96375": {"96365", "96374", "96409", "96413"},
    "96376": {"96365", "96374", "96409", "96413"},
    "96411": {"96409", "96413"},
    "96415": {"96413"},
    "96417": {"96413"},
}
PRACTITIONER_ON_HYDRATION = {"96366", "96367", "96368", "96375"}

Part = tuple[int, int, Spans]  # visit and start of a run, and its counted minutes


def further(minutes: int) -> int:
    """Units past the first hour (T3)."""
    return max(0, (minutes - 31) // 60)


@dataclass(frozen=True, slots=True)
class Item:
    """One dose's code: a base unit where `code` is set, and units of `hours` by time."""

    dose: Dose
    code: str | None
    hours: str | None = None
    parts: tuple[Part, ...] = ()
    floor: int = 0  # with no base code: the minutes that the first unit needs
    initial: bool = False
    concurrent: bool = False
    modifiers: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        """Minutes that the units are counted from."""
        return sum(measure(part[-1]) for part in self.parts)

    @property
    def opening(self) -> int:
        """The unit of `hours` that stands for the delivery itself, without a base code (T4)."""
        return int(self.code is None and self.minutes >= self.floor)

    @property
    def units(self) -> int:
        """Units of `hours` (T3, T4)."""
        return self.opening + further(self.minutes)

    @property
    def base_code(self) -> str:
        """The code that the dose's own delivery stands on."""
        return self.code or self.hours or ""

    @property
    def codes(self) -> set[str]:
        """Every code that the item puts on the claim."""
        out = {self.code} if self.code else set()
        if self.hours and self.units:
            out.add(self.hours)
        return out


def items(enc: Encounter, services: list[Service], initial: Service) -> list[Item]:
    """Everything that the slot reports when `initial` holds it."""
    out: list[Item] = []
    for service in sorted(services, key=lambda s: s.seniority):
        first = service is initial
        if service.kind == "fluid":
            out.append(_fluid(enc, service, first))
        elif service.kind == "push":
            table = INITIAL if first else SECONDARY
            out.append(Item(service.head, table[service.head.family, "push"], initial=first))
        else:
            out += _infusion(enc, service, services, initial)
        out += [Item(dose, SAME_DRUG) for dose in service.again]
    return out


def _fluid(enc: Encounter, service: Service, first: bool) -> Item:
    code = INITIAL["fluid", "fluid"] if first else None
    pairs = zip(service.runs, service.pieces, strict=True)
    parts = tuple((d.visit, d.timing.start, spans) for d, spans in pairs)
    floor = int(enc.settings["hydration_minimum"])
    return Item(service.head, code, HOURS["fluid"], parts, floor, initial=first)


def _infusion(
    enc: Encounter, service: Service, services: list[Service], initial: Service
) -> list[Item]:
    family = service.head.family
    runs = [_part(d) for d in service.runs]
    if service is initial:
        lead = Item(
            service.head, INITIAL[family, "infusion"], HOURS[family], tuple(runs), initial=True
        )
        return [lead, *(_repeat(d) for d in service.repeats)]
    others = [s for s in services if s.kind == "infusion" and s is not service]
    lead = _secondary(enc, service.head, runs, _begun(others, initial, service.seniority))
    return [lead, *(_repeat(d) for d in service.repeats)]


def _repeat(dose: Dose) -> Item:
    return Item(dose, None, HOURS[dose.family], (_part(dose),), SHORTEST)


def _part(dose: Dose) -> Part:
    return (dose.visit, dose.timing.start, dose.timing.spans)


def _begun(others: list[Service], initial: Service, seniority: tuple[int, int, str]) -> Spans:
    """The initial's run and the runs of other drugs that began before the one at hand."""
    spans: list[Span] = []
    for other in others:
        if other is initial:
            spans += other.spans
            continue
        if other.seniority < seniority:
            spans += [s for d in other.runs for s in d.timing.spans]
        spans += [s for d in other.apart if d.seniority < seniority for s in d.timing.spans]
    return merge(spans)


def _secondary(enc: Encounter, dose: Dose, runs: list[Part], beside: Spans) -> Item:
    left = _left(enc, runs, beside)
    if left is None:
        if dose.family != CHEMO or enc.settings["concurrent_chemo"] == "unlisted":
            return _concurrent(enc, dose)
        left = runs
    return Item(dose, SECONDARY[dose.family, "infusion"], HOURS[dose.family], tuple(left))


def _concurrent(enc: Encounter, dose: Dose) -> Item:
    return Item(dose, UNLISTED if dose.family == CHEMO else CONCURRENT, concurrent=True)


def _left(enc: Encounter, runs: list[Part], beside: Spans) -> list[Part] | None:
    """The time that a run counts as sequential, or None where it is concurrent (Q7)."""
    total = sum(measure(spans) for *_, spans in runs)
    shared = sum(overlap(spans, beside) for *_, spans in runs)
    reading = enc.settings["partial_overlap"]
    if reading == "majority":
        return None if 2 * shared > total else runs
    if reading == "any":
        return None if shared else runs
    if shared and total - shared < SHORTEST:
        return None
    return [(visit, start, subtract(spans, beside)) for visit, start, spans in runs]


def orphans(enc: Encounter, found: list[Item]) -> list[Item]:
    """The items whose add-on code has no lawful primary among the codes of the slot."""
    codes = enc.beside | {code for item in found for code in item.codes}

    def lawful(code: str) -> bool:
        allowed = PRIMARIES.get(code)
        if allowed is None or allowed & codes:
            return True
        return not enc.facility and code in PRACTITIONER_ON_HYDRATION and "96360" in codes

    return [item for item in found if not all(lawful(code) for code in item.codes)]


def own_initial(item: Item) -> Item:
    """The same dose as a second initial with 59 (addon_beside_nonlisted_primary)."""
    kind = item.dose.kind
    parts = item.parts or (_part(item.dose),)
    hours = None if kind == "push" else HOURS[item.dose.family]
    return replace(
        item,
        code=INITIAL[item.dose.family, kind],
        hours=hours,
        parts=parts if hours else (),
        concurrent=False,
        modifiers=("59",),
    )
