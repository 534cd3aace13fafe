"""What notices a fault: reading the folder, lint, or a case."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import clingo

from infucode.errors import PolicyError, UsageError
from infucode.model.lint import Linted
from infucode.policy import Policy
from infucode.rulebook.library import Library
from infucode.workbench.bench import Subject
from infucode.workbench.cases import case_files, load_cases
from infucode.workbench.lint.running import lint
from infucode.workbench.mutation_cases import case_name, case_subjects
from infucode.workbench.plans import Plans
from infucode.workbench.remembered import Remembered
from tests.faults.kinds import Fault

READING, LINT, CASES, NOBODY = "reading", "lint", "cases", "nobody"
Finding = tuple[str, str, str]
Outcomes = tuple[frozenset[clingo.Symbol], ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What noticed a fault, by the id of a check or the name of a case; and what it said."""

    fault: Fault
    stage: str
    by: str = ""
    why: str = ""
    told: bool = False
    """Whether some outcome of some case changes, though none fails."""

    @property
    def shown(self) -> list[str]:
        """Kind, diff and what noticed it, a line each."""
        told = " (some outcome changes)" if self.told else ""
        noticed = f"{self.stage} {self.by}".strip()
        return ["", f"{self.fault.kind}: {noticed}{told}", self.fault.diff, f"  {self.why}"]


class Judge:
    """A copy of a policy folder into which faults are put, one after another."""

    def __init__(self, folder: Path, *, chosen: str = "") -> None:
        """With `chosen`, only the case files whose path holds it are asked."""
        self.remembered = Remembered()
        self.plans = Plans(folder)
        self.source = folder
        files = [file for file in case_files(folder) if chosen in file.as_posix()]
        cases = load_cases(files, self.plans)
        self.saying = frozenset(case_name(case) for case in cases if case.says)
        self.subjects = tuple(case_subjects(cases, self.plans))
        self.known = {
            n: _outcomes(subject, self.plans.policy(subject.plan))
            for n, subject in enumerate(self.subjects)
        }
        self.rules = {p: _written(self.plans.policy(p).library) for p in self.plans.known}
        self.clean = _findings(lint(folder, load=self.remembered.load))
        self.sound: dict[int, bool] = {}
        self.copy: Path | None = None

    def __call__(self, fault: Fault) -> Judgement:
        """Put the fault in, ask, and take it out again."""
        if self.copy is None:
            # one for each process that works
            self.copy = Path(tempfile.mkdtemp(prefix="faults-")) / self.source.name
            shutil.copytree(self.source, self.copy, ignore=shutil.ignore_patterns("cases"))
        file = self.copy / fault.file
        file.write_text(fault.after, encoding="utf-8")
        try:
            return self._judged(fault)
        finally:
            file.write_text(fault.before, encoding="utf-8")

    def close(self) -> None:
        """Remove the copy."""
        if self.copy is not None:
            shutil.rmtree(self.copy.parent, ignore_errors=True)
            self.copy = None

    def _judged(self, fault: Fault) -> Judgement:
        assert self.copy is not None
        libraries: dict[str, Library] = {}
        for plan in self.plans.known:
            try:
                libraries[plan] = self.remembered.load(self.copy, plan)
            except PolicyError as error:
                problem = error.problems[0]
                return Judgement(fault, READING, problem.check, str(problem))
            except UsageError as error:
                return Judgement(fault, READING, "", str(error))
        found = lint(self.copy, load=lambda _, plan: libraries[plan])
        for check, file, message in sorted(_findings(found) - self.clean):
            return Judgement(fault, LINT, check, f"{file}: {message}")
        return self._by_cases(fault, libraries)

    def _by_cases(self, fault: Fault, libraries: dict[str, Library]) -> Judgement:
        policies = {plan: Policy(library) for plan, library in libraries.items()}
        ids = {
            id
            for plan, library in libraries.items()
            for _, id in self.rules[plan] ^ _written(library)
        }
        order = sorted(range(len(self.subjects)), key=lambda n: not ids & self.subjects[n].speaks)
        told = False
        for number in order:
            subject = self.subjects[number]
            policy = policies[subject.plan]
            changed = _outcomes(subject, policy) != self.known[number]
            told = told or changed
            # what a message says may change where no outcome does
            if changed or ids & subject.speaks or subject.name in self.saying:
                why = _wrong(subject, policy)
                if why is not None and self._sound(number):
                    return Judgement(fault, CASES, subject.name, why)
        return Judgement(fault, NOBODY, told=told)

    def _sound(self, number: int) -> bool:
        """Whether a case passes without any fault."""
        if number not in self.sound:
            subject = self.subjects[number]
            self.sound[number] = _wrong(subject, self.plans.policy(subject.plan)) is None
        return self.sound[number]


def _findings(linted: Linted) -> set[Finding]:
    """The errors and warnings, wherever they stand in their files."""
    return {
        (f.check, f.problem.file, f.problem.message)
        for f in linted.findings
        if f.severity in ("error", "warning")
    }


def _written(library: Library) -> set[tuple[str, str]]:
    """Every rule and every answer as text, with the id under which cases speak of it."""
    rules = {(str(rule.clause), rule.papers.id) for rule in library.rules}
    return rules | {
        (f"{setting.name} = {setting.value}", "")
        for setting in (*library.values.values, *library.profile.settings)
    }


def _outcomes(subject: Subject, policy: Policy) -> Outcomes:
    """The outcomes in every world of a case; none where rules fail on its facts."""
    try:
        program = policy.program(policy.rulebook(subject.day, dict(subject.switches)))
        return tuple(frozenset(program.model(facts).outcomes()) for facts in subject.worlds)
    except Exception:
        return ()


def _wrong(subject: Subject, policy: Policy) -> str | None:
    """What is not as the case expects; failing on its facts is noticed too."""
    try:
        return subject.judge(policy)
    except Exception as error:
        return (str(error) or type(error).__name__).splitlines()[0]


def by_kind(judgements: Iterable[Judgement], kinds: Sequence[str]) -> list[str]:
    """A line for each kind: how many, and what noticed them."""
    found = list(judgements)
    lines = [f"{'kind':22} {'all':>4} {READING:>8} {LINT:>5} {CASES:>6} {NOBODY:>7}"]
    for kind in (*kinds, ""):
        own = [j for j in found if kind in ("", j.fault.kind)]
        counts = [sum(j.stage == stage for j in own) for stage in (READING, LINT, CASES, NOBODY)]
        lines.append(
            f"{kind or 'all':22} {len(own):>4} {counts[0]:>8} {counts[1]:>5} {counts[2]:>6} "
            f"{counts[3]:>7}"
        )
    return lines
