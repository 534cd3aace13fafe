"""Mutants of a policy folder over its cases: what was killed by which case, and what was not."""

from __future__ import annotations

import difflib
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from infucode.errors import UsageError
from infucode.rulebook.language import Clause
from infucode.workbench.bench import Bench
from infucode.workbench.case import Case
from infucode.workbench.jobs import shared
from infucode.workbench.mutants import Mutant, mutants
from infucode.workbench.mutation import (
    KILLED,
    REFUSED,
    SLOW,
    SURVIVED,
    Result,
    Stage,
    Store,
    Trial,
    folder_digest,
    run_mutants,
)
from infucode.workbench.mutation_cases import case_name, case_subjects
from infucode.workbench.mutation_nearest import Nearest, Seeker
from infucode.workbench.plans import Plans
from infucode.workbench.survivors import read_reasons

REASONS = "survivors.yaml"
"""Beside the plans of a policy folder: why some mutants may live."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mutants: of rules or values named so, at most so many, drawn by a seed."""

    rules: str = "*"
    sample: int | None = None
    seed: int = 1
    tables: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """A mutant and how it fared; of a survivor why it may live, or what would kill it."""

    mutant: Mutant
    result: Result
    reason: str = ""
    nearest: Nearest | None = None


@dataclass(frozen=True, slots=True)
class Mutated:
    """How all mutants fared, in the order of their files."""

    folder: str
    cases: int
    fates: tuple[Fate, ...]

    def having(self, *statuses: str) -> list[Fate]:
        return [fate for fate in self.fates if fate.result.status in statuses]

    @property
    def run(self) -> int:
        """Those that the loader takes."""
        return len(self.fates) - len(self.having(REFUSED))

    @property
    def killed(self) -> int:
        return len(self.having(KILLED, SLOW))

    @property
    def score(self) -> float:
        """Percent of those run that a case kills."""
        return 100.0 * self.killed / self.run if self.run else 100.0

    @property
    def survivors(self) -> list[Fate]:
        return self.having(SURVIVED)

    @property
    def sentence(self) -> str:
        explained = sum(bool(fate.reason) for fate in self.survivors)
        return (
            f"{int(self.score * 10) / 10:.1f} %: {self.killed} of {self.run} killed by cases, "
            f"{len(self.survivors)} survive, {explained} of them with a reason; "
            f"{len(self.having(REFUSED))} are refused on load"
        )

    @property
    def data(self) -> dict[str, Any]:
        """The counts."""
        return {
            "mutants": len(self.fates),
            "refused": len(self.having(REFUSED)),
            "run": self.run,
            "killed": self.killed,
            "survived": len(self.survivors),
            "explained": sum(bool(fate.reason) for fate in self.survivors),
            "score": round(self.score, 2),
        }


def chosen_mutants(plans: Plans, wanted: Wanted) -> list[Mutant]:
    """The mutants that are asked for. Raises UsageError where there are none."""
    every = mutants([plans.policy(p).library for p in plans.known], tables=wanted.tables)
    chosen = [mutant for mutant in every if fnmatchcase(mutant.rule, wanted.rules)]
    if not chosen:
        raise UsageError(f"no rule or value with mutants fits `{wanted.rules}`")
    if wanted.sample is not None and wanted.sample < len(chosen):
        drawn = set(random.Random(wanted.seed).sample(range(len(chosen)), wanted.sample))
        chosen = [mutant for place, mutant in enumerate(chosen) if place in drawn]
    return chosen


def mutate(
    plans: Plans,
    cases: Sequence[Case],
    wanted: Wanted,
    *,
    jobs: int = 1,
    cache: Path | None = None,
    reasons: Path | None = None,
    seek: bool = True,
    done: Callable[[int], object] = lambda _: None,
    begun: Callable[[int], object] = lambda _: None,
) -> Mutated:
    """Run mutants over cases. `begun` is told how many, `done` of each that has run.

    Raises UsageError where nothing is to run, DocumentError for reasons of another shape.
    """
    chosen = chosen_mutants(plans, wanted)
    known = _reasons(plans, reasons)
    policies = {plan: plans.policy(plan) for plan in plans.known}
    begun(len(chosen))
    bench = Bench(policies, case_subjects(cases, plans))
    store = Store(None)
    if cache is not None:
        names = [f"{case.file} {case.name}" for case in cases]
        store = Store(cache / f"{folder_digest(plans.folder, 'cases', *names)}.jsonl")
    trial = Trial(policies, [Stage("the cases", bench)])
    results = run_mutants(chosen, trial, store, jobs=jobs, done=lambda _: done(1))
    pairs = list(zip(chosen, results, strict=True))
    left = [m for m, r in pairs if r.status == SURVIVED and m.key not in known] if seek else []
    seeker = Seeker(bench, {case_name(case): case for case in cases})
    found = dict(_sought(left, seeker, jobs))
    fates = (Fate(m, r, known.get(m.key, ""), found.get(m.key)) for m, r in pairs)
    return Mutated(plans.folder.name, len(cases), tuple(fates))


def _sought(
    left: Sequence[Mutant], seeker: Seeker, jobs: int
) -> Iterator[tuple[str, Nearest | None]]:
    for place, nearest in shared(partial(Seeker.nearest, seeker), left, jobs):
        yield left[place].key, nearest


def _reasons(plans: Plans, path: Path | None) -> dict[str, str]:
    if path is not None and not path.is_file():
        raise UsageError(f"there is no file `{path}`")
    own = path or plans.folder / REASONS
    return read_reasons(own) if own.is_file() else {}


def diff_of(mutant: Mutant) -> str:
    """The change as a unified diff of the rule, a condition a line, without its commas."""
    before = _laid_out(mutant.written) if mutant.written else [mutant.before]
    after = _laid_out(mutant.clause) if mutant.clause else [mutant.after]
    if mutant.unwoven is not None and mutant.written is not None:
        after, before = before, [*before, f"    {mutant.unwoven}  % woven in by an exception"]
    lines = difflib.unified_diff(before, after, mutant.place, f"{mutant.place} (mutant)",
                                 lineterm="", n=len(before))  # fmt: skip
    return "\n".join(lines)


def _laid_out(clause: Clause) -> list[str]:
    if not clause.body:
        return [f"{clause.head}."]
    return [f"{clause.head} :-", *(f"    {literal}" for literal in clause.body)]


def killers(mutated: Mutated) -> list[tuple[str, int]]:
    """The cases that kill, with how many mutants each kills first; most first."""
    counts = Counter(fate.result.by for fate in mutated.having(KILLED))
    return counts.most_common()
