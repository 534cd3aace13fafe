"""`infucode policy mutate`: small wrong changes of the rules that no case notices."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infucode.cli.options import Plain, Policies
from infucode.cli.output import note, stdout
from infucode.cli.progress import counted_bar
from infucode.cli.test import Files, Jobs, Select
from infucode.errors import UsageError

if TYPE_CHECKING:
    from infucode.workbench.case import Case
    from infucode.workbench.mutating import Mutated, Wanted
    from infucode.workbench.plans import Plans

LOW = 1
Cache = Annotated[
    Path | None,
    typer.Option("--cache", metavar="FOLDER", show_default=False,
                 help="Keep results here; what is known there is not run again."),
]  # fmt: skip
Reasons = Annotated[
    Path | None,
    typer.Option("--reasons", metavar="FILE", show_default=False,
                 help="Why some may survive; survivors.yaml of the policy folder if not given."),
]  # fmt: skip


class MutateFormat(StrEnum):
    """How results are written."""

    text = "text"
    json = "json"


Named = Annotated[
    str, typer.Option("--rules", metavar="GLOB", help="Only rules or values named so.")
]
Sample = Annotated[
    int | None,
    typer.Option("--sample", metavar="N", help="Only so many, drawn by --seed.",
                 show_default=False),
]  # fmt: skip
Minimum = Annotated[
    float | None,
    typer.Option("--minimum", metavar="PERCENT", help="Exit with 1 below this score.",
                 show_default=False),
]  # fmt: skip
Format = Annotated[MutateFormat, typer.Option("--format", "-f", help="How to write the results.")]


def mutate_policies(
    files: Files = None,
    select: Select = None,
    rules: Named = "*",
    sample: Sample = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Draws the sample.")] = 1,
    tables: Annotated[
        bool, typer.Option("--tables", help="Also shift the numbers of table rows.")
    ] = False,
    killed: Annotated[
        bool, typer.Option("--killed", help="Also list which case kills each mutant.")
    ] = False,
    seek: Annotated[
        bool,
        typer.Option("--nearest/--no-nearest", help="Look for encounters that would kill them."),
    ] = True,
    minimum: Minimum = None,
    format: Format = MutateFormat.text,
    jobs: Jobs = None,
    cache: Cache = None,
    reasons: Reasons = None,
    policies: Policies = None,
    plain: Plain = False,
) -> int:
    """Exit code 0, or 1 where fewer than the minimum are killed."""
    from infucode.rulebook.where import policies_folder
    from infucode.workbench.cases import chosen_cases
    from infucode.workbench.jobs import jobs_of
    from infucode.workbench.mutating import Wanted
    from infucode.workbench.plans import Plans

    _check(sample, minimum)
    number = jobs_of(jobs)
    plans = Plans(policies_folder(policies))
    cases = chosen_cases(plans, select=select, files=files or [])
    wanted = Wanted(rules, sample, seed, tables)
    mutated = scored(
        plans, cases, jobs=number, cache=cache, reasons=reasons, wanted=wanted, seek=seek
    )
    if format is MutateFormat.json:
        from infucode.workbench.mutation_report import mutated_to_json

        sys.stdout.write(mutated_to_json(mutated))
    else:
        from infucode.workbench.mutation_report import render_mutated

        render_mutated(mutated, stdout(), killed=killed, ascii_only=plain)
    if minimum is not None and mutated.score < minimum:
        note(f"{int(mutated.score * 10) / 10:.1f} % is less than the minimum of {minimum:g} %")
        return LOW
    return 0


def _check(sample: int | None, minimum: float | None) -> None:
    if sample is not None and sample < 1:
        raise UsageError(f"`--sample {sample}` draws nothing; give 1 or more")
    if minimum is not None and not 0 <= minimum <= 100:
        raise UsageError(f"`--minimum {minimum:g}` is no share; give a number from 0 to 100")


def scored(
    plans: Plans,
    cases: Sequence[Case],
    *,
    jobs: int,
    cache: Path | None,
    reasons: Path | None,
    wanted: Wanted | None = None,
    seek: bool = False,
) -> Mutated:
    """The mutants of a folder over its cases, with a bar on standard error."""
    from infucode.workbench.mutating import Wanted, mutate

    with ExitStack() as stack:
        bars = []

        def begun(total: int) -> None:
            bars.append(stack.enter_context(counted_bar("mutants", total)))

        def done(number: int) -> None:
            bars[0](number)

        return mutate(
            plans, cases, wanted or Wanted(), jobs=jobs, cache=cache, reasons=reasons,
            seek=seek, begun=begun, done=done,
        )  # fmt: skip
