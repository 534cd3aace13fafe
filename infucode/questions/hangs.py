"""Which lines hang on an answer that the plan's source does not give.

For each other answer to a stand-in switch only what hangs on the rules that read the switch is
answered again; where no outcome changes, nothing hangs on it. Then the lines are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from infucode.engine.answer import Answer, DraftLine, read_answer
from infucode.engine.fixpoint import Step
from infucode.engine.program import Model, Program
from infucode.model.encounter import Encounter
from infucode.model.solution import HangsOn

STAND_IN = "stand_in"


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

    @cached_property
    def changes(self) -> list[tuple[str, str, dict[int, Step | None]]]:
        """Each other answer to one of these switches, and the rules that are others under it."""
        return list(self._changes())

    def _changes(self) -> Iterator[tuple[str, str, dict[int, Step | None]]]:
        book = self.program.book
        for name in self.switches:
            for value in sorted(book.library.switches[name].values):
                if value != book.settings[name].value:
                    yield name, value, self.program.changes({name: value})

    def others(self, encounter: Encounter, model: Model) -> list[Other]:
        """The answers under every other value that makes a difference to some outcome."""
        found = []
        program, own = self.program, model.relations
        for name, value, changes in self.changes:
            other = program.instead(model, changes)
            if any(other.get(s) is not own.get(s) for s in program.outcomes):
                atoms = program.outcomes_in(other)
                answer = read_answer(atoms, model.facts.names, encounter)
                found.append(Other(name, value, answer))
        return found

    def hangs_on(self, line: DraftLine, others: Sequence[Other]) -> tuple[HangsOn, ...]:
        """The switches whose other answers would change a line."""
        changed: dict[str, list[str]] = {}
        for other in others:
            if line.shown not in {known.shown for known in other.answer.lines}:
                changed.setdefault(other.switch, []).append(other.value)
        book = self.program.book
        return tuple(
            HangsOn(
                name, book.settings[name].value, book.settings[name].basis, tuple(values),
                book.library.switches[name].text,
            )
            for name, values in sorted(changed.items())
        )  # fmt: skip
