"""The order of what a check found, and what it makes of lines and claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from infucode.engine.answer import Outcome
from infucode.model.claim import LineState, Violation

SEVERITIES = {
    "deny": "deny",
    "deny_beside": "deny",
    "review": "review",
    "review_beside": "review",
    "advise": "advise",
}
"""The outcomes that are about a line, the gravest first, and how grave they are."""
STATES = {"deny": "violates", "review": "review"}
MOST_BESIDE = 3
"""So many lines beside one line are told one by one; more are told together."""

Found = Mapping[str, Sequence[Outcome]]


def states_of(found: Found) -> dict[str, str]:
    """What the outcomes make of each line that does not stand; advice changes nothing."""
    states: dict[str, str] = {}
    for kind, severity in SEVERITIES.items():
        for outcome in found.get(kind, ()) if severity in STATES else ():
            states.setdefault(str(outcome.arguments[0]), STATES[severity])
    for outcome in found.get("undecided", ()):
        states.setdefault(str(outcome.arguments[0]), "undecided")
    return states


def outcome_of(lines: Sequence[LineState], violations: Sequence[Violation]) -> str:
    """``violating``, ``review``, ``undecided`` or ``valid``."""
    severities = {violation.severity for violation in violations}
    if "deny" in severities:
        return "violating"
    if "review" in severities:
        return "review"
    return "undecided" if any(n.state == "undecided" for n in lines) else "valid"


def gathered(
    found: Found, places: Mapping[str, int], items: Sequence[str]
) -> Iterator[tuple[Outcome, ...]]:
    """What makes one violation each: by place on the claim and rule; what is omitted last."""
    groups: dict[tuple[int, str, str], list[Outcome]] = {}
    for kind, severity in SEVERITIES.items():
        for outcome in found.get(kind, ()):
            key = places[str(outcome.arguments[0])], outcome.rule, severity
            groups.setdefault(key, []).append(outcome)
    for key in sorted(groups):
        yield from _apart(sorted(groups[key], key=lambda o: _beside(o, places)))
    order = {name: number for number, name in enumerate(items)}
    omitted = found.get("omitted", ())
    for outcome in sorted(omitted, key=lambda o: (order[str(o.arguments[0])], o.rule)):
        yield (outcome,)


def _beside(outcome: Outcome, places: Mapping[str, int]) -> int:
    return places[str(outcome.arguments[1])] if len(outcome.arguments) > 1 else -1


def _apart(outcomes: Sequence[Outcome]) -> Iterator[tuple[Outcome, ...]]:
    """Those of one rule about one line: apart as long as they are few."""
    alone = [outcome for outcome in outcomes if len(outcome.arguments) == 1]
    beside = outcomes[len(alone) :]
    yield from ((outcome,) for outcome in alone)
    if len(beside) > MOST_BESIDE:
        yield tuple(beside)
    else:
        yield from ((outcome,) for outcome in beside)
