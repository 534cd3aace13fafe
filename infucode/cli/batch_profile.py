"""`infucode batch profile`: what each rule costs on a sample of the documents."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from infucode.cli.batch_summary import ReportFormat, Top, most_rows, write_report
from infucode.cli.epilog import examples
from infucode.cli.options import AsOf, Plain, Plan, Policies, Switches, read_date, read_switches
from infucode.cli.wanted_files import Inputs
from infucode.errors import UsageError

EXAMPLES = examples(
    "infucode batch profile visits.ndjson",
    "infucode batch profile visits.ndjson --seed 7 --format csv",
)
Sample = Annotated[
    int, typer.Option("--sample", metavar="N", help="Documents that are measured.", min=1)
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        metavar="N",
        help="Draw the sample from all documents; the first ones are taken if not given.",
        show_default=False,
    ),
]
Grounded = Annotated[
    int,
    typer.Option("--ground", metavar="N", help="Encounters that clingo grounds too.", min=0),
]


def profile(
    inputs: Inputs,
    policy: Plan = None,
    switch: Switches = None,
    as_of: AsOf = None,
    sample: Sample = 200,
    seed: Seed = None,
    ground: Grounded = 5,
    top: Top = None,
    form: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="How the profile is written.")
    ] = ReportFormat.text,
    policies: Policies = None,
    plain: Plain = False,
) -> int:
    """Measure rows and processor time of each rule, and what clingo grounds of it, on a sample.

    The rules are run clause by clause, apart from how a batch runs them.
    """
    from infucode.batch.inputs import documents, require_readable
    from infucode.batch.plan import require_plan
    from infucode.batch.profile import Asked, profile
    from infucode.batch.profile_telling import profile_sections, read_all, sampled
    from infucode.batch.tasks import Task
    from infucode.policy import Policy

    switches, day = read_switches(switch), read_date(as_of)
    require_plan(Task(plan=policy, policies=policies, switches=switches, as_of=day))
    require_readable(inputs)
    kept = sampled(documents(inputs), sample, seed)
    encounters, refused = read_all(kept)
    if not encounters:
        told = "all refused" if kept else "there are none"
        named = ", ".join(f"`{name}`" for name in inputs)
        raise UsageError(f"no document of {named} can be measured: {told}")
    asked = Asked(policy, switches, day, ground)
    found = profile(encounters, partial(Policy.load, policies=policies), asked)
    if not found.encounters:
        raise UsageError("no encounter of the sample is of a day with a rulebook; see --as-of")
    how = "the first" if seed is None else f"drawn with seed {seed}"
    said = f"{len(kept):,} documents, {how}"
    write_report(profile_sections(found, most_rows(top, form), said, refused), form, plain)
    return 0
