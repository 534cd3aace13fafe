"""The commands together, and what happens to an error that reaches the top."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial

import typer

from infucode import __version__
from infucode.cli.completing import ASKED, mend_bash_words
from infucode.cli.epilog import examples as epilog
from infucode.cli.formats import EXPLAIN, with_detail
from infucode.cli.output import INTERRUPTED, code_of, report_error, stdout
from infucode.errors import InfucodeError

USAGE = 2


def _add_solve(app: typer.Typer) -> None:
    from infucode.cli import solve

    app.command("solve", help=solve.HELP, epilog=solve.EXAMPLES)(solve.solve)


def _add_check(app: typer.Typer) -> None:
    from infucode.cli import check

    app.command("check", help=check.HELP, epilog=check.EXAMPLES)(check.check)


def _add_explain(app: typer.Typer) -> None:
    from infucode.cli import explain

    app.command("explain", help=explain.HELP, epilog=explain.EXAMPLES)(explain.explain)


def _add_why_not(app: typer.Typer) -> None:
    from infucode.cli import why_not

    app.command("why-not", help=why_not.HELP, epilog=why_not.EXAMPLES)(why_not.why_not)


def _add_unlock(app: typer.Typer) -> None:
    from infucode.cli import unlock

    app.command("unlock", help=unlock.HELP, epilog=unlock.EXAMPLES)(unlock.unlock)


def _add_prove(app: typer.Typer) -> None:
    from infucode.cli import prove

    app.command("prove", help=prove.HELP, epilog=prove.EXAMPLES)(prove.prove)


def _add_diff(app: typer.Typer) -> None:
    from infucode.cli import diff

    app.command("diff", help=diff.HELP, epilog=diff.EXAMPLES)(diff.diff)


def _add_new(app: typer.Typer) -> None:
    from infucode.cli import new

    app.add_typer(new.app, name="new")


def _add_examples(app: typer.Typer) -> None:
    from infucode.cli import examples

    app.add_typer(examples.app, name="examples")


def _add_rules(app: typer.Typer) -> None:
    from infucode.cli import rules

    app.add_typer(rules.app, name="rules")


def _add_policy(app: typer.Typer) -> None:
    from infucode.cli import policy

    app.add_typer(policy.app, name="policy")


def _add_tables(app: typer.Typer) -> None:
    from infucode.cli import tables

    app.add_typer(tables.app, name="tables")


def _add_batch(app: typer.Typer) -> None:
    from infucode.cli import batch

    app.add_typer(batch.app, name="batch")


COMMANDS: dict[str, Callable[[typer.Typer], None]] = {
    "solve": _add_solve,
    "check": _add_check,
    "explain": _add_explain,
    "why-not": _add_why_not,
    "unlock": _add_unlock,
    "prove": _add_prove,
    "diff": _add_diff,
    "new": _add_new,
    "examples": _add_examples,
    "rules": _add_rules,
    "policy": _add_policy,
    "tables": _add_tables,
    "batch": _add_batch,
}
"""In the order of the help."""


def make_app(only: str | None = None) -> typer.Typer:
    """Every command, or only one: what is not asked for is not even imported."""
    app = typer.Typer(
        name="infucode",
        help="Infusion and injection coding from rules that you can read: facts in, codes and "
        "reasons out.",
        epilog=epilog(
            "infucode solve visit.yaml --explain", "infucode rules list --find hydration"
        ),
        invoke_without_command=True,
        add_completion=only is None,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name, add in COMMANDS.items():
        if only in (None, name):
            add(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"infucode {__version__}")
        raise typer.Exit


def _root(
    context: typer.Context,
    _shown: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and stop."
    ),
) -> None:
    """Without a command, what to do next."""
    if context.invoked_subcommand is None:
        from infucode.cli.welcome import welcome

        welcome(__version__, stdout())


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code. Raises nothing."""
    only = arguments[0] if arguments and arguments[0] in COMMANDS else None
    if EXPLAIN in arguments:
        arguments = with_detail(arguments)
    if ASKED in os.environ:
        only = None
        mend_bash_words(os.environ)
    return code_of(partial(_run, arguments, only))


def _run(arguments: Sequence[str], only: str | None) -> int:
    try:
        code = make_app(only)(list(arguments), prog_name="infucode", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except typer.Abort:
        return INTERRUPTED
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):
            raise error.__context__ from None
        raise
    except (InfucodeError, BrokenPipeError):
        raise
    except Exception as error:
        return _misused(error)


def _misused(error: Exception) -> int:
    """A command line that cannot be read, a group without a command, or a crash."""
    from infucode.cli.misuse import is_misuse, worded

    if is_misuse(error):
        return report_error(worded(error))
    if hasattr(error, "show") and hasattr(error, "exit_code"):
        error.show(file=sys.stderr)
        return USAGE
    raise error
