"""`infucode batch`: many documents at once, with nothing lost."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from infucode.batch.run import Settings
from infucode.batch.tasks import Detail as BatchDetail
from infucode.batch.tasks import Question, Task
from infucode.cli import batch_profile, batch_summary
from infucode.cli.batch_runs import answer_many, say_tables
from infucode.cli.check import Tables
from infucode.cli.epilog import examples
from infucode.cli.formats import Detail
from infucode.cli.options import (
    AsOf,
    MemoryLimit,
    Plan,
    Policies,
    Strict,
    Switches,
    TimeLimit,
    read_date,
    read_switches,
)
from infucode.cli.wanted_files import LIMITS, Cache, Force, Inputs, Output, Workers
from infucode.engine.limits import Limits
from infucode.errors import UsageError

app = typer.Typer(
    name="batch",
    help="Code or check many encounters: NDJSON in, NDJSON out, in the order of the input.",
    epilog=examples(
        "infucode batch solve visits.ndjson -o answers.ndjson",
        "infucode batch check claims.ndjson -o checked.ndjson",
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)
Explain = Annotated[
    Detail,
    typer.Option(
        "--explain",
        metavar="[none|short|full]",
        help="none: codes and rule names alone, the fastest; short: sentences, citations and "
        "what lines hang on, as `infucode solve --format json` gives them; full: the proofs too.",
        show_default=False,
    ),
]

Repairs = Annotated[
    bool,
    typer.Option(
        "--repairs",
        help="Give conflicts and repairs too, as `infucode check` does; twice the time of a "
        "claim with a line denied.",
    ),
]


class TableFormat(StrEnum):
    """How tables are written."""

    csv = "csv"
    parquet = "parquet"


TablesAs = Annotated[
    TableFormat | None,
    typer.Option(
        "--tables-as",
        help="Also write tables of lines, not reported, questions, warnings and violations, in "
        "the folder NAME.tables beside OUTPUT.",
        show_default=False,
    ),
]


@app.command(
    "solve",
    epilog=examples(
        "infucode batch solve visits.ndjson -o answers.ndjson",
        "infucode batch solve - -o - --workers 2 < visits.ndjson",
    ),
)
def solve(
    inputs: Inputs,
    output: Output,
    policy: Plan = None,
    switch: Switches = None,
    as_of: AsOf = None,
    strict: Strict = False,
    explain: Explain = Detail.none,
    form: TablesAs = None,
    policies: Policies = None,
    workers: Workers = 0,
    cache: Cache = False,
    force: Force = False,
    time_limit: TimeLimit = LIMITS.seconds,
    memory_limit: MemoryLimit = LIMITS.megabytes,
) -> int:
    """Code every document; those that are refused go to a file of their own, with the reasons.

    A run that was killed goes on where it stopped when the same command is given again.
    """
    task = Task(
        Question.solve, policy, policies, read_switches(switch), read_date(as_of), strict,
        BatchDetail(explain.value),
    )  # fmt: skip
    limits = Limits(time_limit, memory_limit)
    settings = Settings(workers, limits, cache=cache, force=force)
    return answer_many(task, inputs, output, settings, form and form.value)


@app.command(
    "check",
    epilog=examples(
        "infucode batch check claims.ndjson -o checked.ndjson --policy medicare",
        "infucode batch check claims.ndjson -o out.ndjson --explain short",
    ),
)
def check(
    inputs: Inputs,
    output: Output,
    policy: Plan = None,
    switch: Switches = None,
    as_of: AsOf = None,
    strict: Strict = False,
    explain: Explain = Detail.none,
    repairs: Repairs = False,
    form: TablesAs = None,
    tables: Tables = None,
    policies: Policies = None,
    workers: Workers = 0,
    cache: Cache = False,
    force: Force = False,
    time_limit: TimeLimit = LIMITS.seconds,
    memory_limit: MemoryLimit = LIMITS.megabytes,
) -> int:
    """Check the claim of every document; those that are refused go to a file of their own.

    A run that was killed goes on where it stopped when the same command is given again.
    """
    if tables is not None and not tables.is_dir():
        raise UsageError(f"`{tables}` is no folder of tables; `infucode tables import` makes one")
    task = Task(
        Question.check, policy, policies, read_switches(switch), read_date(as_of), strict,
        BatchDetail(explain.value), tables, repairs,
    )  # fmt: skip
    limits = Limits(time_limit, memory_limit)
    settings = Settings(workers, limits, cache=cache, force=force)
    return answer_many(task, inputs, output, settings, form and form.value)


@app.command(
    "tables",
    epilog=examples(
        "infucode batch tables answers.ndjson -o tables",
        "infucode batch tables answers.ndjson -o tables --format parquet",
    ),
)
def tables(
    answers: Annotated[
        Path, typer.Argument(metavar="ANSWERS", help="The answers of a batch, as NDJSON.")
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="DIR", help="The folder of the tables.", show_default=False
        ),
    ],
    form: Annotated[
        TableFormat, typer.Option("--format", "-f", help="How the tables are written.")
    ] = TableFormat.csv,
) -> int:
    """Write the answers of a batch as tables: lines, not reported, questions, violations ..."""
    say_tables(answers, output, form.value)
    return 0


app.command("summary", epilog=batch_summary.EXAMPLES)(batch_summary.summary)
app.command("profile", epilog=batch_profile.EXAMPLES)(batch_profile.profile)
