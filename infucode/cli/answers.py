"""Files in, answers out: what `infucode solve` does once it knows what it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from infucode.cli.formats import GATHERED, AnswerFormat, Detail
from infucode.cli.output import report_error, stdout
from infucode.cli.plans import Asked, Plans, Proofs
from infucode.cli.report import Gathered
from infucode.engine.limits import Limits
from infucode.engine.worker import Worker
from infucode.errors import InfucodeError
from infucode.model.encounter import Encounter
from infucode.model.solution import Solution

if TYPE_CHECKING:
    from infucode.render.report import Background

EXIT = {"coded": 0, "ambiguous": 10, "blocked": 10}
LIMITS = Limits(60.0, 4096)
NOTHING_SPECIAL = Asked()


def answer_files(
    files: Sequence[str],
    plan: str | None = None,
    policies: Path | None = None,
    asked: Asked = NOTHING_SPECIAL,
    limits: Limits = LIMITS,
    *,
    output: AnswerFormat = AnswerFormat.text,
    plain: bool = False,
) -> int:
    """Answer every file, under `plan` or its own; the highest exit code counts.

    Programs that read JSON are given the whole proof, however short people want it.
    """
    if output is AnswerFormat.json and asked.explain is Detail.short:
        asked = replace(asked, explain=Detail.full)
    with Worker(partial(Plans, policies)) as worker:
        worker.start(partial(Plans.get_ready, plan=plan))
        from infucode.documents import load_encounter

        @cache
        def background(plan: str | None) -> Background:
            return worker.do(partial(Plans.background, plan=plan))

        gathered = Gathered()
        code = 0
        for number, file in enumerate(files):
            try:
                encounter = load_encounter(file)
                own = plan or encounter.policy
                worker.do(partial(Plans.load, plan=own))
                work = partial(Plans.answer, plan=own, encounter=encounter, asked=asked)
                solution, proofs = worker.do(work, limits, partial(_get_ready, output))
            except InfucodeError as error:
                code = max(code, report_error(error))
                gathered.refuse(file, error)
                continue
            if output in GATHERED:
                gathered.add(file, encounter, solution, proofs, background(own))
            elif output is AnswerFormat.json:
                shown = None if asked.explain is Detail.none else proofs
                _write_json(solution, shown, len(files) > 1)
            else:
                _write_text(encounter, solution, proofs, plain=plain, first=number == 0)
            code = max(code, EXIT[solution.outcome])
        gathered.write(output)
    return code


def _get_ready(output: AnswerFormat) -> None:
    """Import what shows the answer; there is time while it is found."""
    if output is AnswerFormat.text:
        import infucode.render.terminal
    elif output is AnswerFormat.json:
        import infucode.render.json_view  # noqa: F401


def _write_json(solution: Solution, proofs: Proofs | None, compact: bool) -> None:
    from infucode.render.json_view import dumps, solution_to_json

    sys.stdout.write(dumps(solution_to_json(solution, proofs=proofs), compact=compact))
    sys.stdout.flush()


def _write_text(
    encounter: Encounter, solution: Solution, proofs: Proofs, *, plain: bool, first: bool
) -> None:
    from infucode.render.terminal import render_solution

    console = stdout()
    if not first:
        console.print()
    render_solution(encounter, solution, console=console, ascii_only=plain, proofs=proofs)
