"""`infucode explain`: why a line is there, where a rule applied, what became of a drug."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from infucode.cli.answers import LIMITS
from infucode.cli.asking import Source, ask_one
from infucode.cli.completing import complete_administration, complete_line, complete_rule
from infucode.cli.epilog import examples
from infucode.cli.formats import Detail, Format
from infucode.cli.options import (
    AsOf,
    CodeSet,
    Explain,
    MemoryLimit,
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
from infucode.errors import UsageError
from infucode.model.encounter import Encounter
from infucode.model.explanation import Explanation
from infucode.questions.explain import Wanted

HELP = (
    "Say why: the proof of one line, where a rule applied or nearly did, or what became of one "
    "administration. Without any of these, the proof of every line. FILE is YAML or JSON; "
    "- reads standard input."
)
EXAMPLES = examples(
    "infucode explain visit.yaml --administration a1",
    "infucode explain visit.yaml --rule cpt.hydration-minimum",
)


Line = Annotated[
    str | None,
    typer.Option(
        "--line",
        metavar="CODE",
        help="The lines of this code; CODE-MODIFIER for those with a modifier.",
        show_default=False,
        autocompletion=complete_line,
    ),
]
Administration = Annotated[
    str | None,
    typer.Option(
        "--administration",
        metavar="ID",
        help="With --line, only its lines; alone, all that became of it. Services too.",
        show_default=False,
        autocompletion=complete_administration,
    ),
]
RuleId = Annotated[
    str | None,
    typer.Option(
        "--rule",
        metavar="ID",
        help="Where this rule applied, and where it nearly did.",
        show_default=False,
        autocompletion=complete_rule,
    ),
]


def explain(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An encounter document, or -.")],
    line: Line = None,
    administration: Administration = None,
    code_set: CodeSet = None,
    rule: RuleId = None,
    policy: Plan = None,
    switch: Switches = None,
    as_of: AsOf = None,
    detail: Explain = Detail.short,
    full: Annotated[bool, typer.Option("--full", help="The same as --explain full.")] = False,
    output: Output = Format.text,
    policies: Policies = None,
    plain: Plain = False,
    time_limit: TimeLimit = LIMITS.seconds,
    memory_limit: MemoryLimit = LIMITS.megabytes,
) -> int:
    """Explain one encounter; the exit code is 0 where there is an explanation."""
    wanted = _wanted(line, administration, code_set, rule, full or detail is Detail.full)
    asked = Asked(read_switches(switch), read_date(as_of))
    source = Source(file, policy, policies, Limits(time_limit, memory_limit))
    encounter, found = ask_one(source, partial(_answer, asked=asked, wanted=wanted))
    if output is Format.json:
        from infucode.render.explain_json import explanation_to_json
        from infucode.render.json_view import dumps

        typer.echo(dumps(explanation_to_json(found)).encode(), nl=False)
    else:
        from infucode.render.explain_view import render_explanation

        render_explanation(encounter, found, console=stdout(), ascii_only=plain)
    return 0


def _answer(
    plans: Plans, plan: str | None, encounter: Encounter, asked: Asked, wanted: Wanted
) -> Explanation:
    """The answer under a plan; runs where the plans are."""
    return plans.explain(plan, encounter, asked, wanted)


def _wanted(
    line: str | None,
    administration: str | None,
    code_set: int | None,
    rule: str | None,
    full: bool,
) -> Wanted:
    """What is asked. Raises UsageError where it is two things, or none."""
    if rule is not None and (line is not None or administration is not None):
        other = "--line" if line is not None else "--administration"
        raise UsageError(f"`--rule` and `{other}` ask for two things; give one of them")
    if line is not None and not line.strip():
        raise UsageError("`--line` has no code; write it as --line CODE")
    return Wanted(line and line.strip(), administration, code_set, rule, full)
