"""How mutants fared, for a person and for programs."""

from __future__ import annotations

from typing import Any

import yaml
from rich.console import Console
from rich.text import Text

from infucode.render.json_view import dumps
from infucode.render.page import CODE, DIM, DOUBT, STRONG, Page
from infucode.workbench.mutants import Mutant
from infucode.workbench.mutating import Fate, Mutated, diff_of
from infucode.workbench.mutation import KILLED, SLOW
from infucode.workbench.mutation_nearest import Nearest

SCHEMA = "infucode.mutate.v1"
MOST_SAID = 240
"""Characters of an answer on the screen; JSON holds all."""
STYLES = {"+": "green", "-": "red"}


def render_mutated(
    mutated: Mutated, console: Console, *, killed: bool = False, ascii_only: bool = False
) -> None:
    """The score, then each survivor: those without a reason first."""
    page = Page.on(console, ascii_only=ascii_only)
    page.para(Text(page.data(mutated.sentence)), lead=Text("Mutants  ", style=STRONG))
    for fate in sorted(mutated.survivors, key=lambda fate: bool(fate.reason)):
        _add_survivor(page, fate)
    if mutated.needless:
        page.heading("Reasons without a survivor", "remove them")
        for key in mutated.needless:
            page.para(Text(page.data(key)))
    if len(mutated.files) > 1:
        page.heading("By file", "least killed first")
        for file, count, of in mutated.files:
            page.row(Text(page.data(f"  {100 * count // of:>3} %  {count:>5} of {of:<5} {file}")))
    if mutated.equivalent:
        page.heading("Changes no answer", "shown from the rules")
        for fate in mutated.equivalent:
            page.para(Text(page.data(fate.mutant.key)))
            page.para(Text(page.data(fate.shown), style=DIM), indent=2)
    if killed:
        page.heading("Killed", "by the first case that notices")
        for fate in mutated.having(KILLED, SLOW):
            page.para(Text(page.data(fate.mutant.key)))
            by = fate.result.by or "the time limit"
            page.para(Text(page.data(f"{by}: {fate.result.why}"), style=DIM), indent=2)
    page.print(console)


def _add_survivor(page: Page, fate: Fate) -> None:
    mutant = fate.mutant
    page.blank()
    page.para(Text(page.data(f"survives: {mutant.key}"), style=CODE))
    for line in diff_of(mutant).splitlines():
        page.row(Text(f"  {page.data(line)}", style=STYLES.get(line[:1], DIM)))
    if fate.reason:
        lead = Text("may: ", style=DIM)
        page.para(Text(page.data(" ".join(fate.reason.split()))), indent=2, lead=lead)
        return
    if fate.result.changes:
        said = "some case's answer changes, but nothing that the case expects"
        page.para(Text(said, style=DOUBT), indent=2)
    if fate.nearest is None:
        return
    _add_nearest(page, fate.nearest)


def _add_nearest(page: Page, nearest: Nearest) -> None:
    lead = Text("would be killed by  ", style=STRONG)
    page.para(Text(page.data(f"{nearest.case}, {nearest.change}")), indent=2, lead=lead)
    for word, says in (("rules   ", nearest.now), ("mutant  ", nearest.mutated)):
        short = says if len(says) <= MOST_SAID else says[:MOST_SAID] + page.glyphs.ellipsis
        page.para(Text(page.data(short)), indent=4, lead=Text(word, style=DIM))
    for line in document_text(nearest).splitlines():
        page.row(Text(f"    {page.data(line)}"))


def document_text(nearest: Nearest) -> str:
    """The encounter as a document."""
    data = dict(nearest.document)
    data["policy"] = nearest.plan
    if nearest.switches:
        data["switches"] = {**data.get("switches", {}), **dict(nearest.switches)}
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=94,
                          default_flow_style=None)  # fmt: skip


def mutated_to_json(mutated: Mutated) -> str:
    """Every mutant."""
    data: dict[str, Any] = {"schema": SCHEMA, "folder": mutated.folder, "cases": mutated.cases}
    rows = [_row(fate.mutant, fate) for fate in mutated.fates]
    return dumps(data | mutated.data | {"results": rows})


def _row(mutant: Mutant, fate: Fate) -> dict[str, Any]:
    nearest = fate.nearest
    return {
        "key": mutant.key,
        "rule": mutant.rule,
        "place": mutant.place,
        "operator": mutant.operator,
        "diff": diff_of(mutant),
        "status": fate.result.status,
        "killed_by": fate.result.by or None,
        "why": fate.result.why or None,
        "changes_an_answer": fate.result.changes,
        "shown_equivalent": fate.shown or None,
        "reason": " ".join(fate.reason.split()) or None,
        "nearest": None
        if nearest is None
        else {
            "case": nearest.case,
            "change": nearest.change,
            "document": document_text(nearest),
            "rules": nearest.now,
            "mutant": nearest.mutated,
        },
    }
