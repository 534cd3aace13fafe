"""The first lines of what is told about an answer: which visit, what came out, by which plan."""

from __future__ import annotations

from typing import Protocol

from rich.text import Text

from infucode.model.encounter import Encounter
from infucode.model.solution import PolicyRef
from infucode.render.page import DIM, DOUBT, STRONG, Page
from infucode.render.words import counted


class Told(Protocol):
    """What a question about an answer brings back, as far as its head goes."""

    @property
    def encounter(self) -> str:
        """The encounter's id."""

    @property
    def policy(self) -> PolicyRef:
        """The rules that gave the answer."""

    @property
    def outcome(self) -> str:
        """Of the answer."""


def add_answer_head(page: Page, encounter: Encounter, found: Told, total: int = 1) -> None:
    """Adds the encounter, the outcome of `total` code sets, the plan and what was overridden."""
    policy = found.policy
    sets = f", {counted(total, 'code set')}" if total > 1 else ""
    said = f"{found.encounter}, {encounter.date.isoformat()}: {found.outcome}{sets}"
    page.para(Text(page.data(said), style=STRONG))
    plan = f"{policy.title} {policy.version} ({policy.id}), as of {policy.as_of.isoformat()}"
    page.para(Text(page.data(plan), style=DIM))
    if policy.switches:
        switched = ", ".join(f"{name} = {value}" for name, value in policy.switches)
        page.para(Text(page.data(f"overridden: {switched}"), style=DOUBT))
