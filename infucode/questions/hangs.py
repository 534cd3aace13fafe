"""Which lines hang on an answer that the plan's source does not give.

A stand-in switch matters to an encounter only if its other answers make some rule instance give
another head over the answer at hand; that is asked of the grounder for all switches at once.
Only then is the encounter solved again under the other answer, and the lines are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import clingo

from infucode.engine.answer import Answer, DraftLine, read_answer
from infucode.engine.control import ground
from infucode.engine.facts import Facts
from infucode.engine.program import Program
from infucode.model.encounter import Encounter
from infucode.model.solution import HangsOn
from infucode.passes.fold import fold, setting_term, setting_terms
from infucode.rulebook.language import Atom, Clause, Signature, Term
from infucode.rulebook.types import SETTINGS

STAND_IN = "stand_in"
WOULD = "would__"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A rule that reads a switch, under one of the switch's answers."""

    switch: str
    value: str
    needs: frozenset[Signature]
    line: str


@dataclass(frozen=True, slots=True)
class Other:
    """The answer to an encounter under another answer to one switch."""

    switch: str
    value: str
    answer: Answer


class StandIns:
    """Finds what hangs on the stand-in switches of one program."""

    def __init__(self, program: Program, other: Callable[[str, str], Program]) -> None:
        self.program, self.other = program, other
        self._triggers: list[Trigger] | None = None

    @property
    def switches(self) -> tuple[str, ...]:
        """The switches that the plan answers without a source."""
        book = self.program.book
        return tuple(
            sorted(
                name
                for name, setting in book.settings.items()
                if setting.basis == STAND_IN and name in book.library.switches
            )
        )

    def triggers(self) -> list[Trigger]:
        """Every rule that reads a stand-in switch, once for each answer that leaves it."""
        if self._triggers is None:
            self._triggers = list(self._make())
        return self._triggers

    def _make(self) -> Iterator[Trigger]:
        book, wanted = self.program.book, set(self.switches)
        current = setting_terms(book)
        for rule in book.rules:
            named = {a.terms[0].text for a in rule.clause.atoms() if a.signature in SETTINGS}
            for name in sorted(named & wanted):
                for value in book.library.switches[name].values:
                    term = setting_term(book.type_of(name), value)
                    clause = fold(rule.clause, {**current, name: term})
                    if clause is not None:
                        needs = frozenset(a.signature for a in clause.positive())
                        yield Trigger(name, value, needs, _would(clause, name, value))

    def others(self, encounter: Encounter, worlds: Sequence[Facts]) -> list[list[Other]]:
        """For each world the answers under every other value that could make a difference."""
        wanted: dict[tuple[str, str], list[int]] = {}
        for number, facts in enumerate(worlds):
            for choice in self._touched(facts):
                wanted.setdefault(choice, []).append(number)
        found: list[list[Other]] = [[] for _ in worlds]
        for (name, value), numbers in sorted(wanted.items()):
            batch = [worlds[n] for n in numbers]
            for number, atoms in zip(numbers, self.other(name, value).solve(batch), strict=True):
                answer = read_answer(atoms, worlds[number].names, encounter)
                found[number].append(Other(name, value, answer))
        return found

    def _touched(self, facts: Facts) -> list[tuple[str, str]]:
        if not self.triggers():
            return []
        atoms = self.program.run(facts, whole=True).atoms()
        have = {(a.name, len(a.arguments)) for a in atoms}
        lines = [t.line for t in self.triggers() if t.needs <= have]
        heads: dict[tuple[str, str], set[clingo.Symbol]] = {}
        for symbol in ground(lines, atoms).of(WOULD, 3):
            switch, value, head = symbol.arguments
            heads.setdefault((switch.string, value.string), set()).add(head)
        book = self.program.book
        return [
            (name, value)
            for name in self.switches
            for value in book.library.switches[name].values
            if value != book.settings[name].value
            and heads.get((name, value), set())
            != heads.get((name, book.settings[name].value), set())
        ]

    def hangs_on(self, line: DraftLine, others: Sequence[Other]) -> tuple[HangsOn, ...]:
        """The switches whose other answers would change a line."""
        changed: dict[str, list[str]] = {}
        for other in others:
            if line.shown not in {known.shown for known in other.answer.lines}:
                changed.setdefault(other.switch, []).append(other.value)
        settings = self.program.book.settings
        return tuple(
            HangsOn(name, settings[name].value, settings[name].basis, tuple(values))
            for name, values in sorted(changed.items())
        )


def _would(clause: Clause, name: str, value: str) -> str:
    head = clause.head
    inner = Term("function", head.name, head.terms) if head.terms else Term("word", head.name)
    atom = Atom(WOULD, (Term("string", f'"{name}"'), Term("string", f'"{value}"'), inner))
    return str(Clause(atom, clause.body))
