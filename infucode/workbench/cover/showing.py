"""Shows that something holds wherever some conditions do, by what the rules say alone.

What holds is what some rule gives, so an atom may be taken apart into the bodies of the rules that
give it, and put together from what a rule needs; where a rule is barred by something, that it is
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
Given = tuple[Literal, ...]
By = Mapping[str, Term]


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
        if atom is None:
            return wanted in given
        if wanted.signs:
            return self._absent(given, atom)
        return self._atom(given, atom, depth) or self._by_cases(given, wanted, depth)

    def _atom(self, given: Given, atom: Atom, depth: int) -> bool:
        """Whether there is such an atom; `_` stands for anything."""
        self.steps -= 1
        if any(True for _ in _matches(given, atom, frozenset(), {})):
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
        known = _constants(body)
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
        place = min(range(len(left)), key=lambda n: _rank(left[n], free))
        goal, rest = left[place], [*left[:place], *left[place + 1 :]]
        atom, loose = goal.atom, _loosened(goal, free)
        if _rank(goal, free) >= NEVER:
            return
        if atom is not None and not goal.signs:
            for more in _matches(given, atom, free, {}):
                yield from self._ways(given, rest, open, {**by, **more}, supposed, depth)
            assert loose.atom is not None
            if loose.atom != atom and self._atom(given, loose.atom, depth):
                new = (*given, Literal(atom))
                closed = open - {*atom.variables()}
                yield from self._ways(new, rest, closed, by, supposed, depth)
            elif loose.atom == atom and self._atom(given, atom, depth):
                yield from self._ways(given, rest, open, by, supposed, depth)
            return
        names = _assigned(goal, free)
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
        fixed = _settled_terms(formula, wanted.signs)
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


NEVER = 9


def _rank(goal: Literal, open: frozenset[str]) -> int:
    """What is tried first: what binds something by what is known."""
    own = {*goal.formula.variables()} & open
    if goal.atom is not None and not goal.signs:
        return 1 if len(own) < len(goal.atom.terms) or not own else 2
    if _assigned(goal, open) is not None:
        return 3
    return 4 if goal.atom is not None or not own else NEVER


def _assigned(goal: Literal, open: frozenset[str]) -> frozenset[str] | None:
    """The name that a literal only gives to what can always be computed."""
    formula = goal.formula
    if goal.signs:
        return None
    if isinstance(formula, Aggregate):
        guards = [guard for guard in (formula.left, formula.right) if guard]
        if len(guards) == 1 and guards[0][0] == "=":
            return _only(guards[0][1], open)
    if isinstance(formula, Comparison) and formula.operators == ("=",):
        one, other = formula.terms
        for name, value in ((one, other), (other, one)):
            if not {*value.variables()} & open and not _divides(value):
                found = _only(name, open)
                if found is not None:
                    return found
    return None


def _only(term: Term, open: frozenset[str]) -> frozenset[str] | None:
    return frozenset({term.text}) if term.kind == "variable" and term.text in open else None


def _divides(term: Term) -> bool:
    return (term.kind == "arithmetic" and term.text in "/\\") or any(map(_divides, term.parts))


def _loosened(goal: Literal, open: frozenset[str]) -> Literal:
    atom = goal.atom
    if atom is None:
        return goal
    terms = tuple(WILD if t.kind == "variable" and t.text in open else t for t in atom.terms)
    return Literal(replace(atom, terms=terms), goal.signs)


def _matches(given: Given, atom: Atom, open: frozenset[str], by: By) -> Iterator[By]:
    """What is open, by each atom given that is such a one."""
    for literal in given:
        own = literal.atom
        if own is None or literal.signs or own.signature != atom.signature:
            continue
        found: dict[str, Term] = dict(by)
        for wanted, known in zip(atom.terms, own.terms, strict=True):
            if wanted == WILD:
                continue
            if wanted.kind == "variable" and wanted.text in open:
                if found.setdefault(wanted.text, known) != known:
                    break
            elif wanted != known:
                break
        else:
            yield found


def _settled_terms(formula: Comparison, signs: int) -> bool | None:
    """Whether a comparison of constants, or of a term with itself, holds."""
    one, other = formula.terms
    if one == other:
        holds = formula.operators[0] in ("=", "<=", ">=")
    elif one.kind == other.kind and one.kind in ("word", "string"):
        if formula.operators[0] not in ("=", "!="):
            return None
        holds = formula.operators[0] == "!="
    else:
        return None
    return holds is not bool(signs)


def _constants(body: Given) -> By:
    """What a rule says that a variable of what it gives is."""
    found: dict[str, Term] = {}
    for literal in reversed(body):
        formula = literal.put(found).formula
        if isinstance(formula, Comparison) and formula.operators == ("=",) and not literal.signs:
            one, other = formula.terms
            if one.kind == "variable" and other.kind in (*FIXED, "variable"):
                found[one.text] = other
    return found


def negated(literal: Literal) -> Literal | None:
    """What holds where a literal does not; None where that cannot be said in one."""
    if isinstance(literal.formula, Comparison) and len(literal.formula.operators) != 1:
        return None
    if literal.signs > 1 or not isinstance(literal.formula, (Atom, Comparison)):
        return None
    return Literal(literal.formula, 1 - literal.signs)
