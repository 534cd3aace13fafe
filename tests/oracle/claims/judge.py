"""The verdict on a claim: states, violations, what is omitted, and the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .alone_lines import line_alone
from .beside import Says, between_lines
from .claim import Claim, ClaimLine, Finding, claim_of, lines_of
from .compare import held_against, omitted
from .counts import APART, too_many, without_primary
from .drugs import DrugSays, drug_findings
from .earned import Earned, Item, earned_of
from .kinds import line_kinds
from .own import OwnFaults, own_faults
from .supplies import supplies
from .tables import Tables

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
    def by_rule(self) -> dict[tuple[str, str], frozenset[str]]:
        """All lines of a rule and severity, however they are gathered into violations."""
        found: dict[tuple[str, str], frozenset[str]] = {}
        for rule, severity, lines in self.violations:
            found[rule, severity] = found.get((rule, severity), frozenset()) | lines
        return found

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
    kinds = line_kinds(lines, earned)
    own = own_faults(claim, earned)
    found: list[Finding] = []

    def stage(new: Iterable[Finding]) -> list[ClaimLine]:
        found.extend(_softened(f, lines, own) for f in new)
        return _surviving(claim, lines, found)

    rest = stage(f for line in lines for f in line_alone(claim, line, kinds[line.id]))
    says = _says(claim, earned)
    rest = stage([*between_lines(claim, rest, says), *supplies(claim, rest, kinds, says)])
    rest = stage(too_many(claim, rest, lambda *what: _earns(earned, *what)))
    stage(without_primary(claim, rest))
    drugs = [line for line in lines if kinds[line.id] == "drug" and claim.judges(line)]
    found += drug_findings(drugs, _drug_says(earned))
    if earned is not None:
        found += held_against(claim, list(lines), kinds, earned)
        found = [f for f in found if f.rule not in {"claim.pair-lifted", MARKED, APART}]
    else:
        found += _unread(lines, kinds, found)
    left_out = frozenset() if earned is None else omitted(claim, list(lines), earned)
    return Judged(_states(lines, found), frozenset(found), left_out)


def _softened(finding: Finding, lines: Sequence[ClaimLine], own: OwnFaults) -> Finding:
    """Review in place of deny for what the record's own lines show alike."""
    by_id = {line.id: line for line in lines}
    line = by_id[finding.line]
    here = (line.code, line.date)
    held = {
        "claim.modifier-on-visit": here in own.visits,
        "claim.primary": here in own.orphans,
    }
    if finding.rule == "claim.pair" and finding.other is not None:
        held["claim.pair"] = (by_id[finding.other].code, *here) in own.pairs
    return replace(finding, severity="review") if held.get(finding.rule) else finding


MARKED = "claim.second-initial-marked"


def _surviving(claim: Claim, lines: Sequence[ClaimLine], found: list[Finding]) -> list[ClaimLine]:
    """The lines that no stage so far has denied, and of which the plan speaks."""
    lost = {f.line for f in found if f.severity == "deny"}
    return [line for line in lines if line.id not in lost and claim.judges(line)]


def _says(claim: Claim, earned: Earned | None) -> Says:
    def together(one: ClaimLine, two: ClaimLine) -> bool:
        if earned is None or one.date != two.date:
            return False
        sets = zip(earned.on(one.code, one.date), earned.on(two.code, two.date), strict=True)
        return any(a and b for a, b in sets)

    return Says(lambda line: _provider(claim, line, earned), together)


def _drug_says(earned: Earned | None) -> DrugSays:
    def items(line: ClaimLine) -> list[list[Item]]:
        return [] if earned is None else earned.on(line.code, line.date)

    def number(line: ClaimLine) -> int:
        return max((sum(i.key == line.key for i in one) for one in items(line)), default=0)

    def free(line: ClaimLine) -> bool | None:
        found = [item for one in items(line) for item in one]
        return any(item.charge for item in found) if found else None

    def both(line: ClaimLine) -> bool:
        return any({"JW", "JZ"} <= {m for i in one for m in i.modifiers} for one in items(line))

    def prices(line: ClaimLine) -> frozenset[str]:
        given = [i for one in items(line) for i in one if "JW" not in i.modifiers]
        untold = earned is not None and (line.code, line.date) in earned.open_drugs
        if untold or not all(item.charge for item in given):
            return frozenset()
        return frozenset(item.charge for item in given)

    return DrugSays(number, free, earned is not None, prices, both)


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
    """Some code set of the record earns so many units: then they are not denied (I14)."""
    if earned is None:
        return False
    return any(sum(item.units for item in one) >= units for one in earned.on(code, day))


def _unread(
    lines: Sequence[ClaimLine], kinds: dict[str, str], found: list[Finding]
) -> list[Finding]:
    """What only a record could tell of the lines that nothing denies or reviews (S54, S39).

    "Any code must be fully supported" (S54) sets no kind of code apart.
    """
    told = {f.line for f in found if f.severity in {"deny", "review"}}
    out = []
    for line in lines:
        if not kinds[line.id]:
            out.append(Finding("claim.not-known", "undecided", line.id))
        elif line.id not in told:
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
