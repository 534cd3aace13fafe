"""The rules over the encounters of a space: one compiled function for each size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date as Date
from functools import partial
from typing import TYPE_CHECKING, Protocol

from infucode.batch.engine.text import Text
from infucode.batch.engine.whole import Running, compile_whole
from infucode.engine.facts import Facts, Names
from infucode.engine.frame import Frame
from infucode.engine.program import Program
from infucode.engine.relations import Relation
from infucode.errors import UsageError
from infucode.passes.values import Row
from infucode.rulebook.book import Rulebook, rulebook_on
from infucode.rulebook.language import Signature
from infucode.rulebook.library import Library, input_signatures
from infucode.space.claims import Claims
from infucode.space.exceptions import Exceptions
from infucode.space.models import Change, Given, Sized, World, neighbour
from infucode.space.remembering import Memory, Remembering

if TYPE_CHECKING:
    from infucode.space.at_once import AtOnce

LINE: Signature = ("line", 6)
BEFORE: Signature = ("line_before", 5)
CHANGED: Signature = ("changed", 1)
OPEN_REASON: Signature = ("open_reason", 5)
ASSUMED_REASON: Signature = ("assumed_reason", 1)
SUPPOSED = frozenset((BEFORE, CHANGED, ASSUMED_REASON)) | Claims.reads | Exceptions.reads
"""What no document states: what a world supposes, and what it is compared with."""
REASON = "reason"
Outcomes = Mapping[Signature, Mapping[Row, None]]


def book_of(library: Library, day: Date, switches: Mapping[str, str]) -> Rulebook:
    """The rules of a day. Raises UsageError before the first version, or for a switch unknown."""
    version = library.profile.version_on(day)
    if version is None:
        raise UsageError(f"plan `{library.profile.id}` has no version on {day}")
    return rulebook_on(library, version, day, switches)


class Beside(Protocol):
    """What is asked of an encounter besides its answer, as further facts of it."""

    outcomes: tuple[Signature, ...]
    """What it reads of the answer."""
    asks: tuple[Signature, ...]
    """Nothing is asked where none of these outcomes holds."""

    def alike(self, stated: Iterable[Signature]) -> list[Signature] | None:
        """Which of the predicates that are stated it reads besides the outcomes, if it finds
        nothing in one encounter; None: any. Where these agree, nothing is found in either."""

    def rows(self, fixed: Given, given: Given, outcomes: Outcomes) -> Given:
        """The further facts; mostly none."""


class Answers:
    """Some outcomes of one rulebook over the encounters of a space."""

    def __init__(
        self,
        book: Rulebook,
        outcomes: Sequence[Signature],
        beside: Sequence[Beside] = (),
        writing: Callable[..., Text] = Remembering,
    ) -> None:
        self.beside, self._writing = beside, writing
        asked = [signature for step in beside for signature in step.outcomes]
        wanted = sorted({*outcomes, *asked, LINE, OPEN_REASON})
        inputs = input_signatures(book.vocabulary)
        self.program = Program(book, Frame.of(book.rules, inputs, wanted))
        self.program.outcome_order = wanted
        self.memory = Memory()
        self._running: dict[int, Running] = {}
        self._at_once: dict[int, AtOnce | None] = {}

    def running(self, sized: Sized) -> Running:
        """The function for one size."""
        found = self._running.get(sized.services)
        if found is None:
            frame = self.program.frame
            stated = (sized.open | sized.changed | SUPPOSED) & frame.reads
            fixed = {s: Relation(dict(rows)) for s, rows in sized.fixed.items()}
            whole = compile_whole(
                frame.about, self.program.steps, {**self.program.tables, **fixed}, stated,
                self.program.outcome_order, partial(self._writing, self.memory),
            )  # fmt: skip
            found = self._running[sized.services] = Running(whole)
        return found

    def at_once(self, sized: Sized) -> AtOnce | None:
        """The same for many encounters of a size at once; None without numpy, or where
        neighbours are to be asked."""
        if sized.unfolding is None or sized.kinds:
            return None
        if sized.services not in self._at_once:
            from infucode.space.at_once import AtOnce

            self._at_once[sized.services] = AtOnce(self, sized)
        return self._at_once[sized.services]

    def of(self, running: Running, given: Given) -> Outcomes:
        """The outcomes of one world."""
        rows = running.outcomes(given)
        return dict(zip(running.whole.outcomes, rows, strict=True))

    def worlds(
        self, running: Running, world: World, *, neighbours: bool, fixed: Given | None = None
    ) -> Iterator[tuple[str, Given, Outcomes]]:
        """The worlds of an encounter: one where nothing is open, else one for each key reason.

        Each comes with what was changed in it and its outcomes; those after the first know the
        lines of the first. Where `fixed` is given, what is asked besides is asked of the first.
        """
        self.memory.bound()
        outcomes = self.of(running, world.given)
        given = world.given
        open = sorted({str(row[1]) for row in outcomes.get(OPEN_REASON, ())})
        supposed = [Change(REASON, None, (ASSUMED_REASON, (reason,))) for reason in open]
        if supposed:
            given = neighbour(given, supposed[0])
            outcomes = self.of(running, given)
        yield "", given, outcomes
        for step in self.beside if fixed is not None else ():
            further = step.rows(fixed or {}, given, outcomes)
            if further:
                known = {**given, **further}
                yield "", known, self.of(running, known)
        changed = [(change, world.given) for change in supposed[1:]]
        if neighbours:
            changed += [(change, given) for change in world.changes]
        for change, base in changed:
            other = _beside(neighbour(base, change), change.kind, outcomes)
            yield change.kind, other, self.of(running, other)

    def again(self, sized: Sized, given: Given) -> Outcomes:
        """The outcomes of a world by the rules as `solve` runs them, not by the function."""
        nothing = self.program.model(Facts(Names(), [], {}))
        relations = self.program.stating(nothing, {**sized.fixed, **given})
        wanted = self.program.outcome_order
        return {s: relations[s].rows for s in wanted if s in relations}


def _beside(given: Given, kind: str, outcomes: Outcomes) -> Given:
    given[BEFORE] = {row[1:]: None for row in outcomes.get(LINE, ())}
    given[CHANGED] = {(kind,): None}
    return given


def stated(given: Given) -> Given:
    """What a document says of a world."""
    return {s: rows for s, rows in given.items() if s not in SUPPOSED}
