"""`infucode policy explain`: one rule in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from infucode.cli.completing import complete_rule
from infucode.cli.formats import Format
from infucode.cli.options import AsOf, Output, Plain, Plan, Policies, read_date
from infucode.cli.output import note, stdout


def note_unread(names: Sequence[str]) -> None:
    """What is not told, as a file of cases is broken."""
    if names:
        note(f"without the cases of {', '.join(names)}: they cannot be read; "
             "`infucode policy test` says why")  # fmt: skip


def explain_rule(
    id: Annotated[
        str, typer.Argument(metavar="ID", help="A rule id.", autocompletion=complete_rule)
    ],
    policy: Plan = None,
    as_of: AsOf = None,
    output: Output = Format.text,
    policies: Policies = None,
    plain: Plain = False,
) -> int:
    """The rule as its plan holds it, and what other plans of the folder answer."""
    from infucode.policy import DEFAULT_PLAN
    from infucode.render.json_view import dumps
    from infucode.render.manual_json import rule_entry_data
    from infucode.render.manual_terminal import render_rule_entry
    from infucode.rulebook.where import policies_folder
    from infucode.workbench.manual.explaining import explained_rule

    folder = policies_folder(policies)
    entry, unread = explained_rule(folder, policy or DEFAULT_PLAN, id, read_date(as_of))
    if output is Format.json:
        typer.echo(dumps(rule_entry_data(entry)), nl=False)
    else:
        render_rule_entry(entry, stdout(), ascii_only=plain)
    note_unread(unread)
    return 0
