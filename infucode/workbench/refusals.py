"""Mutants that no policy folder could hold: the loader refuses them, so no test needs to."""

from __future__ import annotations

from dataclasses import replace

from infucode.engine.control import ground
from infucode.errors import PolicyError
from infucode.policy import Policy
from infucode.rulebook.checks_papers import citation_problems, message_problems
from infucode.rulebook.checks_shape import key_problems, minimum_problems, number_problems
from infucode.rulebook.language import Clause
from infucode.rulebook.library import outcome_signatures
from infucode.rulebook.rules import Rule, weave
from infucode.workbench.mutants import Mutant

SHIFTS = ("number", "entry")
"""Changes whose numbers are run, though the loader wants greater numbers to have a name."""


def refusal(mutant: Mutant, policies: dict[str, Policy]) -> str | None:
    """What the loader says of the changed rule by itself, or None where it would take it.

    That a predicate is left without readers does not count: it says nothing of the rule.
    """
    if mutant.setting is not None:
        return None
    for policy in policies.values():
        rule = _rule(mutant, policy)
        if rule is None or mutant.clause is None:
            continue
        changed = replace(rule, clause=mutant.clause)
        library = policy.library
        found = list(citation_problems([changed], library.sources))
        found += message_problems([changed], library.vocabulary)
        if mutant.operator not in SHIFTS:
            found += number_problems(changed)
            found += [*key_problems(changed), *minimum_problems(changed)]
        if found:
            return found[0].message
        message = _unsafe(_woven(changed, policy))
        if message:
            return message
    return None


def _rule(mutant: Mutant, policy: Policy) -> Rule | None:
    for rule in policy.library.rules:
        if (rule.source.name, rule.clause.place) == mutant.where:
            return rule
    return None


def _woven(changed: Rule, policy: Policy) -> list[Clause]:
    """The changed rule with what exceptions add to it, and the exceptions that it grounds."""
    place = changed.source.name, changed.clause.place
    rules = [
        changed if (rule.source.name, rule.clause.place) == place else rule
        for rule in policy.library.rules
    ]
    outcomes = outcome_signatures(policy.library.vocabulary)
    return [
        rule.clause
        for rule in weave(rules, outcomes)
        if (rule.source.name, rule.clause.place) == place
    ]


def _unsafe(clauses: list[Clause]) -> str | None:
    try:
        ground([str(clause) for clause in clauses], [])
    except PolicyError as error:
        return error.problems[0].message
    return None
