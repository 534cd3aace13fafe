"""What the shell offers after a part of a word. A shell shows no errors, so none is raised."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from infucode.model.encounter import Encounter

ASKED = "_INFUCODE_COMPLETE"
"""Set by the shell when it asks; typer makes the name."""
APART = "_INFUCODE_APART"
"""The name of the switch of which only the value stands in the word."""


def complete_plan(ctx: typer.Context, incomplete: str) -> list[str]:
    """The plans that begin so."""
    folder = _policies(ctx)
    if folder is None:
        return []
    names = sorted(path.parent.name for path in folder.glob("*/profile.toml"))
    return [name for name in names if name.startswith(incomplete)]


def complete_switch(ctx: typer.Context, incomplete: str) -> list[str]:
    """`NAME=VALUE` where the name is clear, else the names that begin so, each with its `=`."""
    given, equals, _ = incomplete.partition("=")
    switches = _switches(_policies(ctx))
    apart = os.environ.get(APART)
    if apart:
        return [value for value in switches.get(apart, ()) if value.startswith(incomplete)]
    names = [given] if equals else [name for name in switches if name.startswith(given)]
    if len(names) == 1:
        whole = (f"{names[0]}={value}" for value in switches.get(names[0], ()))
        return [text for text in whole if text.startswith(incomplete)]
    return [f"{name}=" for name in names]


def complete_example(incomplete: str) -> list[str]:
    """The example names that begin so."""
    from infucode.cli.shipped import example_names

    return [name for name in example_names() if name.startswith(incomplete)]


def complete_rule(ctx: typer.Context, incomplete: str) -> list[str]:
    """The rule ids of the plan that begin so."""
    from infucode.errors import InfucodeError
    from infucode.policy import DEFAULT_PLAN
    from infucode.rulebook.library import load_library

    folder, plan = _policies(ctx), ctx.params.get("policy") or DEFAULT_PLAN
    if folder is None:
        return []
    try:
        ids = sorted({rule.papers.id for rule in load_library(folder, plan).rules})
    except InfucodeError:
        return []
    return [id for id in ids if id.startswith(incomplete)]


def complete_line(ctx: typer.Context, incomplete: str) -> list[str]:
    """The codes of the lines that the document's answer has, under its own plan and switches."""
    from infucode.errors import InfucodeError
    from infucode.policy import DEFAULT_PLAN, Policy

    encounter, folder = _encounter(ctx), _policies(ctx)
    if encounter is None or folder is None:
        return []
    try:
        plan = ctx.params.get("policy") or encounter.policy or DEFAULT_PLAN
        solved = Policy.load(plan, policies=folder).solve(encounter, explain=False)
    except InfucodeError:
        return []
    codes = {line.code for code_set in solved.code_sets for line in code_set.lines}
    return sorted(code for code in codes if code.startswith(incomplete.upper()))


def complete_administration(ctx: typer.Context, incomplete: str) -> list[str]:
    """The ids of the document's administrations and services that begin so."""
    encounter = _encounter(ctx)
    if encounter is None:
        return []
    ids = [item.id for item in encounter.administrations]
    ids += [item.id for item in encounter.services]
    return [id for id in ids if id.startswith(incomplete)]


def _encounter(ctx: typer.Context) -> Encounter | None:
    """The document that the command line names so far; standard input is never read."""
    from infucode.documents import load_encounter
    from infucode.errors import InfucodeError

    rest = (word for word in ctx.args if not word.startswith("-"))
    file = ctx.params.get("file") or next(rest, None)
    if not file or file == "-":
        return None
    try:
        return load_encounter(file)
    except InfucodeError:
        return None


def mend_bash_words(environ: MutableMapping[str, str]) -> None:
    """Join the words that bash took apart at `=`; what it completes is the part behind the last.

    The name of a switch whose value is wanted goes to APART.
    """
    if environ.get(ASKED) != "complete_bash" or not environ.get("COMP_CWORD", "").isdecimal():
        return
    given = environ.get("COMP_WORDS", "").split("\n")[: int(environ["COMP_CWORD"]) + 1]
    words: list[str] = []
    joins = False
    for word in given:
        joins = bool(words) and (word == "=" or (word != "" and words[-1].endswith("=")))
        words[len(words) - joins :] = [words[-1] + word] if joins else [word]
    if joins:
        *option, name, value = words.pop().split("=")
        if name.startswith("-"):
            option, name = [name], ""
        words += [*option, value]
        environ[APART] = name
    environ["COMP_WORDS"] = "\n".join(words)
    environ["COMP_CWORD"] = str(len(words) - 1)


def _policies(ctx: typer.Context) -> Path | None:
    from infucode.errors import UsageError
    from infucode.rulebook.where import policies_folder

    given = ctx.params.get("policies")
    try:
        return policies_folder(Path(given) if given else None)
    except UsageError:
        return None


def _switches(folder: Path | None) -> dict[str, list[str]]:
    """Each switch with its values."""
    import tomllib

    try:
        text = (folder / "switches.toml").read_text(encoding="utf-8") if folder else ""
        found: dict[str, Any] = tomllib.loads(text)
    except (OSError, ValueError):
        return {}
    return {name: [str(v) for v in row.get("values", ())] for name, row in found.items()}
