"""The trace of a finished answer: every rule instance that fired, and the check that it is
exactly the answer that the rules give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import clingo

from infucode.engine.control import ground
from infucode.engine.program import Program
from infucode.passes.fold import setting_lines
from infucode.passes.replay import (
    COUNTED,
    FIRED,
    Counted,
    Instance,
    counted,
    instance,
    replay_lines,
)
from infucode.rulebook.language import Signature

FIRED_ARITY, COUNTED_ARITY = 7, 5


@dataclass(slots=True)
class Trace:
    """Instances by head, and the order in which atoms can be founded (0 for given facts)."""

    by_head: dict[clingo.Symbol, list[Instance]]
    elements: dict[tuple[int, tuple[clingo.Symbol, ...]], list[Counted]]
    level: dict[clingo.Symbol, int]
    given: frozenset[clingo.Symbol]
    unsupported: tuple[clingo.Symbol, ...]
    """Atoms of the answer that no chain of instances founds: there must be none."""
    missing: tuple[clingo.Symbol, ...]
    """Heads of instances that the answer lacks: there must be none."""

    @property
    def confirmed(self) -> bool:
        """Whether the answer is the stable model of the replayed rules over the given facts."""
        return not self.unsupported and not self.missing


class Tracer:
    """Replays answers against the rules of one program, as written, settings as facts."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._lines: dict[int, tuple[frozenset[Signature], list[str]]] = {}
        self._settings = setting_lines(program.book)
        self._setting_signatures = (
            {("reading", 2), ("value", 2)} if self._settings else set[Signature]()
        )

    def _rule(self, index: int) -> tuple[frozenset[Signature], list[str]]:
        if index not in self._lines:
            clause = self.program.book.rules[index].clause
            needs = frozenset(atom.signature for atom in clause.positive())
            self._lines[index] = needs, replay_lines(index, clause)
        return self._lines[index]

    def trace(
        self,
        answer: Iterable[clingo.Symbol],
        given: Iterable[clingo.Symbol],
        rules: Sequence[int],
        only: frozenset[Signature] | None = None,
    ) -> Trace:
        """Replay `rules` over `answer`; `only` limits it to rules with those head predicates."""
        atoms = dict.fromkeys(answer)
        have = {(a.name, len(a.arguments)) for a in atoms} | self._setting_signatures
        lines = list(self._settings)
        for index in rules:
            if only is not None and (
                self.program.book.rules[index].clause.head.signature not in only
            ):
                continue
            needs, text = self._rule(index)
            if needs <= have:
                lines += text
        grounded = ground(lines, atoms)
        instances = [instance(s) for s in grounded.of(FIRED, FIRED_ARITY)]
        elements: dict[tuple[int, tuple[clingo.Symbol, ...]], list[Counted]] = {}
        for symbol in grounded.of(COUNTED, COUNTED_ARITY):
            item = counted(symbol)
            elements.setdefault((item.rule, item.variables), []).append(item)
        settings = [a for s in self._setting_signatures for a in grounded.of(*s)]
        return _trace(atoms, frozenset((*given, *settings)), instances, elements)


def _trace(
    answer: Iterable[clingo.Symbol],
    given: frozenset[clingo.Symbol],
    instances: list[Instance],
    elements: dict[tuple[int, tuple[clingo.Symbol, ...]], list[Counted]],
) -> Trace:
    by_head: dict[clingo.Symbol, list[Instance]] = {}
    for item in instances:
        by_head.setdefault(item.head, []).append(item)
    level = _levels(given, instances)
    atoms = set(answer)
    return Trace(
        by_head,
        elements,
        level,
        given,
        tuple(sorted(a for a in atoms if a not in level)),
        tuple(sorted(h for h in by_head if h not in atoms)),
    )


def _levels(
    given: frozenset[clingo.Symbol], instances: list[Instance]
) -> dict[clingo.Symbol, int]:
    level = dict.fromkeys(given, 0)
    open_count = []
    waiting: dict[clingo.Symbol, list[int]] = {}
    queue: list[int] = []
    for number, item in enumerate(instances):
        needs = {a for a in item.holds if a not in level}
        open_count.append(len(needs))
        for atom in needs:
            waiting.setdefault(atom, []).append(number)
        if not needs:
            queue.append(number)
    position = 0
    while position < len(queue):
        item = instances[queue[position]]
        position += 1
        if item.head in level:
            continue
        level[item.head] = 1 + max((level[a] for a in item.holds), default=0)
        for number in waiting.get(item.head, ()):
            open_count[number] -= 1
            if not open_count[number]:
                queue.append(number)
    return level
