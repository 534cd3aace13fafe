"""`infucode new`: documents to start from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from infucode.cli.epilog import examples
from infucode.cli.output import note
from infucode.cli.writing import write_document

TEMPLATES = Path(__file__).parent / "template"

app = typer.Typer(
    help="Write a document to start from.",
    epilog=examples(
        "infucode new encounter visit.yaml",
        "infucode new encounter - --claim professional",
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Claim(StrEnum):
    """The two kinds of claim; they need different fields."""

    facility = "facility"
    professional = "professional"


def template(claim: Claim) -> str:
    """An encounter document with a small visit and every field that there is, explained."""
    parts = (TEMPLATES / f"{claim.value}.yaml", TEMPLATES / "stay.yaml")
    return "".join(part.read_text(encoding="utf-8") for part in parts)


@app.command(
    "encounter",
    help="Write an encounter document to fill in. It holds a small visit and explains every "
    "field. Without PATH, or with -, it goes to standard output.",
    epilog=examples(
        "infucode new encounter visit.yaml",
        "infucode new encounter office.yaml --claim professional",
    ),
)
def encounter(
    path: Annotated[
        str | None, typer.Argument(metavar="PATH", help="The file.", show_default=False)
    ] = None,
    claim: Annotated[
        Claim, typer.Option("--claim", "-c", help="The kind of claim it is for.")
    ] = Claim.facility,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> int:
    """Write the template; on standard error, what to do next."""
    if write_document(template(claim), path, force=force):
        note(f"wrote {path}; next: infucode solve {path}")
    return 0
