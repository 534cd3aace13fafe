"""The rules of a program as goals are followed through them: conditions in the best order."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import NamedTuple

from infucode.engine.program import Program
from infucode.passes.values import Row, Value, term_value
from infucode.questions.why_not_alive import Alive
from infucode.questions.why_not_conditions import (
    Condition,
    Lookup,
    condition_of,
    lookup,
    slot,
)
from infucode.questions.why_not_terms import OPEN, Binding, value_in
from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Comparison,
    Literal,
    Signature,
)
from infucode.rulebook.types import SETTINGS

Place = tuple[int, tuple[dict[Value, int], ...]]
"""The number of a predicate, and of each argument's words."""


class Plan(NamedTuple):
    """How a rule is followed where some of its variables are known."""

    position: int
    clause: Clause
    conditions: tuple[Condition, ...]
    later: tuple[tuple[Condition, ...], ...]
    """For each condition the atoms after it of which all may be known when it is reached."""
    lookup: Lookup | None
    """Of the arguments of its head, if none is arithmetic."""

    def row(self, binding: Binding) -> Row:
        """The row that it gives."""
        if self.lookup is not None:
            return tuple(map(binding.get, *self.lookup))  # type: ignore[arg-type]
        return tuple([value_in(term, binding) for term in self.clause.head.terms])


class Way(NamedTuple):
    """How a goal goes through a rule, where some arguments of the goal are known."""

    plan: Plan
    slots: tuple[tuple[int, str], ...]
    """The places of arguments that are known, each with the head's variable there."""
    fixed: tuple[tuple[int, Value], ...]
    """Those where the head has a constant."""
    twice: bool
    """Whether a variable stands at several of these places."""

    def binding(self, pattern: tuple[Value | None, ...]) -> Binding | None:
        """What is known of the variables; None if the head does not fit."""
        for place, own in self.fixed:
            if pattern[place] not in (own, OPEN):
                return None
        found: Binding = {name: pattern[place] for place, name in self.slots}  # type: ignore[misc]
        if self.twice:
            for place, name in self.slots:
                value, known = pattern[place], found[name]
                if known == OPEN:
                    found[name] = value  # type: ignore[assignment]
                elif value not in (known, OPEN):
                    return None
        return found


class Ready:
    """The rules of one program, ready to be followed; kept between questions."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.about = frozenset(h for s in program.frame.about for h in s.heads)
        self._plans: dict[tuple[int, frozenset[str]], Plan] = {}
        self._ways: dict[tuple[int, tuple[bool, ...]], Way] = {}
        self._numbers: dict[Signature, int] = {}
        self._places: dict[Signature, Place] = {}
        self._through: dict[object, tuple[Way, ...]] = {}
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

    def place(self, signature: Signature) -> Place:
        """Where a predicate and the words of its arguments stand in the vocabulary.

        Those that are not declared come after it, by their first rule.
        """
        found = self._places.get(signature)
        if found is None:
            vocabulary = self.program.book.vocabulary
            if not self._places:
                known = dict.fromkeys((*vocabulary, *self.program.frame.positions))
                self._numbers = {signature: n for n, signature in enumerate(known)}
            words: list[dict[Value, int]] = [{} for _ in range(signature[1])]
            if signature in vocabulary:
                kinds = vocabulary[signature].types
                words = [{word: n for n, word in enumerate(kind.words)} for kind in kinds]
            found = self._places[signature] = self._numbers[signature], tuple(words)
        return found

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

    def ways(
        self, signature: Signature, pattern: tuple[Value | None, ...], *, alive: bool
    ) -> tuple[Way, ...]:
        """How a goal goes through its rules, or only through those that could give it."""
        given = tuple([value is not None for value in pattern])
        wanted = self.alive.key(signature, pattern) if alive else None
        key = signature if wanted is None else wanted, given
        found = self._through.get(key)
        if found is None:
            rules = self.rules(signature) if wanted is None else self.alive.giving(wanted)
            found = tuple([self.way(position, given) for position in rules])
            self._through[key] = found
        return found

    def way(self, position: int, given: tuple[bool, ...]) -> Way:
        """How a goal of which these arguments are known goes through a rule."""
        key = position, given
        found = self._ways.get(key)
        if found is None:
            slots: list[tuple[int, str]] = []
            fixed: list[tuple[int, Value]] = []
            for place, term in enumerate(self.clause(position).head.terms):
                if not given[place] or term.kind in ("arithmetic", "function"):
                    continue
                if term.kind == "variable":
                    slots.append((place, term.text))
                else:
                    fixed.append((place, term_value(term)))
            bound = frozenset([name for _, name in slots])
            found = self._ways[key] = Way(
                self.plan(position, bound), tuple(slots), tuple(fixed), len(bound) < len(slots)
            )
        return found

    def plan(self, position: int, bound: frozenset[str]) -> Plan:
        """How a rule is best followed when some variables are known."""
        key = position, bound
        found = self._plans.get(key)
        if found is None:
            clause = self.clause(position)
            body = in_best_order(clause, bound, self.about, self.program)
            conditions, sure = [], set(bound)
            for literal in body:
                conditions.append(condition_of(literal, self._kind(literal), sure))
                if literal.atom is not None and not literal.signs:
                    sure.update(t.text for t in literal.atom.terms if t.kind == "variable")
            later, known = [], set(bound)
            for at, literal in enumerate(body):
                rest = conditions[at + 1 :]
                later.append(tuple([c for c in rest if c.may_be_whole(known)]))
                known.update(literal.formula.variables())
            slots = tuple(map(slot, clause.head.terms))
            found = Plan(position, clause, tuple(conditions), tuple(later), lookup(slots, OPEN))
            self._plans[key] = found
        return found

    def _kind(self, literal: Literal) -> str:
        atom = literal.atom
        if atom is None:
            return ""
        if atom.signature in self.about:
            return "about"
        return "input" if atom.signature in self.program.inputs else "fixed"


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
