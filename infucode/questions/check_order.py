"""The order of what a check found, and what it makes of lines and claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from infucode.engine.answer import Outcome
from infucode.engine.program import Model
from infucode.model.claim import LineState, Violation
from infucode.passes.values import TEXT_MARK, Row, Value, symbol_of_atom

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

OUTCOMES = (*SEVERITIES, "omitted", "undecided", "not_checked")
"""The outcomes that a check reads, each with the rule that gave it first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome of a check: the rule, and the lines, the item or the code that it is about."""

    kind: str
    rule: str
    about: tuple[str, ...]
    row: Row

    @property
    def outcome(self) -> Outcome:
        """As the rest of the program knows it."""
        return Outcome(self.kind, self.rule, self.about, symbol_of_atom(self.kind, self.row))


Found = Mapping[str, Sequence[Finding]]


def findings_of(model: Model) -> dict[str, list[Finding]]:
    """The outcomes by kind, read off the rows: of a long claim there may be very many."""
    names = {symbol.name: value for symbol, value in model.facts.names.values.items()}

    def word(value: Value) -> str:
        return names.get(str(value), str(value).removeprefix(TEXT_MARK))

    found: dict[str, list[Finding]] = {}
    for signature, relation in model.relations.items():
        kind = signature[0]
        if kind in OUTCOMES and signature in model.program.outcomes:
            found[kind] = [
                Finding(kind, word(rule), tuple(map(word, rest)), (rule, *rest))
                for rule, *rest in relation.rows
            ]
    for kind in ("undecided", "not_checked"):
        found.get(kind, []).sort(key=lambda finding: (finding.rule, finding.about))
    return found


def states_of(found: Found) -> dict[str, str]:
    """What the outcomes make of each line that does not stand; advice changes nothing."""
    states: dict[str, str] = {}
    for kind, severity in SEVERITIES.items():
        for outcome in found.get(kind, ()) if severity in STATES else ():
            states.setdefault(str(outcome.about[0]), STATES[severity])
    for outcome in found.get("undecided", ()):
        states.setdefault(str(outcome.about[0]), "undecided")
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
) -> Iterator[tuple[Finding, ...]]:
    """What makes one violation each: by place on the claim and rule; what is omitted last."""
    groups: dict[tuple[int, str, str], list[Finding]] = {}
    for kind, severity in SEVERITIES.items():
        for finding in found.get(kind, ()):
            key = places[str(finding.about[0])], finding.rule, severity
            groups.setdefault(key, []).append(finding)
    for key in sorted(groups):
        yield from _apart(sorted(groups[key], key=lambda o: _beside(o, places)))
    order = {name: number for number, name in enumerate(items)}
    omitted = found.get("omitted", ())
    for finding in sorted(omitted, key=lambda o: (order[str(o.about[0])], o.rule)):
        yield (finding,)


def _beside(finding: Finding, places: Mapping[str, int]) -> int:
    return places[str(finding.about[1])] if len(finding.about) > 1 else -1


def _apart(findings: Sequence[Finding]) -> Iterator[tuple[Finding, ...]]:
    """Those of one rule about one line: apart as long as they are few."""
    alone = [finding for finding in findings if len(finding.about) == 1]
    beside = findings[len(alone) :]
    yield from ((finding,) for finding in alone)
    if len(beside) > MOST_BESIDE:
        yield tuple(beside)
    else:
        yield from ((finding,) for finding in beside)
