"""The verdict on a claim: states, violations, what is omitted, and the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .alone_lines import line_alone
from .beside import between_lines
from .claim import Claim, ClaimLine, Finding, claim_of, lines_of
from .compare import held_against, omitted
from .counts import too_many, without_primary
from .drugs import drug_findings
from .earned import Earned, earned_of
from .tables import ADMINISTRATION, Tables, is_drug, is_known, is_supply

Doc = dict[str, Any]
SHOWN = ("deny", "review", "advise")
STATES = (("deny", "violates"), ("review", "review"), ("undecided", "undecided"))


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of a claim."""

    states: dict[str, str]
    """Line id to stands, violates, review or undecided."""
    findings: frozenset[Finding]
    omitted: frozenset[tuple[str, str]]
    """Code and date of what the record earns and no line claims."""

    @property
    def violations(self) -> frozenset[tuple[str, str, frozenset[str]]]:
        """Rule, severity and lines of everything that is shown as a violation."""
        return frozenset((f.rule, f.severity, f.lines) for f in self.findings if shown(f))

    @property
    def by_line(self) -> frozenset[tuple[str, str, str]]:
        """Rule, severity and the line that it is about, whatever it was held against."""
        return frozenset((f.rule, f.severity, f.line) for f in self.findings if shown(f))

    @property
    def outcome(self) -> str:
        """violating, review, undecided or valid (contract 3)."""
        found = set(self.states.values())
        for state, outcome in (("violates", "violating"), ("review", "review")):
            if state in found:
                return outcome
        return "undecided" if "undecided" in found else "valid"

    def denied(self, ids: Iterable[str]) -> bool:
        """Some line among these is denied."""
        return any(self.states.get(id_) == "violates" for id_ in ids)


def shown(finding: Finding) -> bool:
    """The finding is a violation of the contract's list."""
    return finding.severity in SHOWN


def judge(doc: Doc, settings: dict[str, str], tables: Tables | None = None) -> Judged:
    """The verdict on the claim lines of a document, with its record or without."""
    claim = claim_of(doc, settings, tables)
    return judge_lines(claim, lines_of(doc), earned_of(doc, settings))


def judge_lines(claim: Claim, lines: Sequence[ClaimLine], earned: Earned | None) -> Judged:
    """The verdict on some lines; `earned` is None where there is no record."""
    found: list[Finding] = [f for line in lines for f in line_alone(claim, line)]
    rest = _surviving(claim, lines, found)
    of_drugs = _drugs(rest, earned)

    found += between_lines(claim, rest, lambda line: _provider(claim, line, earned))
    after_pairs = _surviving(claim, rest, found)
    found += too_many(claim, after_pairs, lambda *what: _earns(earned, *what))
    after_units = _surviving(claim, after_pairs, found)
    found += without_primary(claim, after_units)
    found += of_drugs
    if earned is not None:
        found += held_against(claim, list(lines), earned)
        found = [f for f in found if f.rule not in {"claim.pair-lifted", MARKED}]
    else:
        found += _unread(lines, found)
    left_out = frozenset() if earned is None else omitted(claim, list(lines), earned)
    return Judged(_states(lines, found), frozenset(found), left_out)


MARKED = "claim.second-initial-marked"


def _surviving(
    claim: Claim, lines: Sequence[ClaimLine], found: list[Finding]
) -> list[ClaimLine]:
    """The lines that no stage so far has denied, and of which the plan speaks."""
    lost = {f.line for f in found if f.severity == "deny"}
    return [line for line in lines if line.id not in lost and claim.judges(line)]


def _drugs(lines: list[ClaimLine], earned: Earned | None) -> list[Finding]:
    def earned_lines(line: ClaimLine) -> int:
        if earned is None:
            return 0
        wants = [one.wants(earned.optional).get(line.key) for one in earned.sets]
        return max((want.lines for want in wants if want is not None), default=0)

    def provided(line: ClaimLine) -> bool | None:
        if earned is None:
            return None
        return earned.suppliers.get(line.code) == frozenset({"provider"})

    held = {} if earned is None else earned.held
    return list(drug_findings(lines, held, earned_lines, provided))


def _provider(claim: Claim, line: ClaimLine, earned: Earned | None) -> str | None:
    """Who gave the services of the line's code and date; `same` where any is the claim's own."""
    if earned is None:
        return None
    who = {
        str(service.get("provider", ""))
        for service in earned.services.get(line.code, ())
        if str(service.get("date", claim.first_day))[:10] == line.date
    }
    return "same" if "same" in who else "other" if who == {"other"} else ""


def _earns(earned: Earned | None, code: str, day: str, units: int) -> bool:
    if earned is None or not earned.sets:
        return False
    return all(
        sum(item.units for item in one.items if (item.code, item.date) == (code, day)) >= units
        for one in earned.sets
    )


def _unread(lines: Sequence[ClaimLine], found: list[Finding]) -> list[Finding]:
    """What only a record could tell of the lines that nothing denies or reviews (S54, S39)."""
    told = {f.line for f in found if f.severity in {"deny", "review"}}
    out = []
    for line in lines:
        if not is_known(line.code):
            out.append(Finding("claim.not-known", "undecided", line.id))
        needs = line.code in ADMINISTRATION or is_drug(line.code) or is_supply(line.code)
        if needs and line.id not in told:
            out.append(Finding("claim.record-needed", "undecided", line.id))
    return out


def _states(lines: Sequence[ClaimLine], found: list[Finding]) -> dict[str, str]:
    said: dict[str, set[str]] = {line.id: set() for line in lines}
    for finding in found:
        said[finding.line].add(finding.severity)
    return {
        id_: next((state for severity, state in STATES if severity in severities), "stands")
        for id_, severities in said.items()
    }
