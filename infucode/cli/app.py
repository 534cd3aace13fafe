"""The commands together, and what happens to an error that reaches the top."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from infucode import __version__
from infucode.cli import policy, rules, solve
from infucode.cli.output import report_error
from infucode.errors import InfucodeError, InternalError

USAGE, INTERRUPTED = 2, 130

app = typer.Typer(
    name="infucode",
    help="Infusion and injection coding from rules that you can read: facts in, codes and "
    "reasons out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("solve", help=solve.HELP, epilog=solve.EXAMPLES)(solve.solve)
app.add_typer(rules.app, name="rules")
app.add_typer(policy.app, name="policy")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"infucode {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and stop."
    ),
) -> None:
    """Options of every command."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code. Raises nothing."""
    try:
        code = app(list(arguments), standalone_mode=False)
        return code if isinstance(code, int) else 0
    except InfucodeError as error:
        return report_error(error)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):
            error.show(file=sys.stderr)
            return USAGE
        return _crash(error)


def _crash(error: Exception) -> int:
    if os.environ.get("INFUCODE_DEBUG"):
        raise error
    return report_error(InternalError(f"{type(error).__name__}: {error}"))
