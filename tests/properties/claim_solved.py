"""A claim of what `solve` says is never denied, and sent to review only where `solve` warned.

    python -m tests.properties.claim_solved --seeds 0:50000
    python -m tests.properties.claim_solved --world small --every 1
    python -m tests.properties.claim_solved --seeds 0:50000 --batch

Every code set of an encounter is claimed line by line and checked with the record behind it. A
review has to be announced: the warnings of `solve` about what the line is for have to be of its
kind. With `--batch` the engine of batches answers; that it does as one by one has its own tests.
Prints what is wrong by kind, with its seeds; 1 where there is any.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from infucode import encounter_from_data
from infucode.batch.engine.answering import BatchPolicy, Wanted
from infucode.model.claim import Checked, Violation
from infucode.model.encounter import Encounter
from infucode.model.solution import CodeSet, Line, Solution
from tests.oracle.claims.claims_drawn import open_record, record
from tests.oracle.worlds import small_world
from tests.properties.claim_sides import Doc, policy

ANNOUNCED: dict[str, tuple[str, ...]] = {
    "claim.pair": (
        *("cpt.visit-not-separate", "cpt.visit-before"),
        *("claim.announced-visit", "claim.announced-pair"),
    ),
    "claim.most-units-review": (
        *("cpt.mue-review", "cpt.mue-review-hours", "cpt.mue-review-service"),
        *("claim.announced-drug-units", "claim.announced-units"),
    ),
    "claim.primary": ("claim.announced-primary",),
    "claim.unlisted-ndc": ("cpt.drug-unlisted",),
    "claim.modifier-on-visit": ("cpt.visit-distinct",),
    "claim.facility-only": ("claim.announced-facility-only",),
}
"""For each review of what the record earns the warnings by which `solve` announces it."""
ONE_OPEN = 6
SHOWN_SEEDS = 8


class Asked:
    """A plan as it is asked: one encounter after another, or as a batch."""

    def __init__(self, plan: str, *, batch: bool) -> None:
        self.policy = policy(plan)
        self.batch = BatchPolicy(self.policy, Wanted()) if batch else None
        self.told = BatchPolicy(self.policy, Wanted(explain=True)) if batch else None

    def solved(self, encounter: Encounter) -> Solution:
        """The code sets, without messages."""
        if self.batch is not None:
            return self.batch.solve(encounter)
        return self.policy.solve(encounter, explain=False).solution

    def explained(self, encounter: Encounter) -> Solution:
        """The code sets and warnings, in words."""
        if self.told is not None:
            return self.told.solve(encounter)
        return self.policy.solve(encounter).solution

    def checked(self, encounter: Encounter) -> Checked:
        """The verdict, without messages."""
        if self.batch is not None:
            return self.batch.check(encounter, None).checked
        return self.policy.check(encounter, explain=False).checked


@dataclass(slots=True)
class Tally:
    """How many claims were checked, and the seeds of what is wrong, by kind."""

    encounters: int = 0
    claims: int = 0
    reviewed: int = 0
    kinds: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __str__(self) -> str:
        rows = [f"{self.encounters} encounters, {self.claims} claims, {self.reviewed} reviews"]
        for kind, seeds in sorted(self.kinds.items(), key=lambda item: -len(item[1])):
            rows.append(f"  {len(seeds)} {kind} {seeds[:SHOWN_SEEDS]}")
        return "\n".join(rows)


def claimed(code_set: CodeSet, *, named: bool) -> list[Doc]:
    """The lines of a code set as the lines of a claim; unlisted codes are described."""
    return [_row(line, n, named=named) for n, line in enumerate(code_set.lines, 1)]


def _row(line: Line, number: int, *, named: bool) -> Doc:
    row: Doc = {"id": f"L{number}", "code": line.code, "units": line.units}
    row |= {"modifiers": list(line.modifiers), "date": line.date.isoformat()}
    row |= {"visit": line.visit, "description": "as given"}
    if named and line.administrations:
        row["administrations"] = list(line.administrations)
    if line.charge is not None:
        row["charge"] = line.charge
    return row


def wrong(asked: Asked, doc: Doc, tally: Tally, seed: int) -> Iterator[str]:
    """What `check` says of the claims of an encounter and `solve` did not, as short words."""
    encounter = encounter_from_data(doc)
    solution = asked.solved(encounter)
    tally.encounters += 1
    for code_set in solution.code_sets:
        lines = claimed(code_set, named=bool(seed % 2))
        if not lines:
            continue
        tally.claims += 1
        found = asked.checked(encounter_from_data(doc | {"claim_lines": lines}))
        codes = {line["id"]: line["code"] for line in lines}
        reviews = [v for v in found.violations if v.severity == "review"]
        tally.reviewed += len(reviews)
        yield from (f"denied: {v.rule}" for v in found.violations if v.severity == "deny")
        if reviews:
            told = asked.explained(encounter)
            yield from (
                f"not announced: {v.rule} {codes[v.lines[0]]}"
                for v in reviews
                if not announced(v, codes, told)
            )


def announced(review: Violation, codes: dict[str, str], solution: Solution) -> bool:
    """A warning of `solve` is of the same kind and names a code of the lines under review."""
    about = {codes[line] for line in review.lines}
    return any(
        warned.rule in ANNOUNCED.get(review.rule, ())
        and any(code in warned.says for code in about)
        for warned in solution.warnings
    )


def run(plan: str, docs: Iterable[tuple[int, Doc]], *, batch: bool = False) -> Tally:
    """Check the claims of encounters, each with the number that it is found by."""
    tally, asked = Tally(), Asked(plan, batch=batch)
    for number, doc in docs:
        for kind in wrong(asked, doc, tally, number):
            tally.kinds[kind].append(number)
    return tally


def drawn(begin: int, end: int) -> Iterator[tuple[int, Doc]]:
    """Encounters of the whole rulebook, some of them incomplete, some with doses of drugs."""
    for seed in range(begin, end):
        yield seed, open_record(seed) if seed % ONE_OPEN == ONE_OPEN - 1 else record(seed)


def small(begin: int, end: int, every: int) -> Iterator[tuple[int, Doc]]:
    """Places of the small world, every n-th of them."""
    yield from islice(enumerate(small_world()), begin, end, every)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, and print what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plan", choices=policy("cpcp026").plans(), action="append")
    parser.add_argument("--world", choices=("drawn", "small"), default="drawn")
    parser.add_argument("--seeds", default="0:1000", help="first:last, the last left out")
    parser.add_argument("--every", type=int, default=1, help="take every n-th of the small world")
    parser.add_argument("--batch", action="store_true", help="ask the engine of batches")
    options = parser.parse_args(arguments)
    begin, end = map(int, options.seeds.split(":"))
    failed = False
    for plan in options.plan or policy("cpcp026").plans():
        docs = drawn(begin, end) if options.world == "drawn" else small(begin, end, options.every)
        tally = run(plan, docs, batch=options.batch)
        print(f"{plan}, {options.world}: {tally}", flush=True)
        failed = failed or bool(tally.kinds)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
