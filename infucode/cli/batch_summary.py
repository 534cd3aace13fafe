"""`infucode batch summary`: what a run holds, and how two runs differ."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from infucode.cli.epilog import examples
from infucode.cli.options import Plain
from infucode.cli.output import stdout

if TYPE_CHECKING:
    from infucode.render.batch_sections import Sections

SHOWN = {"text": 20, "html": 100}
"""Rows of a table that people are shown where `--top` says nothing; programs get all."""
EXAMPLES = examples(
    "infucode batch summary answers.ndjson",
    "infucode batch summary answers.ndjson --format html",
)


class ReportFormat(StrEnum):
    """How a report of a batch is written."""

    text = "text"
    csv = "csv"
    json = "json"
    html = "html"


Top = Annotated[
    int | None,
    typer.Option(
        "--top",
        metavar="N",
        help="Rows of each table at most. [default: 20, for html 100, for csv and json all]",
        min=1,
        show_default=False,
    ),
]


def summary(
    output: Annotated[
        str,
        typer.Argument(
            metavar="OUTPUT",
            help="The answers of a batch: a file of NDJSON, or the folder of its tables.",
        ),
    ],
    before: Annotated[
        str | None,
        typer.Option(
            "--before",
            metavar="OUTPUT",
            help="An earlier output: tell how this one differs from it.",
            show_default=False,
        ),
    ] = None,
    top: Top = None,
    form: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="How the summary is written.")
    ] = ReportFormat.text,
    plain: Plain = False,
) -> int:
    """Count what a batch gave: outcomes, codes, units, rules, questions, violations, rejects.

    With an earlier output: what changed since, encounter by encounter. Needs `infucode[batch]`.
    """
    from infucode.batch.summary.telling import compare, summarize

    most = most_rows(top, form)
    found = summarize(output, most) if before is None else compare(before, output, most)
    write_report(found, form, plain)
    return 0


def most_rows(top: int | None, form: ReportFormat) -> int | None:
    """How many rows of a table are wanted; None is all."""
    return top if top is not None else SHOWN.get(form.value)


def write_report(found: Sections, form: ReportFormat, plain: bool) -> None:
    """Write a report to standard output."""
    if form is ReportFormat.json:
        from infucode.render.batch_json import sections_to_json

        sys.stdout.write(sections_to_json(found))
    elif form is ReportFormat.csv:
        from infucode.render.batch_csv import sections_to_csv

        sys.stdout.write(sections_to_csv(found))
    elif form is ReportFormat.html:
        from infucode.render.batch_html import sections_to_html

        sys.stdout.write(sections_to_html(found))
    else:
        from infucode.render.batch_terminal import render_sections

        render_sections(found, stdout(), ascii_only=plain)
