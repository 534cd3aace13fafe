"""`infucode policy fmt`: rule files in house layout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infucode.cli.options import Policies
from infucode.cli.output import note, stdout
from infucode.errors import UsageError
from infucode.render.shown import shown

if TYPE_CHECKING:
    from infucode.workbench.format.files import Laid

UNLAID = 3
STANDARD_INPUT = "-"


def format_policies(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Only these; - lays out standard input.",
                       show_default=False),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say which files would change.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; show what would change.")
    ] = False,
    policies: Policies = None,
) -> int:  # fmt: skip
    """With `--check`, exit code 3 if a file would change."""
    if [str(path) for path in files or ()] == [STANDARD_INPUT]:
        return _standard_input()
    from infucode.rulebook.where import policies_folder
    from infucode.workbench.format.files import lay_out, rule_files, write
    from infucode.workbench.scaffold.own import require_own

    folder = policies_folder(policies)
    _require_rule_files(files or ())
    laid = lay_out(files or rule_files(folder), folder)
    changed = [file for file in laid if file.changed]
    if changed and not (check or diff):
        require_own(*(file.path for file in changed))
    for file in changed:
        if diff:
            typer.echo(file.diff())
        elif not check:
            write(file)
    _report(laid, changed, "would change" if check else "wrote", quiet=diff)
    return UNLAID if check and changed else 0


def _report(laid: list[Laid], changed: list[Laid], done: str, *, quiet: bool) -> None:
    """Which files; beside a diff, which is data, only their number, as a remark."""
    counts = f"{len(changed)} to lay out anew" if done != "wrote" or quiet else ""
    counts = counts or f"{len(changed)} laid out anew"
    said = f"{counts}, {len(laid) - len(changed)} in order"
    if quiet:
        note(said)
        return
    for file in changed:
        stdout().print(f"{done}: {shown(file.name)}", markup=False, soft_wrap=True)
    stdout().print(said, markup=False)


def _standard_input() -> int:
    from infucode.workbench.format.files import laid_text

    sys.stdout.write(laid_text(sys.stdin.read(), "<stdin>"))
    return 0


def _require_rule_files(files: list[Path] | tuple[()]) -> None:
    """Raises UsageError for what is no rule file."""
    for path in files:
        if str(path) == STANDARD_INPUT:
            raise UsageError("`-` is standard input; name it alone")
        if not path.is_file():
            raise UsageError(f"there is no file `{path}`")
        if path.suffix != ".lp":
            raise UsageError(f"`{path}` is no rule file: its name does not end in .lp")
