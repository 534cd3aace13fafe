"""The sentences that a solved encounter gives, rule by rule, and the reviewed file of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from infucode.policy import Policy, Solved
from infucode.questions.check import Judged
from infucode.questions.completions import MOST_SETS
from infucode.questions.remedies import wants_of
from infucode.rulebook.checks_papers import NEED_MATTERS, NEED_WORDS
from infucode.rulebook.papers import PLACEHOLDER
from infucode.workbench.case_saying import tried_in
from infucode.workbench.cases import Case, Plans

EXPECTED = Path(__file__).resolve().parents[2] / "golden" / "expected"
MOST = 2
"""Sentences that the file shows of a rule."""
_CASE, _SAID, _MATTERS = "  case: ", "    ", "    decides: "


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence of a rule in a case; ``matters`` only for a question."""

    rule: str
    case: str
    says: str
    matters: str = ""

REMEDIES = ("recode_to", "fewer_to", "take_off", "mark_with", "needed")
"""What the rules say of ways to mend a line."""


def file_of(plan: str) -> Path:
    """The reviewed file of a plan."""
    return EXPECTED / f"sentences-{plan}.txt"


def place(case: Case) -> str:
    """A case as the file names it: `cpt/cases/time.yaml: A drip of 15 minutes is a push`."""
    return f"{case.file.removeprefix('policies/')}: {case.name}"


def speaking(policy: Policy) -> dict[str, str]:
    """What each rule says whose outcomes people read, before it is filled; by id."""
    rules = policy.library.rules
    return {r.papers.id: r.papers.says for r in rules if r.clause.head.name in NEED_WORDS}


def sentences(solved: Solved, case: str) -> Iterator[Shown]:
    """Each distinct sentence of an answer, in the order of rules and subjects."""
    seen: set[Shown] = set()
    for item in solved._found[:MOST_SETS]:
        for kind in sorted(NEED_WORDS):
            for outcome in item.answer.of(kind):
                says = item.reasons.reason(outcome).says
                matters = item.reasons.matters(outcome) if kind in NEED_MATTERS else ""
                found = Shown(outcome.rule, case, says, matters)
                if found not in seen:
                    seen.add(found)
                    yield found


def claim_sentences(judged: Judged, case: str) -> Iterator[Shown]:
    """Each distinct sentence of a checked claim."""
    seen: set[Shown] = set()
    outcomes = [finding.outcome for found in judged.sources.values() for finding in found]
    said = [
        (outcome.rule, judged.reasons.reason(outcome).says)
        for outcome in outcomes
        if judged.reasons is not None
    ]
    if judged.reasons is not None and judged.outcome == "violating":
        wants = [outcome for outcome, _, _ in wants_of(judged.reasons, REMEDIES)]
        said += [(outcome.rule, judged.reasons.reason(outcome).says) for outcome in wants]
        said += tried_in(judged)
    said += [(item.rule, item.why) for item in judged.checked.not_checked if item.rule]
    for rule, says in said:
        found = Shown(rule, case, says)
        if found not in seen:
            seen.add(found)
            yield found


def told(plans: Plans, plan: str, case: Case, name: str) -> Iterator[Shown]:
    """Each sentence of a case, solved and, where it has a claim, checked."""
    switches = _switches(plans, plan, case)
    policy = plans.policy(plan)
    yield from sentences(policy.solve(case.encounter, switches=switches, explain=False), name)
    if case.is_claim:
        yield from claim_sentences(policy.check(case.encounter, switches=switches), name)


def _switches(plans: Plans, plan: str, case: Case) -> dict[str, str]:
    """Those of a case; under another plan than its own, with its own plan's answers."""
    switches = dict(case.switches)
    if case.policy != plan:
        own = plans.policy(case.policy).library.profile.settings
        day = case.encounter.date
        switches = {s.name: s.value for s in own if s.in_force(day)} | switches
    return switches


def fits(template: str, sentence: str) -> bool:
    """Whether a sentence is what a rule says, each placeholder filled, nothing else changed."""
    parts = [re.escape(part) for part in PLACEHOLDER.sub("\0", template).split("\0")]
    return re.fullmatch(".+?".join(parts).replace(r"\(s\)", "s?"), sentence) is not None


def write(plan: str, shown: Mapping[str, Iterable[Shown]]) -> str:
    """The text of a plan's file."""
    rows = [f"What each rule says under {plan}, in cases beside the policies.", ""]
    for rule in sorted(shown):
        rows.append(rule)
        case = ""
        for item in shown[rule]:
            rows += [] if item.case == case else [_CASE + item.case]
            rows.append(_SAID + item.says)
            rows += [_MATTERS + item.matters] if item.matters else []
            case = item.case
        rows.append("")
    return "\n".join(rows)


def read(plan: str) -> dict[str, list[Shown]]:
    """What a plan's file shows, by rule; empty where there is no file."""
    found: dict[str, list[Shown]] = {}
    path, rule, case = file_of(plan), "", ""
    rows = path.read_text(encoding="utf-8").split("\n")[2:] if path.is_file() else []
    for row in rows:
        if row.startswith(_MATTERS):
            last = found[rule][-1]
            found[rule][-1] = Shown(rule, case, last.says, row.removeprefix(_MATTERS))
        elif row.startswith(_SAID):
            found[rule].append(Shown(rule, case, row.removeprefix(_SAID)))
        elif row.startswith(_CASE):
            case = row.removeprefix(_CASE)
        elif row:
            rule, case = row, ""
            found[rule] = []
    return found


def choose(
    plans: Plans, plan: str, cases: Iterable[Case], before: Mapping[str, list[Shown]]
) -> str:
    """A plan's file anew: cases that it names stay while they give a sentence of the rule."""
    wanted = speaking(plans.policy(plan))
    kept = {(rule, item.case) for rule, items in before.items() for item in items}
    named = {case for _, case in kept}
    found: dict[str, list[Shown]] = {}
    ordered = sorted(cases, key=lambda case: "-edges" in case.file)
    for case in (case for case in ordered if place(case) in named):
        for item in told(plans, plan, case, place(case)):
            if (item.rule, item.case) in kept:
                _add(item, found)
    complete = set(found)
    for case in ordered:
        for item in told(plans, plan, case, place(case)):
            if item.rule not in complete:
                _add(item, found)
    return write(plan, {r: found[r] for r in wanted if r in found})


def _add(item: Shown, found: dict[str, list[Shown]]) -> None:
    own = found.setdefault(item.rule, [])
    if len(own) < MOST and all(_bare(item.says) != _bare(old.says) for old in own):
        own.append(item)


def _bare(text: str) -> str:
    """A sentence without what names its subject, so that two shown ones differ in more."""
    return re.sub(r"^(?:drug|chemo) [A-Z]|^saline|\d\d:\d\d", "", text)
