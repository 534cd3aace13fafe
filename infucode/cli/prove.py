"""`infucode prove`: does this hold of every encounter of up to so many services?"""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from infucode.cli.epilog import examples
from infucode.cli.options import AsOf, Plain, Plan, Policies, Switches, read_date, read_switches
from infucode.cli.output import note, stdout
from infucode.cli.progress import bars
from infucode.cli.prove_findings import find, write
from infucode.cli.test import Jobs
from infucode.cli.writing import write_document
from infucode.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from infucode.model.proving import Asked, Progress, Verdict
    from infucode.space.prove import Prover

HELP = (
    "Prove that invariants hold of every encounter of a space, up to so many services; or show "
    "the smallest encounter that breaks one."
)
EXAMPLES = examples(
    "infucode prove --services 2",
    "infucode prove invariant.one-initial --space places --services 1 -p medicare",
)
BROKEN, OPEN = 1, 10
DEFAULT_SPACE = "time"
DEFAULT_SERVICES, FINDING_SERVICES = 3, 2


class ProveFormat(StrEnum):
    """How verdicts are written."""

    text = "text"
    json = "json"


Wanted = Annotated[
    list[str] | None,
    typer.Argument(metavar="[INVARIANT]...", help="Only these.", show_default=False),
]
SpaceName = Annotated[
    str | None,
    typer.Option("--space", metavar="NAME", show_default=False,
                 help="The space of encounters (time; for findings all); --list shows them."),
]  # fmt: skip
Services = Annotated[
    int | None,
    typer.Option("--services", metavar="N", min=1, max=8, show_default=False,
                 help="The most services of an encounter (3; for findings 2)."),
]  # fmt: skip
Limit = Annotated[
    float | None,
    typer.Option("--time-limit", metavar="SECONDS", show_default=False,
                 help="Stop after this long with what is known by then.", min=0.1),
]  # fmt: skip
Save = Annotated[
    str | None,
    typer.Option("--save", metavar="FILE", show_default=False,
                 help="Write the first counterexample as an encounter document."),
]  # fmt: skip


Findings = Annotated[
    bool,
    typer.Option("--findings", help="Tell dead and shadowed rules, gaps and overlaps instead."),
]
Listed = Annotated[
    bool,
    typer.Option(
        "--list", help="List the spaces and invariants; with --findings also what is intended."
    ),
]
Memory = Annotated[
    int | None,
    typer.Option("--memory-limit", metavar="MB", show_default=False, min=64,
                 help="Give up beyond this much memory, in each process."),
]  # fmt: skip


def prove(
    invariants: Wanted = None,
    space: SpaceName = None,
    services: Services = None,
    policy: Plan = None,
    switch: Switches = None,
    as_of: AsOf = None,
    listed: Listed = False,
    findings: Findings = False,
    save: Save = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
    time_limit: Limit = None,
    memory_limit: Memory = None,
    jobs: Jobs = None,
    format: Annotated[
        ProveFormat, typer.Option("--format", "-f", help="How to write the verdicts.")
    ] = ProveFormat.text,
    policies: Policies = None,
    plain: Plain = False,
) -> int:
    """Exit code 0 if all hold, 1 if one is broken or a finding not marked, 10 if undecided."""
    from infucode.policy import DEFAULT_PLAN
    from infucode.rulebook.library import plans
    from infucode.rulebook.where import policies_folder
    from infucode.space.prove import Prover, library_of
    from infucode.space.spaces import space_named, spaces
    from infucode.space.walk import within_memory
    from infucode.workbench.jobs import jobs_of

    number = jobs_of(jobs)
    folder = policies_folder(policies)
    if findings:
        if invariants or save is not None:
            raise UsageError("`--findings` takes no invariants and saves nothing")
        usual = not (policy or space or switch or as_of) and services in (None, FINDING_SERVICES)
        with within_memory(memory_limit):
            found = find(
                folder, (policy,) if policy else plans(folder),
                (space,) if space else spaces(folder), services or FINDING_SERVICES,
                read_date(as_of), read_switches(switch), number, time_limit, usual=usual,
            )  # fmt: skip
        return write(found, as_json=format is ProveFormat.json, every=listed, plain=plain)
    services = services or DEFAULT_SERVICES
    chosen = space_named(folder, space or DEFAULT_SPACE)
    library = library_of(folder, policy or DEFAULT_PLAN)
    day = read_date(as_of) or library.profile.versions[-1].since
    prover = Prover(library, chosen, day, read_switches(switch), invariants or ())
    if listed:
        return _list(prover, folder, plain)
    begin = time.monotonic()
    with within_memory(memory_limit):
        verdicts = _run(prover, services, number, time_limit)
    asked = prover.asked(services, time.monotonic() - begin)
    _write(prover, asked, verdicts, format, plain)
    if save is not None:
        _save(verdicts, save, force=force)
    if any(verdict.broken is not None for verdict in verdicts):
        return BROKEN
    return OPEN if not all(verdict.decided(services) for verdict in verdicts) else 0


def _list(prover: Prover, folder: Path, plain: bool) -> int:
    from infucode.render.proving_view import render_known
    from infucode.space.spaces import spaces

    known = {found.name: found.text for found in spaces(folder).values()}
    render_known(prover.invariants, known, console=stdout(), ascii_only=plain)
    return 0


def _run(prover: Prover, services: int, jobs: int, seconds: float | None) -> list[Verdict]:
    from infucode.render.words import counted

    with ExitStack() as stack:
        shown = stack.enter_context(bars())

        def told(progress: Progress) -> None:
            if shown is not None:
                worst = f", broken: {', '.join(progress.broken)}" if progress.broken else ""
                name = f"{counted(progress.services, 'service')}{worst}"
                shown(name, progress.parts / max(progress.of_parts, 1))

        return prover.run(services, jobs=jobs, seconds=seconds, told=told)


def _write(
    prover: Prover, asked: Asked, verdicts: list[Verdict], format: ProveFormat, plain: bool
) -> None:
    from infucode.documents.dump import encounter_to_data
    from infucode.render.json_view import dumps
    from infucode.render.proving_view import render_verdicts, verdicts_to_json

    found = {v.invariant.id: v.broken.encounter for v in verdicts if v.broken is not None}
    if format is ProveFormat.json:
        documents = {id: encounter_to_data(encounter) for id, encounter in found.items()}
        sys.stdout.write(dumps(verdicts_to_json(asked, verdicts, documents)))
        return
    solutions = {id: prover.solution(encounter) for id, encounter in found.items()}
    render_verdicts(asked, verdicts, solutions, console=stdout(), ascii_only=plain)


def _save(verdicts: list[Verdict], path: str, *, force: bool) -> None:
    import yaml

    from infucode.documents.dump import encounter_to_data

    for verdict in verdicts:
        if verdict.broken is not None:
            data = encounter_to_data(verdict.broken.encounter)
            text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
            if write_document(text, path, force=force):
                note(f"wrote {path}; next: infucode solve {path}")
            return
    note("nothing is broken, so nothing was written")
