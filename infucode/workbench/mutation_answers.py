"""Answers in short, whole enough to tell two policies apart by them."""

from __future__ import annotations

from collections.abc import Sequence

from infucode.errors import InfucodeError
from infucode.model.claim import Checked
from infucode.model.encounter import Encounter
from infucode.model.solution import Line, Solution
from infucode.policy import Policy

Switches = tuple[tuple[str, str], ...]


def answer_in_short(policy: Policy, encounter: Encounter, switches: Switches) -> str:
    """What the rules make of a record, and of its claim where there is one."""
    try:
        solved = policy.solve(encounter, switches=dict(switches), explain=False)
        parts = _solved(solved.solution, encounter)
        if encounter.claim_lines or encounter.claim_stated:
            judged = policy.check(encounter, switches=dict(switches), explain=False)
            parts += _checked(judged.checked)
    except InfucodeError as error:
        return str(error).splitlines()[0]
    return "; ".join(parts)


def _checked(checked: Checked) -> list[str]:
    """The claim's outcome, and each finding."""
    found = [f"{v.severity} {v.rule}{_of(v.lines)}" for v in checked.violations]
    open_ = [f"{item.what} not checked by {item.rule}" for item in checked.not_checked]
    return [f"check: {checked.outcome}", *found, *open_]


def _of(lines: Sequence[str]) -> str:
    return f" of {', '.join(lines)}" if lines else ""


def _solved(solution: Solution, encounter: Encounter) -> list[str]:
    """The outcome, the lines of each code set and what is left out by which rule."""
    sets = [
        " + ".join(_line(line, encounter) for line in code_set.lines) or "no line"
        for code_set in solution.code_sets
    ]
    hidden = [*solution.not_reported, *(n for s in solution.code_sets for n in s.not_reported)]
    out = dict.fromkeys(f"{n.administration or n.service} by {n.rule}" for n in hidden)
    warned = dict.fromkeys(warning.rule for warning in solution.warnings)
    asked = dict.fromkeys(f"{a.fact} of {a.administration or 'the stay'}" for a in solution.asks)
    parts = [f"{solution.outcome}: {' | '.join(sets) or 'no code set'}"]
    for word, items in (("left out", out), ("warned", warned), ("asked", asked)):
        parts += [f"{word}: {', '.join(items)}"] if items else []
    return parts


def _line(line: Line, encounter: Encounter) -> str:
    """A line in short; date, visit and access where they are not the usual ones."""
    text = f"{'-'.join((line.code, *line.modifiers))} x{line.units}"
    if line.date != encounter.date:
        text += f" on {line.date}"
    if line.visit != 1:
        text += f" in visit {line.visit}"
    return f"{text} of {', '.join((*line.administrations, *line.services))}"
