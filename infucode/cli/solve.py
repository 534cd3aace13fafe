"""`infucode solve`: the codes of an encounter, with reasons."""

from __future__ import annotations

from typing import Annotated

import typer

from infucode.cli.answers import LIMITS, answer_files
from infucode.cli.epilog import examples
from infucode.cli.formats import AnswerFormat, Detail
from infucode.cli.options import (
    AnswerOutput,
    AsOf,
    Explain,
    MemoryLimit,
    Plain,
    Plan,
    Policies,
    Strict,
    Switches,
    TimeLimit,
    read_date,
    read_switches,
)
from infucode.cli.plans import Asked
from infucode.engine.limits import Limits

HELP = "Code one or more encounters and say why. FILE is YAML or JSON; - reads standard input."
EXAMPLES = examples(
    "infucode solve visit.yaml --explain",
    "infucode solve visit.yaml --policy medicare --switch missing_stop=push",
)


WhatIf = Annotated[
    list[str] | None,
    typer.Option("--what-if", metavar="ID.FIELD=VALUE", show_default=False,
                 help="The answer if this were said, beside the one as documented; repeatable."),
]  # fmt: skip
Sweep = Annotated[
    str | None,
    typer.Option("--sweep", metavar="ID.FIELD=FIRST..LAST", show_default=False,
                 help="Where the answer changes over a range of numbers or times."),
]  # fmt: skip


def solve(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Encounter documents, or -.")
    ],
    policy: Plan = None,
    switch: Switches = None,
    as_of: AsOf = None,
    strict: Strict = False,
    explain: Explain = Detail.none,
    what_if: WhatIf = None,
    sweep: Sweep = None,
    output: AnswerOutput = AnswerFormat.text,
    policies: Policies = None,
    plain: Plain = False,
    time_limit: TimeLimit = LIMITS.seconds,
    memory_limit: MemoryLimit = LIMITS.megabytes,
) -> int:
    """Solve every file; the highest exit code counts."""
    asked = Asked(read_switches(switch), read_date(as_of), strict, explain)
    limits = Limits(time_limit, memory_limit)
    if what_if or sweep:
        from infucode.cli.what_if import answer_what_if

        return answer_what_if(
            files, policy, policies, asked, limits,
            changes=what_if or [], sweep=sweep, output=output, plain=plain,
        )  # fmt: skip
    return answer_files(files, policy, policies, asked, limits, output=output, plain=plain)
