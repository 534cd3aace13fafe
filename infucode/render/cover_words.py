"""What is said of coverage, the same in every layout."""

from __future__ import annotations

from infucode.model.cover import Covered, CoveredCondition, CoveredRule, Share, Sight
from infucode.render.words import counted

MOST_IDS = 6
"""So many rule ids are named; JSON holds all."""
GROUPS = ("file", "source", "clause", "rule")
KINDS = {
    "true": "no case in which it holds and the answer hangs on it",
    "false": "no case in which it alone fails",
    "holds": "no case with the last number that holds",
    "fails": "no case with the first number that fails",
}


def percent(share: Share) -> str:
    """One decimal, cut off and not rounded, so that 100 means all."""
    return f"{int(share.percent * 10) / 10:.1f} %"


def lacks(sight: Sight, condition: CoveredCondition) -> str:
    """What no case shows of a condition."""
    said = KINDS[sight.kind]
    return said if sight.text == condition.text else f"{said} ({sight.text})"


def open_rules(covered: Covered) -> list[CoveredRule]:
    """The rules of which something is not shown, those that lack most first."""
    own = [rule for rule in covered.rules if any(c.open for c in rule.conditions)]
    return sorted(own, key=lambda r: -sum(len(c.open) for c in r.conditions))


def sentences(covered: Covered) -> list[str]:
    """The totals in words."""
    total = covered.total
    conditions = sum(bool(c.sights) for rule in covered.rules for c in rule.conditions)
    found = [
        f"{percent(total)}: {total.shown} of {total.of} things that cases should show of "
        f"{counted(conditions, 'condition')} in {counted(len(covered.rules), 'rule')}",
        f"{total.settled} more need no case, as the rules themselves show; of what is left "
        f"{total.reasoned} have a reason and {total.of - total.shown - total.reasoned} are open",
        f"{counted(covered.cases, 'case')} run"
        + (f", {len(covered.failed)} of them fail and show nothing" if covered.failed else ""),
        _ids(covered.never_fired, "fires in no case", "fire in no case"),
        _ids(covered.never_silent, "fires in every case", "fire in every case"),
    ]
    if covered.for_reports:
        one = "is of a table that no rule reads and needs no case"
        many = "are of tables that no rule reads and need no case"
        found.append(_ids(covered.for_reports, one, many))
    if covered.clauses:
        found.append(clauses(covered))
    return found


def clauses(covered: Covered) -> str:
    """How many clauses of the sources have rules, and how many nothing speaks for."""
    reasoned = sum(bool(clause.reason) for clause in covered.lost)
    bare = [clause.id for clause in covered.lost if not clause.reason]
    decided = covered.clauses - len(covered.lost)
    text = f"{covered.clauses} clauses of the sources: {decided} decided by rules, "
    text += f"{reasoned} without a rule and with a reason, "
    return text + (f"unaccounted for: {', '.join(bare)}" if bare else "none unaccounted for")


def _ids(ids: tuple[str, ...], one: str, many: str) -> str:
    if not ids:
        return f"no rule id {one}"
    names = ", ".join(ids[:MOST_IDS])
    more = f" and {len(ids) - MOST_IDS} more" if len(ids) > MOST_IDS else ""
    return f"{counted(len(ids), 'rule id')} {one if len(ids) == 1 else many}: {names}{more}"
