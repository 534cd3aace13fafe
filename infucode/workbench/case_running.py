"""Running cases: each is solved and compared, by as many processes as are wanted."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from infucode.model.solution import Solution
from infucode.policy import Solved
from infucode.questions.check import Judged
from infucode.workbench.case import Case
from infucode.workbench.case_claims import claim_differences
from infucode.workbench.case_judging import differences
from infucode.workbench.case_report import Failure
from infucode.workbench.case_saying import says_differences
from infucode.workbench.case_telling import told
from infucode.workbench.fired import fired_in_claim, fired_rules
from infucode.workbench.jobs import shared
from infucode.workbench.plans import Plans


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

    @property
    def fired(self) -> frozenset[str]:
        """The ids of the rules that fired, over the record and over the claim."""
        return _fired(self.solved, self.judged)


@dataclass(frozen=True, slots=True)
class Ran:
    """A case that has run, fit to be handed from one process to another."""

    case: Case
    failure: Failure | None
    seconds: float
    fired: frozenset[str] | None = None
    """The rules that fired, where they are wanted."""


def run_case(case: Case, plans: Plans) -> CaseResult:
    """Solve the case and compare. Raises PolicyError if the rules fail on its facts."""
    policy, switches = plans.policy(case.policy), dict(case.switches)
    solved = policy.solve(case.encounter, switches=switches, explain=False)
    judged = None
    if case.is_claim:
        judged = policy.check(
            case.encounter, switches=switches, explain=False, tables=case.store
        )
    found = [*differences(case, solved.solution)]
    if judged is not None and case.expected is not None and case.expected.check is not None:
        found += claim_differences(case.expected.check, judged.checked)
    found += _rule_differences(case, solved, judged, plans)
    found += says_differences(case.says, solved, judged)
    if found:
        solved = policy.solve(case.encounter, switches=switches)
        if judged is not None:
            judged = policy.check(case.encounter, switches=switches, tables=case.store)
    return CaseResult(case, tuple(found), solved, judged)


def run_all(
    cases: Sequence[Case], plans: Plans, *, jobs: int = 1, fired: bool = False
) -> Iterator[Ran]:
    """Every case, in the order in which they end. Raises PolicyError if rules fail on facts."""
    for plan in {case.policy for case in cases}:
        plans.policy(plan)
    together = sorted(cases, key=_rulebook)
    for _, ran in shared(partial(_ran, plans=plans, fired=fired), together, jobs):
        yield ran


def _rulebook(case: Case) -> tuple[object, ...]:
    """Cases of one rulebook are run one after another, since it is made once in a process."""
    return case.policy, case.encounter.switches, case.switches, case.encounter.date


def _ran(case: Case, plans: Plans, fired: bool) -> Ran:
    start = time.perf_counter()
    result = run_case(case, plans)
    rules = result.fired if fired else None
    failure = None if result.passed else failure_of(result)
    return Ran(case, failure, time.perf_counter() - start, rules)


def failure_of(result: CaseResult) -> Failure:
    """What a person is shown of a case that failed."""
    judged = result.judged
    return Failure(
        result.case,
        result.differences,
        result.solution,
        judged.checked if judged else None,
        tuple(told(result.case, result.solved, judged, result.differences)),
    )


def _fired(solved: Solved, judged: Judged | None) -> frozenset[str]:
    return fired_rules(solved) | (fired_in_claim(judged) if judged else frozenset())


def _rule_differences(
    case: Case, solved: Solved, judged: Judged | None, plans: Plans
) -> Iterable[str]:
    if not case.fires and not case.silent:
        return
    fired = _fired(solved, judged)
    for rule in case.fires:
        if rule not in fired:
            yield f"the rule {rule} is to fire and did not: {plans.text(case, rule)}"
    for rule in case.silent:
        if rule in fired:
            yield f"the rule {rule} is to be silent and fired: {plans.text(case, rule)}"
