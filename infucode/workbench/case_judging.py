"""What an answer lacks of what its case expects, in sentences with the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from infucode.model.solution import CodeSet, Line, Solution
from infucode.workbench.case import (
    Case,
    Expected,
    ExpectedAsk,
    ExpectedLine,
    ExpectedNotReported,
)


def differences(case: Case, solution: Solution) -> Iterator[str]:
    """Everything in which the solution is not what the case expects, rules aside."""
    expected = case.expected
    if expected is None:
        return
    if expected.outcome and solution.outcome != expected.outcome:
        yield f"the outcome is {solution.outcome}; {expected.outcome} is expected"
    yield from _lines(expected, solution)
    if expected.code_sets is not None:
        yield from _code_sets(expected.code_sets, solution.code_sets)
    if expected.not_reported is not None:
        yield from _not_reported(expected.not_reported, solution)
    if expected.asks is not None:
        yield from _asks(expected.asks, solution)


def _lines(expected: Expected, solution: Solution) -> Iterator[str]:
    several = len(solution.code_sets) > 1
    for number, code_set in enumerate(solution.code_sets or (CodeSet((), ()),), 1):
        lead = f"code set {number}: " if several else ""
        if expected.lines is not None:
            for text in _against(expected.lines, code_set.lines, expected.complete):
                yield lead + text
        for code in expected.absent:
            units = sum(line.units for line in code_set.lines if line.code == code)
            if units:
                yield f"{lead}{code}: {_units(units)} reported; it is to be on no line"


def _against(
    expected: Iterable[ExpectedLine], lines: tuple[Line, ...], complete: bool
) -> Iterator[str]:
    expected = tuple(expected)
    for item in expected:
        total = sum(line.units for line in lines if fits(line, item))
        if total != item.units:
            others = [shown(x) for x in lines if x.code == item.code and not fits(x, item)]
            beside = f" (there is {', '.join(others)})" if others else ""
            yield f"{_wanted(item)}: {_units(item.units)} expected, {total} reported{beside}"
    if complete:
        for line in lines:
            if not any(fits(line, item) for item in expected):
                yield f"{shown(line)} is reported; no such line is expected"


def fits(line: Line, item: ExpectedLine) -> bool:
    """Whether a line is one that an expected line speaks of, whatever its units."""
    return (
        line.code == item.code
        and (item.modifiers is None or set(line.modifiers) == set(item.modifiers))
        and item.date in (None, line.date)
        and item.visit in (None, line.visit)
        and item.access in (None, line.access)
    )


def code_set_fits(wanted: tuple[ExpectedLine, ...], code_set: CodeSet) -> bool:
    """Whether a code set has the expected lines and no others."""
    return not any(_against(wanted, code_set.lines, True))


def _code_sets(
    expected: tuple[tuple[ExpectedLine, ...], ...], found: tuple[CodeSet, ...]
) -> Iterator[str]:
    for wanted in expected:
        if not any(code_set_fits(wanted, code_set) for code_set in found):
            lines = ", ".join(f"{_wanted(item)} x{item.units}" for item in wanted)
            yield f"no code set is [{lines}]"
    for number, code_set in enumerate(found, 1):
        if not any(code_set_fits(wanted, code_set) for wanted in expected):
            lines = ", ".join(shown(line) for line in code_set.lines)
            yield f"code set {number} [{lines}] is not expected"


def _not_reported(expected: tuple[ExpectedNotReported, ...], solution: Solution) -> Iterator[str]:
    found = [*solution.not_reported, *(n for s in solution.code_sets for n in s.not_reported)]
    for item in expected:
        who = item.administration or item.service
        own = [n for n in found if who in (n.administration, n.service)]
        if not any(n.rule == item.rule and item.part in (None, n.part) for n in own):
            part = f" ({item.part})" if item.part else ""
            rows = ", ".join(f"{n.part} by {n.rule}" for n in own) or "nothing"
            yield f"{who}{part} is to be left out by {item.rule}; left out of it: {rows}"
    if not expected:
        for row in found:
            who = row.administration or row.service
            yield f"{who} is left out by {row.rule}; nothing is to be"


def _asks(expected: tuple[ExpectedAsk, ...], solution: Solution) -> Iterator[str]:
    found = [ExpectedAsk(ask.fact, ask.administration) for ask in solution.asks]
    for item in expected:
        if item not in found:
            others = ", ".join(map(_asked, found)) or "nothing"
            yield f"{_asked(item)} is to be asked; asked: {others}"
    for other in found:
        if other not in expected:
            yield f"{_asked(other)} is asked; it is not expected"


def _asked(ask: ExpectedAsk) -> str:
    return f"`{ask.fact}` of {ask.administration or 'the stay'}"


def _units(number: int) -> str:
    return f"{number} unit" if number == 1 else f"{number} units"


def shown(line: Line) -> str:
    """A line in short: code, modifiers, units."""
    return f"{'-'.join((line.code, *line.modifiers))} x{line.units}"


def _wanted(item: ExpectedLine) -> str:
    code = item.code
    if item.modifiers is not None:
        code = "-".join((code, *item.modifiers)) if item.modifiers else f"{code} unmodified"
    where = [
        f"on {item.date}" if item.date else "",
        f"in visit {item.visit}" if item.visit else "",
        f"at {item.access}" if item.access else "",
    ]
    return " ".join((code, *filter(None, where)))
