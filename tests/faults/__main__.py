"""`python -m tests.faults`: faults at random places of the policies; what notices each.

    python -m tests.faults
    python -m tests.faults --count 64 --seed 7 --kinds row-deleted shifted-number

Exit code 0 if at least 98 % are noticed by reading the folder, by lint or by the cases.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from infucode.workbench.jobs import shared
from tests.faults.judging import CASES, LINT, NOBODY, READING, Judge, by_kind
from tests.faults.kinds import KINDS, drawn
from tests.faults.texts import read_texts

ROOT = Path(__file__).resolve().parents[2]
WANTED = 0.98


def main() -> int:
    """Draw, judge, report."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    add = parser.add_argument
    add("--policies", type=Path, default=ROOT / "policies")
    add("--count", type=int, default=200)
    add("--seed", type=int, default=1)
    add("--kinds", nargs="+", choices=tuple(KINDS), default=list(KINDS), metavar="KIND")
    add("--jobs", type=int, default=2)
    add("--show", action="store_true", help="show those too that are noticed, and by what")
    options = parser.parse_args()
    faults = drawn(read_texts(options.policies), options.kinds, options.count, options.seed)
    judge = Judge(options.policies)
    found = []
    try:
        for _, judgement in shared(judge, faults, options.jobs):
            found.append(judgement)
            if options.show or judgement.stage == NOBODY:
                print("\n".join(judgement.shown), flush=True)
            if sys.stderr.isatty() or len(found) % 20 == 0:
                print(f"{len(found)} of {len(faults)}", file=sys.stderr, flush=True)
    finally:
        judge.close()
    print("\n".join(by_kind(found, options.kinds)))
    checks = Counter(j.by for j in found if j.stage in (READING, LINT))
    print("\nchecks: " + ", ".join(f"{check} {n}" for check, n in checks.most_common()))
    left = sum(j.stage == NOBODY for j in found)
    share = 1 - left / len(found) if found else 1.0
    by = sum(j.stage == CASES for j in found)
    print(f"\n{share:.1%} of {len(found)} noticed, {by} of them by cases alone")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
