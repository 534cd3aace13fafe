"""`infucode solve --what-if` and `--sweep`: the same visit with something said otherwise."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from infucode.cli.formats import AnswerFormat
from infucode.cli.output import stdout
from infucode.errors import UsageError

if TYPE_CHECKING:
    from infucode.cli.plans import Asked
    from infucode.engine.limits import Limits
    from infucode.model.encounter import Encounter
    from infucode.model.solution import Solution

Solve = Callable[["Encounter"], "Solution"]


def answer_what_if(
    files: Sequence[str],
    plan: str | None,
    policies: Path | None,
    asked: Asked,
    limits: Limits,
    *,
    changes: Sequence[str],
    sweep: str | None,
    output: AnswerFormat,
    plain: bool,
) -> int:
    """Exit code 0, whatever is answered: a what-if is a question and its answer no claim.

    Raises UsageError for what is no change, DocumentError for what no document may say.
    """
    from infucode.documents import load_encounter
    from infucode.policy import DEFAULT_PLAN, Policy
    from infucode.space.asking_again import AskingAgain

    if len(files) != 1:
        raise UsageError("`--what-if` and `--sweep` ask about one FILE")
    if changes and sweep:
        raise UsageError("`--what-if` and `--sweep` are two questions; ask one at a time")
    if output not in (AnswerFormat.text, AnswerFormat.json):
        raise UsageError("`--what-if` and `--sweep` are written as text or json")
    encounter = load_encounter(files[0])

    def asking(about: Encounter, questions: int) -> Solve:
        policy = Policy.load(plan or about.policy or DEFAULT_PLAN, policies=policies)
        return AskingAgain(
            policy, about, questions=questions, switches=asked.switches, as_of=asked.as_of,
            strict=asked.strict,
        ).solve  # fmt: skip

    as_json = output is AnswerFormat.json
    if sweep:
        return _sweep(encounter, sweep, asking, limits, as_json=as_json, plain=plain)
    return _what_if(encounter, changes, asking, limits, as_json=as_json, plain=plain)


def _what_if(
    encounter: Encounter,
    texts: Sequence[str],
    asking: Callable[[Encounter, int], Solve],
    limits: Limits,
    *,
    as_json: bool,
    plain: bool,
) -> int:
    from infucode.engine.limits import guarded
    from infucode.model.solution import claimed
    from infucode.questions.what_if import change_of, changed
    from infucode.render.json_view import dumps, solution_to_json
    from infucode.render.what_if_view import render_what_if, what_if_to_json
    from infucode.space.asking_again import read

    changes = [change_of(text) for text in texts]
    told = [str(change) for change in changes]
    other = changed(encounter, changes, partial(read, name=f"{encounter.id}, {', '.join(told)}"))
    solve = asking(encounter, 2)
    otherwise = solve if other.policy == encounter.policy else asking(other, 1)
    before, after = guarded(lambda: (solve(encounter), otherwise(other)), limits)
    if as_json:
        same = claimed(before) == claimed(after)
        answers = (solution_to_json(before), solution_to_json(after))
        sys.stdout.write(dumps(what_if_to_json(told, *answers, same=same)))
    else:
        render_what_if(encounter, told, before, after, console=stdout(), ascii_only=plain)
    return 0


def _sweep(
    encounter: Encounter,
    text: str,
    asking: Callable[[Encounter, int], Solve],
    limits: Limits,
    *,
    as_json: bool,
    plain: bool,
) -> int:
    from infucode.engine.limits import guarded
    from infucode.questions.what_if import steps, sweep
    from infucode.render.json_view import dumps, solution_to_json
    from infucode.render.what_if_view import render_sweep, sweep_to_json
    from infucode.space.asking_again import read

    change, values = steps(text, encounter.date)
    solve = asking(encounter, len(values))
    found = guarded(lambda: list(sweep(encounter, change, values, solve, read)), limits)
    stretches = [(s.first, s.last, s.values, s.solution, s.refused) for s in found]
    if as_json:
        answers = [None if s.solution is None else solution_to_json(s.solution) for s in found]
        sys.stdout.write(dumps(sweep_to_json(change.place, stretches, answers)))
    else:
        render_sweep(encounter, change.place, stretches, console=stdout(), ascii_only=plain)
    return 0
