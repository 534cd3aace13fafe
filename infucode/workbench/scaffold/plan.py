"""A new plan: the profile of another one to start from, its answers with their citations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date as Date

from infucode.rulebook.library import Library
from infucode.rulebook.settings import Setting, Switch

FIRST = "1.0"


def plan_text(library: Library, id: str, title: str | None, since: Date | None) -> str:
    """The `profile.toml` of a plan that answers every switch as another plan does.

    It stands on the same layers and on its own, from `since` or from the other's last version.
    """
    other = library.profile
    version = other.versions[-1]
    lines = [
        f"# The plan {id}, begun as a copy of {other.id}. Each answer to a switch has a basis:",
        "# `stated` (the source says so), `read` (our reading of it) or `stand_in` (the source",
        f"# is silent). The citations are those of {other.id}: give each answer its own.",
        "",
        f"id = {_text(id)}",
        f"title = {_text(title or f'{id}, begun as a copy of {other.id}')}",
        "",
        "[[version]]",
        f"name = {_text(FIRST)}",
        f"from = {since or version.since}",
        f"layers = {json.dumps([*version.layers, id])}",
    ]
    for kind, notice in other.notices.items():
        own = notice.rule.removeprefix(f"{other.id}.")
        lines += ["", f"[notice.{kind}]", f"rule = {_text(f'{id}.{own}')}"]
        lines += [f"says = {_text(notice.says)}", f"cite = {_text(notice.cite)}"]
    for setting in other.settings:
        lines += ["", *_answer(setting, library.switches)]
    return "\n".join(lines) + "\n"


def _answer(setting: Setting, switches: Mapping[str, Switch]) -> Iterator[str]:
    number = switches[setting.name].type.sort == "number"
    yield "[[switch]]"
    yield f"name = {_text(setting.name)}"
    yield f"value = {setting.value if number else _text(setting.value)}"
    yield f"basis = {_text(setting.basis)}"
    yield f"cite = {_text(setting.cite)}"
    for key, day in (("from", setting.since), ("until", setting.until)):
        if day is not None:
            yield f"{key} = {day}"
    if setting.note:
        yield f"note = {_text(setting.note)}"


def _text(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)
