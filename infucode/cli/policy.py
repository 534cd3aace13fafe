"""`infucode policy`: what analysts do with the policies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infucode.cli.epilog import examples
from infucode.cli.options import Policies
from infucode.cli.output import report_error, stdout
from infucode.errors import InfucodeError

app = typer.Typer(
    help="Check and test the policies.",
    epilog=examples("infucode policy plans", "infucode policy test --select hydration"),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(
    "check",
    help="Load every plan and report every problem of its files.",
    epilog=examples("infucode policy check", "infucode policy check --policies mine"),
)
def check(policies: Policies = None) -> int:
    """Load each plan; the exit code is 3 if any of them is invalid."""
    from infucode.policy import Policy

    code = 0
    for plan in Policy.plans(policies):
        try:
            loaded = Policy.load(plan, policies=policies)
        except InfucodeError as error:
            code = max(code, report_error(error))
            continue
        ids = {rule.papers.id for rule in loaded.library.rules}
        stdout().print(f"{plan}: {len(ids)} rules, no problems", markup=False)
    return code


@app.command(
    "test",
    help="Run the cases that lie beside the policies.",
    epilog=examples(
        "infucode policy test --select hydration",
        "infucode policy test mine/cpt/cases/hydration.yaml --policies mine",
    ),
)
def test(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Case files; all if none.", show_default=False),
    ] = None,
    select: Annotated[
        str | None,
        typer.Option(
            "--select",
            "-k",
            metavar="TEXT",
            help="Only cases with this rule id or text.",
            show_default=False,
        ),
    ] = None,
    policies: Policies = None,
) -> int:
    """Exit code 0 if every case passes, else 1."""
    from infucode.rulebook.where import policies_folder
    from infucode.workbench.cases import run_cases

    folder = policies_folder(policies)
    return run_cases(folder, select=select, files=files or [], console=stdout())


@app.command(
    "plans",
    help="List the plans, their versions and their answers to each switch.",
    epilog=examples("infucode policy plans", "infucode policy plans --policies mine"),
)
def list_plans(policies: Policies = None) -> int:
    """One block for each plan."""
    from infucode.policy import Policy
    from infucode.questions.catalog import plan_lines

    for plan in Policy.plans(policies):
        for line in plan_lines(Policy.load(plan, policies=policies)):
            stdout().print(line, markup=False)
    return 0
