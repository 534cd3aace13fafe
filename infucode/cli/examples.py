"""`infucode examples`: finished visits to learn from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infucode.cli.completing import complete_example
from infucode.cli.epilog import examples
from infucode.cli.formats import Format
from infucode.cli.options import Output
from infucode.cli.output import note, stdout
from infucode.cli.writing import STANDARD_OUTPUT, YAML_ENDINGS, write_document

app = typer.Typer(
    help="List the example visits, and copy one.",
    epilog=examples("infucode examples", "infucode examples copy missing-stop"),
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.callback()
def group(context: typer.Context, output: Output = Format.text) -> None:
    """Without a command, the list."""
    if context.invoked_subcommand is None:
        _list(output)


@app.command(
    "list",
    help="List the examples and what each shows.",
    epilog=examples("infucode examples list", "infucode examples list --format json"),
)
def list_examples(output: Output = Format.text) -> int:
    """One row for each example."""
    _list(output)
    return 0


def _list(output: Format) -> None:
    from infucode.cli.shipped import shipped_examples

    found = shipped_examples()
    if output is Format.json:
        from infucode.render.json_view import dumps

        typer.echo(dumps([{"name": e.name, "says": e.says} for e in found]), nl=False)
        return
    from infucode.cli.pairs import print_pairs

    console = stdout()
    print_pairs([(example.name, example.says) for example in found], console)
    console.print()
    console.print("Copy one and code it:")
    console.print("  infucode examples copy missing-stop", soft_wrap=True)
    console.print("  infucode solve missing-stop.yaml", soft_wrap=True)


@app.command(
    "copy",
    help="Copy an example. TO is a folder (this one if left out), a file name that ends in "
    ".yaml, or - for standard output.",
    epilog=examples(
        "infucode examples copy missing-stop",
        "infucode examples copy home-pump - | infucode solve -",
    ),
)
def copy(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="An example's name.", autocompletion=complete_example
        ),
    ],
    to: Annotated[str, typer.Argument(metavar="TO", help="Where to.", show_default=False)] = ".",
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> int:
    """Write the document; on standard error, what to do next."""
    from infucode.cli.shipped import find_example

    example = find_example(name)
    target = to if to == STANDARD_OUTPUT else str(_target(to, example.path.name))
    if write_document(example.text(), target, force=force):
        command = "check" if "\nclaim_lines:" in example.text() else "solve"
        note(f"wrote {target}; next: infucode {command} {target}")
    return 0


def _target(to: str, name: str) -> Path:
    """The file to write; a folder that is not there is made."""
    from infucode.errors import UsageError

    if to.lower().endswith(YAML_ENDINGS) and not Path(to).is_dir():
        return Path(to)
    try:
        Path(to).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"`{to}` is not a folder to copy to: {reason.lower()}") from None
    return Path(to) / name
