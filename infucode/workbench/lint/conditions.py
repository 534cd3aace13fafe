"""Checks of conditions: those that exclude each other, and those that never matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infucode.errors import Problem
from infucode.rulebook.language import Atom, Clause, Literal, Place, Signature, Term
from infucode.rulebook.rules import Rule
from infucode.workbench.lint.compared import contradiction, idle
from infucode.workbench.lint.reach import place_of
from infucode.workbench.lint.subject import Subject

DEEPEST = 3
"""So many definitions are followed to find that one literal implies another."""


def place_in(rule: Rule, literal: Literal) -> Place:
    """Where a literal stands, as far as it is known."""
    atoms = [a.place for a in literal.atoms()]
    terms = [t.place for c in literal.comparisons() for t in c.terms if t.place != (0, 0)]
    return next(iter([*atoms, *terms]), rule.clause.place)


def contradictions(subject: Subject) -> Iterator[Problem]:
    """Bodies whose literals cannot all hold."""
    for rule in subject.rules:
        pair = contradiction(rule.clause) or _opposed(rule.clause)
        if pair is not None:
            first, second = pair
            both = f"`{first}` and `{second}`" if first is not second else f"`{first}`"
            word = "exclude each other" if first is not second else "can never hold"
            yield rule.problem(f"{both} {word}", "mend one of them", place_in(rule, second))


def _opposed(clause: Clause) -> tuple[Literal, Literal] | None:
    positive = {str(lit.formula): lit for lit in clause.body if lit.atom and not lit.signs}
    for literal in clause.body:
        if literal.atom is not None and literal.signs == 1:
            other = positive.get(str(literal.formula))
            if other is not None:
                return other, literal
    return None


def idle_literals(subject: Subject) -> Iterator[Problem]:
    """Literals that never change whether their rule fires."""
    dead = frozenset(subject.by_head) - subject.alive.heads
    for rule in subject.rules:
        for literal, why in _idle(rule, subject, dead):
            message = f"`{literal}` never matters: {why}"
            yield rule.problem(message, "remove it, or mend it", place_in(rule, literal))


def _idle(
    rule: Rule, subject: Subject, dead: frozenset[Signature]
) -> Iterator[tuple[Literal, str]]:
    body = rule.clause.body
    for literal, other in idle(rule.clause):
        yield literal, f"`{other}` says as much" if other else "it always holds"
    for n, literal in enumerate(body):
        if literal.atom is None:
            continue
        if any(literal == other for other in body[:n]):
            yield literal, "it stands here twice"
        elif literal.signs == 1 and literal.atom.signature in dead:
            yield literal, f"nothing can make `{literal.atom.name}` true"
        elif not literal.signs and (other := _said_by(n, body, rule, subject)):
            yield literal, f"`{other}` says as much"


def _said_by(
    n: int, body: Sequence[Literal], rule: Rule, subject: Subject
) -> Literal | None:
    atom = body[n].atom
    assert atom is not None
    elsewhere = _counted_elsewhere(n, rule)
    for m, other in enumerate(body):
        if m == n or other.signs or other.atom is None:
            continue
        if _covers(atom, other.atom, elsewhere) and (m < n or atom != other.atom):
            return other
        if not any(t.kind == "variable" and t.text not in elsewhere for t in atom.terms) and (
            _implies(other.atom, atom, subject, DEEPEST)
        ):
            return other
    return None


def _counted_elsewhere(n: int, rule: Rule) -> set[str]:
    """The variables that head, papers or another literal of the rule use."""
    body = rule.clause.body
    names = set(rule.clause.head.variables()) | set(rule.papers.placeholders)
    for m, literal in enumerate(body):
        if m != n:
            names.update(literal.formula.variables())
            for atom in literal.atoms():
                names.update(atom.variables())
            for comparison in literal.comparisons():
                names.update(comparison.variables())
    return names


def _covers(general: Atom, special: Atom, elsewhere: set[str]) -> bool:
    """Whether one atom says no more than the other: only places that nobody looks at differ."""
    if general.signature != special.signature:
        return False
    return all(
        a == b or (a.kind == "variable" and (a.text == "_" or a.text not in elsewhere))
        for a, b in zip(general.terms, special.terms, strict=True)
    )


def _implies(given: Atom, wanted: Atom, subject: Subject, depth: int) -> bool:
    """Whether every rule that gives one atom needs the other."""
    if wanted.signature not in subject.needed(given.signature, depth):
        return False
    rules = subject.by_head.get(given.signature, [])
    if not rules or not subject.helper(given.signature) or depth == 0:
        return False
    return all(_needs(rule.clause, given, wanted, subject, depth) for rule in rules)


def _needs(clause: Clause, given: Atom, wanted: Atom, subject: Subject, depth: int) -> bool:
    names = [t.text for t in clause.head.terms if t.kind == "variable"]
    if len(names) != len(clause.head.terms) or len(set(names)) != len(names):
        return False
    local = {name: Term("variable", f"{name}'local") for name in clause.variables()}
    by = local | dict(zip(names, given.terms, strict=True))
    atoms = [atom.put(by) for atom in clause.positive()]
    return any(
        _covers(wanted, atom, set(wanted.variables()))
        or (atom.signature != given.signature and _implies(atom, wanted, subject, depth - 1))
        for atom in atoms
    )


def doubled_rules(subject: Subject) -> Iterator[Problem]:
    """Rules of one head of which one fires only where the other does."""
    for rules in subject.by_head.values():
        forms = [(rule, _form(rule.clause)) for rule in rules]
        for rule, (head, body) in forms:
            for other, (other_head, other_body) in forms:
                if other is rule or head != other_head or not other_body <= body:
                    continue
                if other_body == body and place_of(other) > place_of(rule):
                    continue
                if rule.layer != other.layer or _dated_apart(rule, other):
                    continue
                yield rule.problem(
                    f"it fires only where the rule at {other.place} does",
                    "remove it, or say what tells the two apart",
                    rule.clause.head.place,
                )
                break


def _dated_apart(rule: Rule, other: Rule) -> bool:
    return (other.papers.since, other.papers.until) != (None, None) and (
        (rule.papers.since, rule.papers.until) != (other.papers.since, other.papers.until)
    )


def _form(clause: Clause) -> tuple[str, frozenset[str]]:
    """Head and body with the head's variables numbered, the others by name."""
    names: dict[str, Term] = {}
    for name in clause.head.variables():
        names.setdefault(name, Term("variable", f"V{len(names)}"))
    put = clause.put(names)
    return str(put.head), frozenset(map(str, put.body))
