"""Which case fails where a plan's answer to a switch is another; `python -m tests.cases.answers`
looks for those that the list lacks, and writes it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from infucode.rulebook.where import policies_folder
from infucode.workbench.case import Case
from infucode.workbench.cases import Plans, case_files, load_cases
from infucode.workbench.mutation_cases import judge_of
from tests.unit.says.sentences import place

LIST = Path(__file__).with_name("answers.txt")
Answer = tuple[str, str, str]
"""A plan, a switch, and a value that is not the plan's."""


def other_answers(plans: Plans) -> Iterator[Answer]:
    """Every value that a plan does not give to a switch on any day."""
    for plan in plans.known:
        library = plans.policy(plan).library
        given = {(s.name, s.value) for s in library.profile.settings}
        for switch in library.switches.values():
            for value in switch.values:
                if (switch.name, value) not in given:
                    yield plan, switch.name, value


def asked(case: Case, answer: Answer) -> bool:
    """Whether a case hangs on what its plan answers, and not on an answer of its own."""
    plan, switch, _ = answer
    own = (*case.switches, *case.encounter.switches)
    return case.policy == plan and switch not in dict(own)


def notices(case: Case, answer: Answer, plans: Plans) -> bool:
    """Whether the case fails with the other answer."""
    plan, switch, value = answer
    turned = replace(case, switches=(*case.switches, (switch, value)))
    return judge_of(turned)(plans.policy(plan)) is not None


def read_list() -> dict[Answer, str]:
    """The list: by answer the case that notices it."""
    found = {}
    for row in LIST.read_text(encoding="utf-8").splitlines():
        plan, switch, value, case = row.split(" ", 3)
        found[plan, switch, value] = case
    return found


def look(answers: Iterable[Answer], cases: Iterable[Case], plans: Plans) -> dict[Answer, str]:
    """The first case that notices each answer; empty where none does."""
    known = list(cases)
    return {
        answer: next(
            (place(c) for c in known if asked(c, answer) and notices(c, answer, plans)), ""
        )
        for answer in answers
    }


def main() -> int:
    """Write the list; 1 if an answer is held by no case."""
    plans = Plans(policies_folder())
    cases = load_cases(case_files(plans.folder), plans)
    by_place = {place(case): case for case in cases}
    before = read_list() if LIST.is_file() else {}
    wanted = list(other_answers(plans))
    kept = {
        answer: before[answer]
        for answer in wanted
        if (case := by_place.get(before.get(answer, "")))
        and asked(case, answer)
        and notices(case, answer, plans)
    }
    found = kept | look([a for a in wanted if a not in kept], cases, plans)
    rows = [f"{' '.join(answer)} {found[answer]}\n" for answer in wanted if found[answer]]
    LIST.write_text("".join(rows), encoding="utf-8")
    missing = [" ".join(answer) for answer in wanted if not found[answer]]
    print("\n".join(missing) or "every answer is held by a case")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
