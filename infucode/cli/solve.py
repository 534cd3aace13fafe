"""`infucode solve`: the codes of an encounter, with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infucode.cli.options import (
    AsOf,
    Format,
    Output,
    Plan,
    Policies,
    Switches,
    read_date,
    read_switches,
)
from infucode.cli.output import report_error, stdout
from infucode.errors import InfucodeError
from infucode.model.encounter import Encounter
from infucode.model.solution import Solution

if TYPE_CHECKING:
    from infucode.engine.limits import Limits
    from infucode.policy import Policy

HELP = "Code one or more encounters and say why. FILE is YAML or JSON; - reads standard input."
EXAMPLES = (
    "Examples: infucode solve visit.yaml · "
    "infucode solve visit.yaml --policy medicare --switch missing_stop=push --explain"
)
EXIT = {"coded": 0, "ambiguous": 10, "blocked": 10}


@dataclass(frozen=True, slots=True)
class Run:
    """What the command was asked for."""

    policies: Path | None
    plan: str | None
    switches: Mapping[str, str]
    as_of: Date | None
    strict: bool
    explain: bool
    limits: Limits


def solve(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Encounter documents, or -.")
    ],
    policy: Plan = None,
    switch: Switches = None,
    as_of: AsOf = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Let no stand-in answer pass as certain.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the whole proof of every line.")
    ] = False,
    output: Output = Format.text,
    policies: Policies = None,
    plain: Annotated[
        bool, typer.Option("--ascii", help="Draw with plain characters only.")
    ] = False,
    time_limit: Annotated[
        float,
        typer.Option("--time-limit", metavar="SECONDS", help="Give up after this long.", min=0.1),
    ] = 60.0,
    memory_limit: Annotated[
        int,
        typer.Option(
            "--memory-limit", metavar="MB", help="Give up beyond this much memory.", min=64
        ),
    ] = 4096,
) -> int:
    """Solve every file; the highest exit code counts."""
    from infucode.documents import load_encounter
    from infucode.engine.limits import Limits

    run = Run(
        policies,
        policy,
        read_switches(switch),
        read_date(as_of),
        strict,
        explain,
        Limits(time_limit, memory_limit),
    )
    loaded: dict[str, Policy] = {}
    code = 0
    for number, file in enumerate(files):
        try:
            encounter = load_encounter(file)
            solution, proofs = _solve(encounter, run, loaded)
        except InfucodeError as error:
            code = max(code, report_error(error))
            continue
        if output is Format.json:
            _write_json(solution, proofs if explain else None, compact=len(files) > 1)
        else:
            _write_text(encounter, solution, proofs, plain=plain, first=number == 0)
        code = max(code, EXIT[solution.outcome])
    return code


Proofs = Mapping[tuple[int, int], Sequence[object]]


def _solve(
    encounter: Encounter, run: Run, loaded: dict[str, Policy]
) -> tuple[Solution, Mapping[tuple[int, int], list[object]]]:
    from infucode.policy import DEFAULT_PLAN, Policy

    plan = run.plan or encounter.policy or DEFAULT_PLAN
    if plan not in loaded:
        loaded[plan] = Policy.load(plan, policies=run.policies)
    solution, proofs = loaded[plan].solve_guarded(
        encounter,
        run.limits,
        switches=run.switches,
        as_of=run.as_of,
        strict=run.strict,
        proofs=run.explain,
        meanwhile=_get_ready,
    )
    return solution, {key: list(steps) for key, steps in proofs.items()}


def _get_ready() -> None:
    """Import what shows the answer; there is time while it is found."""
    import infucode.render.json_view
    import infucode.render.terminal  # noqa: F401


def _write_json(solution: Solution, proofs: object, *, compact: bool) -> None:
    from infucode.render.json_view import dumps, solution_to_json

    data = solution_to_json(solution, proofs=proofs)  # type: ignore[arg-type]
    typer.echo(dumps(data, compact=compact), nl=False)


def _write_text(
    encounter: Encounter, solution: Solution, proofs: object, *, plain: bool, first: bool
) -> None:
    from infucode.render.terminal import render_solution

    console = stdout()
    if not first:
        console.print()
    render_solution(encounter, solution, console=console, ascii_only=plain, proofs=proofs)  # type: ignore[arg-type]
