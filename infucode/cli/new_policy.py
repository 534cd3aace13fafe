"""`infucode policy new`: a folder, a plan, a rule or a case to start from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from infucode.cli.completing import complete_plan, complete_rule
from infucode.cli.epilog import examples
from infucode.cli.options import Policies, read_date
from infucode.cli.output import note
from infucode.errors import UsageError

STANDARD_OUTPUT = "-"

app = typer.Typer(
    help="Write a folder, a plan, a rule or a case to start from. Nothing is written over.",
    epilog=examples(
        "infucode policy new folder copied",
        "infucode policy new rule cpcp026.test-dose --policies mine",
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(
    "folder",
    help="Copy the policies, with their cases, to a folder of one's own.",
    epilog=examples(
        "infucode policy new folder copied", "infucode policy new folder other --policies mine"
    ),
)
def new_folder(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there.")],
    policies: Policies = None,
) -> int:
    """The copy; on standard error, how to use it."""
    from infucode.rulebook.where import VARIABLE, policies_folder
    from infucode.workbench.scaffold.own import copy_policies

    number = copy_policies(policies_folder(policies), folder)
    note(f"copied {number} files to {folder}")
    _next(f"infucode policy check --policies {_word(folder)}")
    note(f"      export {VARIABLE}={_word(folder)} spares the option")
    return 0


@app.command(
    "plan",
    help="Write the profile of a new plan. It begins with the answers of another plan and stands "
    "on its layers; rules of its own go into its folder.",
    epilog=examples(
        "infucode policy new plan acme --like cpcp026 --policies mine",
        "infucode policy new plan acme-2025 --from 2025-01-01 --policies mine",
    ),
)
def new_plan(
    id: Annotated[str, typer.Argument(metavar="ID", help="The plan's name.")],
    like: Annotated[
        str | None,
        typer.Option("--like", metavar="PLAN", autocompletion=complete_plan, show_default=False,
                     help="The plan whose answers it begins with. [default: cpcp026]"),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option("--title", metavar="TEXT", help="The plan's title.", show_default=False),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", show_default=False,
                     help="Its first day; without, that of the other plan's last version."),
    ] = None,
    policies: Policies = None,
) -> int:  # fmt: skip
    """Raises UsageError for a plan that is there already."""
    from infucode.policy import DEFAULT_PLAN
    from infucode.rulebook.library import load_library
    from infucode.workbench.scaffold.names import new_plan_id
    from infucode.workbench.scaffold.own import own_folder, write_new
    from infucode.workbench.scaffold.plan import plan_text

    folder = own_folder(policies)
    home = new_plan_id(folder, id)
    library = load_library(folder, like or DEFAULT_PLAN)
    path = home / "profile.toml"
    write_new(path, plan_text(library, id, title, read_date(since)))
    note(f"wrote {path}; change the answers that this plan gives otherwise, with their citations")
    _next(f"infucode solve visit.yaml --policy {id} --policies {_word(folder)}")
    return 0


@app.command(
    "rule",
    help="Write a new rule: papers to fill in, a head and a first condition. Until they are "
    "filled in, `infucode policy check` says what is missing.",
    epilog=examples(
        "infucode policy new rule cpcp026.test-dose --policies mine",
        "infucode policy new rule cpt.late --beats cpt.gap-missing --file -",
    ),
)
def new_rule(
    id: Annotated[str, typer.Argument(metavar="ID", help="Its id, `layer.topic-detail`.")],
    outcome: Annotated[
        str | None,
        typer.Option("--outcome", metavar="NAME", show_default=False,
                     help="What it decides, an outcome of the vocabulary."),
    ] = None,
    beats: Annotated[
        str | None,
        typer.Option("--beats", metavar="ID", autocompletion=complete_rule, show_default=False,
                     help="The rule that it is an exception to."),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--file", metavar="NAME", show_default=False,
                     help="The new file in its layer's folder; - prints the rule, to be put into "
                     "a file that is there. [default: topic-detail.lp]"),
    ] = None,
    policies: Policies = None,
) -> int:  # fmt: skip
    """Raises UsageError for an id that is taken, or of no layer."""
    from infucode.rulebook.where import policies_folder
    from infucode.workbench.scaffold.names import new_rule_id
    from infucode.workbench.scaffold.own import own_folder, write_new
    from infucode.workbench.scaffold.rule import (
        beaten,
        file_text,
        outcome_named,
        rule_text,
        vocabulary_of,
    )

    printed = file == STANDARD_OUTPUT
    folder = policies_folder(policies) if printed else own_folder(policies)
    home, topic = new_rule_id(folder, id)
    vocabulary = vocabulary_of(folder)
    exception = beaten(folder, beats) if beats is not None else None
    text = rule_text(id, outcome_named(vocabulary, outcome, exception), vocabulary, exception)
    if printed:
        typer.echo(text, nl=False)
        return 0
    path = home / _rule_file(file or f"{topic}.lp")
    write_new(path, file_text(text))
    note(f"wrote {path}; fill in its papers and conditions")
    _next(f"infucode policy check --policies {_word(folder)}")
    return 0


@app.command(
    "case",
    help="Write a new case file to fill in. NAME is `layer/topic`: the cases of a layer stand in "
    "its folder `cases`.",
    epilog=examples(
        "infucode policy new case cpcp026/test-doses --policies mine",
        "infucode policy new case cpt/a-gap --rule cpt.gap-missing --policies mine",
    ),
)
def new_case(
    name: Annotated[str, typer.Argument(metavar="NAME", help="`layer/topic`.")],
    rule: Annotated[
        str | None,
        typer.Option("--rule", metavar="ID", autocompletion=complete_rule, show_default=False,
                     help="A rule that one case is to fire and another is not to."),
    ] = None,
    plan: Annotated[
        str | None,
        typer.Option("--policy", "-p", metavar="PLAN", autocompletion=complete_plan,
                     show_default=False, help="The plan that judges them."),
    ] = None,
    policies: Policies = None,
) -> int:  # fmt: skip
    """Raises UsageError for a file that is there already, or a rule that is nowhere."""
    from infucode.policy import DEFAULT_PLAN
    from infucode.rulebook.library import plans
    from infucode.workbench.scaffold.case import case_text, first_day
    from infucode.workbench.scaffold.names import case_file, require_rule
    from infucode.workbench.scaffold.own import own_folder, write_new

    folder = own_folder(policies)
    path = case_file(folder, name)
    layer = name.partition("/")[0]
    judged = plan or (layer if layer in plans(folder) else DEFAULT_PLAN)
    if rule is not None:
        require_rule(folder, rule)
    text = case_text(
        str(path), str(folder), plan=judged if judged != DEFAULT_PLAN else None, rule=rule,
        day=first_day(folder, judged),
    )  # fmt: skip
    write_new(path, text)
    note(f"wrote {path}; fill in the visit and what must come of it")
    _next(f"infucode policy test {_word(path)} --policies {_word(folder)}")
    return 0


def _rule_file(name: str) -> str:
    """Raises UsageError for a name that leaves the layer, is hidden, or no loader would read."""
    from infucode.workbench.scaffold.names import RULE_FILE

    if not RULE_FILE.fullmatch(name):
        raise UsageError(f"`{name}` is not a file of the layer; write it as `topic.lp`")
    return name


def _word(path: Path) -> str:
    return shlex.quote(str(path))


def _next(command: str) -> None:
    note(f"next: {command}")
