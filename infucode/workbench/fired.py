"""Which rules fired in an answer, by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from infucode.engine.derivations import ByHead
from infucode.passes.instances import Instance
from infucode.passes.values import GroundAtom
from infucode.policy import Solved
from infucode.questions.check import Judged
from infucode.questions.completions import MOST_SETS
from infucode.questions.proofs import signature_of
from infucode.questions.reasons import Reasons
from infucode.rulebook.book import Rulebook
from infucode.rulebook.types import SETTINGS

ARRANGING = frozenset({("opens", 2), ("own_line", 3), ("charged_access", 3)})
"""Outcomes that only arrange the lines: by themselves they do not make a rule fire."""


def fired_rules(solved: Solved) -> frozenset[str]:
    """The ids of the rules that fired in any code set, and of the notices that were given.

    An id that gives outcomes fired where one of them is in the answer; an id of helpers only,
    where an instance of one rests on what the record states, or stands behind one that does.
    So a table fires where one of its rows was used.
    """
    found = {warning.rule for warning in solved.solution.warnings}
    for item in solved._found[:MOST_SETS]:
        found |= _fired(item.reasons)
    return frozenset(found)


def fired_in_claim(judged: Judged) -> frozenset[str]:
    """The ids of the rules that fired over the lines of a claim."""
    found = {violation.rule for violation in judged.checked.violations}
    return frozenset(found | (_fired(judged.reasons) if judged.reasons else set()))


def _fired(reasons: Reasons) -> set[str]:
    book, level = reasons.program.book, reasons.derivations.level
    outcomes = reasons.program.outcomes - ARRANGING
    decisive = decisive_ids(book, outcomes)
    found: set[str] = set()
    for item in _live(_reached(reasons), reasons.derivations.given, level):
        rule = book.rules[item.rule]
        is_outcome = rule.clause.head.signature in outcomes
        if is_outcome or rule.papers.id not in decisive:
            found.add(rule.papers.id)
    return found


def decisive_ids(book: Rulebook, outcomes: Iterable[tuple[str, int]]) -> set[str]:
    """The ids that have a rule whose head is an outcome."""
    known = set(outcomes)
    return {rule.papers.id for rule in book.rules if rule.clause.head.signature in known}


def _reached(reasons: Reasons) -> ByHead:
    """The instances of the rules through which the facts at hand can reach an outcome."""
    chosen = set(reasons.program.text(reasons.facts.shape).rules)
    by_head = {}
    for head, items in reasons.derivations.by_head.items():
        if kept := [item for item in items if item.rule in chosen]:
            by_head[head] = kept
    return by_head


def _live(
    by_head: ByHead, given: Iterable[GroundAtom], level: Mapping[GroundAtom, int]
) -> Iterator[Instance]:
    """The instances that rest on the record, and all that stand behind them."""
    needed = _needed(by_head, given, level)
    waiting = [i for i in chain.from_iterable(by_head.values()) if _rests(i, needed)]
    seen = set(waiting)
    while waiting:
        item = waiting.pop()
        yield item
        for atom in _holds(item):
            fresh = [i for i in by_head.get(atom, ()) if i not in seen]
            seen.update(fresh)
            waiting += fresh


def _needed(
    by_head: ByHead, given: Iterable[GroundAtom], level: Mapping[GroundAtom, int]
) -> set[GroundAtom]:
    """The atoms that are stated by the record or derived from such."""
    about = {atom for atom in given if signature_of(atom) not in SETTINGS}
    derived = sorted((h for h in by_head if h not in about), key=lambda h: level[h])
    grows = True
    while grows:
        before = len(about)
        for head in derived:
            if any(_rests(item, about) for item in by_head[head]):
                about.add(head)
        grows = len(about) > before
    return about


def _rests(item: Instance, about: set[GroundAtom]) -> bool:
    return any(atom in about for atom in _holds(item))


def _holds(item: Instance) -> Iterator[GroundAtom]:
    yield from item.holds
    for element in item.elements:
        yield from element.holds
