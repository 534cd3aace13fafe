"""Watching a policy folder: what a saved file touches runs again."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from infucode.errors import InfucodeError, ProblemsError
from infucode.render.errors_view import render_problems
from infucode.render.shown import shown
from infucode.workbench.case import Case
from infucode.workbench.case_report import render_totals
from infucode.workbench.cases import Ran, chosen_cases, name_below, shown_as_they_run
from infucode.workbench.plans import Plans

SECONDS = 0.5
"""Between two looks at the files."""
KINDS = (".lp", ".toml", ".yaml")
Stamps = dict[Path, tuple[int, int]]
Key = tuple[str, str]
Homes = dict[str, frozenset[tuple[str, str]]]
"""The rules of each rule file, by id and text, as it was when it was last read whole."""


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
    overtaken: Callable[[], bool] = lambda: False
    """Whether a file was saved meanwhile; what runs then ends."""
    _fired: dict[Key, frozenset[str]] = field(default_factory=dict)
    _homes: Homes = field(default_factory=dict)
    _left: set[Key] = field(default_factory=set)
    """The cases that a save kept from running; they follow those that it touches."""

    def first(self) -> int:
        """Run every chosen case; returns how many fail."""
        return self._told(lambda: self._run(self._read(), []), [])

    def again(self, changed: Collection[Path]) -> int:
        """Run what the changed files touch; returns how many fail. Problems are shown."""
        return self._told(lambda: self._run(*self._touched(changed), named=changed), changed)

    def _told(self, work: Callable[[], int], named: Collection[Path]) -> int:
        try:
            return work()
        except InfucodeError as error:
            self.plans = None
            if named:
                self.console.print(f"\nsaved {self._names(named)}", markup=False, soft_wrap=True)
            if isinstance(error, ProblemsError):
                render_problems(error, self.console, ascii_only=self.ascii_only)
            else:
                self.console.print(f"error: {shown(str(error))}", markup=False)
        return 1

    def _names(self, paths: Collection[Path]) -> str:
        return ", ".join(sorted(shown(name_below(path, self.folder)) for path in paths))

    def _read(self) -> list[Case]:
        if self.plans is None:
            self.plans = Plans(self.folder)
        return chosen_cases(self.plans, select=self.select, files=self.files)

    def _touched(self, changed: Collection[Path]) -> tuple[list[Case], list[Case]]:
        """The cases that the files speak of, and those in which their rules may fire by now.

        The first are those of a case file, and those in which rules of a rule file fired or are
        asked about. Where a rule is another, all others follow: it may begin to fire in any of
        them; else those that the last run left. Where something else than cases and rules is
        saved, all are the first.
        """
        names = {name_below(path, self.folder): path.suffix for path in changed}
        known = self.plans is not None
        if not known or any(kind != ".yaml" for kind in names.values()):
            self.plans = Plans(self.folder)
        cases = self._read()
        before, self._homes = self._homes, self._rule_homes()
        if not known or ".toml" in names.values():
            return cases, []
        homes = [home.get(name, frozenset()) for name in names for home in (before, self._homes)]
        ids = {id for home in homes for id, _ in home}
        first = [c for c in cases if c.file in names or not ids.isdisjoint(self._of(c))]
        same = all(old == new for old, new in zip(homes[::2], homes[1::2], strict=True))
        own = set(map(id, first))
        return first, [
            case for case in cases
            if id(case) not in own and (not same or _key(case) in self._left)
        ]  # fmt: skip

    def _of(self, case: Case) -> set[str]:
        """The rules that fire in a case, or are asked about."""
        asked = {*case.fires, *case.silent}
        if case.expected is not None:
            asked |= {item.rule for item in case.expected.not_reported or ()}
            check = case.expected.check
            asked |= {v.rule for v in (check.violations if check else None) or ()}
        return asked | self._fired.get(_key(case), frozenset())

    def _rule_homes(self) -> Homes:
        assert self.plans is not None
        found: dict[str, set[tuple[str, str]]] = {}
        for plan in self.plans.known:
            for rule in self.plans.policy(plan).library.rules:
                own = rule.papers.id, str(rule.clause)
                found.setdefault(rule.source.name, set()).add(own)
        return {name: frozenset(rules) for name, rules in found.items()}

    def _run(
        self, cases: Sequence[Case], others: Sequence[Case], named: Collection[Path] = ()
    ) -> int:
        self._homes = self._homes or self._rule_homes()
        if named:
            number = f"{len(cases)} case{'s' * (len(cases) != 1)}"
            then = f", then the {len(others)} others" if others else ""
            then = ", then the other" if len(others) == 1 else then
            self.console.print(f"\nsaved {self._names(named)}: {number}{then}", markup=False,
                               soft_wrap=True)  # fmt: skip
        passed = failed = 0
        self._left = {_key(case) for case in (*cases, *others)}
        for ran in self._ran(cases, others):
            self._left.discard(_key(ran.case))
            self._fired[_key(ran.case)] = ran.fired or frozenset()
            passed, failed = passed + (ran.failure is None), failed + (ran.failure is not None)
            if self._left and self.overtaken():
                left = len(cases) + len(others) - passed - failed
                self.console.print(f"another file was saved; {left} not run yet", markup=False)
                break
        render_totals(passed, failed, console=self.console)
        return failed

    def _ran(self, *parts: Sequence[Case]) -> Iterator[Ran]:
        assert self.plans is not None
        for cases in filter(None, parts):
            yield from shown_as_they_run(
                cases, self.plans, self.console,
                jobs=self.jobs, ascii_only=self.ascii_only, fired=True,
            )  # fmt: skip


def _key(case: Case) -> Key:
    return case.file, case.name


def watch(watcher: Watcher, *, wait: Callable[[float], object] = time.sleep) -> None:
    """Run, then run again at each save, until `wait` raises KeyboardInterrupt."""
    known = stamps_of(watcher.folder, watcher.files)
    looked = time.monotonic()

    def overtaken() -> bool:
        nonlocal looked
        if time.monotonic() - looked < SECONDS:
            return False
        looked = time.monotonic()
        return stamps_of(watcher.folder, watcher.files) != known

    watcher.overtaken = overtaken
    try:
        watcher.first()
        watcher.console.print("waiting for a file to be saved; Ctrl-C ends", markup=False)
        while True:
            now = stamps_of(watcher.folder, watcher.files)
            if changed := changed_in(known, now):
                known = now
                watcher.again(changed)
            else:
                wait(SECONDS)
    except KeyboardInterrupt:
        return
