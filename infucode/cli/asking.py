"""One file in, one answer out: what `explain`, `why-not` and `unlock` have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from infucode.cli.plans import Plans
from infucode.engine.limits import Limits
from infucode.engine.worker import Worker
from infucode.model.encounter import Encounter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """The document that is asked about, the plan and folder to judge it by, and the limits."""

    file: str
    plan: str | None
    policies: Path | None
    limits: Limits


def ask_one(
    source: Source,
    work: Callable[[Plans, str | None, Encounter], T],
    before: Callable[[Encounter], None] = lambda _: None,
) -> tuple[Encounter, T]:
    """The document, and what `work` finds of it in the process where the plans are.

    `before` runs here, once the document and its plan are read. Raises what reading and `work`
    raise, and LimitError beyond the limits.
    """
    with Worker(partial(Plans, source.policies)) as worker:
        worker.start(partial(Plans.get_ready, plan=source.plan))
        from infucode.documents import load_encounter

        encounter = load_encounter(source.file)
        own = source.plan or encounter.policy
        worker.do(partial(Plans.load, plan=own))
        before(encounter)
        found = worker.do(partial(_do, work=work, plan=own, encounter=encounter), source.limits)
    return encounter, found


def _do(
    plans: Plans,
    work: Callable[[Plans, str | None, Encounter], T],
    plan: str | None,
    encounter: Encounter,
) -> T:
    return work(plans, plan, encounter)
