"""Watching a policy folder: what a saved file touches runs again."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from infucode.errors import ProblemsError, UsageError
from infucode.render.errors_view import render_problems
from infucode.workbench.case import Case
from infucode.workbench.case_report import render_totals
from infucode.workbench.cases import Ran, chosen_cases, name_below, shown_as_they_run
from infucode.workbench.plans import Plans

SECONDS = 0.5
"""Between two looks at the files."""
KINDS = (".lp", ".toml", ".yaml")
Stamps = dict[Path, tuple[int, int]]
Key = tuple[str, str]


def stamps_of(folder: Path, files: Sequence[Path]) -> Stamps:
    """When each file of the folder was last saved, and its size."""
    found: Stamps = {}
    for path in (*folder.rglob("*"), *files):
        if path.suffix in KINDS and not path.name.startswith("."):
            try:
                stat = path.stat()
            except OSError:
                continue
            found[path.resolve()] = stat.st_mtime_ns, stat.st_size
    return found


def changed_in(old: Stamps, new: Stamps) -> list[Path]:
    """The files that were saved, added or removed between two looks."""
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


@dataclass
class Watcher:
    """Runs the cases once, then those that each saved file touches."""

    folder: Path
    console: Console
    select: str | None = None
    files: Sequence[Path] = ()
    jobs: int = 1
    ascii_only: bool = False
    plans: Plans | None = None
    _fired: dict[Key, frozenset[str]] = field(default_factory=dict)
    _homes: dict[str, frozenset[str]] = field(default_factory=dict)
    """The rule ids of each rule file, as it was when it was last read whole."""

    def first(self) -> int:
        """Run every chosen case; returns how many fail."""
        return self._told(lambda: self._run(self._read()))

    def again(self, changed: Collection[Path]) -> int:
        """Run what the changed files touch; returns how many fail. Problems are shown."""
        return self._told(lambda: self._run(self._touched(changed), named=changed))

    def _told(self, work: Callable[[], int]) -> int:
        try:
            return work()
        except ProblemsError as error:
            self.plans = None
            render_problems(error, self.console)
        except UsageError as error:
            self.plans = None
            self.console.print(f"error: {error}", markup=False)
        return 1

    def _read(self) -> list[Case]:
        if self.plans is None:
            self.plans = Plans(self.folder)
        return chosen_cases(self.plans, select=self.select, files=self.files)

    def _touched(self, changed: Collection[Path]) -> list[Case]:
        """The cases of a case file; those in which rules of a rule file fired or are asked about.

        All of them where a rule is new, or where something else than cases and rules is saved.
        """
        names = {name_below(path, self.folder): path.suffix for path in changed}
        rules = any(kind != ".yaml" for kind in names.values())
        if rules or self.plans is None:
            known = self.plans is not None and ".toml" not in names.values()
            self.plans = Plans(self.folder)
            cases = self._read()
            if not known:
                return cases
        else:
            cases = self._read()
        before = self._homes
        self._homes = self._rule_homes()
        homes = (before, self._homes)
        found = (home.get(name, frozenset()) for home in homes for name in names)
        ids = frozenset().union(*found)
        known_before = frozenset().union(*before.values())
        if not ids <= known_before:
            return cases
        return [
            case for case in cases if case.file in names or not ids.isdisjoint(self._of(case))
        ]

    def _of(self, case: Case) -> set[str]:
        """The rules that fire in a case, or are asked about."""
        asked = {*case.fires, *case.silent}
        if case.expected is not None:
            asked |= {item.rule for item in case.expected.not_reported or ()}
            check = case.expected.check
            asked |= {v.rule for v in (check.violations if check else None) or ()}
        return asked | self._fired.get((case.file, case.name), frozenset())

    def _rule_homes(self) -> dict[str, frozenset[str]]:
        assert self.plans is not None
        found: dict[str, set[str]] = {}
        for plan in self.plans.known:
            for rule in self.plans.policy(plan).library.rules:
                found.setdefault(rule.source.name, set()).add(rule.papers.id)
        return {name: frozenset(ids) for name, ids in found.items()}

    def _run(self, cases: Sequence[Case], named: Collection[Path] = ()) -> int:
        assert self.plans is not None
        self._homes = self._homes or self._rule_homes()
        if named:
            names = ", ".join(sorted(name_below(path, self.folder) for path in named))
            number = f"{len(cases)} case{'s' * (len(cases) != 1)}"
            self.console.print(f"\nsaved {names}: {number}", markup=False, soft_wrap=True)
        ran: list[Ran] = list(
            shown_as_they_run(
                cases, self.plans, self.console,
                jobs=self.jobs, ascii_only=self.ascii_only, fired=True,
            )
        )  # fmt: skip
        for item in ran:
            self._fired[item.case.file, item.case.name] = item.fired or frozenset()
        failed = sum(item.failure is not None for item in ran)
        render_totals(len(ran) - failed, failed, console=self.console)
        return failed


def watch(watcher: Watcher, *, wait: Callable[[float], object] = time.sleep) -> None:
    """Run, then run again at each save, until `wait` raises KeyboardInterrupt."""
    known = stamps_of(watcher.folder, watcher.files)
    watcher.first()
    watcher.console.print("waiting for a file to be saved; Ctrl-C ends", markup=False)
    try:
        while True:
            wait(SECONDS)
            now = stamps_of(watcher.folder, watcher.files)
            if changed := changed_in(known, now):
                known = now
                watcher.again(changed)
    except KeyboardInterrupt:
        return
