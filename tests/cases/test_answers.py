"""Each answer of a plan to a switch is held by a case, which fails where it is another.

It takes some seconds, since every answer makes a rulebook of its own.
"""

from __future__ import annotations

from infucode.rulebook.where import policies_folder
from infucode.workbench.cases import Plans, load_cases
from tests.cases.answers import asked, notices, other_answers, read_list
from tests.unit.says.sentences import place

HINT = "`python -m tests.cases.answers` looks for another; else write one"


def test_every_other_answer_is_noticed() -> None:
    plans = Plans(policies_folder())
    held = read_list()
    assert set(held) == set(other_answers(plans)), HINT
    names = {name.split(": ")[0] for name in held.values()}
    cases = load_cases([plans.folder / name for name in sorted(names)], plans)
    known = {place(case): case for case in cases}
    for answer, name in held.items():
        assert name in known, f"the case `{name}` is gone; {HINT}"
        assert asked(known[name], answer) and notices(known[name], answer, plans), (
            f"`{name}` passes where {answer[0]} answers {answer[1]} with {answer[2]}; {HINT}"
        )
