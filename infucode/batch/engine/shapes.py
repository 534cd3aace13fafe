"""One function for each shape of encounter that a batch holds often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from infucode.batch.engine.text import Rows
from infucode.batch.engine.whole import Given, Running, compile_whole
from infucode.engine.program import Program
from infucode.engine.relations import Relation
from infucode.rulebook.language import Signature

MANY = 40
"""So many encounters are worth a function: of a rulebook, of a stay, of what is new in one."""
MOST_SHAPES = 8
MOST_MET = 4096
Stay = tuple[tuple[Signature, tuple[object, ...]], ...]


class Shape:
    """The function for encounters of one stay; it grows with the predicates that they state."""

    def __init__(self, program: Program, supposed: Iterable[Signature], stay: Given) -> None:
        self.program, self.supposed, self.stay = program, frozenset(supposed), stay
        self._running: Running | None = None
        self._strange: dict[Signature, None] = {}
        self._waiting = 0

    def compile(self, signatures: Iterable[Signature]) -> Running:
        """Compile for encounters that state these predicates and those known before."""
        program = self.program
        known = frozenset(signatures) & program.frame.reads
        if self._running is not None:
            known |= self._running.whole.inputs
        self._strange.clear()
        self._waiting = 0
        tables = {**program.tables, **{s: Relation(dict(r)) for s, r in self.stay.items()}}
        whole = compile_whole(
            program.frame.about, program.steps, tables,
            (known - self.stay.keys()) | self.supposed,
            program.outcome_order,
        )  # fmt: skip
        self._running = Running(whole)
        return self._running

    def running(self, given: Given) -> Running | None:
        """The function, if it holds all that an encounter states."""
        running = self._running
        if running is None:
            return self.compile(given)
        new = given.keys() - running.whole.inputs
        if not new or not (new := (new - self.stay.keys()) & self.program.frame.reads):
            return running
        self._strange.update(dict.fromkeys(new))
        self._waiting += 1
        if self._waiting >= MANY:
            return self.compile(self._strange)
        return None


class Shapes:
    """The shapes of one rulebook: one for all encounters, and one for each stay met often.

    A stay is what is stated in words of no administration, access or service.
    """

    def __init__(self, program: Program, supposed: Iterable[Signature]) -> None:
        self.program, self.supposed = program, tuple(supposed)
        self._anything: Running | None = None
        self._words = [
            predicate.signature
            for predicate in program.book.vocabulary.values()
            if predicate.signature in program.frame.reads
            and predicate.signature in program.inputs
            and all(kind.sort in ("word", "string") for kind in predicate.types)
        ]
        self._met: dict[Stay, int] = {}
        self._own: dict[Stay, Shape] = {}
        self._seen = 0

    @property
    def ready(self) -> bool:
        """Whether there were enough encounters to be worth a function; asked once for each."""
        self._seen += 1
        return self._seen > MANY

    def anything(self) -> Running:
        """The function for all encounters."""
        if self._anything is None:
            self._anything = Shape(self.program, self.supposed, {}).compile(self.program.inputs)
        return self._anything

    def running(self, given: Given) -> Running:
        """The function for an encounter."""
        stay = tuple([(s, tuple(given[s])) for s in self._words if s in given])
        own = self._own.get(stay)
        if own is None:
            met = self._met[stay] = self._met.get(stay, 0) + 1
            if met < MANY or len(self._own) >= MOST_SHAPES:
                if len(self._met) > MOST_MET:
                    self._met.clear()
                return self.anything()
            own = self._own[stay] = Shape(self.program, self.supposed, _rows(stay))
        return own.running(given) or self.anything()


def _rows(stay: Stay) -> Mapping[Signature, Rows]:
    return {signature: dict.fromkeys(rows) for signature, rows in stay}  # type: ignore[arg-type]
