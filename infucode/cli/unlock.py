"""`infucode unlock`: what documentation would make a code reportable, as open questions."""

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
from infucode.cli.unlock_log import Entry, ready_log, write_entry
from infucode.engine.limits import Limits
from infucode.model.encounter import Encounter
from infucode.model.unlock import Unlocked

HELP = (
    "Ask what a record would have to say for a code to be reportable: all smallest sets of facts "
    "that it does not state, as open questions. What it does state is never changed. Each use is "
    "written to a log on this computer. FILE is YAML or JSON; - reads standard input."
)
EXAMPLES = examples(
    "infucode unlock visit.yaml 96365",
    "infucode unlock visit.yaml 96365 --administration a1 --format json",
)


def unlock(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An encounter document, or -.")],
    code: Code,
    administration: OnlyFor = None,
    most: Annotated[
        int,
        typer.Option("--most", metavar="N", help="Seek sets of up to N facts.", min=1, max=4),
    ] = 3,
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
    from infucode.questions.unlock import Asked as Question
    from infucode.questions.why_not import code_of

    question = Question(code_of(code), administration, most)
    asked = Asked(read_switches(switch), read_date(as_of))
    log = ready_log()

    def note_use(encounter: Encounter) -> None:
        write_entry(log, Entry.of(encounter, question.code, administration))

    source = Source(file, policy, policies, Limits(time_limit, memory_limit))
    work = partial(_answer, asked=asked, question=question)
    encounter, found = ask_one(source, work, before=note_use)
    if output is Format.json:
        from infucode.render.json_view import dumps
        from infucode.render.unlock_json import unlocked_to_json

        typer.echo(dumps(unlocked_to_json(found, str(log))).encode(), nl=False)
    else:
        from infucode.render.unlock_view import render_unlocked

        render_unlocked(encounter, found, str(log), console=stdout(), ascii_only=plain)
    return 0


def _answer(
    plans: Plans, plan: str | None, encounter: Encounter, asked: Asked, question: object
) -> Unlocked:
    """The answer under a plan; runs where the plans are."""
    from infucode.questions.unlock import Asked as Question

    assert isinstance(question, Question)
    policy = plans.policy(plan)
    return policy.unlock(encounter, question, switches=asked.switches, as_of=asked.as_of)
