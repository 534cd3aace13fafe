"""The open questions of one set of rules, asked of one finished answer after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from infucode.engine.derivations import Derivations
from infucode.engine.fixpoint import needs_of
from infucode.engine.frame import Frame
from infucode.engine.relations import Relation, read
from infucode.passes.compile import Compiled, compile_clause
from infucode.passes.instances import Instance
from infucode.passes.values import Row
from infucode.rulebook.language import Aggregate, Atom, Clause, Comparison, Conditional, Signature
from infucode.rulebook.library import Library
from infucode.workbench.cover.conditions import Border, Condition, conditions_of

Place = tuple[str, int, int]
"""File, line and column of a rule."""
Key = tuple[Place, int, str]
"""A rule, the position of a condition, and what is to be seen of it; -1: of the rule."""
RULE, FIRES = -1, "fires"


class _Hit(Exception):
    """One row is enough."""


class _First(dict[Row, None]):
    def __setitem__(self, row: Row, value: None) -> None:
        raise _Hit


@dataclass(slots=True)
class _Question:
    """A clause that is run over an answer, and what its rows would show."""

    clause: Clause
    keys: tuple[Key, ...]
    border: Border | None = None
    needs: tuple[Signature, ...] = ()
    compiled: Compiled | None = None

    def rows(self, relations: Mapping[Signature, Relation], out: dict[Row, None]) -> None:
        for signature in self.needs:
            if signature not in relations:
                return
        if self.compiled is None:
            self.compiled = compile_clause(self.clause)
        reads = [read(relations, access) for access in self.compiled.accesses]
        self.compiled.function(out, *reads, *self.compiled.constants)


@dataclass(slots=True)
class _Firing:
    """What is open of how one rule fires."""

    place: Place
    clause: Clause
    conditions: tuple[int, ...]
    parts: dict[int, Callable[[Instance], object]] = field(default_factory=dict)


class Questions:
    """All that is still open of the rules of one frame. ``seen`` is shared with the others."""

    def __init__(
        self, frame: Frame, library: Library, written: Mapping[Place, int], seen: set[Key]
    ) -> None:
        self.frame, self.seen = frame, seen
        self._open: list[_Question] = []
        self._firing: dict[Signature, dict[int, _Firing]] = {}
        tables = {position for stratum in frame.tables for position in stratum.rules}
        self._tables: list[_Question] = []
        for signature, positions in frame.positions.items():
            for position in positions:
                clause = frame.rules[position].clause
                place = place_of(frame, position)
                if not clause.body or place not in written:
                    continue
                conditions = conditions_of(clause, written[place], library)
                own = self._tables if position in tables else self._open
                own += _questions(conditions, place)
                firing = _Firing(place, clause, tuple(conditions), _parts(clause))
                if not self._is_done(firing):
                    self._firing.setdefault(signature, {})[position] = firing
        self._open, self._tables = self._left(self._open), self._left(self._tables)

    def _left(self, questions: list[_Question]) -> list[_Question]:
        return [q for q in questions if not all(key in self.seen for key in q.keys)]

    def shown(self, derivations: Derivations) -> list[Key]:
        """What this answer shows of what is open; all of it stays open."""
        open, tables = self._open, self._tables
        firing = {signature: dict(rules) for signature, rules in self._firing.items()}
        keys = list(self.ask(derivations))
        self.seen.difference_update(keys)
        self._open, self._tables, self._firing = open, tables, firing
        return keys

    def ask(self, derivations: Derivations) -> Iterator[Key]:
        """What this answer shows for the first time."""
        relations = derivations.relations
        for key in self._fired(derivations):
            if key not in self.seen:
                self.seen.add(key)
                yield key
        tables, self._tables = self._tables, []
        for question in (*tables, *self._open):
            if question.border is not None:
                yield from self._border(question, question.border, relations)
            elif question.keys[0] not in self.seen and _any(question, relations):
                self.seen.add(question.keys[0])
                yield question.keys[0]
        self._open = self._left(self._open)

    def _border(
        self, question: _Question, border: Border, relations: Mapping[Signature, Relation]
    ) -> Iterator[Key]:
        rows: dict[Row, None] = {}
        with suppress(ArithmeticError, TypeError):
            question.rows(relations, rows)
        place, number, _ = question.keys[0]
        for left, right in rows:
            if isinstance(left, int) and isinstance(right, int):
                side = border.side(left - right)
                key = place, number, f"{side} {border.text}"
                if side is not None and key not in self.seen:
                    self.seen.add(key)
                    yield key

    def _fired(self, derivations: Derivations) -> Iterator[Key]:
        for signature in list(self._firing):
            if signature not in derivations.relations:
                continue
            rules = self._firing[signature]
            for items in derivations.of(signature).values():
                for position in {item.rule for item in items} & rules.keys():
                    yield from _decisive(rules[position], position, items)
            for position in [n for n, rule in rules.items() if self._is_done(rule)]:
                del rules[position]
            if not rules:
                del self._firing[signature]

    def _is_done(self, rule: _Firing) -> bool:
        keys = ((rule.place, number, "true") for number in rule.conditions)
        return (rule.place, RULE, FIRES) in self.seen and all(key in self.seen for key in keys)


def _decisive(rule: _Firing, position: int, items: list[Instance]) -> Iterator[Key]:
    """The conditions without which this atom would not hold."""
    if any(item.rule != position for item in items):
        return
    yield rule.place, RULE, FIRES
    for number in rule.conditions:
        part = rule.parts.get(number)
        if len(items) == 1 or (part is not None and len({part(item) for item in items}) == 1):
            yield rule.place, number, "true"


def _parts(clause: Clause) -> dict[int, Callable[[Instance], object]]:
    """Where an instance keeps the values of each literal."""
    found: dict[int, Callable[[Instance], object]] = {}
    counts: dict[str, int] = {}
    for number, literal in enumerate(clause.body):
        formula = literal.formula
        if isinstance(formula, Conditional):
            continue
        if isinstance(formula, Atom):
            kind = "absent" if literal.signs == 1 else "holds"
        else:
            kind = "compared" if isinstance(formula, Comparison) else "guards"
        place = counts.get(kind, 0)
        counts[kind] = place + 1
        if not isinstance(formula, Aggregate):
            found[number] = _part(kind, place)
    return found


def _part(kind: str, place: int) -> Callable[[Instance], object]:
    return lambda item: getattr(item, kind)[place]


def _questions(conditions: Mapping[int, Condition], place: Place) -> Iterator[_Question]:
    for number, condition in conditions.items():
        if condition.question is not None:
            needs = needs_of(condition.question)
            yield _Question(condition.question, ((place, number, "false"),), None, needs)
        for border in condition.borders:
            keys = tuple((place, number, f"{side} {border.text}") for side in ("holds", "fails"))
            yield _Question(border.question, keys, border, needs_of(border.question))


def _any(question: _Question, relations: Mapping[Signature, Relation]) -> bool:
    """Whether there is a row. A condition without which arithmetic fails is one that matters."""
    try:
        question.rows(relations, _First())
    except (_Hit, ArithmeticError, TypeError):
        return True
    return False


def place_of(frame: Frame, position: int) -> Place:
    """The place of a rule, which its copies for exceptions share."""
    rule = frame.rules[position]
    return rule.source.name, *rule.clause.place
