"""Shows that something holds wherever some conditions do, by what the rules say alone.

What holds is what some rule gives, so an atom may be taken apart into what each rule that may
give it needs, and put together from what a rule needs; where something bars a rule, that it is
there is a case of its own. All steps are sound for every record; what is not shown may hold all
the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Comparison,
    Literal,
    Signature,
    Term,
)
from infucode.workbench.cover.matching import (
    NEVER,
    By,
    Given,
    assigned,
    constants,
    loosened,
    matches,
    negated,
    rank,
    told_apart,
)
from infucode.workbench.entailment import FIXED, WILD, names_of
from infucode.workbench.lint.compared import ALL, allowed

EFFORTS = ((1, 0), (2, 1), (3, 0), (2, 3), (3, 1))
"""So many rules are put together one after another, and so many times cases are told apart."""
UNFOLDED = 5
"""So many definitions of what is there are followed."""
MOST_STEPS = 400
"""So many goals are tried for one condition."""
MOST_RULES = 6
"""What more rules give is not told apart by the rule that gives it."""
NOTHING = {"#min": "#sup", "#max": "#inf"}
"""What an aggregate is of nothing."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a set of rules is known by."""

    by_head: Mapping[Signature, Sequence[Clause]]
    helper: Callable[[Signature], bool]
    stated: Callable[[Given, Atom], bool]
    """Whether every record states such an atom."""
    needed: Callable[[Given, Literal], bool]
    """Whether every way to bring about something that is given needs the literal."""
    rows: Callable[[Given, Atom], bool | None]
    """Whether a table has all rows that may be asked for; None where it is no table."""
    names: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """The variables of each rule, by its identity."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to bring a goal about, and what had to be supposed for it."""

    by: By
    supposed: Given


