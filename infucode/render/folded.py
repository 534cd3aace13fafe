"""Sentences of many code sets that differ in numbers alone, told as one with its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from infucode.model.solution import Line, Reason
from infucode.render.content import numbers
from infucode.render.told import Sets

LEAST = 4
"""From so many sentences on that are alike they are folded."""
_NUMBER = re.compile(r"(?<![\w:.,-])\d+(?![\w:-]|[.,]\d)")
"""A whole number that is no part of a clock time, a date, a code or an amount."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and its code sets; a folded one holds the numbers of each of them."""

    says: str
    sets: Sets
    by_set: tuple[tuple[Sets, tuple[str, ...]], ...] = ()

    @property
    def told(self) -> list[str]:
        """``3: 2, 91``: code sets, then the numbers in the order of the sentence."""
        return [f"{numbers(sets)}: {', '.join(found)}" for sets, found in self.by_set]


def folded(items: Iterable[tuple[str, Sets]]) -> list[Said]:
    """The sentences in order; of those alike each number that differs is told as a range."""
    alike: dict[str, list[tuple[str, Sets]]] = {}
    for says, sets in items:
        alike.setdefault(_NUMBER.sub("#", says) if sets else says, []).append((says, sets))
    made: list[Said] = []
    for found in alike.values():
        made += [_fold(found)] if len(found) >= LEAST else [Said(*item) for item in found]
    return made


def by_rule(reasons: Iterable[tuple[Reason, Sets]]) -> list[tuple[str, str, list[Said]]]:
    """Citation, rule id and sentences: those of one rule together."""
    groups: dict[tuple[str, str], list[tuple[str, Sets]]] = {}
    for reason, sets in reasons:
        groups.setdefault((reason.cite, reason.rule), []).append((reason.says, sets))
    return [(cite, rule, folded(members)) for (cite, rule), members in groups.items()]


def _fold(found: Sequence[tuple[str, Sets]]) -> Said:
    rows = [_NUMBER.findall(says) for says, _ in found]
    columns = list(zip(*rows, strict=True))
    differ = [i for i, column in enumerate(columns) if len(set(column)) > 1]
    ranges = iter(_range(column) for column in columns)
    says = _NUMBER.sub(lambda _: next(ranges), found[0][0])
    by_set = tuple(
        (sets, tuple(row[i] for i in differ)) for (_, sets), row in zip(found, rows, strict=True)
    )
    return Said(says, _together(sets for _, sets in found), by_set)


def _range(column: Iterable[str]) -> str:
    """``31 to 91``, or the only number."""
    least, *_, most = (*(ordered := sorted(set(column), key=int)), ordered[-1])
    return least if least == most else f"{least} to {most}"


def folded_heads(heads: Sequence[tuple[Line, Sets]]) -> list[tuple[Line, Sets, Said | None]]:
    """The lines of one kind; where many differ in units alone the last stands for all."""
    alike: dict[tuple[object, ...], list[tuple[Line, Sets]]] = {}
    for line, sets in heads:
        same = (line.administrations, line.services, line.charge) if sets else id(line)
        alike.setdefault((same,), []).append((line, sets))
    made: list[tuple[Line, Sets, Said | None]] = []
    for found in alike.values():
        if len(found) < LEAST:
            made += [(line, sets, None) for line, sets in found]
            continue
        units = folded([(str(line.units), sets) for line, sets in found])
        if len(units) == 1:
            made.append((found[-1][0], units[0].sets, units[0]))
        else:
            made += [(line, sets, None) for line, sets in found]
    return made


def _together(found: Iterable[Sets]) -> Sets:
    return tuple(sorted({number for sets in found for number in sets}))
