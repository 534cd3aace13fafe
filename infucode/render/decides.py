"""What the answer to a question would decide: read from the code sets, never worked out anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from infucode.model.solution import Ask, Assumption, CodeSet, Line, Solution
from infucode.render.code_sets import told_apart
from infucode.render.told import Sets, telling, value_words


@dataclass(frozen=True, slots=True)
class Choice:
    """Under ``value`` (empty where several facts are open at once) the lines of these sets.

    The value is as a person says it.
    """

    value: str
    sets: Sets
    lines: tuple[tuple[Line, ...], ...]
    """The ways in which the lines come out, each once."""


def choices_of(ask: Ask, solution: Solution) -> list[Choice]:
    """The code sets that the answer tells apart; empty where it tells none apart.

    Looked at are the lines of what is asked about, or all that differ where those are the same.
    """
    sets = solution.code_sets
    supposed = [_supposed(ask, found) for found in sets]
    values = {found.value for found in supposed if found is not None}
    if len(sets) < 2 or len(values) < 2:
        return []
    ways = _ways(ask, sets)
    if len(telling(sets)) > 1 or None in supposed:
        every = tuple(range(1, len(sets) + 1))
        return [Choice("", every, _once(ways, every))]
    made = []
    said = {found.value: value_words(found) for found in supposed if found is not None}
    for value, words in said.items():
        mine = tuple(n for n, f in enumerate(supposed, 1) if f is not None and f.value == value)
        made.append(Choice(words, mine, _once(ways, mine)))
    return made


FEW = 4
"""Of more ways than these in which lines can come out, the rest is counted."""


def sums_of(choice: Choice, times: str = "×") -> tuple[list[str], int]:
    """``96375 ×2``, ``96365 + 96366``, each way once; and how many more there are."""
    more = len(choice.lines) - FEW
    shown = choice.lines[:FEW] if more > 1 else choice.lines
    return [_sum(lines, times) for lines in shown], max(0, len(choice.lines) - len(shown))


def ways_words(choice: Choice, times: str = "×") -> str:
    """``96375``, ``96365 + 96366``, or several of them joined by ``or``."""
    sums, more = sums_of(choice, times)
    last = f"one of {more} further ways" if more else sums.pop()
    return f"{', '.join(sums)} or {last}" if sums else last


def _sum(lines: Sequence[Line], times: str) -> str:
    codes = [
        "-".join((n.code, *n.modifiers)) + (f" {times}{n.units}" if n.units > 1 else "")
        for n in lines
    ]
    return " + ".join(codes) or "no line"


def _supposed(ask: Ask, code_set: CodeSet) -> Assumption | None:
    """What the code set supposes of the fact that is asked about."""
    for assumption in code_set.assuming:
        same = ask.administration in (None, assumption.administration)
        if assumption.fact == ask.fact and same:
            return assumption
    return None


def _ways(ask: Ask, sets: Sequence[CodeSet]) -> list[tuple[Line, ...]]:
    """For each code set the lines that the question is about."""
    own = [
        tuple(line for line in found.lines if ask.administration in line.administrations)
        for found in sets
    ]
    claims = {tuple((n.code, n.modifiers, n.units) for n in lines) for lines in own}
    if ask.administration is not None and len(claims) > 1:
        return own
    _, rest = told_apart(sets)
    return [tuple(entry.line for entry in entries) for entries in rest]


def _once(ways: Sequence[tuple[Line, ...]], sets: Sets) -> tuple[tuple[Line, ...], ...]:
    found: dict[tuple[object, ...], tuple[Line, ...]] = {}
    for number in sets:
        lines = ways[number - 1]
        found.setdefault(tuple((n.code, n.modifiers, n.units) for n in lines), lines)
    return tuple(found.values())
