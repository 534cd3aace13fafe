"""`python -m tests.unit.says`: writes the files of sentences, to be read as a difference.

With `--small` it reads instead every message of the whole small world, under every plan, for
ids, raw atoms and unfilled placeholders, and ends with 1 if it finds any; `--small 500` reads
every 500th encounter.
"""

from __future__ import annotations

import sys
from itertools import islice

from infucode.documents import encounter_from_data
from infucode.rulebook.where import policies_folder
from infucode.workbench.cases import Plans, case_files, load_cases
from tests.oracle.small import small_world
from tests.unit.says.flaws import flaws, messages
from tests.unit.says.sentences import choose, file_of, read


def main() -> int:
    """Write, or read the small world."""
    plans = Plans(policies_folder())
    if "--small" in sys.argv:
        steps = [int(word) for word in sys.argv if word.isdigit()]
        return small(plans, steps[0] if steps else 1)
    cases = load_cases(case_files(plans.folder), plans)
    for plan in plans.known:
        text = choose(plans, plan, cases, read(plan))
        file_of(plan).write_text(text, encoding="utf-8")
        print(f"written: {file_of(plan).name}, {len(read(plan))} rules")
    return 0


def small(plans: Plans, step: int) -> int:
    """Read every `step`-th encounter of the small world; 1 if a message has a flaw."""
    told: set[str] = set()
    number = 0
    for document in islice(small_world(), 0, None, step):
        encounter = encounter_from_data(document)
        number += 1
        for plan in plans.known:
            solution = plans.policy(plan).solve(encounter).solution
            for where, message in messages(solution):
                for flaw in flaws(message, encounter):
                    kind = f"{plan}, {where}: {flaw.split(':')[0]}"
                    if kind not in told:
                        told.add(kind)
                        print(f"{document['id']}, {kind}\n    {flaw}\n    {message}")
    print(f"{number} encounters under {len(plans.known)} plans: {len(told)} kinds of flaw")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
