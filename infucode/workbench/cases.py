"""The cases beside the policies: finding, running and reporting them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from infucode.errors import UsageError
from infucode.model.solution import Solution
from infucode.policy import Solved
from infucode.questions.check import Judged
from infucode.workbench.case import Case
from infucode.workbench.case_claims import claim_differences
from infucode.workbench.case_judging import differences
from infucode.workbench.case_reading import read_all
from infucode.workbench.case_report import Failure, Progress, render_failure, render_totals
from infucode.workbench.fired import fired_in_claim, fired_rules
from infucode.workbench.plans import Plans

__all__ = [
    "Case",
    "CaseResult",
    "Plans",
    "case_files",
    "fired_rules",
    "load_cases",
    "run_case",
    "run_cases",
    "select_cases",
]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case ended. The solution of a failed case is explained, of a passed one not."""

    case: Case
    differences: tuple[str, ...]
    solved: Solved
    judged: Judged | None = None
    """The check of its claim, if it has one."""

    @property
    def passed(self) -> bool:
        return not self.differences

    @property
    def solution(self) -> Solution:
        return self.solved.solution


def case_files(policies: Path) -> list[Path]:
    """The case files of a policy folder: `<layer>/cases/<topic>.yaml`."""
    return sorted(policies.glob("**/cases/*.yaml"))


def load_cases(files: Iterable[Path], plans: Plans) -> list[Case]:
    """The cases of the files. Raises DocumentError with every problem of every file."""
    return read_all([(path, _name(path, plans.folder)) for path in files], plans)


def _name(path: Path, folder: Path) -> str:
    """The path as a person knows it: below the policy folder, or as given."""
    whole, root = path.resolve(), folder.resolve().parent
    return str(whole.relative_to(root)) if whole.is_relative_to(root) else str(path)


def select_cases(cases: Iterable[Case], wanted: str) -> list[Case]:
    """The cases that name the rule, lie in the file, or have the text in their words."""
    word = wanted.casefold()
    return [case for case in cases if any(word in text for text in _texts(case))]


def _texts(case: Case) -> Iterable[str]:
    rules = [*case.fires, *case.silent]
    if case.expected is not None and case.expected.not_reported:
        rules += [item.rule for item in case.expected.not_reported]
    source = case.source.title if case.source else ""
    return (t.casefold() for t in (*rules, case.file, case.name, case.why, source))


def run_case(case: Case, plans: Plans) -> CaseResult:
    """Solve the case and compare. Raises PolicyError if the rules fail on its facts."""
    policy, switches = plans.policy(case.policy), dict(case.switches)
    solved = policy.solve(case.encounter, switches=switches, explain=False)
    judged = None
    if case.is_claim:
        judged = policy.check(case.encounter, switches=switches, explain=False)
    found = [*differences(case, solved.solution)]
    if judged is not None and case.expected is not None and case.expected.check is not None:
        found += claim_differences(case.expected.check, judged.checked)
    found += _rule_differences(case, solved, judged, plans)
    if found:
        solved = policy.solve(case.encounter, switches=switches)
        if judged is not None:
            judged = policy.check(case.encounter, switches=switches)
    return CaseResult(case, tuple(found), solved, judged)


def _rule_differences(
    case: Case, solved: Solved, judged: Judged | None, plans: Plans
) -> Iterable[str]:
    if not case.fires and not case.silent:
        return
    fired = fired_rules(solved) | (fired_in_claim(judged) if judged else frozenset())
    for rule in case.fires:
        if rule not in fired:
            yield f"the rule {rule} is to fire and did not: {plans.text(case, rule)}"
    for rule in case.silent:
        if rule in fired:
            yield f"the rule {rule} is to be silent and fired: {plans.text(case, rule)}"


def run_cases(
    policies: Path, *, select: str | None, files: Sequence[Path], console: Console
) -> int:
    """Run the cases of a policy folder, or of some files; 0 if all pass, else 1.

    Raises DocumentError for broken case files, PolicyError for broken policies, UsageError
    where nothing is left to run.
    """
    plans = Plans(policies)
    cases = load_cases(files or case_files(policies), plans)
    if select is not None:
        cases = select_cases(cases, select)
    if not cases:
        what = f"no case fits `{select}`" if select is not None else "there are no cases"
        raise UsageError(what)
    failed = 0
    with Progress(console, len(cases)) as progress:
        for case in cases:
            result = run_case(case, plans)
            if not result.passed:
                failed += 1
                progress.hide()
                checked = result.judged.checked if result.judged else None
                failure = Failure(case, result.differences, result.solution, checked)
                render_failure(failure, console=console)
            progress.advance()
    render_totals(len(cases) - failed, failed, console=console)
    return 1 if failed else 0
