"""Lines that are repaired together: those of common conflicts, and what they could stand by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from infucode.model.encounter import ClaimLine
from infucode.questions.trials import Verdict


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that are repaired together, and the conflicts among them."""

    lines: tuple[str, ...]
    conflicts: tuple[frozenset[str], ...]


def grouped(
    lines: Sequence[ClaimLine], whole: Verdict, conflicts: Sequence[frozenset[str]]
) -> list[Group]:
    """Denied lines with those of their conflicts; where there is none, with what they name, and
    with the lines that could lift the denial."""
    sets: list[set[str]] = [set(conflict) for conflict in conflicts]
    covered = {id for conflict in conflicts for id in conflict}
    of = {line.id: (line.code, line.day or 0) for line in lines}
    for denial in whole.denials:
        if denial.line in covered:
            continue
        alike = {
            d.line
            for d in whole.denials
            if d.rule == denial.rule and of[d.line] == of[denial.line]
        }
        codes = whole.lifts.get(denial.line, ())
        lifting = {line.id for line in lines if line.code in codes}
        beside = {denial.beside} if denial.beside is not None else set()
        sets.append({denial.line, *beside, *alike, *lifting})
    joined: list[set[str]] = []
    for own in sets:
        apart = [other for other in joined if other.isdisjoint(own)]
        own = own.union(*(other for other in joined if not other.isdisjoint(own)))
        joined = [*apart, own]
    order = [line.id for line in lines]
    made = [tuple(id for id in order if id in own) for own in joined]
    return [
        Group(ids, tuple(c for c in conflicts if c <= set(ids)))
        for ids in sorted(made, key=lambda ids: order.index(ids[0]))
    ]


def merged(parts: Sequence[Group]) -> Group:
    """Groups as one."""
    return Group(
        tuple(id for part in parts for id in part.lines),
        tuple(conflict for part in parts for conflict in part.conflicts),
    )
