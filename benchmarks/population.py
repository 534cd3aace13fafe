"""Populations of encounters drawn from a seed: equal seeds give equal documents.

Fixed before the batch engine was tuned; change it only together with every published figure.

Settings and their shares are ours, chosen to stand for a payer's outpatient mix, as no published
mix of infusion settings was found. Sizes were set so that the mean is about four administrations.

Times: a start falls on any minute alike. In the MIMIC-III clinical demo (inputevents, 13,224
rows; PhysioNet, Open Database License v1.0; only the summary figures stand here) 52 % of all
starts are no multiple of five minutes. Runs of fluid last 60, 120 and 333 minutes there
(quartiles; tenth and ninetieth 30 and 839), blood 60, 60 and 128. Those are inpatients; `FLUID`
keeps the shape and cuts it at eight hours. Intermittent drugs have no length there; 15 to 240
minutes are ours.

Stops: no published rate of missing stop times was found (in a poll of hospitals 78 % named them
their hardest requirement, HCPro APCs Insider 2013-02-01). `UNCHARTED` is our assumption.

Run: `python -m benchmarks.population 1000 > population.ndjson`; `--claims` adds claim lines.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from datetime import date as Date
from datetime import timedelta
from typing import Any

Doc = dict[str, Any]

SHARES = {
    "emergency": 45,
    "observation": 10,
    "infusion_centre": 20,
    "oncology": 10,
    "office": 15,
}
"""Of a hundred encounters."""
SIZES = {
    "emergency": (1, 2, 2, 3, 3, 4, 4, 5, 6, 8),
    "observation": (3, 4, 5, 6, 7, 8, 9, 10, 12, 14),
    "infusion_centre": (1, 1, 2, 2, 3, 3, 4),
    "oncology": (3, 4, 5, 6, 7, 8, 9),
    "office": (1, 1, 1, 2, 2, 3),
}
UNCHARTED = {"emergency": 6, "observation": 5, "infusion_centre": 1, "oncology": 1, "office": 1}
"""Of a hundred infusions, those without a stop."""
NO_REASON = 3
"""Of a hundred professional records, those that name no key reason."""
FLUID = ((30, 60), (60, 120), (120, 333), (333, 480))
"""A quarter each, nearly: the tenth centile, the quartiles, the cut."""
BLOOD = ((60, 60), (60, 128), (128, 180))
INTERMITTENT = ((15, 30), (30, 30), (30, 60), (60, 90), (90, 240))
EASY = ((2, 10),)

FLUIDS = ("normal saline", "lactated ringer")
ED_INFUSED = (
    ("ceftriaxone", "J0696"),
    ("vancomycin", "J3370"),
    ("piperacillin-tazobactam", None),
    ("azithromycin", None),
    ("acetaminophen", "J0131"),
    ("potassium chloride", None),
)
ED_PUSHED = (
    ("ondansetron", "J2405"),
    ("ketorolac", "J1885"),
    ("morphine", "J2270"),
    ("famotidine", None),
    ("metoclopramide", "J2765"),
    ("hydromorphone", "J1170"),
)
SHOTS = (
    ("ketorolac", "J1885"),
    ("dexamethasone", "J1100"),
    ("cyanocobalamin", "J3420"),
    ("promethazine", "J2550"),
    ("medroxyprogesterone", None),
)
CENTRE = (
    ("iron sucrose", "therapeutic"),
    ("infliximab", "complex_biologic"),
    ("vedolizumab", "complex_biologic"),
    ("immune globulin", "therapeutic"),
    ("zoledronic acid", "therapeutic"),
    ("rituximab", "complex_biologic"),
)
CHEMO = (
    "carboplatin",
    "paclitaxel",
    "cyclophosphamide",
    "gemcitabine",
    "oxaliplatin",
    "docetaxel",
)
BEFORE = (
    ("dexamethasone", "J1100"),
    ("diphenhydramine", "J1200"),
    ("palonosetron", "J2469"),
    ("famotidine", None),
)


class Draft:
    """One encounter while it is drawn; ``clock`` is the minute that the visit has reached."""

    def __init__(self, source: random.Random, setting: str) -> None:
        self.source, self.setting = source, setting
        self.clock = source.randrange(6 * 60, 20 * 60)
        self.last = self.clock
        self.items: list[Doc] = []
        self.uncharted = UNCHARTED[setting]

    def once_in(self, number: int) -> bool:
        return self.source.randrange(number) == 0

    def minutes(self, spans: tuple[tuple[int, int], ...]) -> int:
        """A span alike, and a minute of it alike."""
        return self.source.randint(*self.source.choice(spans))

    def add(
        self, drug: str, category: str, technique: str, start: int, length: int = 0, **more: Any
    ) -> None:
        """One administration; a run may lack its stop."""
        item: Doc = {"id": f"a{len(self.items) + 1}", "drug": drug, "category": category}
        item |= {"route": "iv", "technique": technique} | {k: v for k, v in more.items() if v}
        item["start"] = stamp(start)
        if length and self.source.randrange(100) >= self.uncharted:
            item["stop"] = stamp(start + length)
        self.items.append(item)
        self.last = max(self.last, start + length)

    def later(self, spans: tuple[tuple[int, int], ...] = ((0, 15), (5, 45))) -> int:
        """A minute soon after the last thing that was begun."""
        self.clock += self.minutes(spans)
        return self.clock


DAY = Date(2024, 8, 5)


def stamp(minute: int) -> str:
    """Minutes since midnight of the first day as the contract writes them."""
    day, rest = divmod(minute, 24 * 60)
    clock = f"{rest // 60:02d}:{rest % 60:02d}"
    return clock if not day else f"{DAY + timedelta(days=day)}T{clock}"


def _emergency(draft: Draft, size: int) -> None:
    source = draft.source
    if source.randrange(100) < 55:
        start, length = draft.later(), draft.minutes(FLUID)
        draft.add(
            source.choice(FLUIDS),
            "hydration",
            "infusion",
            start,
            length,
            indication="dehydration" if draft.once_in(2) else None,
        )
    while len(draft.items) < size:
        kind = source.randrange(100)
        if kind < 25:
            drug, code = source.choice(ED_INFUSED)
            draft.add(
                drug,
                "therapeutic",
                "infusion",
                draft.later(),
                draft.minutes(INTERMITTENT),
                hcpcs=code,
            )
        elif kind < 85:
            drug, code = source.choice(ED_PUSHED)
            draft.add(drug, "therapeutic", "push", draft.later(), hcpcs=code)
        else:
            _shot(draft)


def _shot(draft: Draft) -> None:
    drug, code = draft.source.choice(SHOTS)
    draft.add(
        drug,
        "therapeutic",
        "injection",
        draft.later(),
        hcpcs=code,
        route=draft.source.choice(("im", "im", "sc")),
    )


def _observation(draft: Draft, size: int) -> None:
    draft.clock += 6 * 60
    _emergency(draft, size)
    if draft.once_in(8):
        draft.add("packed red cells", "blood", "infusion", draft.later(), draft.minutes(BLOOD))


def _infusion_centre(draft: Draft, size: int) -> None:
    source = draft.source
    drug, category = source.choice(CENTRE)
    for before, code in source.sample(BEFORE, min(size - 1, 3)):
        draft.add(
            before,
            "therapeutic",
            "push",
            draft.later(EASY),
            hcpcs=code,
            purpose="premedication" if draft.once_in(3) else None,
        )
    draft.add(drug, category, "infusion", draft.later(EASY), draft.minutes(INTERMITTENT))
    if draft.once_in(4):
        draft.clock = max(draft.clock, draft.last)
        draft.add(
            "normal saline",
            "hydration",
            "infusion",
            draft.later(EASY),
            draft.minutes(FLUID),
            purpose="flush" if draft.once_in(3) else None,
        )


def _oncology(draft: Draft, size: int) -> None:
    source = draft.source
    for before, code in source.sample(BEFORE, min(size // 2, 4)):
        technique = source.choice(("push", "push", "infusion"))
        length = draft.minutes(INTERMITTENT[:2]) if technique == "infusion" else 0
        draft.add(before, "therapeutic", technique, draft.later(EASY), length, hcpcs=code)
    for drug in source.sample(CHEMO, min(size - len(draft.items), 3)):
        draft.clock = max(draft.clock, draft.last)
        draft.add(
            drug, "chemotherapy", "infusion", draft.later(EASY), draft.minutes(INTERMITTENT)
        )
    while len(draft.items) < size:
        draft.add(
            source.choice(FLUIDS),
            "hydration",
            "infusion",
            draft.later(),
            draft.minutes(FLUID),
            access=source.choice(("line-1", "line-1", "line-2")),
        )


def _office(draft: Draft, size: int) -> None:
    while len(draft.items) < size:
        if draft.source.randrange(100) < 65:
            _shot(draft)
        else:
            drug, category = draft.source.choice(CENTRE[:2])
            draft.add(drug, category, "infusion", draft.later(), draft.minutes(INTERMITTENT))


DRAWN = {
    "emergency": _emergency,
    "observation": _observation,
    "infusion_centre": _infusion_centre,
    "oncology": _oncology,
    "office": _office,
}


def drawn(seed: int) -> Doc:
    """The encounter of a seed."""
    source = random.Random(f"population {seed}")
    (setting,) = source.choices(list(SHARES), list(SHARES.values()))
    draft = Draft(source, setting)
    DRAWN[setting](draft, source.choice(SIZES[setting]))
    facility = setting != "office" and (setting != "infusion_centre" or not draft.once_in(4))
    doc: Doc = {"id": f"p{seed}", "claim": "facility" if facility else "professional"}
    place = {"emergency": "23", "observation": "22"}.get(setting, "22" if facility else "11")
    if facility:
        doc["type_of_bill"] = "0131"
    doc |= {"place_of_service": place, "line_of_business": "commercial", "date": str(DAY)}
    if setting == "observation":
        doc["observation"] = True
    doc["ends"] = stamp(draft.last + source.randint(5, 90))
    doc["administrations"] = draft.items
    if not facility and source.randrange(100) >= NO_REASON:
        doc["primary_reason"] = source.choice(draft.items)["id"]
    _visits(doc, draft)
    return doc


def _visits(doc: Doc, draft: Draft) -> None:
    code = {"emergency": "99284", "observation": "99284", "office": "99213"}.get(draft.setting)
    if code is not None and draft.source.randrange(100) < 70:
        identifiable = draft.source.randrange(100) < 80
        doc["services"] = [{"id": "s1", "code": code, "separately_identifiable": identifiable}]


def population(count: int, first: int = 0) -> Iterator[Doc]:
    """The encounters of so many seeds."""
    return (drawn(seed) for seed in range(first, first + count))


CHANGES = ("as_earned", "as_earned", "as_earned", "drop", "add", "units", "code")


def claimed(doc: Doc, lines: list[tuple[str, int, tuple[str, ...]]]) -> Doc:
    """The encounter with a claim: the lines that it earns, four in seven changed somewhere."""
    source = random.Random(f"claim {doc['id']}")
    change = source.choice(CHANGES)
    made: list[Doc] = [
        {"code": code, "units": units, "modifiers": list(m)} for code, units, m in lines
    ]
    if change == "drop" and len(made) > 1:
        made.pop(source.randrange(len(made)))
    elif change == "add" or not made:
        made.append({"code": source.choice(("96365", "96374", "96361")), "units": 1})
    elif change == "units":
        source.choice(made)["units"] += source.choice((1, 2, 5))
    elif change == "code":
        source.choice(made)["code"] = source.choice(("96366", "96375", "96413"))
    named = [{"id": f"L{n}"} | line for n, line in enumerate(made, 1)]
    return doc | {"claim_lines": named}


def main() -> None:
    """Print encounters, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--claims", action="store_true", help="each with a claim to check")
    chosen = parser.parse_args()
    docs = population(chosen.count, chosen.first)
    for doc in with_claims(docs) if chosen.claims else docs:
        sys.stdout.write(json.dumps(doc, separators=(",", ":")) + "\n")


def with_claims(docs: Iterator[Doc]) -> Iterator[Doc]:
    """Each encounter with a claim made from the first code set that it earns."""
    from infucode import Policy, encounter_from_data

    policy = Policy.load()
    for doc in docs:
        sets = policy.solve(encounter_from_data(doc), explain=False).code_sets
        lines = sets[0].lines if sets else ()
        yield claimed(doc, [(line.code, line.units, line.modifiers) for line in lines])


if __name__ == "__main__":
    main()