class Showing:
    """One question: what is there, and whether something follows."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.steps = self.cases = 0
        self._apart: list[Literal] = []
        self._numbers = count()

    def follows(self, context: Sequence[Literal], wanted: Literal) -> bool:
        """Whether the wanted holds wherever all of the context does."""
        given = self.unfolded(tuple(map(self._named, context)))
        if self.impossible(given, 1):
            return True
        for depth, self.cases in EFFORTS:
            self.steps = MOST_STEPS
            if self._holds(given, wanted, depth):
                return True
        return False

    def unfolded(self, context: Given, first: int = 0) -> Given:
        """The context, and what each atom from the `first` needs that only one rule gives."""
        given, begin = [*context], first
        for _ in range(UNFOLDED):
            end = len(given)
            for literal in given[begin:end]:
                bodies = self._bodies(literal)
                if bodies is not None and len(bodies) == 1:
                    given += [new for new in bodies[0] if new not in given]
            if len(given) == end:
                break
            begin = end
        return tuple(given)

    def _bodies(self, literal: Literal) -> list[Given] | None:
        """What one of the rules that give an atom needs; None where it may be given otherwise."""
        atom = literal.atom
        if atom is None or literal.signs or not self.ground.helper(atom.signature):
            return None
        rules = self.ground.by_head.get(atom.signature, ())
        if not any(rule.body for rule in rules):
            return None
        found = []
        for rule in rules:
            body = self._body(rule, atom)
            if body is not None:
                found.append(body)
        return found

    def _body(self, rule: Clause, atom: Atom) -> Given | None:
        """What a rule needs to give an atom, its own variables named anew; None: it cannot."""
        fresh = self._fresh(rule)
        by, same = dict(fresh), []
        for own, given in zip(rule.head.terms, atom.terms, strict=True):
            if own.kind == "variable" and by[own.text] == fresh[own.text]:
                by[own.text] = given
            elif own.kind in FIXED and given.kind in FIXED:
                if own != given:
                    return None
            else:
                same.append(Literal(Comparison((given, own.put(by)), ("=",))))
        return (*(self._named(literal.put(by)) for literal in rule.body), *same)

    def _fresh(self, rule: Clause) -> dict[str, Term]:
        mark = next(self._numbers)
        names = self.ground.names.get(id(rule))
        if names is None:
            names = self.ground.names[id(rule)] = tuple(names_of(rule))
        return {name: Term("variable", f"{name}^{mark}") for name in names}

    def _named(self, literal: Literal) -> Literal:
        """A positive atom with a name for each of its `_`."""
        atom = literal.atom
        if atom is None or literal.signs or WILD not in atom.terms:
            return literal
        terms = tuple(
            Term("variable", f"_^{next(self._numbers)}") if t == WILD else t for t in atom.terms
        )
        return Literal(replace(atom, terms=terms))

    def impossible(self, given: Given, depth: int) -> bool:
        """Whether what is given contradicts itself."""
        for literal in given:
            if literal.atom is not None and literal.signs == 1:
                if self._atom(given, literal.atom, depth - 1):
                    return True
            elif isinstance(literal.formula, Comparison):
                other = negated(literal)
                if other is not None and self._compared(given, other):
                    return True
        return False

    def _holds(self, given: Given, wanted: Literal, depth: int) -> bool:
        if isinstance(wanted.formula, Comparison):
            return self._compared(given, wanted) or self._by_cases(given, wanted, depth)
        atom = wanted.atom
        if atom is None or wanted.signs > 1:
            return wanted in given
        if wanted.signs:
            return self._absent(given, atom)
        return self._atom(given, atom, depth) or self._by_cases(given, wanted, depth)

    def _atom(self, given: Given, atom: Atom, depth: int) -> bool:
        """Whether there is such an atom; `_` stands for anything."""
        self.steps -= 1
        if any(True for _ in matches(given, atom, frozenset(), {})):
            return True
        if self.ground.stated(given, atom):
            return True
        told = self.ground.rows(given, atom)
        if told is not None:
            return told
        if depth <= 0 or self.steps <= 0:
            return False
        if self.ground.needed(given, Literal(atom)):
            return True
        return any(
            self._given_by(given, atom, rule, depth)
            for rule in self.ground.by_head.get(atom.signature, ())
        )

    def _given_by(self, given: Given, atom: Atom, rule: Clause, depth: int) -> bool:
        """Whether a rule gives it, or something else does wherever that rule is barred."""
        fresh = self._fresh(rule)
        by = dict(fresh)
        for own, wanted in zip(rule.head.terms, atom.terms, strict=True):
            if wanted == WILD:
                continue
            if own.kind != "variable":
                if own != wanted or own.kind not in FIXED:
                    return False
            elif by[own.text] not in (fresh[own.text], wanted):
                return False
            else:
                by[own.text] = wanted
        open = frozenset(term.text for term in by.values() if term in fresh.values())
        body = [literal.put(by) for literal in rule.body]
        for way in self._ways(given, body, open, {}, (), depth - 1):
            if not way.supposed:
                return True
            other = negated(way.supposed[0])
            if other is not None and self._with(given, other, Literal(atom), depth - 1):
                return True
            if self.steps <= 0:
                return False
        return False

    def _with(self, given: Given, literal: Literal, wanted: Literal, depth: int) -> bool:
        """Whether the wanted holds where something more is given."""
        if depth <= 0 or self.steps <= 0:
            return False
        more = self.unfolded((*given, self._named(literal)), len(given))
        return self.impossible(more, 1) or self._holds(more, wanted, depth)

    def _by_cases(self, given: Given, wanted: Literal, depth: int) -> bool:
        """Whether it holds whichever rule gives one of the atoms that are given."""
        if len(self._apart) >= self.cases:
            return False
        about = {*wanted.formula.variables()}
        for literal in reversed(given):
            bodies = self._bodies(literal) if literal not in self._apart else None
            if bodies is None or not 1 < len(bodies) <= MOST_RULES or self.steps <= 0:
                continue
            if about.isdisjoint(literal.formula.variables()):
                continue
            self._apart.append(literal)
            try:
                if all(self._in_case(given, body, wanted, depth) for body in bodies):
                    return True
            finally:
                self._apart.pop()
        return False

    def _in_case(self, given: Given, body: Given, wanted: Literal, depth: int) -> bool:
        self.steps -= 1
        known = constants(body)
        given, body = (tuple(lit.put(known) for lit in part) for part in (given, body))
        wanted = wanted.put(known)
        more = self.unfolded((*given, *body), len(given))
        return self.impossible(more, 1) or self._holds(more, wanted, depth)

    def _ways(
        self, given: Given, goals: Sequence[Literal], open: frozenset[str], by: By,
        supposed: Given, depth: int,
    ) -> Iterator[_Way]:  # fmt: skip
        """The ways in which all goals hold for some values of what is `open`."""
        self.steps -= 1
        if self.steps <= 0:
            return
        if not goals:
            yield _Way(by, supposed)
            return
        left = [goal.put(by) for goal in goals]
        free = open - by.keys()
        place = min(range(len(left)), key=lambda n: rank(left[n], free))
        goal, rest = left[place], [*left[:place], *left[place + 1 :]]
        atom, loose = goal.atom, loosened(goal, free)
        if rank(goal, free) >= NEVER:
            return
        if atom is not None and not goal.signs:
            for more in matches(given, atom, free, {}):
                yield from self._ways(given, rest, open, {**by, **more}, supposed, depth)
            assert loose.atom is not None
            if loose.atom != atom:
                if _tied(atom, free) or not self._atom(given, loose.atom, depth):
                    return
                new = (*given, self._named(goal))
                closed = open - {*atom.variables()}
                yield from self._ways(new, rest, closed, by, supposed, depth)
            elif self._atom(given, atom, depth):
                yield from self._ways(given, rest, open, by, supposed, depth)
            return
        names = assigned(goal, free)
        if names is not None:
            new, closed = (*given, goal), open - names
            yield from self._ways(new, rest, closed, by, supposed, depth)
        elif self._holds(given, loose, 0):
            yield from self._ways(given, rest, open, by, supposed, depth)
        elif not supposed and negated(loose) is not None:
            new = (*given, loose)
            yield from self._ways(new, rest, open, by, (loose,), depth)

    def _absent(self, given: Given, atom: Atom) -> bool:
        """Whether it is given that there is no such atom."""
        return any(
            literal.signs == 1
            and literal.atom is not None
            and literal.atom.signature == atom.signature
            and all(a in (WILD, b) for a, b in zip(literal.atom.terms, atom.terms, strict=True))
            for literal in given
        )

    def _compared(self, given: Given, wanted: Literal) -> bool:
        formula = wanted.formula
        assert isinstance(formula, Comparison)
        told = allowed(formula, wanted.signs)
        if told is None:
            return wanted in given
        fixed = told_apart(formula, wanted.signs)
        if fixed is not None:
            return fixed
        bits = ALL
        for literal in given:
            if isinstance(literal.formula, Comparison):
                known = allowed(literal.formula, literal.signs)
                if known is not None and known[0] == told[0]:
                    bits &= known[1]
        if not bits & ~told[1]:
            return True
        return formula.operators == ("!=",) and not wanted.signs and self._some(given, formula)

    def _some(self, given: Given, formula: Comparison) -> bool:
        """Whether a least or greatest value is one of something."""
        value, none = formula.terms
        for literal in given:
            found = literal.formula
            if not isinstance(found, Aggregate) or NOTHING.get(found.function) != none.text:
                continue
            guards = [guard for guard in (found.left, found.right) if guard]
            if literal.signs or guards != [("=", value)]:
                continue
            for element in found.elements:
                clause = Clause(Atom("", element.terms), element.condition)
                outer = {name for lit in given for name in lit.formula.variables()}
                own = frozenset(names_of(clause) - outer)
                ways = self._ways(given, list(element.condition), own, {}, (), 2)
                if any(not way.supposed for way in ways):
                    return True
        return False


def _tied(atom: Atom, open: frozenset[str]) -> bool:
    """Whether one open value stands at two places, so that some atom alone does not do."""
    names = [name for name in atom.variables() if name in open]
    return len(names) != len({*names})
