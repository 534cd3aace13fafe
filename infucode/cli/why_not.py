"""`infucode why-not`: what stands between a record and a code."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from infucode.cli.answers import LIMITS
from infucode.cli.asking import Source, ask_one
from infucode.cli.epilog import examples
from infucode.cli.formats import Format
from infucode.cli.options import (
    AsOf,
    Code,
    CodeSet,
    MemoryLimit,
    OnlyFor,
    Output,
    Plain,
    Plan,
    Policies,
    Switches,
    TimeLimit,
    read_date,
    read_switches,
)
from infucode.cli.output import stdout
from infucode.cli.plans import Asked, Plans
from infucode.engine.limits import Limits
from infucode.model.encounter import Encounter
from infucode.model.why_not import WhyNot

HELP = (
    "Say why a code is not reported: the nearest misses first, with the numbers that fall short "
    "and what the record says or does not say. FILE is YAML or JSON; - reads standard input."
)
EXAMPLES = examples(
    "infucode why-not visit.yaml 96365",
    "infucode why-not visit.yaml 96365 --administration a1 --full",
)


def why_not(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An encounter document, or -.")],
    code: Code,
    administration: OnlyFor = None,
    code_set: CodeSet = None,
    full: Annotated[
        bool, typer.Option("--full", help="Every miss, and how what is there came about.")
    ] = False,
    policy: Plan = None,
    switch: Switches = None,
    as_of: AsOf = None,
    output: Output = Format.text,
    policies: Policies = None,
    plain: Plain = False,
    time_limit: TimeLimit = LIMITS.seconds,
    memory_limit: MemoryLimit = LIMITS.megabytes,
) -> int:
    """Answer for one encounter; the exit code is 0 where there is an answer."""
    from infucode.questions.why_not import Asked as Question
    from infucode.questions.why_not import code_of

    whole = full or output is Format.json
    question = Question(code_of(code), administration, code_set, whole)
    asked = Asked(read_switches(switch), read_date(as_of))
    source = Source(file, policy, policies, Limits(time_limit, memory_limit))
    encounter, found = ask_one(source, partial(_answer, asked=asked, question=question))
    if output is Format.json:
        from infucode.render.json_view import dumps
        from infucode.render.why_not_json import why_not_to_json

        typer.echo(dumps(why_not_to_json(found)).encode(), nl=False)
    else:
        from infucode.render.why_not_view import render_why_not

        render_why_not(encounter, found, console=stdout(), ascii_only=plain, full=full)
    return 0


def _answer(
    plans: Plans, plan: str | None, encounter: Encounter, asked: Asked, question: object
) -> WhyNot:
    """The answer under a plan; runs where the plans are."""
    from infucode.questions.why_not import Asked as Question
    from infucode.questions.why_not import WhyNotAsker

    assert isinstance(question, Question)
    solved = plans.policy(plan).solve(encounter, switches=asked.switches, as_of=asked.as_of)
    return WhyNotAsker(encounter, solved.solution, solved.found).answer(question)
