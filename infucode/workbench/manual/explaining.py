"""`policy explain`: the page of one rule with the cases that speak of it."""

from __future__ import annotations

from datetime import date as Date
from pathlib import Path

from infucode.errors import UsageError
from infucode.render.manual_content import RuleEntry
from infucode.workbench.manual.entries import Entries
from infucode.workbench.manual.examples import cases_about
from infucode.workbench.manual.visits import example_of
from infucode.workbench.plans import Plans


def explained_rule(
    folder: Path, plan: str, id: str, day: Date | None
) -> tuple[RuleEntry, list[str]]:
    """The page, and the case files that cannot be read.

    Raises UsageError with the nearest id or plan, PolicyError for a broken plan.
    """
    plans, unread = Plans(folder), list[str]()
    entries = Entries.of(plan, plans, day)
    profile = entries.policy.library.profile
    for notice in profile.notices.values():
        if notice.rule == id:
            raise UsageError(f"`{id}` is no rule but a notice of {profile.file}: {notice.says}")
    entries.policy.rule(id)
    examples = [example_of(case) for case in cases_about(id, plans, unread)]
    return entries.entry(id, examples), unread
