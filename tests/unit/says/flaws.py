"""What may not stand in a message: ids, raw atoms, names of the program, unfilled places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from infucode.model.encounter import Encounter
from infucode.model.solution import Solution

_RAW = {
    "an unfilled placeholder": re.compile(r"[{}]"),
    "a raw atom": re.compile(r"\b\w+\((?!s\)\B)\S|\(s\)"),
    "a name of the program": re.compile(r"\b[A-Za-z0-9]*[a-z]_[a-z]\w*"),
    "two spaces": re.compile(r"  |^\s|\s$"),
    "a space before a mark": re.compile(r"\s[.,;:?!]"),
    "a mark without a space behind it": re.compile(r"[a-z][;,:?!][A-Za-z]"),
    "two marks": re.compile(r"[.,;:?!]{2}"),
    "a negative number": re.compile(r"(?<![\w-])-\d"),
    "one of many": re.compile(r"(?<![\d.:-])1 (?:minutes|hours|units|lesions|whole units)\b"),
    "an empty place": re.compile(r"\bNone\b|\(\)|``|''"),
}
_END = re.compile(r"[.?]$")


def messages(solution: Solution) -> Iterator[tuple[str, str]]:
    """Everything that a solution says to people, with where it says it."""
    for code_set in solution.code_sets:
        for assumed in code_set.assuming:
            yield "assumption", assumed.says + "."
        for line in code_set.lines:
            for reason in line.because:
                yield f"{line.code} by {reason.rule}", reason.says
        for row in code_set.not_reported:
            yield f"not reported by {row.rule}", row.says
    for row in solution.not_reported:
        yield f"not reported by {row.rule}", row.says
    for ask in solution.asks:
        yield f"question about {ask.fact}", ask.says
        yield f"what {ask.fact} decides", ask.matters_because
    for warning in solution.warnings:
        yield f"warning {warning.rule}", warning.says


def flaws(message: str, encounter: Encounter) -> Iterator[str]:
    """What is wrong with a message of an encounter."""
    for what, pattern in _RAW.items():
        found = pattern.search(message)
        if found:
            yield f"{what}: `{found[0]}`"
    if not _END.search(message):
        yield "no full stop"
    for id in ids(encounter):
        if re.search(rf"(?<![\w.-]){re.escape(id)}(?![\w-])", message):
            yield f"an internal id: `{id}`"


def ids(encounter: Encounter) -> set[str]:
    """Ids that only the document uses; those that are also words of it are left out."""
    given = encounter.administrations
    named = {a.id for a in given} | {s.id for s in encounter.services}
    named |= {x for a in given for x in (a.bag, a.dose_group) if x}
    words = {w for a in given for w in re.findall(r"\w+", a.drug)}
    words |= {s.code for s in encounter.services}
    return {id for id in named if re.search(r"\d", id) and id not in words}
