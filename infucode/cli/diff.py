"""`infucode diff`: the smallest encounter of each kind on which two rulebooks disagree."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from infucode.cli.epilog import examples
from infucode.cli.options import AsOf, Plain, Policies, read_date
from infucode.cli.output import stdout
from infucode.cli.progress import bars
from infucode.cli.prove import DEFAULT_SPACE, Limit, ProveFormat, Services, SpaceName
from infucode.cli.test import Jobs

if TYPE_CHECKING:
    from infucode.model.proving import Progress

HELP = (
    "Compare two rulebooks over every encounter of a space: each kind of disagreement once, by "
    "the smallest encounter that shows it. A side is a plan, PLAN@DATE, PLAN:SWITCH=VALUE,... or "
    "FOLDER/PLAN for the plan of another policy folder."
)
EXAMPLES = examples(
    "infucode diff cpcp026 medicare --services 1",
    "infucode diff cpcp026 mine/cpcp026 --services 1",
)
DIFFERENT, OPEN = 1, 10
DEFAULT_SERVICES = 2


def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="The first side.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The second side.")],
    space: SpaceName = DEFAULT_SPACE,
    services: Services = DEFAULT_SERVICES,
    as_of: AsOf = None,
    time_limit: Limit = None,
    jobs: Jobs = None,
    format: Annotated[
        ProveFormat, typer.Option("--format", "-f", help="How to write the differences.")
    ] = ProveFormat.text,
    policies: Policies = None,
    plain: Plain = False,
) -> int:
    """Exit code 0 if nothing differs, 1 if something does, 10 if not all was looked at."""
    from infucode.documents.dump import encounter_to_data
    from infucode.render.diff_view import disagreements_to_json, render_disagreements
    from infucode.render.json_view import dumps
    from infucode.rulebook.where import policies_folder
    from infucode.space.diff import Differ
    from infucode.space.sides import ready, side_of
    from infucode.space.spaces import space_named
    from infucode.workbench.jobs import jobs_of

    number = jobs_of(jobs)
    folder = policies_folder(policies)
    day = read_date(as_of)
    chosen = space_named(folder, space)
    sides = ready([side_of(text, folder) for text in (one, other)], day)
    differ = Differ(sides[0].book, sides[1].book, chosen, max(side.day for side in sides))
    begin = time.monotonic()
    with ExitStack() as stack:
        shown = stack.enter_context(bars())

        def told(progress: Progress) -> None:
            if shown is not None:
                name = f"{progress.services} services, {len(progress.broken)} kinds"
                shown(name, progress.parts / max(progress.of_parts, 1))

        found = differ.run(services, jobs=number, seconds=time_limit, told=told)
    asked = differ.asked((sides[0].name, sides[1].name), services, time.monotonic() - begin)
    if format is ProveFormat.json:
        documents = [encounter_to_data(one.encounter) for one in found]
        sys.stdout.write(dumps(disagreements_to_json(asked, found, documents)))
    else:
        render_disagreements(asked, found, console=stdout(), ascii_only=plain)
    if found:
        return DIFFERENT
    return 0 if asked.complete else OPEN
