"""What the timeline shows: one lane per IV access, one for other routes, and the codes earned."""

from __future__ import annotations

from dataclasses import dataclass, field

from infucode.model.encounter import Access, Administration, Encounter
from infucode.model.solution import Solution
from infucode.render.run import VASCULAR, Run, run_of
from infucode.render.words import plain


@dataclass(frozen=True, slots=True)
class Mark:
    """One administration on the timeline; ``codes`` are those that it became."""

    item: Administration
    run: Run
    name: str
    codes: tuple[str, ...]

    @property
    def start(self) -> int:
        return self.run.spans[0][0]

    @property
    def stop(self) -> int:
        return max(stop for _, stop in self.run.spans)

    @property
    def injected(self) -> bool:
        """Whether it went in elsewhere than a vessel."""
        return self.item.route not in VASCULAR

    @property
    def momentary(self) -> bool:
        """Whether it begins with a tick: a push, an injection, or no stretch at all."""
        return self.run.end == "none" or self.item.technique in ("push", "injection")


@dataclass(slots=True)
class Lane:
    """One lane of the timeline, its marks by start."""

    title: str
    note: str = ""
    marks: list[Mark] = field(default_factory=list)


def earned_codes(solution: Solution) -> dict[str, tuple[str, ...]]:
    """The codes of each administration's lines; ``?`` after one that some code set does not give.

    That a line is in every set does not settle it: another drug may earn it in one of them.
    """
    found: dict[str, dict[str, set[int]]] = {}
    for number, code_set in enumerate(solution.code_sets):
        for line in code_set.lines:
            for id in line.administrations:
                found.setdefault(id, {}).setdefault(line.code, set()).add(number)
    every = len(solution.code_sets)
    return {
        id: tuple(code if len(sets) == every else f"{code}?" for code, sets in codes.items())
        for id, codes in found.items()
    }


def unreported(solution: Solution) -> frozenset[str]:
    """The administrations named in what is not reported."""
    found = list(solution.not_reported)
    for code_set in solution.code_sets:
        found += code_set.not_reported
    return frozenset(n.administration for n in found if n.administration is not None)


def lanes_of(encounter: Encounter, solution: Solution) -> tuple[list[Lane], list[Administration]]:
    """The lanes to draw, in the order of the record, and what has no clock time."""
    codes, withheld = earned_codes(solution), unreported(solution)
    lanes: dict[tuple[str, int], Lane] = {}
    clockless = []
    for item in encounter.administrations:
        run = run_of(item, encounter)
        if run is None:
            clockless.append(item)
            continue
        key = _key(item)
        lane = lanes.setdefault(key, _lane(item, encounter))
        earned = codes.get(item.id, ("no line",) if item.id in withheld else ())
        lane.marks.append(Mark(item, run, _name(item), earned))
    for lane in lanes.values():
        lane.marks.sort(key=lambda mark: mark.start)
    ordered = sorted(lanes, key=lambda key: not key[0])
    return [lanes[key] for key in ordered], clockless


def _key(item: Administration) -> tuple[str, int]:
    return (item.access if item.route in VASCULAR else "", item.visit)


def _name(item: Administration) -> str:
    return item.drug if item.route == "iv" else f"{item.drug} {item.route}"


def _lane(item: Administration, encounter: Encounter) -> Lane:
    several = len({a.visit for a in encounter.administrations}) > 1
    visit = f", visit {item.visit}" if several else ""
    if item.route not in VASCULAR:
        return Lane(f"Injections and other routes{visit}")
    return Lane(f"{item.access}{visit}", _access_note(item.access, encounter.accesses))


def _access_note(id: str, accesses: tuple[Access, ...]) -> str:
    for access in accesses:
        if access.id == id:
            parts = [access.device or "", plain(access.reason or "")]
            parts += [f"replaces {access.replaces}"] if access.replaces else []
            return ", ".join(p for p in parts if p)
    return ""
