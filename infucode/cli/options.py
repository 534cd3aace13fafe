"""Options that several commands share, and how their values are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date
from pathlib import Path
from typing import Annotated

import typer

from infucode.cli.completing import complete_administration, complete_plan, complete_switch
from infucode.cli.formats import AnswerFormat, Detail, Format
from infucode.errors import UsageError

Policies = Annotated[
    Path | None,
    typer.Option(
        "--policies",
        metavar="DIR",
        help="A policy folder of your own (also INFUCODE_POLICIES).",
        show_default=False,
    ),
]
Plan = Annotated[
    str | None,
    typer.Option(
        "--policy",
        "-p",
        metavar="PLAN",
        help="The plan to judge by; wins over the document's. [default: cpcp026]",
        show_default=False,
        autocompletion=complete_plan,
    ),
]
Switches = Annotated[
    list[str] | None,
    typer.Option(
        "--switch",
        metavar="NAME=VALUE",
        help="Answer one of the plan's switches otherwise for this run; repeatable.",
        show_default=False,
        autocompletion=complete_switch,
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Pick the version in force on this date.",
        show_default=False,
    ),
]
Output = Annotated[Format, typer.Option("--format", "-f", help="How to write the answer.")]
AnswerOutput = Annotated[
    AnswerFormat,
    typer.Option(
        "--format",
        "-f",
        help="How to write the answer; html, md and csv show all files in one report.",
    ),
]

Explain = Annotated[
    Detail,
    typer.Option(
        "--explain",
        metavar="[short|full|none]",
        help="Show the proof of every line: what decided, in short, or every step. The value "
        "may be left out: short.",
        show_default=False,
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Let no stand-in answer pass as certain.")
]
TimeLimit = Annotated[
    float,
    typer.Option("--time-limit", metavar="SECONDS", help="Give up after this long.", min=0.1),
]
MemoryLimit = Annotated[
    int,
    typer.Option("--memory-limit", metavar="MB", help="Give up beyond this much memory.", min=64),
]
CodeSet = Annotated[
    int | None,
    typer.Option(
        "--set",
        metavar="N",
        help="Only this code set of an ambiguous answer.",
        show_default=False,
    ),
]
Code = Annotated[str, typer.Argument(metavar="CODE", help="A procedure or drug code.")]
OnlyFor = Annotated[
    str | None,
    typer.Option(
        "--administration",
        metavar="ID",
        help="Only for this administration or service.",
        show_default=False,
        autocompletion=complete_administration,
    ),
]
Plain = Annotated[bool, typer.Option("--ascii", help="Draw with plain characters only.")]


def read_switches(given: Sequence[str] | None) -> dict[str, str]:
    """`NAME=VALUE` options as a mapping. Raises UsageError for anything else."""
    found: dict[str, str] = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise UsageError(f"`{text}` is not a switch: write NAME=VALUE")
        if found.setdefault(name.strip(), value.strip()) != value.strip():
            raise UsageError(f"switch `{name.strip()}` is given two values")
    return found


def read_date(text: str | None) -> Date | None:
    """A date option. Raises UsageError if it is not a date."""
    if text is None:
        return None
    try:
        return Date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"`{text}` is not a date: write it as 2024-08-05") from None
