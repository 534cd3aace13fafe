"""Terms, comparisons and aggregates under values of which some are open."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from infucode.engine.program import Program
from infucode.passes.values import (
    INFIMUM,
    SUPREMUM,
    Row,
    Value,
    quotient,
    remainder,
    term_value,
)
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

OPEN = "open__"
"""A value that nobody knows: it equals anything, and no comparison fails on it."""
Binding = dict[str, Value]
RowsOf = Callable[[Signature, tuple[Value | None, ...]], Iterable[Row]]
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
_SUMS: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": quotient, "\\": remainder,
}  # fmt: skip


def value_in(term: Term, binding: Binding) -> Value:
    """The value of a term; `OPEN` where a variable is open or not known yet."""
    if term.kind == "variable":
        return binding.get(term.text, OPEN)
    if term.kind != "arithmetic":
        return OPEN if term.kind == "function" else term_value(term)
    parts = [value_in(part, binding) for part in term.parts]
    if not all(isinstance(part, int) for part in parts):
        return OPEN
    numbers = [int(part) for part in parts]
    if len(numbers) == 1:
        return abs(numbers[0]) if term.text == "|" else -numbers[0]
    try:
        return _SUMS[term.text](*numbers)
    except (ArithmeticError, KeyError):
        return OPEN


def unify(term: Term, value: Value, binding: Binding) -> bool:
    """Whether a term can have a value; a variable that is free or open takes it."""
    if term.kind == "variable":
        if term.text == "_":
            return True
        known = binding.get(term.text)
        if known is None or known == OPEN:
            binding[term.text] = value
            return True
        return value in (known, OPEN)
    own = value_in(term, binding)
    return own == value or OPEN in (own, value)


def compared(formula: Comparison, binding: Binding) -> tuple[bool, Binding, Row]:
    """Whether a comparison may hold, the binding with what an equation gives, its values."""
    values = [value_in(term, binding) for term in formula.terms]
    if formula.operators == ("=",):
        for here, there in ((0, 1), (1, 0)):
            term = formula.terms[here]
            if term.kind == "variable" and term.text not in binding:
                return True, {**binding, term.text: values[there]}, tuple(values)
    holds = all(
        OPEN in (left, right) or _holds(left, operator_, right)
        for left, operator_, right in zip(values, formula.operators, values[1:], strict=False)
    )
    return holds, binding, tuple(values)


def _holds(left: Value, name: str, right: Value) -> bool:
    if name in ("=", "!="):
        return _TESTS[name](left, right)
    return _TESTS[name](_sortable(left), _sortable(right))


def _sortable(value: Value) -> tuple[int, Value]:
    """As the solver orders terms: infimum, numbers, words, supremum."""
    if isinstance(value, str):
        return 2, value
    return (1, value) if abs(value) != SUPREMUM else (0 if value == INFIMUM else 3, 0)


def aggregated(formula: Aggregate, binding: Binding, rows: RowsOf) -> tuple[bool, Binding, Row]:
    """As `compared`, for an aggregate over the answer at hand."""
    seen: dict[Row, None] = {}
    for element in formula.elements:
        for found in _joined(list(element.condition), dict(binding), rows):
            seen.setdefault(tuple(value_in(term, found) for term in element.terms))
    total = _total(formula.function, list(seen))
    bound, values, holds = dict(binding), [total], True
    for guard, turned in ((formula.left, True), (formula.right, False)):
        if guard is None:
            continue
        name, term = guard
        if name == "=" and term.kind == "variable" and term.text not in bound:
            bound[term.text] = total
            continue
        other = value_in(term, bound)
        values.append(other)
        left, right = (other, total) if turned else (total, other)
        holds = holds and (OPEN in (left, right) or _holds(left, name, right))
    return holds, bound if holds else binding, tuple(values)


def is_open(formula: Aggregate, binding: Binding) -> bool:
    """Whether what an aggregate counts hangs on a value that nobody knows."""
    return any(
        binding.get(name) == OPEN
        for element in formula.elements
        for literal in element.condition
        for atom in literal.atoms()
        for name in atom.variables()
    )


def _total(function: str, rows: Sequence[Row]) -> Value:
    if function == "#count":
        return len(rows)
    first = [row[0] for row in rows if row]
    if OPEN in first:
        return OPEN
    if function in ("#min", "#max"):
        pick, none = (min, SUPREMUM) if function == "#min" else (max, INFIMUM)
        return pick(first, key=_sortable) if first else none
    return sum(value for value in first if isinstance(value, int))


def _joined(literals: list[Literal], binding: Binding, rows: RowsOf) -> Iterator[Binding]:
    if not literals:
        yield binding
        return
    literal, *rest = sorted(literals, key=lambda x: _waits(x, binding))
    formula = literal.formula
    if isinstance(formula, Comparison):
        holds, found, _ = compared(formula, binding)
        if holds:
            yield from _joined(rest, found, rows)
        return
    if not isinstance(formula, Atom):
        yield from _joined(rest, binding, rows)
        return
    pattern = tuple(
        None if value == OPEN else value
        for value in (value_in(term, binding) for term in formula.terms)
    )
    found_rows = rows(formula.signature, pattern)
    if literal.signs:
        if not any(True for _ in found_rows):
            yield from _joined(rest, binding, rows)
        return
    for row in found_rows:
        bound = dict(binding)
        if all(unify(t, v, bound) for t, v in zip(formula.terms, row, strict=True)):
            yield from _joined(rest, bound, rows)


def _waits(literal: Literal, binding: Binding) -> int:
    """Tests only once their variables are known."""
    if literal.atom is not None and not literal.signs:
        return 1
    return 0 if all(name in binding for name in literal.formula.variables()) else 2


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
            found = self._plans[key] = Plan(position, clause, conditions, tuple(later))
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
