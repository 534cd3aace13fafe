"""`diff --on`: a file of encounters under two sides, and what changes, by rule and by code.

Several processes answer, a few batches ahead; what is kept grows with the kinds of change and
not with the file.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date as Date
from functools import partial
from itertools import islice

from infucode.batch.inputs import documents, require_readable
from infucode.batch.parts import Counts
from infucode.batch.pool import Pool
from infucode.batch.run import BATCH, RECYCLE
from infucode.batch.tasks import Document, Question, Result, Task
from infucode.engine.limits import Limits
from infucode.errors import UsageError
from infucode.model.replay import (
    ChangedCode,
    ChangedEncounter,
    ChangedItem,
    CodeChanges,
    KindChanges,
    RejectedDocument,
    Replay,
    RuleChanges,
)
from infucode.space.disagreeing import differing_of, kind_of
from infucode.space.on_file_sides import SAME, Comparer, side_from
from infucode.space.sides import Ready

LIMITS = Limits(60.0, 4096)
"""For one batch."""
EXAMPLES, REFUSED = 3, 5
FIRST = 20
"""Documents of the first batches, so that something is known soon."""
Each = Callable[[ChangedEncounter | RejectedDocument], None]
Progress = Callable[[int, Counts], None]
"""Told the bytes of the documents that are done, and what became of them."""


def nothing(*_: object) -> None:
    """Told to nobody."""


def task_of(side: Ready, day: Date | None) -> Task:
    """What a side is asked; without a day each encounter is judged on its own date."""
    told = side.told
    return Task(Question.solve, told.plan, told.folder, told.switches, told.day or day)


def side_name(side: Ready, day: Date | None) -> str:
    """The side in words."""
    told = side.told
    on = f"as of {told.day or day}" if told.day or day else "each encounter on its own date"
    answers = "".join(f", {name} = {value}" for name, value in told.switches.items())
    return f"{side.library.profile.title} ({told.text}), {on}{answers}"


class Replayer:
    """Compares the encounters of files under two sides."""

    def __init__(self, sides: Sequence[Ready], files: Sequence[str], day: Date | None) -> None:
        """Raises UsageError for files that cannot be read."""
        require_readable(files)
        one, other = sides
        self.found = Replay((side_name(one, day), side_name(other, day)), tuple(files))
        self.task = task_of(one, day)
        self.answering = partial(Comparer, other=task_of(other, day))

    def run(
        self,
        *,
        workers: int = 1,
        limits: Limits = LIMITS,
        seconds: float | None = None,
        each: Each = nothing,
        told: Progress = nothing,
    ) -> Replay:
        """What changes. It ends early where the time is over, or at a KeyboardInterrupt.

        Raises UsageError where the files hold no document, or what holds them is damaged.
        """
        begin, done, counts = time.monotonic(), 0, Counts()
        found, waiting = self.found, deque[list[Document]]()
        found.complete = False
        try:
            with Pool(self.task, workers, limits, RECYCLE, self.answering) as pool:
                for results in pool.results(self._batches(waiting)):
                    read = waiting.popleft()
                    for document, result in zip(read, results, strict=True):
                        self._take(document, result, each)
                    counts.add(results)
                    done += sum(len(document.text) + 1 for document in read)
                    told(done, counts)
                    if seconds is not None and time.monotonic() - begin > seconds:
                        break
                else:
                    found.complete = True
        except KeyboardInterrupt:
            pass
        found.seconds = time.monotonic() - begin
        if found.complete and not found.read:
            names = ", ".join(f"`{name}`" for name in found.files)
            raise UsageError(f"there is no encounter in {names}")
        return found

    def _batches(self, waiting: deque[list[Document]]) -> Iterator[list[Document]]:
        source, size = documents(self.found.files), FIRST
        while batch := list(islice(source, size)):
            waiting.append(batch)
            yield batch
            size = min(2 * size, BATCH)

    def _take(self, document: Document, result: Result, each: Each) -> None:
        found = self.found
        found.read += 1
        if result.rejected:
            found.rejected[result.outcome] += 1
            refused = _refused(document, result)
            if len(found.refused) < REFUSED:
                found.refused.append(refused)
            each(refused)
            return
        fate, one, other = result.outcome.split()
        found.outcomes[one, other] += 1
        if fate == SAME:
            found.same += 1
            return
        found.changed += 1
        found.changed_outcomes[one, other] += 1
        changed = _changed(document, result, (one, other))
        self._count(changed)
        each(changed)

    def _count(self, changed: ChangedEncounter) -> None:
        found = self.found
        for code in changed.codes:
            codes = found.codes.setdefault(code.code, CodeChanges(code.code))
            codes.fates[code.fate] += 1
            if code.one is not None and code.other is not None:
                codes.units_one += code.one
                codes.units_other += code.other
            _keep(codes.examples, changed.id)
        kinds: dict[tuple[tuple[str, ...], tuple[str, ...]], list[ChangedItem]] = {}
        for item in changed.items:
            kinds.setdefault(kind_of(item.one.rules, item.other.rules), []).append(item)
        for key in kinds or {((), ()): []}:
            kind = found.kinds.setdefault(key, KindChanges(*key))
            items = kinds.get(key, [])
            kind.encounters += 1
            kind.items += len(items)
            least = kind.smallest
            if least is None or changed.administrations < least.administrations:
                kind.smallest, kind.item = changed, items[0] if items else None
        mine = {rule for key in kinds for rule in key[0]}
        theirs = {rule for key in kinds for rule in key[1]}
        for name in sorted(mine ^ theirs):
            rule = found.rules.setdefault(name, RuleChanges(name))
            rule.only_one += name in mine
            rule.only_other += name in theirs
            _keep(rule.examples, changed.id)


def _keep(examples: list[str], id: str) -> None:
    if len(examples) < EXAMPLES and id not in examples:
        examples.append(id)


def _changed(document: Document, result: Result, outcomes: tuple[str, str]) -> ChangedEncounter:
    data = json.loads(result.answer)
    items = []
    for id, *sides in data["items"]:
        one, other = map(side_from, sides)
        items.append(ChangedItem(id, differing_of(one, other), one, other))
    return ChangedEncounter(
        document.source, document.line, data["encounter"], data["administrations"], outcomes,
        tuple(ChangedCode(*code) for code in data["codes"]), tuple(items),
    )  # fmt: skip


def _refused(document: Document, result: Result) -> RejectedDocument:
    problems = json.loads(result.rejected)["problems"]
    reason = "; ".join(problem["message"] for problem in problems)
    return RejectedDocument(document.source, document.line, result.outcome, reason)
