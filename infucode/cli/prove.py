"""`infucode prove`: does this hold of every encounter of up to so many services?"""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infucode.cli.epilog import examples
from infucode.cli.options import AsOf, Plain, Plan, Policies, Switches, read_date, read_switches
from infucode.cli.output import note, stdout
from infucode.cli.progress import sized_bars
from infucode.cli.prove_findings import find, write
from infucode.cli.test import Jobs
from infucode.cli.writing import STANDARD_OUTPUT, require_writable, write_document
from infucode.errors import UsageError

if TYPE_CHECKING:
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
CASES = "cases"
"""A folder in which a counterexample is saved as a case."""
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
                 help="Write the first counterexample as an encounter document; in a folder "
                 "`cases` as a case that awaits approval."),
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
    _check_save(save, force=force)
    begin = time.monotonic()
    with within_memory(memory_limit):
        verdicts = _run(prover, services, number, time_limit)
    asked = prover.asked(services, time.monotonic() - begin)
    _write(prover, asked, verdicts, format, plain)
    if save is not None:
        _save(prover, verdicts, save, force=force)
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

    def named(progress: Progress) -> str:
        worst = f", broken: {', '.join(progress.broken)}" if progress.broken else ""
        return f"{counted(progress.services, 'service')}{worst}"

    with sized_bars(named) as told:
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


def _check_save(path: str | None, *, force: bool) -> None:
    """Before a long run. Raises UsageError."""
    if path is not None and path != STANDARD_OUTPUT:
        require_writable(Path(path), force=force)


def _save(prover: Prover, verdicts: list[Verdict], path: str, *, force: bool) -> None:
    import yaml

    from infucode.documents.dump import encounter_to_data

    broken = next((verdict for verdict in verdicts if verdict.broken is not None), None)
    if broken is None or broken.broken is None:
        note("nothing is broken, so nothing was written")
        return
    if Path(path).resolve().parent.name == CASES:
        if write_document(_case(prover, broken), path, force=force):
            note(f"wrote {path}; say in it what the answer should be, and approve it")
        return
    data = encounter_to_data(broken.broken.encounter)
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    if write_document(text, path, force=force):
        note(f"wrote {path}; next: infucode solve {path}")


def _case(prover: Prover, verdict: Verdict) -> str:
    from infucode.render.words import counted
    from infucode.space.generate_written import one_case
    from infucode.workbench.plans import Plans

    broken, id = verdict.broken, verdict.invariant.id
    assert broken is not None
    space, plan = prover.walk.models.space.name, prover.library.profile.id
    smallest = "The smallest encounter" if verdict.smallest else "An encounter"
    why = (
        f"{smallest} of the space `{space}` that breaks {id}: {verdict.invariant.text}\n"
        "What is expected here is what the rules said when it was found, and that is wrong."
    )
    switches = tuple(sorted(dict(prover.book.overrides).items()))
    name = f"{id} is broken by {counted(broken.services, 'service')}"
    return one_case(name, plan, switches, broken.encounter, why, Plans(prover.library.folder))
