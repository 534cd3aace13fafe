"""A policy folder that an editor has open: what changed, what is wrong now, who is told when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from infucode.errors import Problem
from infucode.model.lint import Finding
from infucode.workbench.server.cases import CaseIndex
from infucode.workbench.server.folder import Folder
from infucode.workbench.server.messages import Failed, Ran
from infucode.workbench.server.quick import TOLD, carried, quick_findings
from infucode.workbench.server.working import Worker

PAUSE = 0.04
"""Seconds without a change before a file is looked at."""
LONGER_PAUSE = 0.3
"""Seconds without a change before the whole folder is looked at."""
CASE = "case"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the cases of a rule ended, in a sentence for people."""

    message: str
    failed: int
    error: bool = False


class Opened:
    """One folder. Everything but reading it for the first time runs on the event loop."""

    def __init__(
        self,
        root: Path,
        publish: Callable[[str, list[Finding]], None],
        complain: Callable[[str], None],
    ) -> None:
        self.root, self.name = root, root.name
        self.publish, self.complain = publish, complain
        self._linter, self._runner = Worker(), Worker()
        self._findings: dict[str, list[Finding]] = {}
        self._lines: dict[str, list[str]] = {}
        self._cases: dict[str, list[Finding]] = {}
        self._shown: dict[str, str] = {}
        self._dirty: set[str] = set()
        self._soon: asyncio.TimerHandle | None = None
        self._whole: asyncio.Task[None] | None = None
        self._changes = 0
        self._folder: Folder | None = None
        self._reading = asyncio.ensure_future(self._read())
        self._reading.add_done_callback(self._read_at_last)

    def _read_at_last(self, reading: asyncio.Future[tuple[Folder, CaseIndex]]) -> None:
        error = None if reading.cancelled() else reading.exception()
        if error is not None:
            self.complain(f"the policy folder {self.root} cannot be read: {error}")

    async def _read(self) -> tuple[Folder, CaseIndex]:
        folder = await asyncio.to_thread(Folder, self.root)
        self._folder = folder
        for name, text in self._shown.items():
            folder.mirror.show(name, text)
            folder.take(name)
        self.changed(*self._shown)
        return folder, CaseIndex(folder)

    async def read(self) -> tuple[Folder, CaseIndex]:
        """The folder and its cases, once they are read."""
        return await asyncio.shield(self._reading)

    def show(self, name: str, text: str) -> None:
        """The editor has a file open, with this text."""
        self._shown[name] = text
        if self._folder is not None:
            self._folder.mirror.show(name, text)
        self.changed(name)

    def hide(self, name: str) -> None:
        """The editor has closed a file: what is on disk counts."""
        self._shown.pop(name, None)
        if self._folder is not None:
            self._folder.mirror.hide(name)
        self.changed(name)

    def changed(self, *names: str) -> None:
        """Look at some files soon, and later at all of them."""
        self._dirty.update(names)
        self._changes += 1
        for name in names:
            self._cases.pop(name, None)
        if self._soon is not None:
            self._soon.cancel()
        self._soon = asyncio.get_running_loop().call_later(PAUSE, self._look)

    def _look(self) -> None:
        folder = self._folder
        if folder is None:
            return
        self._dirty |= folder.mirror.refresh()
        names, self._dirty = sorted(self._dirty), set()
        for name in names:
            folder.take(name)
        for name in names:
            if name in folder.files and name in self._shown:
                self._tell(folder, name)
        self._later()

    def _tell(self, folder: Folder, name: str) -> None:
        lines = folder.mirror.text(name).split("\n")
        before = [f for f in self._findings.get(name, ()) if f.check not in TOLD]
        kept = carried(before, self._lines.get(name, lines), lines)
        self._findings[name] = [*quick_findings(folder, name), *kept]
        self._lines[name] = lines
        self._publish(name)

    def _publish(self, name: str) -> None:
        self.publish(name, [*self._findings.get(name, ()), *self._cases.get(name, ())])

    def _later(self) -> None:
        if self._whole is None or self._whole.done():
            self._whole = asyncio.ensure_future(self._look_at_all())

    async def _look_at_all(self) -> None:
        while True:
            seen = self._changes
            await asyncio.sleep(LONGER_PAUSE)
            if seen != self._changes:
                continue
            folder, _ = await self.read()
            if self._half_typed(folder):
                return
            answer = await self._linter.ask("lint", folder.mirror.root)
            if seen == self._changes:
                break
        if isinstance(answer, Failed):
            self.complain(answer.message)
        else:
            self._take_all(folder, answer)

    def _half_typed(self, folder: Folder) -> bool:
        """Whether an open file cannot be parsed: what was told of the others then stays."""
        files = (folder.files.get(name) for name in self._shown)
        return any(file is not None and file.now.parsed is None for file in files)

    def _take_all(self, folder: Folder, findings: Iterable[Finding]) -> None:
        before = set(self._findings)
        self._findings = {}
        for finding in findings:
            self._findings.setdefault(self._own(finding.problem.file), []).append(finding)
        for name in self._shown.keys() & folder.files.keys():
            quick = quick_findings(folder, name)
            known = set(map(_said, quick))
            more = [f for f in self._findings.get(name, ()) if _said(f) not in known]
            self._findings[name] = [*quick, *more]
        for name in sorted(before | self._findings.keys() | self._shown.keys()):
            self._lines[name] = folder.mirror.text(name).split("\n")
            self._publish(name)

    def _own(self, file: str) -> str:
        return file.removeprefix(f"{self.name}/")

    def findings(self, name: str) -> list[Finding]:
        """What is known to be wrong in a file."""
        return self._findings.get(name, [])

    async def run_cases(self, rule: str) -> Outcome:
        """Run the cases that name a rule; those that fail are shown at their places."""
        folder, index = await self.read()
        folder.mirror.refresh()
        places = index.naming(rule)
        if not places:
            return Outcome(f"no case names {rule}", 0)
        files = [folder.mirror.root / name for name in dict.fromkeys(p.name for p in places)]
        wanted = frozenset(f"{self.name}/{place.name}:{place.line}" for place in places)
        answer = await self._runner.ask("cases", folder.mirror.root, files, wanted)
        if isinstance(answer, Failed):
            return Outcome(f"the cases of {rule} cannot be run: {answer.message}", 0, True)
        failed = [ran for ran in answer if ran.differences]
        self._show_failed(rule, {place.name for place in places}, failed)
        return Outcome(_told(rule, answer, failed), len(failed))

    def _show_failed(self, rule: str, names: set[str], failed: list[Ran]) -> None:
        for name in names:
            kept = [f for f in self._cases.pop(name, []) if f.problem.field != rule]
            self._cases[name] = kept
        for ran in failed:
            message = "this case fails: " + "; ".join(ran.differences)
            problem = Problem(ran.file, ran.line, 0, message, field=rule)
            self._cases[self._own(ran.file)].append(Finding(CASE, "error", problem))
        for name in sorted(names):
            self._publish(name)

    def close(self) -> None:
        """End the processes and remove the copy of the folder, which may still be being read."""
        self._reading.cancel()
        if self._soon is not None:
            self._soon.cancel()
        if self._whole is not None:
            self._whole.cancel()
        self._linter.close()
        self._runner.close()
        if self._folder is not None:
            self._folder.mirror.close()


def _said(finding: Finding) -> tuple[str, int, int, str]:
    problem = finding.problem
    return finding.check, problem.line, problem.column, problem.message


def _told(rule: str, ran: list[Ran], failed: list[Ran]) -> str:
    number = f"{len(ran)} case{'' if len(ran) == 1 else 's'}"
    if not failed:
        return f"{rule}: {number} pass{'es' if len(ran) == 1 else ''}"
    first = failed[0]
    where = f"{first.file}:{first.line}, {first.name}"
    return f"{rule}: {len(failed)} of {number} fail; first {where}"
