"""`python -m tests.mutation`: run the mutants of the policies.

    python -m tests.mutation --cache build/mutation
    python -m tests.mutation --rules 'cpt.hydration-*'
    python -m tests.mutation --sample 100 --seed 7 --drawn 0

Exit code 0 if few enough survive and every survivor has its reason in policies/survivors.yaml.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from fnmatch import fnmatchcase
from pathlib import Path

from infucode.workbench.bench import Bench
from infucode.workbench.cases import Plans, case_files, load_cases
from infucode.workbench.mutants import Mutant, mutants
from infucode.workbench.mutating import shown_equivalent
from infucode.workbench.mutation import (
    CASES,
    Result,
    Stage,
    Store,
    Trial,
    folder_digest,
    known_killers,
    run_mutants,
)
from infucode.workbench.mutation_cases import case_subjects
from infucode.workbench.survivors import account, read_reasons, report
from tests.mutation.oracle_subjects import drug_subjects, oracle_subjects

ROOT = Path(__file__).resolve().parents[2]
REASONS = ROOT / "policies" / "survivors.yaml"
ALLOWED = 0.03
"""The share of the mutants that are run which may survive, each with a reason."""
DRAWN = 150
ORACLE_SEED = 20240730


def trial_of(plans: Plans, drawn: int, known: Path | None = None) -> Trial:
    """The cases; then, for what they do not notice, encounters that the oracle codes too."""
    policies = {plan: plans.policy(plan) for plan in plans.known}
    cases = load_cases(case_files(plans.folder), plans)
    stages = [Stage(CASES, Bench(policies, case_subjects(cases, plans)))]
    if drawn:
        for name, subjects in (("the oracle", oracle_subjects), ("drug oracle", drug_subjects)):
            found = subjects(policies, drawn, ORACLE_SEED, known)
            stages.append(Stage(name, Bench(policies, found)))
    return Trial(policies, stages, known_killers(known) if known else None)


def every_mutant(plans: Plans, *, tables: bool = False) -> list[Mutant]:
    """The whole set."""
    return mutants([plans.policy(plan).library for plan in plans.known], tables=tables)


class Progress:
    """One line on standard error: rewritten on a terminal, now and then elsewhere."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.survive, self.start = total, 0, 0, time.monotonic()

    def __call__(self, result: Result) -> None:
        self.done += 1
        self.survive += result.status == "survived"
        last = self.done == self.total
        if sys.stderr.isatty() or last or self.done % 100 == 0:
            spent = time.monotonic() - self.start
            left = spent / self.done * (self.total - self.done)
            text = f"{self.done} of {self.total} mutants, {self.survive} survive"
            text += f", {left:.0f} s left"
            end = "\r" if sys.stderr.isatty() and not last else "\n"
            print(f"{text:<70}", end=end, file=sys.stderr, flush=True)


def main() -> int:
    """Run, report, judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    add = parser.add_argument
    add("--policies", type=Path, default=ROOT / "policies")
    add("--rules", default="*", metavar="GLOB", help="only rules or values named so")
    add("--sample", type=int, metavar="N", help="only so many, drawn by --seed")
    add("--seed", type=int, default=1)
    add("--tables", action="store_true", help="shift the numbers of table rows too")
    add("--drawn", type=int, default=DRAWN, help="encounters of each plan for the oracle")
    add("--cache", type=Path, help="a folder in which results are kept")
    add("--jobs", type=int, default=2)
    add("--list", action="store_true", help="only list the mutants")
    options = parser.parse_args()
    plans = Plans(options.policies)
    every = every_mutant(plans, tables=options.tables)
    chosen = [mutant for mutant in every if fnmatchcase(mutant.rule, options.rules)]
    if options.sample is not None and options.sample < len(chosen):
        chosen = random.Random(options.seed).sample(chosen, options.sample)
    if options.list:
        print("\n".join(mutant.key for mutant in chosen))
        return 0
    store = Store(None)
    if options.cache is not None:
        name = folder_digest(options.policies, str(options.drawn), str(ORACLE_SEED))
        store = Store(options.cache / f"{name}.jsonl")
    results = run_mutants(
        chosen,
        trial_of(plans, options.drawn, options.cache),
        store,
        jobs=options.jobs,
        done=Progress(len(chosen)),
    )
    shown = shown_equivalent(chosen, plans)
    found = account(results, read_reasons(REASONS), every, shown)
    print("\n".join(report(found, every)))
    if found.share > ALLOWED:
        print(f"\nmore than {ALLOWED:.0%} survive")
    return 1 if found.unexplained or found.needless or found.share > ALLOWED else 0


if __name__ == "__main__":
    sys.exit(main())
