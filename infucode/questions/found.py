"""A distinct code set of an encounter, and which administrations its lines take in."""

from __future__ import annotations

from dataclasses import dataclass

from infucode.engine.answer import Answer, DraftLine, Outcome
from infucode.model.solution import Line
from infucode.questions.completions import World
from infucode.questions.hangs import Other
from infucode.questions.reasons import Reasons


@dataclass(slots=True)
class Found:
    """One distinct code set: the worlds that give it, the first of them explained."""

    worlds: list[World]
    reasons: Reasons
    others: list[Other]

    @property
    def answer(self) -> Answer:
        return self.worlds[0].answer


def draft_of(found: Found, line: Line) -> DraftLine | None:
    """The draft of a line as it is shown; a view may show fewer lines than were found."""
    first = found.reasons.wording.encounter.date
    shown = (
        (line.date - first).days, line.visit, line.access or "", line.code, line.modifiers,
        line.charge or "", line.units,
    )  # fmt: skip
    for draft in found.answer.lines:
        ours = set(draft.administrations) <= set(line.administrations)
        if draft.shown == shown and ours and tuple(draft.services) == line.services:
            return draft
    return None


def merged_into(answer: Answer, line: DraftLine) -> list[Outcome]:
    """The merges that end in an administration whose delivery this line reports."""
    owners = {
        str(o.arguments[0])
        for o in line.sources
        if o.kind == "line" and o.arguments[1] == "delivery"
    }
    return [o for o in answer.of("merged") if target(answer, str(o.arguments[0])) in owners]


def outcomes_of(answer: Answer, line: DraftLine) -> list[Outcome]:
    """What a line rests on: what gave it, what is merged into it, and remarks on either."""
    told = [*line.sources, *merged_into(answer, line)]
    given = {
        o.arguments[0] for o in told if o.kind == "line" and o.arguments[1] == "delivery"
    }
    return [*told, *(o for o in answer.of("remark") if o.arguments[0] in given)]


def target(answer: Answer, id: str) -> str:
    """Where the chain of merges from an administration ends."""
    into = {str(o.arguments[0]): str(o.arguments[1]) for o in answer.of("merged")}
    seen = set()
    while id in into and id not in seen:
        seen.add(id)
        id = into[id]
    return id
