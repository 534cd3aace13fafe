"""Whether the plan of a batch can answer at all, asked before a document is read."""

from __future__ import annotations

from infucode.batch.tasks import Task
from infucode.policy import DEFAULT_PLAN, Policy


def require_plan(task: Task) -> None:
    """Raises what loading the plan raises, and UsageError for switches that it does not have."""
    policy = Policy.load(task.plan or DEFAULT_PLAN, policies=task.policies)
    if task.switches:
        day = task.as_of or max(version.since for version in policy.library.profile.versions)
        policy.rulebook(day, task.switches)
