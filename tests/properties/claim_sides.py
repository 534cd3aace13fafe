"""What `check` and the claim oracle say of one claim, in words that both sides share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from infucode import Policy, encounter_from_data
from infucode.model.claim import Checked
from tests.oracle.claims.compare import ALIKE, BEYOND
from tests.oracle.claims.judge import Judged

Doc = dict[str, Any]
Said = tuple[str, str, str]
"""Rule, severity and the line that it is about; what is omitted as code and date."""

OMITTED = "claim.omitted"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one side says: its violations, and the state of every line."""

    said: frozenset[Said]
    states: tuple[tuple[str, str], ...]

    def of(self, *severities: str) -> frozenset[Said]:
        """The violations of some severities."""
        return frozenset(one for one in self.said if one[1] in severities)


@cache
def policy(plan: str) -> Policy:
    """The plan, loaded once."""
    return Policy.load(plan)


def checked(plan: str, doc: Doc, switches: dict[str, str] | None = None) -> Checked:
    """The answer of `check` under a plan, without its messages."""
    encounter = encounter_from_data(doc)
    return policy(plan).check(encounter, switches=switches or {}, explain=False).checked


def engine_verdict(found: Checked) -> Verdict:
    """The answer of `check`; three names for one denial are taken for one (C18)."""
    said: set[Said] = set()
    for one in found.violations:
        if one.omitted is not None:
            said.add((OMITTED, "advise", f"{one.omitted.code} {one.omitted.date}"))
        elif one.lines:
            said.add((_one_name(one.rule), one.severity, one.lines[0]))
    return Verdict(frozenset(said), tuple((line.line, line.state) for line in found.lines))


def oracle_verdict(found: Judged) -> Verdict:
    """The verdict of the claim oracle, likewise."""
    said = {(_one_name(rule), severity, line) for rule, severity, line in found.by_line}
    said |= {(OMITTED, "advise", f"{code} {day}") for code, day in found.omitted}
    return Verdict(frozenset(said), tuple(found.states.items()))


def _one_name(rule: str) -> str:
    return BEYOND if rule in ALIKE else rule
