"""How far the body of a rule holds over an answer, for each thing that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from infucode.passes.instances import ANY, Instance
from infucode.passes.solving import NEVER, ready
from infucode.passes.values import GroundAtom, Value, term_value
from infucode.questions.explain_near import Near
from infucode.questions.explain_tell import Teller
from infucode.questions.explain_words import SUBJECTS
from infucode.questions.found import Found
from infucode.questions.proofs import Bound
from infucode.rulebook.language import Aggregate, Atom, Clause, Comparison, Literal
from infucode.rulebook.types import SETTINGS

REACHED = Atom("reached__", ())


class Reach(NamedTuple):
    """How far a rule comes for one subject: so many literals of its body hold."""

    held: int
    item: Instance
    bound: Bound
    body: tuple[Literal, ...]


class Reaches:
    """Follows the bodies of rules over one answer as far as they hold."""

    def __init__(self, found: Found) -> None:
        self.reasons = found.reasons
        self.program = found.reasons.program
        self.teller: Teller = found.reasons.teller
        self.near: Near = self.teller.near
        self.phrases = self.teller.phrases

    def reaches(self, position: int) -> dict[str, Reach]:
        """For each subject of the head how far the body holds; `""` before one is found."""
        clause = self.program.frame.rules[position].clause
        body = in_order(clause)
        found: dict[str, Reach] = {}
        for held in range(len(body) + 1):
            prefix = Clause(REACHED, body[:held])
            for item in self._run(position, prefix):
                bound = self._bound(position, prefix, item)
                subject = self._subject(clause, bound)
                found[subject] = Reach(held, item, bound, body)
        return found

    def _run(self, position: int, clause: Clause) -> list[Instance]:
        return self.near.run(position, clause)

    def _bound(self, position: int, clause: Clause, item: Instance) -> Bound:
        _, types = self.program.types(position)
        names = clause.variables()
        return {n: (v, types.get(n)) for n, v in zip(names, item.variables, strict=True)}

    def _subject(self, clause: Clause, bound: Bound) -> str:
        for name in clause.head.variables():
            value, kind = bound.get(name, (0, None))
            if kind is not None and kind.name in SUBJECTS:
                return self.reasons.word(value, kind)
        return ""

    def _ground(self, atom: Atom, bound: Bound) -> GroundAtom:
        values: list[Value] = []
        for term in atom.terms:
            if term.kind == "variable":
                values.append(bound[term.text][0] if term.text in bound else ANY.text)
            elif term.kind in ("arithmetic", "function"):
                values.append(ANY.text)
            else:
                values.append(term_value(term))
        return (atom.name, *values)


def in_order(clause: Clause) -> tuple[Literal, ...]:
    """The body as it can be followed: the plan's answers first, each test when it can be made."""
    outer = frozenset(clause.variables())
    waiting = sorted(clause.body, key=lambda lit: not _is_setting(lit))
    bound: set[str] = set()
    found: list[Literal] = []
    while waiting:
        can = (x for x in _tests_first(waiting) if ready(x, bound, ("_",), outer) != NEVER)
        literal = next(can, waiting[0])
        waiting.remove(literal)
        found.append(literal)
        if not literal.signs:
            bound.update(literal.formula.variables())
    return tuple(found)


def _is_setting(literal: Literal) -> bool:
    return literal.atom is not None and literal.atom.signature in SETTINGS


def _tests_first(literals: Sequence[Literal]) -> list[Literal]:
    plain_atoms = [x for x in literals if x.atom is not None and not x.signs]
    tests = [x for x in literals if isinstance(x.formula, Comparison) or x.signs]
    rest = [x for x in literals if isinstance(x.formula, Aggregate)]
    others = [x for x in literals if x not in plain_atoms and x not in tests and x not in rest]
    settings = [x for x in plain_atoms if _is_setting(x)]
    return [*settings, *tests, *rest, *[x for x in plain_atoms if x not in settings], *others]
