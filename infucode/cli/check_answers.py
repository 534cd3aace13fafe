"""Files in, checked claims out: what `infucode check` does once it knows what it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from infucode.cli.formats import GATHERED, AnswerFormat, Detail
from infucode.cli.output import report_error, stdout
from infucode.cli.plans import Asked, CheckProofs, Plans
from infucode.cli.report import refusal_of
from infucode.engine.limits import Limits
from infucode.engine.worker import Worker
from infucode.errors import InfucodeError
from infucode.model.claim import Checked
from infucode.model.encounter import Encounter

if TYPE_CHECKING:
    from infucode.render.check_report import CheckResult
    from infucode.render.report import Background

EXIT = {"valid": 0, "review": 11, "undecided": 12, "violating": 13}


def check_files(
    files: Sequence[str],
    plan: str | None,
    policies: Path | None,
    asked: Asked,
    limits: Limits,
    *,
    tables: Path | None = None,
    output: AnswerFormat = AnswerFormat.text,
    plain: bool = False,
) -> int:
    """Check every file, under `plan` or its own; the highest exit code counts.

    Programs that read JSON are given the whole proof, however short people want it.
    """
    if output is AnswerFormat.json and asked.explain is Detail.short:
        asked = replace(asked, explain=Detail.full)
    code = 0
    gathered: list[CheckResult] = []
    with Worker(partial(Plans, policies)) as worker:
        worker.start(partial(Plans.get_ready, plan=plan))
        from infucode.documents import load_encounter
        from infucode.render.check_content import ClaimAnswer

        @cache
        def background(plan: str | None) -> Background:
            return worker.do(partial(Plans.background, plan=plan))

        for number, file in enumerate(files):
            try:
                encounter = load_encounter(file)
                own = plan or encounter.policy
                worker.do(partial(Plans.load, plan=own))
                checked, proofs = worker.do(
                    partial(
                        Plans.check, plan=own, encounter=encounter, asked=asked, tables=tables
                    ),
                    limits,
                )
            except InfucodeError as error:
                code = max(code, report_error(error))
                gathered.append(refusal_of(file, error))
                continue
            shown = None if asked.explain is Detail.none else proofs
            if output in GATHERED:
                gathered.append(ClaimAnswer(file, encounter, checked, shown, background(own)))
            elif output is AnswerFormat.json:
                _write_json(checked, shown, len(files) > 1)
            else:
                _write_text(encounter, checked, shown, plain=plain, first=number == 0)
            code = max(code, EXIT[checked.outcome])
    if output in GATHERED and any(isinstance(result, ClaimAnswer) for result in gathered):
        _write_report(gathered, output)
    return code


def _write_json(checked: Checked, proofs: CheckProofs | None, compact: bool) -> None:
    from infucode.render.check_json import checked_to_json
    from infucode.render.json_view import dumps

    sys.stdout.write(dumps(checked_to_json(checked, proofs=proofs), compact=compact))
    sys.stdout.flush()


def _write_text(
    encounter: Encounter,
    checked: Checked,
    proofs: CheckProofs | None,
    *,
    plain: bool,
    first: bool,
) -> None:
    from infucode.render.check_terminal import render_check

    console = stdout()
    if not first:
        console.print()
    render_check(encounter, checked, console=console, proofs=proofs, ascii_only=plain)


def _write_report(results: Sequence[CheckResult], output: AnswerFormat) -> None:
    import typer

    if output is AnswerFormat.html:
        from infucode.render.check_html import check_page as written
    elif output is AnswerFormat.md:
        from infucode.render.check_markdown import check_markdown as written
    else:
        from infucode.render.check_csv import check_csv as written
    typer.echo(written(results).encode(), nl=False)
