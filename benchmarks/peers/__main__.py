"""Other rule engines beside `infucode batch check`, on the part of it that they can express.

Run: `python -m benchmarks.peers [--count 1000]`, with `pip install -e '.[bench]'`.

Every engine is a process of its own and judges the same claims, of the seeded population and
without their records. What it denies must be what `check` denies by the same rules: where one
claim differs, it is shown, no time is, and the exit code is 1. Then each is timed over them all,
in processor time, with what its host does for it; compare rows of one run only. Peers are given
Python values and give sets of lines, and so does `the subset alone`; `infucode batch check`
reads JSON and writes whole answers, by all its rules.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.peers.findings import Doc, Finding
from benchmarks.peers.race import BATCH, PACKAGES, SUBSET, Ran, missing, ran

COLUMNS = (
    "engine", "ms a claim", "claims a second", "load ms", "peak MB", "lines of policy",
    "what the host does",
)  # fmt: skip


def main() -> int:
    """Compare, and print the table if all agree."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="encounters that are drawn")
    chosen = parser.parse_args()
    if chosen.count < 1:
        parser.error("--count is at least 1")
    from benchmarks.peers.subset import claims, tables

    drawn, rows = claims(chosen.count), tables()
    print(
        f"{chosen.count:,} claims: {len(drawn.claims):,} compared, {drawn.left_out:,} left out, "
        "denied by a rule that the peers do not have",
        flush=True,
    )
    if not drawn.claims:
        print("there is nothing to compare; give a larger --count", file=sys.stderr)
        return 1
    told: list[Ran] = []
    for name in (BATCH, SUBSET, *PACKAGES):
        reason = missing(name) if name in PACKAGES else ""
        if reason:
            print(reason, file=sys.stderr, flush=True)
            continue
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            given = (name, rows, drawn.claims, drawn.documents, drawn.expected)
            told.append(pool.apply(ran, given))
    if any(row.differ for row in told):
        for row in told:
            if row.differ:
                show(row, drawn.documents, drawn.expected)
        return 1
    found = sum(len(wanted) for wanted in drawn.expected)
    print(f"all agree with check: {found:,} denied lines in {len(drawn.claims):,} claims")
    table = Table(*COLUMNS)
    table.columns[0].no_wrap = True
    for row in told:
        table.add_row(
            row.name, f"{row.each * 1000:.2f}", f"{1 / row.each:,.0f}",
            f"{row.load * 1000:,.0f}", f"{row.megabytes:,.0f}", f"{row.lines:,}", row.host,
        )  # fmt: skip
    Console(width=120).print(table)
    return 0


def show(row: Ran, documents: Sequence[Doc], expected: Sequence[frozenset[Finding]]) -> None:
    """The first claim in which an engine found another thing than `check`."""
    number, own = row.differ[0]
    print(f"{row.name} differs in {len(row.differ):,} claims; the first:", file=sys.stderr)
    print(json.dumps(documents[number]), file=sys.stderr)
    print(f"  check:  {sorted(expected[number])}", file=sys.stderr)
    print(f"  engine: {sorted(own)}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
