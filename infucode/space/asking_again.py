"""One encounter asked again and again, each time with something said otherwise.

The first question compiles the rules that can fire for what the encounter and its change state
(0020, one function); every later one runs that function, which answers anew only what hangs on
the change. What it does not know, or fails at, `Policy` answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date as Date
from typing import Any

from infucode.batch.engine.rows import Kinds
from infucode.batch.engine.search import SUPPOSED
from infucode.batch.engine.shapes import MANY, Shape, Shapes
from infucode.batch.engine.solving import RowSolver
from infucode.batch.engine.whole import Given, Running
from infucode.batch.quick import read_quickly
from infucode.documents import encounter_from_data
from infucode.documents.dump import encounter_to_data
from infucode.model.encounter import Encounter
from infucode.model.solution import Solution
from infucode.policy import Policy
from infucode.questions.what_if import Change, with_changes
from infucode.rulebook.language import Signature


class OneStay(Shapes):
    """The function for one encounter and what is changed in it."""

    _shape: Shape | None = None
    _stay: Mapping[Signature, object]

    @property
    def ready(self) -> bool:
        """It is worth a function from the first question on."""
        return True

    def running(self, given: Given) -> Running:
        """The function; made anew where something else is stated in words of the whole stay, or
        a predicate that was not stated before."""
        stay = {signature: given[signature] for signature in self._words if signature in given}
        if self._shape is None or stay != self._stay:
            self._shape, self._stay = Shape(self.program, self.supposed, stay), stay
        return self._shape.running(given) or self._shape.compile(given)


class AskingAgain:
    """Answers to changed copies of one encounter under one plan.

    `questions` is how many will be asked: a function is compiled where that is worth it. The
    answers are those of `Policy.solve`, and so are its errors.
    """

    def __init__(
        self,
        policy: Policy,
        encounter: Encounter,
        *,
        questions: int,
        switches: Mapping[str, str] | None = None,
        as_of: Date | None = None,
        strict: bool = False,
    ) -> None:
        self.policy, self.encounter = policy, encounter
        self.switches, self.as_of, self.strict = switches or {}, as_of, strict
        self._data = encounter_to_data(encounter)
        self.quick = 0
        """How many questions the function answered."""
        self._rows: RowSolver | None = None
        if questions > MANY and not strict:
            with suppress(Exception):
                self._ready = policy.ready(*self._key(encounter), as_of)
                if self._ready is not None:
                    solver = self._ready[0]
                    self._rows = RowSolver(solver, Kinds(policy.library.vocabulary))
                    self._rows.shapes = OneStay(solver.program, SUPPOSED)

    def changed(self, changes: Sequence[Change]) -> Encounter:
        """The encounter with some changes.

        Raises UsageError for an id that it has not, DocumentError for what no document may say.
        """
        return read(with_changes(self._data, changes))

    def _key(self, encounter: Encounter) -> tuple[Date, dict[str, str]]:
        switches = {**dict(encounter.switches), **self.switches}
        return self.as_of or encounter.date, switches

    def solve(self, encounter: Encounter, *, explain: bool = False) -> Solution:
        """What `Policy.solve` gives. Raises what it raises."""
        if self._rows is not None and self._key(encounter) == self._key(self.encounter):
            assert self._ready is not None
            with suppress(Exception):
                found = self._rows.solve(
                    encounter, self._ready[1], self._ready[2], explain=explain
                )
                if found is not None:
                    self.quick += 1
                    return found
        return self.policy.solve(
            encounter, switches=self.switches, as_of=self.as_of, strict=self.strict,
            explain=explain,
        ).solution  # fmt: skip


def read(data: dict[str, Any], name: str = "<data>") -> Encounter:
    """The encounter of plain data: what `encounter_from_data` gives, and its errors."""
    with suppress(TypeError):
        found = read_quickly(json.dumps(data, ensure_ascii=False).encode(), name)
        if found is not None:
            return found
    return encounter_from_data(data, name=name)
