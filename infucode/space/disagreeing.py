"""What two answers to one encounter disagree about, one administration or service at a time.

A kind of disagreement is what decided on each side: the rules behind what one of them earned,
or did not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from infucode.model.proving import Differing, Side
from infucode.passes.values import TEXT_MARK, Row
from infucode.rulebook.language import Signature
from infucode.space.answering import LINE, Outcomes

UNTOLD: Signature = ("cannot_tell", 2)
OPEN_STOP: Signature = ("open_stop", 2)
SERVICE_LINE: Signature = ("service_line", 4)
MODIFIER: Signature = ("modifier", 4)
MODIFIER_ON: Signature = ("modifier_on", 5)
OWN_LINE: Signature = ("own_line", 3)
VISIT_MODIFIER: Signature = ("visit_modifier", 3)
UNTOLD_PART: Signature = ("cannot_tell_part", 3)
UNDECIDED = (UNTOLD, OPEN_STOP, UNTOLD_PART)
DECIDING: tuple[Signature, ...] = (
    LINE, SERVICE_LINE, ("withheld", 3), ("service_withheld", 2), ("merged", 3), *UNDECIDED,
)  # fmt: skip
"""The outcomes that decide what an administration or a service earns."""
MARKING: tuple[Signature, ...] = (MODIFIER, MODIFIER_ON, OWN_LINE, VISIT_MODIFIER)
"""Those that say how its lines are marked."""
ALONE = "alone"
Earned = tuple[tuple[str, int, int, tuple[str, ...]], ...]
"""What one of them earns: code, units, day, marks; sorted."""
Kind = tuple[tuple[str, ...], tuple[str, ...]]
"""The rules that decided on the one side and not on the other, and the reverse."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one side says of one administration or service."""

    earned: Earned
    untold: bool
    rules: tuple[str, ...]


def differences(one: Outcomes, other: Outcomes) -> Iterator[tuple[Kind, str]]:
    """The administrations that two answers differ about, each with what decided."""
    mine, theirs = told_of(one), told_of(other)
    if _claim(mine) == _claim(theirs):
        return
    for id in differing_ids(mine, theirs):
        a, b = mine.get(id), theirs.get(id)
        yield kind_of(a.rules if a else (), b.rules if b else ()), id


def differing_ids(mine: Mapping[str, Told], theirs: Mapping[str, Told]) -> list[str]:
    """Those of which the two sides say otherwise."""
    found = []
    for id in sorted(mine.keys() | theirs.keys()):
        a, b = mine.get(id), theirs.get(id)
        if (a and (a.earned, a.untold)) != (b and (b.earned, b.untold)):
            found.append(id)
    return found


def kind_of(one: tuple[str, ...], other: tuple[str, ...]) -> Kind:
    """What decided on either side, without what decided on both; all if nothing else did."""
    mine = tuple(rule for rule in one if rule not in other)
    theirs = tuple(rule for rule in other if rule not in one)
    return (mine, theirs) if mine or theirs else (one, other)


def told_of(outcomes: Outcomes) -> dict[str, Told]:
    """What an answer says of each administration and service."""
    marks: dict[tuple[object, ...], list[str]] = {}
    rules: dict[str, set[str]] = {}
    for signature in MARKING:
        for row in outcomes.get(signature, ()):
            place = ("visit",) if signature == VISIT_MODIFIER else row[2:3]
            mark = ALONE if signature == OWN_LINE else _plain(row[-1])
            marks.setdefault((row[1], *place), []).append(mark)
            rules.setdefault(str(row[1]), set()).add(_rule(row))
    earned: dict[str, list[tuple[str, int, int, tuple[str, ...]]]] = {}
    lines = outcomes.get(LINE, ())
    several = Counter((row[3], row[5]) for row in lines)
    for _, id, part, code, units, day in lines:
        own = tuple(sorted(set(marks.get((id, part), ()))))
        if several[code, day] == 1:
            own = tuple(mark for mark in own if mark != ALONE)
        earned.setdefault(str(id), []).append((_plain(code), int(units), int(day), own))
    for _, id, code, units in outcomes.get(SERVICE_LINE, ()):
        own = tuple(sorted(set(marks.get((id, "visit"), ()))))
        earned.setdefault(str(id), []).append((_plain(code), int(units), 0, own))
    untold = {str(row[1]) for signature in UNDECIDED for row in outcomes.get(signature, ())}
    for signature in DECIDING:
        for row in outcomes.get(signature, ()):
            rules.setdefault(str(row[1]), set()).add(_rule(row))
    return {
        id: Told(tuple(sorted(earned.get(id, ()))), id in untold, tuple(sorted(own)))
        for id, own in rules.items()
    }


def side_of(told: Told | None) -> Side:
    """The same as it is shown."""
    if told is None:
        return Side((), False, ())
    lines = tuple((code, units, marks) for code, units, _, marks in told.earned)
    return Side(lines, told.untold, told.rules)


def differing_of(one: Side, other: Side) -> Differing:
    """In what two sides differ."""
    if one.untold != other.untold:
        return Differing.told
    if bool(one.earned) != bool(other.earned):
        return Differing.only_first if one.earned else Differing.only_second
    for place, differing in ((0, Differing.other_code), (1, Differing.other_units)):
        if [line[place] for line in one.earned] != [line[place] for line in other.earned]:
            return differing
    return Differing.other_marks


def _claim(told: Mapping[str, Told]) -> tuple[dict[tuple[object, ...], int], list[str]]:
    totals: dict[tuple[object, ...], int] = {}
    for one in told.values():
        for code, units, day, marks in one.earned:
            totals[code, day, marks] = totals.get((code, day, marks), 0) + units
    return totals, sorted(id for id, one in told.items() if one.untold)


def _rule(row: Row) -> str:
    return _plain(row[0])


def _plain(value: object) -> str:
    return str(value).removeprefix(TEXT_MARK)
