"""`infucode policy docs`: the manual of a plan."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from infucode.cli.completing import complete_plan
from infucode.cli.options import AsOf, Policies, read_date
from infucode.cli.output import note
from infucode.cli.policy_explain import note_unread
from infucode.errors import UsageError
from infucode.render.shown import shown

MANUAL = "manual"


class ManualFormat(StrEnum):
    """How the manual is written."""

    html = "html"
    md = "md"


def write_manual(
    into: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="The folder to write it into."),
    ] = Path(MANUAL),
    policy: Annotated[
        str | None,
        typer.Option("--policy", "--plan", "-p", metavar="PLAN", show_default=False,
                     autocompletion=complete_plan, help="The plan. [default: cpcp026]"),
    ] = None,
    format: Annotated[
        ManualFormat | None,
        typer.Option("--format", "-f", show_default=False,
                     help="html: one page; md: pages that link to each other. [default: both]"),
    ] = None,
    as_of: AsOf = None,
    policies: Policies = None,
) -> int:  # fmt: skip
    """`DIR/PLAN.html`, and `DIR/PLAN/index.md` with its pages."""
    from infucode.policy import DEFAULT_PLAN
    from infucode.rulebook.where import policies_folder
    from infucode.workbench.manual.book import manual_of

    plan = policy or DEFAULT_PLAN
    if into.exists() and not into.is_dir():
        raise UsageError(f"`{into}` is no folder")
    manual, unread = manual_of(policies_folder(policies), plan, read_date(as_of))
    written = []
    if format in (None, ManualFormat.html):
        from infucode.render.manual_html import manual_page

        written.append(_write(into / f"{plan}.html", manual_page(manual)))
    if format in (None, ManualFormat.md):
        from infucode.render.manual_markdown import INDEX, manual_pages

        pages = manual_pages(manual)
        for name, text in pages.items():
            _write(into / plan / name, text)
        written.append(into / plan / INDEX)
    for path in written:
        typer.echo(shown(str(path)))
    note(f"{len(manual.entries)} rules of {plan} {manual.version}")
    note_unread(unread)
    return 0


def _write(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"`{path}` cannot be written: {reason}") from None
    return path
