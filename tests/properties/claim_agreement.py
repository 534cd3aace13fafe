"""Engine and claim oracle on the same claims, with the record and without.

    python -m tests.properties.claim_agreement --kind record --seeds 0:10000 --out DIR

Kinds: `free` (no record, in no lawful order), `unread` (corrupted, without the record), `record`
(corrupted, with it), `open` (the same of a record that lacks a stop or a reason), `earned` (what
the record earns). Both sides have to deny, review, advise and omit the same, and to give each
line the same state. Prints the differences by kind, each with its first seeds; 1 where there are
any.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.oracle.claims import CLAIM_PLANS, judge
from tests.oracle.claims.claims_drawn import (
    corrupted,
    corrupted_open,
    earned_claim,
    free_claim,
    record,
)
from tests.oracle.claims.plans import CLAIM_VALUES
from tests.oracle.plans import VALUES
from tests.properties.claim_sides import Doc, checked, engine_verdict, oracle_verdict, policy

KINDS = ("free", "unread", "record", "open", "earned")
BATCH = 64
"""Claims under one drawing of the switches."""
ONE_IN = 8
"""How often a switch leaves the plan's answer."""
SHOWN_SEEDS = 6


@dataclass(slots=True)
class Tally:
    """How many claims were compared, and the seeds of those that differ, by kind."""

    compared: int = 0
    skipped: int = 0
    differ: set[int] = field(default_factory=set)
    kinds: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def note(self, seed: int, kinds: Sequence[str]) -> None:
        """Count one claim and what differs on it."""
        self.compared += 1
        if kinds:
            self.differ.add(seed)
        for kind in kinds:
            self.kinds[kind].append(seed)

    def __str__(self) -> str:
        rows = [
            f"{self.compared} compared, {len(self.differ)} differ; {self.skipped} without a claim"
        ]
        for kind, seeds in sorted(self.kinds.items(), key=lambda item: -len(item[1])):
            rows.append(f"  {len(seeds)} {kind} {seeds[:SHOWN_SEEDS]}")
        return "\n".join(rows)


def claim(kind: str, seed: int, settings: dict[str, str]) -> Doc | None:
    """The claim of a seed; None where the record earns nothing, or nothing can be corrupted."""
    if kind == "free":
        return free_claim(seed)
    if kind == "earned":
        return earned_claim(record(seed), settings)
    found = corrupted_open(seed, settings) if kind == "open" else corrupted(seed, settings)
    if found is None:
        return None
    return found.unread if kind == "unread" else found.after


def differences(plan: str, doc: Doc, switches: dict[str, str]) -> list[str]:
    """What one side says and the other does not, as short words."""
    settings = CLAIM_PLANS[plan] | switches
    mine = oracle_verdict(judge(doc, settings))
    theirs = engine_verdict(checked(plan, doc, switches))
    rows = {f"engine alone: {rule} {severity}" for rule, severity, _ in theirs.said - mine.said}
    rows |= {f"oracle alone: {rule} {severity}" for rule, severity, _ in mine.said - theirs.said}
    if not rows:
        rows = {
            f"state: engine {other}, oracle {one}"
            for (_, one), (_, other) in zip(mine.states, theirs.states, strict=True)
            if one != other
        }
    return sorted(rows)


def drawn_switches(plan: str, source: random.Random) -> dict[str, str]:
    """A setting in which some switches leave the plan's answer."""
    known = policy(plan).library.switches
    values = {name: all_ for name, all_ in (VALUES | CLAIM_VALUES).items() if name in known}
    return {
        name: source.choice(all_) for name, all_ in values.items() if not source.randrange(ONE_IN)
    }


def compared(plan: str, kind: str, begin: int, end: int, *, plain: bool = True) -> Tally:
    """Compare the claims of a range of seeds under one plan."""
    tally = Tally()
    for seed, switches in _settings(plan, kind, begin, end, plain=plain):
        doc = claim(kind, seed, CLAIM_PLANS[plan] | switches)
        if doc is None or not doc.get("claim_lines"):
            tally.skipped += 1
        else:
            tally.note(seed, differences(plan, doc, switches))
    return tally


def _settings(
    plan: str, kind: str, begin: int, end: int, *, plain: bool
) -> Iterator[tuple[int, dict[str, str]]]:
    for seed in range(begin, end):
        source = random.Random(f"{plan} {kind} {seed // BATCH}")
        yield seed, {} if plain else drawn_switches(plan, source)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and print what differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plan", choices=sorted(CLAIM_PLANS), action="append")
    parser.add_argument("--kind", choices=KINDS, action="append", help="default: all")
    parser.add_argument("--seeds", default="0:1000", help="first:last, the last left out")
    parser.add_argument("--switched", action="store_true", help="draw the switches too")
    options = parser.parse_args(arguments)
    begin, end = map(int, options.seeds.split(":"))
    differ = 0
    for plan in options.plan or sorted(CLAIM_PLANS):
        for kind in options.kind or KINDS:
            tally = compared(plan, kind, begin, end, plain=not options.switched)
            print(f"{plan}, {kind}: {tally}", flush=True)
            differ += len(tally.differ)
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
