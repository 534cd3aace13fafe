"""Why a failed case came out otherwise: what is there is proved, what is not is asked why not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from infucode.errors import UsageError
from infucode.model.explanation import CodeExplained, RuleExplained
from infucode.model.solution import CodeSet
from infucode.model.why_not import WhyNot
from infucode.policy import Solved
from infucode.questions.check import Judged
from infucode.questions.explain import Explainer, Wanted
from infucode.questions.explain_rule import nearly_in, rules_of
from infucode.questions.found import Found
from infucode.questions.why_not import Asked, WhyNotAsker
from infucode.workbench.case import Case, ExpectedLine
from infucode.workbench.case_judging import fits

Told = CodeExplained | RuleExplained | WhyNot
MOST_CODES, MOST_RULES = 3, 3
"""So many codes and rules are told of; the difference names them all."""
MOST_NEAR, MOST_FIRED = 2, 2
_RULE = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+")


def told(
    case: Case, solved: Solved, judged: Judged | None, differences: Iterable[str]
) -> Iterator[Told]:
    """The short proof of each code that is not as expected, and what kept out each other."""
    if solved.found and solved.code_sets:
        yield from _codes(case, solved)
    for rule in list(_silent_rules(case, differences))[:MOST_RULES]:
        if (found := _nearly(case, solved, judged, rule)) is not None:
            yield found


def _codes(case: Case, solved: Solved) -> Iterator[Told]:
    there, lacking = codes_amiss(case, solved)
    encounter, solution = case.encounter, solved.solution
    explainer = Explainer(encounter, solution, solved.found)
    for code in there[:MOST_CODES]:
        answer = explainer.answer(Wanted(line=code)).answer
        if isinstance(answer, CodeExplained):
            yield answer
    asker = WhyNotAsker(encounter, solution, solved.found)
    for code in lacking[:MOST_CODES]:
        found = asker.answer(Asked(code))
        misses = found.misses[:MOST_NEAR]
        yield replace(found, misses=misses, more=0)


def codes_amiss(case: Case, solved: Solved) -> tuple[list[str], list[str]]:
    """The codes whose lines are not as expected, and those that have none and should."""
    expected = case.expected
    if expected is None:
        return [], []
    there: dict[str, None] = {}
    lacking: dict[str, None] = {}
    for code_set in solved.code_sets:
        found = {line.code for line in code_set.lines}
        there |= dict.fromkeys(sorted(found & set(expected.absent)))
        if expected.lines is not None:
            wanted = {item.code for item in expected.lines}
            there |= dict.fromkeys(sorted(found - wanted) if expected.complete else ())
            there |= dict.fromkeys(_otherwise(expected.lines, code_set))
            lacking |= dict.fromkeys(i.code for i in expected.lines if i.code not in found)
    if expected.code_sets is not None:
        wanted = {item.code for lines in expected.code_sets for item in lines}
        every = {line.code for code_set in solved.code_sets for line in code_set.lines}
        there |= dict.fromkeys(sorted(every - wanted))
        lacking |= dict.fromkeys(sorted(wanted - every))
    return list(there), list(lacking)


def _otherwise(expected: Sequence[ExpectedLine], code_set: CodeSet) -> Iterator[str]:
    """The codes that are there with other units, modifiers or dates."""
    for item in expected:
        own = [line for line in code_set.lines if line.code == item.code]
        if own and sum(x.units for x in own if fits(x, item)) != item.units:
            yield item.code


def _silent_rules(case: Case, differences: Iterable[str]) -> Iterator[str]:
    """The rules that a difference misses: those that are to fire, withhold or deny."""
    named = {word for text in differences for word in _RULE.findall(text)}
    wanted = dict.fromkeys(case.fires)
    expected = case.expected
    if expected is not None:
        wanted |= dict.fromkeys(item.rule for item in expected.not_reported or ())
        if expected.check is not None:
            wanted |= dict.fromkeys(item.rule for item in expected.check.violations or ())
    return (rule for rule in wanted if rule in named)


def _nearly(case: Case, solved: Solved, judged: Judged | None, rule: str) -> RuleExplained | None:
    """What a rule did not apply to, in the record or, of a claim, among its lines."""
    answer = None
    if solved.found and solved.code_sets:
        explainer = Explainer(case.encounter, solved.solution, solved.found)
        with suppress(UsageError):
            answer = explainer.answer(Wanted(rule=rule)).answer
    if judged is not None and judged.reasons is not None:
        of_claim = _in_claim(Found([], judged.reasons, []), rule)
        if not isinstance(answer, RuleExplained) or not answer.fired:
            answer = of_claim or answer
    if not isinstance(answer, RuleExplained):
        return None
    return replace(answer, fired=answer.fired[:MOST_FIRED], nearly=answer.nearly[:MOST_NEAR])


def _in_claim(found: Found, id: str) -> RuleExplained | None:
    """A rule over the lines of a claim; None where it came near to none of them."""
    rules = rules_of(found.reasons.program.book, id)
    nearly = tuple(nearly_in(found, id)) if rules else ()
    if not nearly:
        return None
    papers = rules[0].papers
    places = tuple(dict.fromkeys(rule.place for rule in rules))
    return RuleExplained(id, papers.text, papers.cite, places, True, (), nearly)
