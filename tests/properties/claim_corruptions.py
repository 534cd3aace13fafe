"""Claims with one line corrupted: what `check` reports, with the record and without.

    python -m tests.properties.claim_corruptions --seeds 0:11000

With the record every corruption has to be reported, an omission as advice, or be shown to be
lawful: the corrupted claim says, code by code, no more and no less than a code set of the
record. Without it the claim oracle says, from the lines alone, which corruptions lines can show:
all of those have to be reported, and nothing that the lines do not show may be denied. Prints the
counts, and what is wrong with its seeds; 1 where anything is.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from infucode.errors import DocumentError
from tests.oracle.claims import CLAIM_PLANS, alone_shows, judge
from tests.oracle.claims.claim import ClaimLine, claim_of, lines_of
from tests.oracle.claims.claims_drawn import Corrupted, corrupted, without_record
from tests.oracle.claims.compare import ONE_MARK
from tests.oracle.claims.earned import CodeSet, Earned, earned_of
from tests.oracle.claims.tables import DISTINCT
from tests.properties.claim_sides import Doc, Said, checked, engine_verdict, oracle_verdict

SHOWN_SEEDS = 8


@dataclass(slots=True)
class Tally:
    """Counts of corruptions by what became of them, and the seeds of what is wrong."""

    corruptions: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    complete: int = 0
    """Those whose record decides everything."""
    reported: int = 0
    """Of those with a complete record."""
    open_reported: int = 0
    left_open: int = 0
    """Of a record that leaves something open: neither side reports anything that is new."""
    lawful: Counter[str] = field(default_factory=Counter)
    shown_alone: int = 0
    reported_alone: int = 0
    wrong: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __str__(self) -> str:
        share = 100 * self.reported / max(1, self.complete)
        rows = [
            f"{self.corruptions} corruptions: {dict(sorted(self.kinds.items()))}",
            f"  with a complete record {self.complete}: {self.reported} reported ({share:.2f} %)",
            f"  with one that leaves something open: {self.open_reported} reported, "
            f"{self.left_open} left open",
            f"  lawful: {dict(self.lawful)}",
            f"  without it {self.shown_alone} can be shown by the lines, {self.reported_alone} "
            "of them reported",
        ]
        for kind, seeds in sorted(self.wrong.items(), key=lambda item: -len(item[1])):
            rows.append(f"  WRONG {len(seeds)} {kind} {seeds[:SHOWN_SEEDS]}")
        return "\n".join(rows)


def compared(plan: str, begin: int, end: int) -> Tally:
    """Corrupt the claims of a range of seeds under one plan, and check them."""
    tally = Tally()
    for seed in range(begin, end):
        found = corrupted(seed, CLAIM_PLANS[plan])
        if found is None:
            continue
        tally.corruptions += 1
        tally.kinds[found.kind] += 1
        _with_record(plan, seed, found, tally)
        _without(plan, seed, found, tally)
    return tally


def _with_record(plan: str, seed: int, found: Corrupted, tally: Tally) -> None:
    earned = earned_of(found.before, CLAIM_PLANS[plan])
    if earned is None:
        return
    tally.complete += earned.complete
    try:
        after = engine_verdict(checked(plan, found.after))
    except DocumentError:  # no line is left, and the record earns none for certain
        tally.left_open += 1
        return
    if after.said and after.said - _said(plan, found.before):
        tally.reported += earned.complete
        tally.open_reported += not earned.complete
    elif why := why_lawful(found.after, CLAIM_PLANS[plan], earned):
        tally.lawful[why] += 1
    elif not earned.complete and not _told(plan, found):
        tally.left_open += 1
    else:
        tally.wrong[f"with the record, not reported: {found.kind}"].append(seed)


def _told(plan: str, found: Corrupted) -> frozenset[Said]:
    """What the claim oracle says of the corruption, with the record."""
    settings = CLAIM_PLANS[plan]
    after = oracle_verdict(judge(found.after, settings)).said
    return after - oracle_verdict(judge(found.before, settings)).said


def _without(plan: str, seed: int, found: Corrupted, tally: Tally) -> None:
    before, after = without_record(found.before), found.unread
    shown = alone_shows(after, CLAIM_PLANS[plan]) - alone_shows(before, CLAIM_PLANS[plan])
    new = _said(plan, after) - _said(plan, before)
    if shown:
        tally.shown_alone += 1
        if new:
            tally.reported_alone += 1
        else:
            tally.wrong[f"lines alone show it, not reported: {found.kind}"].append(seed)
    elif any(severity == "deny" for _, severity, _ in new):
        tally.wrong[f"lines alone do not show it, denied: {found.kind}"].append(seed)


def _said(plan: str, doc: Doc) -> frozenset[Said]:
    return engine_verdict(checked(plan, doc)).said if doc["claim_lines"] else frozenset()


Content = dict[tuple[str, str, bool], tuple[int, frozenset[tuple[str, int]]]]
"""By code, date and waste: the units, and how many of them carry which modifier."""


def why_lawful(doc: Doc, settings: dict[str, str], earned: Earned) -> str:
    """In what way the claim is one that the record earns; empty where it is none.

    A more fitting modifier may stand for the general one (S97); JZ may stand on a drug of which
    nothing was thrown away (S101); how equal lines are cut is free, but for injections (S98).
    """
    lines = lines_of(doc)
    claim = claim_of(doc, settings)
    if not all(claim.judges(line) for line in lines):
        return "the plan does not judge it"
    mine = _claimed(lines, frozenset())
    for one in earned.sets:
        if mine == _earned(one):
            return "what the record earns, cut or marked alike"
    allowed = _claimed(lines, earned.optional)
    if any(allowed == _earned(one) for one in earned.sets):
        return "the optional modifier for no waste"
    return _unchanged(lines, earned)


def _unchanged(lines: list[ClaimLine], earned: Earned) -> str:
    """Lines that cannot be compared, as nothing tells what they would have to be."""
    keys = {(line.code, line.date) for line in lines}
    return "the units of the drug are not told" if keys & earned.open_drugs else ""


def _claimed(lines: list[ClaimLine], optional: frozenset[tuple[str, str]]) -> Content:
    rows = []
    for line in lines:
        free = {"JZ"} if (line.code, line.date) in optional else set()
        rows.append((line.key, line.units or 0, _marks(line.modifiers) - free))
    return _content(rows)


def _earned(one: CodeSet) -> Content:
    return _content([(item.key, item.units, _marks(item.modifiers)) for item in one.items])


def _content(rows: list[tuple[tuple[str, str, bool], int, set[str]]]) -> Content:
    units: Counter[tuple[str, str, bool]] = Counter()
    marks: dict[tuple[str, str, bool], Counter[str]] = defaultdict(Counter)
    for key, number, carried in rows:
        units[key] += number
        marks[key].update(dict.fromkeys(carried, number))
    return {key: (number, frozenset(marks[key].items())) for key, number in units.items()}


def _marks(modifiers: tuple[str, ...]) -> set[str]:
    return {ONE_MARK if mark in DISTINCT else mark for mark in modifiers} - {"JW"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Corrupt, check, and print the counts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plan", choices=sorted(CLAIM_PLANS), action="append")
    parser.add_argument("--seeds", default="0:1000", help="first:last, the last left out")
    options = parser.parse_args(arguments)
    begin, end = map(int, options.seeds.split(":"))
    failed = False
    for plan in options.plan or sorted(CLAIM_PLANS):
        tally = compared(plan, begin, end)
        print(f"{plan}: {tally}", flush=True)
        failed = failed or bool(tally.wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
