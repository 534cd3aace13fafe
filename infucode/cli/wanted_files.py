"""Arguments and options of `infucode batch` that its commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from infucode.engine.limits import Limits

LIMITS = Limits(60.0, 4096)
Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="NDJSON (.ndjson, .jsonl), JSON (.json: one document), CSV or Parquet files; - is "
        "NDJSON on standard input.",
    ),
]
Output = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="OUTPUT",
        help="The file of answers, one a line; - writes to standard output. Beside it stand "
        "NAME.rejects.ndjson and a manifest.",
        show_default=False,
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers", "-w", metavar="N", help="Processes; 0 is one for each core.", min=0, max=256
    ),
]
Force = Annotated[
    bool,
    typer.Option("--force", help="Begin anew, and write over an output that is there."),
]
Cache = Annotated[
    bool,
    typer.Option(
        "--cache",
        help="Answer encounters once that are equal but for ids and drug names; the answers "
        "are the same. Each process keeps 64 MB of them.",
    ),
]
