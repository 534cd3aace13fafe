"""`python -m tests.official FOLDER [--plan medicare]`: `check` against the published tables.

One small claim for each published pair (both kinds of claim, with and without the modifier), each
pair within the family that is not published, each number of units on both of its sides, and each
add-on beside each primary of any. Exit code 1 if one of them is not judged as published.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from infucode import Policy
from tests.official.asking import asked_pairs, asked_primaries, asked_units
from tests.official.claims import Judge

SHOWN = 40


def main() -> int:
    """Print the counts and what differs."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.official")
    parser.add_argument("folder", type=Path, help="holds ptp*.csv, mue*.csv and aoc*.csv")
    parser.add_argument("--plan", default="medicare")
    options = parser.parse_args()
    judge = Judge(Policy.load(options.plan))
    counts: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for asked in (asked_pairs, asked_units, asked_primaries):
        for group, finding in asked(judge, options.folder):
            counts[group, finding.verdict] += 1
            if finding.verdict == "WRONG":
                wanted = "denied" if finding.wanted else "not denied"
                wrong.append(f"{finding.row}: {wanted} by {finding.rule}; {finding.denied}")
    for (group, verdict), number in sorted(counts.items()):
        print(f"{number:6}  {group}: {verdict}")
    print(f"{sum(counts.values())} claims, {len(wrong)} wrong")
    print("\n".join(wrong[:SHOWN]))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
