"""`infucode policy lint`: what is wrong, dead, doubtful or unkempt in a policy folder."""

from __future__ import annotations

import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from infucode.cli.options import Plain, Policies
from infucode.cli.output import note, stderr, stdout
from infucode.errors import UsageError
from infucode.model.lint import Linted

INVALID = 3


class LintFormat(StrEnum):
    """How findings are written."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


def lint_policies(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Only what is found in these.", show_default=False),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CHECK", help="Only this check; repeatable.",
                     show_default=False),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Take warnings for errors.")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="First mend what can be mended safely.")
    ] = False,
    format: Annotated[
        LintFormat, typer.Option("--format", "-f", help="How to write the findings.")
    ] = LintFormat.text,
    page: Annotated[
        str | None,
        typer.Option("--page", metavar="CHECK", help="Show the page of a check.",
                     show_default=False),
    ] = None,
    list_checks: Annotated[
        bool, typer.Option("--list", help="List every check.")
    ] = False,
    policies: Policies = None,
    plain: Plain = False,
) -> int:  # fmt: skip
    """Exit code 3 if there is an error, else 0."""
    from infucode.rulebook.where import policies_folder
    from infucode.workbench.lint.catalog import CHECKS, check_named
    from infucode.workbench.lint.fixing import fix as mend
    from infucode.workbench.lint.running import lint

    if page is not None:
        stdout().print(check_named(page).page, markup=False, soft_wrap=True)
        return 0
    if list_checks:
        for check in CHECKS:
            stdout().print(f"{check.id:18} {check.severity:8} {check.title}", markup=False)
        return 0
    folder = policies_folder(policies)
    wanted = {check_named(id).id for id in only or ()}
    for path in files or ():
        if not path.exists():
            raise UsageError(f"there is no file `{path}`")
    if fix:
        from infucode.render.lint_view import render_mended

        render_mended(mend(folder, only=wanted, files=files or ()), stderr())
    linted = lint(folder, only=wanted, files=files or (), strict=strict)
    _write(linted, format, plain, folder)
    return INVALID if linted.number("error") else 0


def _write(linted: Linted, format: LintFormat, plain: bool, folder: Path) -> None:
    if format is LintFormat.text:
        from infucode.render.lint_view import render_linted

        render_linted(linted, stdout(), ascii_only=plain)
        return
    from infucode import __version__
    from infucode.render import lint_formats
    from infucode.rulebook.where import from_here
    from infucode.workbench.lint.catalog import CHECKS

    find = partial(from_here, folder=folder)
    if format is LintFormat.json:
        text = lint_formats.as_json(linted)
    elif format is LintFormat.sarif:
        titles = {check.id: check.title for check in CHECKS}
        text = lint_formats.as_sarif(linted, __version__, titles, find)
    else:
        text = lint_formats.as_github(linted, find)
    if text:
        sys.stdout.write(text + "\n")
    if format is LintFormat.github:
        from infucode.render.lint_view import summary

        note(summary(linted))

