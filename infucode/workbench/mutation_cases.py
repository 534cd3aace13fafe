"""The cases beside the policies as subjects for mutants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date as Date
from typing import cast

import clingo

from infucode.engine.facts import Facts, facts_of
from infucode.engine.program import Program
from infucode.model.encounter import Encounter
from infucode.policy import Policy
from infucode.questions.check import Judged
from infucode.questions.completions import complete
from infucode.workbench.bench import Subject
from infucode.workbench.case import Case
from infucode.workbench.case_claims import claim_differences
from infucode.workbench.case_judging import differences
from infucode.workbench.case_saying import says_differences
from infucode.workbench.fired import fired_in_claim, fired_rules
from infucode.workbench.plans import Plans

Switches = tuple[tuple[str, str], ...]
OPEN = "open_"
"""Outcomes of this name say that the record leaves something open."""


class _Recorder:
    """Stands in for a program and remembers what it was asked."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.asked: list[Facts] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self.program, name)

    def solve(self, batch: Sequence[Facts]) -> list[list[clingo.Symbol]]:
        """As ever."""
        self.asked += batch
        return self.program.solve(batch)


def case_subjects(cases: Iterable[Case], plans: Plans) -> Iterator[Subject]:
    """Each case that some rulebook decides; what no version covers hangs on no rule."""
    together: dict[tuple[str, Date, Switches], list[Case]] = {}
    for case in cases:
        library = plans.policy(case.policy).library
        if library.profile.version_on(case.encounter.date) is not None:
            switches = tuple(
                sorted({**dict(case.encounter.switches), **dict(case.switches)}.items())
            )
            together.setdefault((case.policy, case.encounter.date, switches), []).append(case)
    for (plan, day, switches), group in together.items():
        policy = plans.policy(plan)
        program = policy.program(policy.rulebook(day, dict(switches)))
        worlds = worlds_of(program, [case.encounter for case in group])
        for case, tried in zip(group, worlds, strict=True):
            if case.is_claim:
                judged = _checked(case, policy)
                tried = (*tried, *((judged.reasons.facts,) if judged.reasons else ()))
            yield Subject(
                case_name(case),
                plan,
                day,
                switches,
                program,
                tried,
                judge_of(case),
                frozenset((*case.fires, *case.silent, *(rule for rule, _ in case.says))),
                worded=bool(case.says),
            )


def _checked(case: Case, policy: Policy) -> Judged:
    return policy.check(
        case.encounter, switches=dict(case.switches), explain=False, tables=case.store
    )


def case_name(case: Case) -> str:
    """The name of a case as a subject."""
    return f"{case.place} {case.name}"


def worlds_of(program: Program, encounters: Sequence[Encounter]) -> list[tuple[Facts, ...]]:
    """Of each the record as it stands, then every world that is tried to fill it in."""
    facts = [facts_of(item, program.book.vocabulary) for item in encounters]
    answers = program.solve(facts)
    found = []
    for item, known, atoms in zip(encounters, facts, answers, strict=True):
        worlds: tuple[Facts, ...] = (known,)
        if any(atom.name.startswith(OPEN) for atom in atoms):
            recorder = _Recorder(program)
            complete(cast(Program, recorder), item, known)
            worlds = tuple(recorder.asked) or worlds
        found.append(worlds)
    return found


def judge_of(case: Case) -> Callable[[Policy], str | None]:
    """What a case expects, to be asked of any policy: what is wrong under it, or None."""
    return _Judge(case)


class _Judge:
    """What a case expects, asked of any policy."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __call__(self, policy: Policy) -> str | None:
        case = self.case
        solved = policy.solve(case.encounter, switches=dict(case.switches), explain=False)
        for difference in differences(case, solved.solution):
            return difference
        judged = None
        if case.is_claim:
            judged = _checked(case, policy)
        if judged is not None and case.expected is not None and case.expected.check is not None:
            for difference in claim_differences(case.expected.check, judged.checked):
                return difference
        for difference in says_differences(case.says, solved, judged):
            return difference
        if not case.fires and not case.silent:
            return None
        fired = fired_rules(solved) | (fired_in_claim(judged) if judged else frozenset())
        for rule in case.fires:
            if rule not in fired:
                return f"the rule {rule} is to fire and did not"
        for rule in case.silent:
            if rule in fired:
                return f"the rule {rule} is to be silent and fired"
        return None
