"""`infucode check`: what is wrong with a claim, with the record behind it or without."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infucode.cli.answers import LIMITS
from infucode.cli.check_answers import check_files
from infucode.cli.epilog import examples
from infucode.cli.formats import AnswerFormat, Detail
from infucode.cli.options import (
    AnswerOutput,
    AsOf,
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
from infucode.errors import UsageError

HELP = (
    "Check the claim lines of a document: which stand, which violate a rule, which need a second "
    "look, what is omitted. With the record in the document every line is held against what it "
    "earns; without, against the other lines. FILE is YAML or JSON; - reads standard input."
)
EXAMPLES = examples(
    "infucode check claim.yaml --explain",
    "infucode check claim.yaml --policy medicare --format csv",
)

Explain = Annotated[
    Detail,
    typer.Option(
        "--explain",
        metavar="[short|full|none]",
        help="Show the proof of every violation: what decided, in short, or every step. The "
        "value may be left out: short.",
        show_default=False,
    ),
]
Repairs = Annotated[
    bool,
    typer.Option(
        "--repairs/--no-repairs",
        help="Show which lines cannot stand together, and the least edits that make the claim "
        "right. Without, a check of many claims is faster.",
    ),
]
Tables = Annotated[
    Path | None,
    typer.Option(
        "--tables",
        metavar="DIR",
        help="The folder of imported CMS tables (also INFUCODE_TABLES).",
        show_default=False,
    ),
]


def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Documents with claim lines, or -.")
    ],
    policy: Plan = None,
    switch: Switches = None,
    as_of: AsOf = None,
    strict: Strict = False,
    explain: Explain = Detail.none,
    output: AnswerOutput = AnswerFormat.text,
    repairs: Repairs = True,
    tables: Tables = None,
    policies: Policies = None,
    plain: Plain = False,
    time_limit: TimeLimit = LIMITS.seconds,
    memory_limit: MemoryLimit = LIMITS.megabytes,
) -> int:
    """Check every file; the highest exit code counts."""
    if tables is not None and not tables.is_dir():
        raise UsageError(f"`{tables}` is no folder of tables; `infucode tables import` makes one")
    asked = Asked(read_switches(switch), read_date(as_of), strict, explain, repairs)
    limits = Limits(time_limit, memory_limit)
    return check_files(
        files, policy, policies, asked, limits, tables=tables, output=output, plain=plain
    )
