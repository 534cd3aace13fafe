"""Conflicts and repairs against trying everything with the claim oracle.

    python -m tests.properties.brute_repairs --seeds 0:2000 --kind free --kind record

`free` are claims of up to six lines over a small world of codes, without a record; `unread` and
`record` are corrupted claims, without their record and with it. Conflicts have to be those of
the definition, by trying every set of lines with every two further lines. A repair has to hold
by the oracle, no part of it may, no set of fewer edits may be passed over, and the record stays
as it is. Claims of which the two sides judge the lines otherwise are counted and left out.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from typing import Any

from infucode import encounter_from_data, encounter_to_data
from infucode.model.claim import Remedies
from infucode.render.remedies_json import remedies_to_json
from tests.oracle.claims import (
    CLAIM_PLANS,
    conflicts,
    further_lines,
    judge,
    repair_holds,
    repaired,
)
from tests.oracle.claims.claims_drawn import corrupted
from tests.oracle.claims.earned import earned_of
from tests.properties.claim_sides import engine_verdict, oracle_verdict, policy

Doc = dict[str, Any]
KINDS = ("free", "unread", "record")
MOST_LINES = 6
MOST_EDITS = 2
"""Smaller sets than a repair of more edits are looked for up to this size."""
CODES = ("96360", "96361", "96365", "96366", "96367", "96368", "96372", "96374", "96375", "96376",
         "96413", "96415", "96417", "96409", "99213", "J1745", "96523", "36000")  # fmt: skip
FURTHER = ("96360", "96361", "96365", "96366", "96367", "96374", "96375", "96409", "96413",
           "96415", "96417", "96411", "96416", "96422", "96369", "C8957")  # fmt: skip
"""What the add-ons and the waste of these codes could stand beside."""
MARKS = ((), (), (), (), (), ("59",), ("59",), ("25",), ("JW",), ("XS",), ("59", "XS"), ("JZ",))
DAYS = ("2024-08-05", "2024-08-05", "2024-08-05", "2024-08-05", "2024-08-06")
PLACES: tuple[Doc, ...] = (
    {"claim": "facility", "type_of_bill": "0131"},
    {"claim": "facility", "type_of_bill": "0131"},
    {"claim": "professional", "place_of_service": "11"},
)


@dataclass(slots=True)
class Tally:
    """How many claims were compared, and what differs."""

    compared: int = 0
    skipped: int = 0
    repairs: int = 0
    conflicts: int = 0
    unrepaired: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        rows = [
            f"{self.compared} compared ({self.conflicts} conflicts, {self.repairs} repairs, "
            f"{self.unrepaired} violating without one), {self.skipped} left out, "
            f"{len(self.faults)} faults"
        ]
        return "\n".join([*rows, *(f"  {fault}" for fault in self.faults[:20])])


def free_claim(seed: int) -> Doc:
    """Up to six lines of few codes in no lawful order."""
    source = random.Random(f"small claim {seed}")
    rows = []
    for number in range(1, source.randint(1, MOST_LINES) + 1):
        row: Doc = {"id": f"L{number}", "code": source.choice(CODES)}
        row["modifiers"] = list(source.choice(MARKS))
        row["date"] = source.choice(DAYS)
        row["units"] = source.choice((1, 1, 1, 1, 1, 2, 3))
        if not source.randrange(6):
            row["visit"] = source.choice((1, 2))
        rows.append(row)
    out = {"id": f"small-{seed}", "date": DAYS[0], "administrations": [], "claim_lines": rows}
    return out | {"line_of_business": "commercial"} | source.choice(PLACES)


def claim(kind: str, seed: int, plan: str, most: int = MOST_LINES) -> Doc | None:
    """The claim of a seed; None where there is none, or one of more lines than `most`."""
    doc = free_claim(seed)
    if kind != "free":
        found = corrupted(seed, CLAIM_PLANS[plan])
        if found is None:
            return None
        doc = found.unread if kind == "unread" else found.after
    return doc if 1 <= len(doc["claim_lines"]) <= most else None


def remedies(plan: str, doc: Doc) -> Remedies:
    """What the engine finds."""
    judged = policy(plan).check(encounter_from_data(doc)).with_remedies()
    assert judged.checked.remedies is not None
    return judged.checked.remedies


def judged_alike(plan: str, doc: Doc) -> bool:
    """Whether both sides say the same of the lines as claimed."""
    theirs = policy(plan).check(encounter_from_data(doc), explain=False).checked
    mine = oracle_verdict(judge(doc, CLAIM_PLANS[plan]))
    return engine_verdict(theirs) == mine


@cache
def universe(own: tuple[str, ...], days: tuple[str, ...]) -> tuple[Doc, ...]:
    """Further lines of each code and date, and of those that are claimed."""
    return tuple(further_lines(dict.fromkeys((*FURTHER, *own)), days))


def conflict_faults(plan: str, doc: Doc, found: Remedies) -> Iterator[str]:
    """How the conflicts differ from those of the definition."""
    days = tuple(sorted({row.get("date") or doc["date"] for row in doc["claim_lines"]}))
    codes = tuple(sorted({row["code"] for row in doc["claim_lines"]}))
    mine = conflicts(doc, CLAIM_PLANS[plan], universe(codes, days))
    theirs = {frozenset(conflict.lines) for conflict in found.conflicts}
    if mine != theirs:
        alone = [" ".join(sorted(ids)) for ids in sorted(theirs - mine, key=sorted)]
        lost = [" ".join(sorted(ids)) for ids in sorted(mine - theirs, key=sorted)]
        yield f"conflicts: engine alone {alone}, oracle alone {lost}"


def repair_faults(plan: str, doc: Doc, found: Remedies) -> Iterator[str]:
    """Repairs that do not hold, of which a part holds, or that are not the least."""
    settings = CLAIM_PLANS[plan]
    made = remedies_to_json(found)["repairs"]
    for number, repair in enumerate(made, 1):
        edits = repair["edits"]
        if not repair_holds(doc, settings, edits):
            yield f"repair {number} does not hold: {_told(edits)}"
        for size in range(len(edits)):
            for part in combinations(edits, size):
                if repair_holds(doc, settings, part):
                    yield f"of repair {number} a part does: {_told(edits)}"
        after = encounter_from_data(repaired(doc, edits))
        shown = encounter_from_data(doc | {"claim_lines": repair["lines"]})
        if [line.id for line in after.claim_lines] != [line.id for line in shown.claim_lines]:
            yield f"repair {number} shows other lines than its edits make"
        before = encounter_to_data(encounter_from_data(doc))
        if {k: v for k, v in encounter_to_data(after).items() if k != "claim_lines"} != {
            k: v for k, v in before.items() if k != "claim_lines"
        }:
            yield f"repair {number} changes the record"
    least = min((len(repair["edits"]) for repair in made), default=MOST_EDITS + 1)
    smaller = smaller_repair(plan, doc, min(least - 1, MOST_EDITS))
    if smaller and (made or not found.caps):
        yield f"a smaller one holds: {_told(smaller)}, not {least} edits"


def smaller_repair(plan: str, doc: Doc, most: int) -> Sequence[Doc]:
    """Some edits, up to so many, that make the claim right; none where there are none."""
    settings = CLAIM_PLANS[plan]
    if not judge(doc, settings).denied([row["id"] for row in doc["claim_lines"]]):
        return ()
    known = list(edits_of(plan, doc))
    for size in range(1, most + 1):
        for edits in combinations(known, size):
            if len({edit["line"] for edit in edits}) == size and repair_holds(
                doc, settings, edits
            ):
                return edits
    return ()


def edits_of(plan: str, doc: Doc) -> Iterator[Doc]:
    """Edits that suppose nothing: lines left out, or reported as the record earns some line."""
    earned = earned_of(doc, CLAIM_PLANS[plan])
    items = earned.sets[0].items if earned is not None and earned.complete else ()
    for row in doc["claim_lines"]:
        yield {"op": "drop", "line": row["id"], "to": {}}
        if row["code"] == "96360":
            yield {"op": "replace", "line": row["id"], "to": {"code": "96361"}}
        for item in items:
            if item.code == row["code"]:
                to = {"units": item.units, "modifiers": list(item.modifiers), "date": item.date}
                yield {"op": "replace", "line": row["id"], "to": to}


def _told(edits: Sequence[Doc]) -> str:
    return "; ".join(f"{e['op']} {e['line']} {e.get('to') or ''}".strip() for e in edits)


def faults(plan: str, doc: Doc, tally: Tally) -> Iterator[str]:
    """All that is wrong with what the engine finds for one claim."""
    found = remedies(plan, doc)
    tally.conflicts += len(found.conflicts)
    tally.repairs += len(found.repairs)
    denied = judge(doc, CLAIM_PLANS[plan]).denied([row["id"] for row in doc["claim_lines"]])
    tally.unrepaired += denied and not found.repairs
    yield from conflict_faults(plan, doc, found)
    yield from repair_faults(plan, doc, found)
    if remedies_to_json(remedies(plan, doc)) != remedies_to_json(found):
        yield "a second run finds other conflicts or repairs"


def compared(plan: str, kind: str, begin: int, end: int, most: int = MOST_LINES) -> Tally:
    """Compare the claims of a range of seeds under one plan, those of up to `most` lines."""
    tally = Tally()
    for seed in range(begin, end):
        doc = claim(kind, seed, plan, most)
        if doc is None or not judged_alike(plan, doc):
            tally.skipped += 1
            continue
        tally.compared += 1
        tally.faults += [f"{kind} {seed}: {fault}" for fault in faults(plan, doc, tally)]
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and print what differs; 1 where anything does."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plan", choices=sorted(CLAIM_PLANS), action="append")
    parser.add_argument("--kind", choices=KINDS, action="append", help="default: all")
    parser.add_argument("--seeds", default="0:200", help="first:last, the last left out")
    options = parser.parse_args(arguments)
    begin, end = map(int, options.seeds.split(":"))
    wrong = 0
    for plan in options.plan or sorted(CLAIM_PLANS):
        for kind in options.kind or KINDS:
            tally = compared(plan, kind, begin, end)
            print(f"{plan}, {kind}: {tally}", flush=True)
            wrong += len(tally.faults)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
