"""The rules of a program as goals are followed through them: conditions in the best order."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import NamedTuple

from infucode.engine.program import Program
from infucode.passes.values import Row, Value, term_value
from infucode.questions.why_not_alive import Alive
from infucode.questions.why_not_terms import OPEN, Binding, value_in
from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Comparison,
    Literal,
    Signature,
    Term,
)
from infucode.rulebook.types import SETTINGS


class Condition(NamedTuple):
    """A literal with what is asked of it again and again worked out beforehand."""

    literal: Literal
    signature: Signature | None
    """None for anything but an atom."""
    negative: bool
    slots: tuple[tuple[str, Value | None, Term | None], ...]
    """Of each argument a variable's name, or a constant, or arithmetic."""
    kind: str
    """`about` an encounter by rules, stated as an `input`, or `fixed`."""
    names: tuple[str, ...] | None
    """Of its arguments, if all are variables."""

    def pattern(self, binding: Binding) -> tuple[Value | None, ...]:
        """What is known of the arguments of an atom."""
        if self.names is not None:
            return tuple(map(binding.get, self.names))
        return tuple(
            [
                binding.get(name) if name else value if term is None else _known(term, binding)
                for name, value, term in self.slots
            ]
        )

    def bound(self, row: Row, binding: Binding) -> Binding | None:
        """The binding with what a row gives an atom; None where it does not fit."""
        bound = dict(binding)
        for (name, own, term), value in zip(self.slots, row, strict=True):
            if name:
                if name == "_":
                    continue
                known = bound.get(name)
                if known is None or known == OPEN:
                    bound[name] = value
                elif value not in (known, OPEN):
                    return None
                continue
            known = own if term is None else value_in(term, bound)
            if known is not None and known != OPEN and value not in (known, OPEN):
                return None
        return bound

    def may_be_whole(self, known: set[str]) -> bool:
        """Whether all arguments of an atom can be known where these variables are."""
        atom = self.literal.atom
        return (
            atom is not None
            and "_" not in (self.names or ())
            and known.issuperset(atom.variables())
        )


class Plan(NamedTuple):
    """How a rule is followed where some of its variables are known."""

    position: int
    clause: Clause
    conditions: tuple[Condition, ...]
    later: tuple[tuple[Condition, ...], ...]
    """For each condition the atoms after it of which all may be known when it is reached."""
    names: tuple[str, ...] | None
    """Of the arguments of its head, if all are variables."""

    def row(self, binding: Binding) -> Row:
        """The row that it gives."""
        if self.names is not None:
            return tuple([binding.get(name, OPEN) for name in self.names])
        return tuple([value_in(term, binding) for term in self.clause.head.terms])


class Way(NamedTuple):
    """How a goal goes through a rule, where some arguments of the goal are known."""

    plan: Plan
    slots: tuple[tuple[int, str, Value], ...]
    """The places of arguments that are known, each with the head's variable or constant there."""

    def binding(self, pattern: tuple[Value | None, ...]) -> Binding | None:
        """What is known of the variables; None if the head does not fit."""
        found: Binding = {}
        for place, name, own in self.slots:
            value = pattern[place]
            assert value is not None
            if name:
                known = found.get(name)
                if known is None or known == OPEN:
                    found[name] = value
                    continue
                own = known
            if own != value and value != OPEN and own != OPEN:
                return None
        return found


def _known(term: Term, binding: Binding) -> Value | None:
    value = value_in(term, binding)
    return None if value == OPEN else value


def _slot(term: Term) -> tuple[str, Value | None, Term | None]:
    if term.kind == "variable":
        return term.text, None, None
    if term.kind in ("arithmetic", "function"):
        return "", None, term
    return "", term_value(term), None


