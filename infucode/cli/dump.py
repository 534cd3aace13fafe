"""`infucode policy dump`: the program and facts behind an answer, for stock clingo."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from infucode.cli.check import Tables
from infucode.cli.options import (
    AsOf,
    CodeSet,
    Plan,
    Policies,
    Switches,
    read_date,
    read_switches,
)
from infucode.cli.output import note
from infucode.errors import UsageError
from infucode.render.shown import shown


def dump(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A document, or -.")],
    into: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", show_default=False,
                     help="Write program.lp, facts.lp and outcomes.txt into this folder; "
                     "without, program and facts go to standard output."),
    ] = None,
    claim: Annotated[
        bool, typer.Option("--claim", help="The second step of `check`: the claim's lines.")
    ] = False,
    code_set: CodeSet = None,
    policy: Plan = None,
    switch: Switches = None,
    as_of: AsOf = None,
    tables: Tables = None,
    policies: Policies = None,
) -> int:  # fmt: skip
    """Each code set has facts of its own."""
    from infucode.documents import load_encounter
    from infucode.policy import DEFAULT_PLAN, Policy
    from infucode.tables import Store
    from infucode.workbench.dump import dump_judged, dump_solved

    if tables is not None and not claim:
        raise UsageError("--tables are read by the check of a claim; add --claim")
    if tables is not None and not tables.is_dir():
        raise UsageError(f"`{tables}` is no folder of tables; `infucode tables import` makes one")
    encounter = load_encounter(file)
    plan = Policy.load(policy or encounter.policy or DEFAULT_PLAN, policies=policies)
    switches, day = read_switches(switch), read_date(as_of)
    if claim:
        judged = plan.check(encounter, switches=switches, as_of=day, tables=Store(tables))
        dumped = dump_judged(judged)
    else:
        dumped = dump_solved(plan.solve(encounter, switches=switches, as_of=day))
    if into is None:
        if code_set is None and len(dumped.facts) > 1:
            raise UsageError(
                f"the answer has {len(dumped.facts)} code sets, each with facts of its own; "
                "pick one with --set N, or write all with -o DIR"
            )
        typer.echo(dumped.one(code_set or 1), nl=False)
        return 0
    if code_set is not None:
        raise UsageError("-o DIR writes every code set; drop --set")
    _write(into, list(dumped.named()))
    return 0


def _write(folder: Path, files: list[tuple[str, str]]) -> None:
    """Write the files, and say how to run them. Raises UsageError where that cannot be."""
    from infucode.workbench.dump import RUN

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files:
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"`{folder}` cannot be written: {reason}") from None
    for name, _ in files:
        typer.echo(shown(str(folder / name)))
    program, facts = (shlex.quote(str(folder / name)) for name, _ in files[:2])
    note(f"next: {RUN} {program} {facts}")
