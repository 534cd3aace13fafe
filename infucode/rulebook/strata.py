"""The order of definition: no predicate may hang on its own absence or grow for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infucode.errors import Problem
from infucode.rulebook.language import Atom, Clause, Signature, Term
from infucode.rulebook.rules import Rule


def edges(clause: Clause) -> Iterator[tuple[Signature, bool]]:
    """The predicates that the body reads, each with whether it reads them positively."""
    for literal in clause.body:
        positive = not literal.signs and isinstance(literal.formula, Atom)
        for atom in literal.atoms():
            yield atom.signature, positive


def components(graph: dict[Signature, set[Signature]]) -> dict[Signature, int]:
    """Number of the strongly connected component of each node (Tarjan, without recursion)."""
    index: dict[Signature, int] = {}
    low: dict[Signature, int] = {}
    stack: list[Signature] = []
    result: dict[Signature, int] = {}
    number = 0
    for root in graph:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        work = [(root, iter(sorted(graph[root])))]
        while work:
            node, children = work[-1]
            child = next((c for c in children if c not in result), None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    number += 1
                    while node not in result:
                        result[stack.pop()] = number
            elif child not in index:
                index[child] = low[child] = len(index)
                stack.append(child)
                work.append((child, iter(sorted(graph[child]))))
            else:
                low[node] = min(low[node], index[child])
    return result


def dependency_graph(clauses: Sequence[Clause]) -> dict[Signature, set[Signature]]:
    """Head predicate to the predicates its rules read."""
    graph: dict[Signature, set[Signature]] = {}
    for clause in clauses:
        graph.setdefault(clause.head.signature, set()).update(s for s, _ in edges(clause))
    for targets in list(graph.values()):
        for target in targets:
            graph.setdefault(target, set())
    return graph


def strata_problems(rules: Sequence[Rule]) -> Iterator[Problem]:
    """Rules that recur through negation or aggregates, or that make ever new numbers."""
    component = components(dependency_graph([rule.clause for rule in rules]))
    for rule in rules:
        head = rule.clause.head
        own = component[head.signature]
        inside = [(s, p) for s, p in edges(rule.clause) if component[s] == own]
        through = next((s for s, positive in inside if not positive), None)
        if through is not None:
            yield rule.problem(
                f"`{head.name}` hangs on the absence of `{through[0]}`, which hangs on it",
                "break the circle: an answer must not depend on itself",
            )
        elif inside and _grows(rule.clause):
            yield rule.problem(
                f"`{head.name}` recurs and computes new numbers, so it never ends",
                "bound it by a fact, or compute without recursion",
            )


def _grows(clause: Clause) -> bool:
    """Whether a rule can make a number that its body does not hold, by whatever way."""
    atoms = (clause.head, *clause.positive())
    if any(_arithmetic(term) for atom in atoms for term in atom.terms):
        return True
    if any(term.kind == "variable" for a in clause.aggregates() for term in a.guards):
        return True
    return any(
        "=" in comparison.operators and any(map(_arithmetic, comparison.terms))
        for comparison in clause.comparisons()
    )


def _arithmetic(term: Term) -> bool:
    return term.kind == "arithmetic"