class Ready:
    """The rules of one program, ready to be followed; kept between questions."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.about = frozenset(h for s in program.frame.about for h in s.heads)
        self._plans: dict[tuple[int, frozenset[str]], Plan] = {}
        self._ways: dict[tuple[int, tuple[bool, ...]], Way] = {}
        self._clauses: dict[int, Clause] = {}
        self._rules: dict[Signature, tuple[int, ...]] = {}

    def rules(self, signature: Signature) -> tuple[int, ...]:
        """The rules of a predicate that the plan's answers leave in force."""
        found = self._rules.get(signature)
        if found is None:
            positions = self.program.frame.positions.get(signature, ())
            steps = self.program.steps
            found = tuple(n for n in positions if steps[n] is not None)
            self._rules[signature] = found
        return found

    @cached_property
    def alive(self) -> Alive:
        """Which of the rules could give a goal at all."""
        return Alive(self.program, self.about, self.rules, self.clause)

    @cached_property
    def rests_on(self) -> dict[Signature, frozenset[Signature]]:
        """The inputs that the rows of each predicate hang on, through whatever rules."""
        found: dict[Signature, frozenset[Signature]] = {
            s: frozenset((s,)) for s in self.program.inputs
        }
        for stratum in self.program.frame.strata:
            inputs = frozenset[Signature]().union(*(found.get(s, ()) for s in stratum.reads))
            for head in stratum.heads:
                found[head] = inputs
        return found

    def clause(self, position: int) -> Clause:
        """A rule as written."""
        found = self._clauses.get(position)
        if found is None:
            found = self._clauses[position] = self.program.frame.rules[position].clause
        return found

    def way(self, position: int, given: tuple[bool, ...]) -> Way:
        """How a goal of which these arguments are known goes through a rule."""
        key = position, given
        found = self._ways.get(key)
        if found is None:
            slots: list[tuple[int, str, Value]] = []
            for place, term in enumerate(self.clause(position).head.terms):
                if not given[place] or term.kind in ("arithmetic", "function"):
                    continue
                plain = term.kind == "variable"
                slots.append((place, term.text, OPEN) if plain else (place, "", term_value(term)))
            bound = frozenset([name for _, name, _ in slots if name])
            found = self._ways[key] = Way(self.plan(position, bound), tuple(slots))
        return found

    def plan(self, position: int, bound: frozenset[str]) -> Plan:
        """How a rule is best followed when some variables are known."""
        key = position, bound
        found = self._plans.get(key)
        if found is None:
            clause = self.clause(position)
            body = in_best_order(clause, bound, self.about, self.program)
            conditions = tuple(map(self._condition, body))
            later, known = [], set(bound)
            for at, literal in enumerate(body):
                rest = conditions[at + 1 :]
                later.append(tuple([c for c in rest if c.may_be_whole(known)]))
                known.update(literal.formula.variables())
            head = clause.head.terms
            plain = all(term.kind == "variable" for term in head)
            names = tuple([term.text for term in head]) if plain else None
            found = Plan(position, clause, conditions, tuple(later), names)
            self._plans[key] = found
        return found

    def _condition(self, literal: Literal) -> Condition:
        atom = literal.atom
        if atom is None:
            return Condition(literal, None, False, (), "", None)
        known = atom.signature in self.program.inputs
        kind = "about" if atom.signature in self.about else "input" if known else "fixed"
        slots = tuple(map(_slot, atom.terms))
        plain = all(term.kind == "variable" for term in atom.terms)
        names = tuple(term.text for term in atom.terms) if plain else None
        return Condition(literal, atom.signature, literal.signs == 1, slots, kind, names)


@lru_cache(maxsize=8)
def ready(program: Program) -> Ready:
    """The rules of a program, ready to be followed."""
    return Ready(program)


def in_best_order(
    clause: Clause, bound: frozenset[str], about: frozenset[Signature], program: Program
) -> tuple[Literal, ...]:
    """The body as it is best followed: tests when they can be made, tables before the rest."""
    known, waiting, found = set(bound), list(clause.body), []
    outer = set(clause.variables())
    while waiting:
        literal = min(waiting, key=lambda x: _cost(x, known, outer, about, program))
        waiting.remove(literal)
        found.append(literal)
        if not literal.signs:
            known.update(literal.formula.variables())
    return tuple(found)


def _cost(
    literal: Literal,
    known: set[str],
    outer: set[str],
    about: frozenset[Signature],
    program: Program,
) -> int:
    formula = literal.formula
    names = set(formula.variables())
    if isinstance(formula, Comparison):
        free = names - known
        gives = (
            len(free) == 1
            and formula.operators == ("=",)
            and any(t.kind == "variable" and t.text in free for t in formula.terms)
        )
        return 0 if not free or gives else 88
    if isinstance(formula, Aggregate):
        inner = {v for x in literal.atoms() for v in x.variables()}
        inner |= {v for e in formula.elements for t in e.terms for v in t.variables()}
        return 2 if inner & outer <= known else 80
    if not isinstance(formula, Atom):
        return 95
    if literal.signs:
        return 1 if names <= known else 85
    if formula.signature in SETTINGS:
        return 0
    held = sum(1 for t in formula.terms if t.kind != "variable" or t.text in known)
    whole = held == len(formula.terms)
    if formula.signature in about:
        return 7 if whole else 9 - min(held, 1) if held else 60
    kind = 5 if formula.signature in program.inputs else 3
    return kind if held else kind + 40
