"""`infucode rules`: the rulebook, rule by rule."""

from __future__ import annotations

from typing import Annotated

import typer

from infucode.cli.completing import complete_rule
from infucode.cli.epilog import examples
from infucode.cli.formats import Format
from infucode.cli.options import AsOf, Output, Plan, Policies, read_date
from infucode.cli.output import stdout

app = typer.Typer(
    help="List and read the rules of a plan.",
    epilog=examples(
        "infucode rules list --find hydration", "infucode rules show cpt.hydration-minimum"
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(
    "list",
    help="List every rule of a plan: id, what it says, where it comes from.",
    epilog=examples(
        "infucode rules list --find hydration",
        "infucode rules list --policy medicare --as-of 2024-08-05",
    ),
)
def list_rules(
    policy: Plan = None,
    as_of: AsOf = None,
    find: Annotated[
        str | None,
        typer.Option(
            "--find", metavar="TEXT", help="Only rules with this text.", show_default=False
        ),
    ] = None,
    output: Output = Format.text,
    policies: Policies = None,
) -> int:
    """One row for each rule id."""
    from infucode.policy import DEFAULT_PLAN, Policy
    from infucode.questions.catalog import rule_rows
    from infucode.render.json_view import dumps
    from infucode.render.rules_view import RuleRow, render_rule_list

    rows = rule_rows(
        Policy.load(policy or DEFAULT_PLAN, policies=policies), read_date(as_of), find
    )
    if output is Format.json:
        typer.echo(
            dumps([{"id": r.id, "text": r.text, "layer": r.layer, "cite": r.cite} for r in rows]),
            nl=False,
        )
    else:
        render_rule_list([RuleRow(r.id, r.text, r.layer, r.cite) for r in rows], stdout())
    return 0


@app.command(
    "show",
    help="Show one rule: its papers, its logic, its switches and exceptions.",
    epilog=examples(
        "infucode rules show cpt.hydration-minimum",
        "infucode rules show cpt.injection --policy medicare",
    ),
)
def show_rule(
    id: Annotated[
        str, typer.Argument(metavar="ID", help="A rule id.", autocompletion=complete_rule)
    ],
    policy: Plan = None,
    as_of: AsOf = None,
    output: Output = Format.text,
    policies: Policies = None,
) -> int:
    """Everything about one rule id."""
    from infucode.policy import DEFAULT_PLAN, Policy
    from infucode.questions.catalog import rule_data, rule_detail
    from infucode.render.json_view import dumps
    from infucode.render.rules_view import render_rule

    loaded = Policy.load(policy or DEFAULT_PLAN, policies=policies)
    detail = rule_detail(loaded, id, read_date(as_of))
    if output is Format.json:
        typer.echo(dumps(rule_data(detail)), nl=False)
    else:
        render_rule(detail, stdout())
    return 0
