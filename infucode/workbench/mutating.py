"""Mutants of a policy folder over its cases: what was killed by which case, and what was not."""

from __future__ import annotations

import difflib
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from infucode.errors import UsageError
from infucode.rulebook.language import Clause
from infucode.workbench.bench import Bench
from infucode.workbench.case import Case
from infucode.workbench.equivalent import Equivalents
from infucode.workbench.jobs import shared
from infucode.workbench.lint.subject import Subject
from infucode.workbench.mutants import Mutant, mutants
from infucode.workbench.mutation import (
    CASES,
    KILLED,
    REFUSED,
    SLOW,
    SURVIVED,
    Result,
    Stage,
    Store,
    Trial,
    folder_digest,
    known_killers,
    run_mutants,
)
from infucode.workbench.mutation_cases import case_name, case_subjects
from infucode.workbench.mutation_nearest import Nearest, Seeker
from infucode.workbench.plans import Plans
from infucode.workbench.survivors import account, read_reasons

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
    """A mutant and how it fared; of a survivor why it may live, or what would kill it.

    ``shown`` is how the rules themselves show that it changes no answer, whatever the record.
    """

    mutant: Mutant
    result: Result
    reason: str = ""
    nearest: Nearest | None = None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Mutated:
    """How all mutants fared, in the order of their files."""

    folder: str
    cases: int
    fates: tuple[Fate, ...]
    needless: tuple[str, ...] = ()
    """Keys with a reason of which the mutant is gone, killed, refused or shown equivalent."""

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
    def equivalent(self) -> list[Fate]:
        """Survivors that are shown to change no answer."""
        return [fate for fate in self.having(SURVIVED) if fate.shown]

    @property
    def survivors(self) -> list[Fate]:
        """Those that no case kills, and that nothing shows to change no answer."""
        return [fate for fate in self.having(SURVIVED) if not fate.shown]

    @property
    def score(self) -> float:
        """Percent that a case kills, of those run that are not shown to change no answer."""
        asked = self.run - len(self.equivalent)
        return 100.0 * self.killed / asked if asked else 100.0

    @property
    def sentence(self) -> str:
        same, explained = len(self.equivalent), sum(bool(fate.reason) for fate in self.survivors)
        return (
            f"{int(self.score * 10) / 10:.1f} %: {self.killed} of {self.run - same} killed by "
            f"cases, {len(self.survivors)} survive, {explained} of them with a reason; "
            f"{same} more are shown to change no answer, "
            f"{len(self.having(REFUSED))} are refused on load"
        )

    @property
    def files(self) -> list[tuple[str, int, int]]:
        """Of each file how many are killed, and of how many, lowest share first."""
        counts: dict[str, tuple[int, int]] = {}
        for fate in self.fates:
            if fate.result.status != REFUSED and not fate.shown:
                file = fate.mutant.place.split(":")[0]
                killed, of = counts.get(file, (0, 0))
                counts[file] = killed + (fate.result.status != SURVIVED), of + 1
        rows = ((file, killed, of) for file, (killed, of) in counts.items())
        return sorted(rows, key=lambda row: (row[1] / row[2], row[0]))

    @property
    def data(self) -> dict[str, Any]:
        """The counts."""
        return {
            "mutants": len(self.fates),
            "refused": len(self.having(REFUSED)),
            "run": self.run,
            "killed": self.killed,
            "equivalent": len(self.equivalent),
            "survived": len(self.survivors),
            "explained": sum(bool(fate.reason) for fate in self.survivors),
            "score": round(self.score, 2),
            "files": [{"file": f, "killed": killed, "of": of} for f, killed, of in self.files],
            "needless_reasons": list(self.needless),
        }


def every_mutant(plans: Plans, *, tables: bool) -> list[Mutant]:
    """Those of every plan; with `tables` of the numbers of rows too. Raises PolicyError."""
    return mutants([plans.policy(p).library for p in plans.known], tables=tables)


def _chosen(every: Sequence[Mutant], wanted: Wanted) -> list[Mutant]:
    """The mutants that are asked for. Raises UsageError where there are none."""
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
    every = every_mutant(plans, tables=wanted.tables)
    chosen = _chosen(every, wanted)
    known = _reasons(plans, reasons)
    policies = {plan: plans.policy(plan) for plan in plans.known}
    begun(len(chosen))
    bench = Bench(policies, case_subjects(cases, plans))
    store, killers = Store(None), dict[str, str]()
    if cache is not None:
        killers = known_killers(cache)
        names = [f"{case.file} {case.name}" for case in cases]
        store = Store(cache / f"{folder_digest(plans.folder, 'cases', *names)}.jsonl")
    trial = Trial(policies, [Stage(CASES, bench)], killers)
    results = run_mutants(chosen, trial, store, jobs=jobs, done=lambda _: done(1))
    pairs = list(zip(chosen, results, strict=True))
    shown = shown_equivalent((m for m, r in pairs if r.status == SURVIVED), plans)
    seeker = Seeker(bench, {case_name(case): case for case in cases})
    left = [
        m for m, r in pairs if seek and r.status == SURVIVED and m.key not in {*known, *shown}
    ]
    found = dict(_sought(left, seeker, jobs))
    fates = (
        Fate(m, r, known.get(m.key, ""), found.get(m.key), shown.get(m.key, ""))
        for m, r in pairs
    )
    held = account(results, known, every, shown)
    return Mutated(plans.folder.name, len(cases), tuple(fates), held.needless)


def shown_equivalent(left: Iterable[Mutant], plans: Plans) -> dict[str, str]:
    """By key how the rules show of a mutant that no record can tell it from them."""
    libraries = tuple(plans.policy(plan).library for plan in plans.known)
    equivalents = Equivalents(Subject(plans.folder, libraries, ()))
    found = ((mutant.key, equivalents.why(mutant)) for mutant in left)
    return {key: why for key, why in found if why}


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
