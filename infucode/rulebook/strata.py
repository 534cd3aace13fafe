"""The order of definition: no predicate may hang on its own absence or grow for ever."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from infucode.errors import Problem
from infucode.rulebook.language import Atom, Clause, Signature, Term
from infucode.rulebook.rules import Rule, exception_name


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
    """Rules that recur through negation or aggregates, or that make ever new numbers.

    A ring of predicates is told once, at the first of its rules that hangs on an absence.
    """
    graph = dependency_graph([rule.clause for rule in rules])
    component = components(graph)
    told: set[frozenset[Signature]] = set()
    for rule in rules:
        head = rule.clause.head.signature
        inside = [(s, p) for s, p in edges(rule.clause) if component[s] == component[head]]
        absent = dict.fromkeys(s for s, positive in inside if not positive)
        for through in absent:
            ring = [head, *_way(graph, through, head)]
            if frozenset(ring) not in told:
                told.add(frozenset(ring))
                yield _ring_problem(rule, ring, rules)
        if inside and not absent and _grows(rule.clause):
            yield rule.problem(
                f"`{head[0]}` recurs and computes new numbers, so it never ends",
                "bound it by a fact, or compute without recursion",
            )


def _way(
    graph: dict[Signature, set[Signature]], start: Signature, goal: Signature
) -> list[Signature]:
    """A shortest way from one predicate to another that it hangs on, the goal left out."""
    ways = deque([[start]] if start != goal else [[]])
    seen = {start}
    while ways:
        way = ways.popleft()
        for target in sorted(graph[way[-1]]) if way else ():
            if target == goal:
                return way
            if target not in seen:
                seen.add(target)
                ways.append([*way, target])
    return []


def _ring_problem(rule: Rule, ring: list[Signature], rules: Sequence[Rule]) -> Problem:
    """A ring of predicates at one of its rules, with the places of the others."""
    names = _names(rules)
    words = [names.get(member, f"`{member[0]}`") for member in ring]
    message = f"{words[0]} hangs on the absence of {words[1 % len(ring)]}, which hangs on it"
    if len(ring) > 2:
        message += ": " + " -> ".join((*words, words[0]))
    _, *others = zip(ring, [*ring[1:], ring[0]], strict=True)
    places = dict.fromkeys(_reader(rules, *step).place for step in others)
    help = "break the circle: an answer must not depend on itself"
    return rule.problem(message, f"{help}; see {', '.join(places)}" if places else help)


def _reader(rules: Sequence[Rule], head: Signature, read: Signature) -> Rule:
    """The first rule of a predicate that reads another one."""
    return next(
        rule
        for rule in rules
        if rule.clause.head.signature == head and any(s == read for s, _ in edges(rule.clause))
    )


def _names(rules: Sequence[Rule]) -> dict[Signature, str]:
    """What people call the predicates of exceptions, which no file writes."""
    return {
        (exception_name(beats.rule, rule.papers.id), len(beats.on)): (
            f"the exception `{rule.papers.id}` to `{beats.rule}`"
        )
        for rule in rules
        for beats in rule.papers.beats
    }


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
