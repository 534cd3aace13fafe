"""The worlds of many encounters of a space at once, in columns: what `Answers.worlds` gives.

Only for sizes of which no neighbours are asked. What is asked besides the answer is asked of one
encounter of each class that it cannot tell apart, and of all of a class where it found something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import clingo
import numpy as np

from infucode.engine.relations import Relation
from infucode.passes.values import Row
from infucode.rulebook.language import Signature
from infucode.space.answering import (
    ASSUMED_REASON,
    BEFORE,
    CHANGED,
    LINE,
    OPEN_REASON,
    REASON,
    SUPPOSED,
    Answers,
    Beside,
    Outcomes,
)
from infucode.space.codes import EMPTY, NOTHING, Column, Ints
from infucode.space.models import Given, Sized
from infucode.space.spoken import Pattern
from infucode.space.together import Columns, Together, classes_of

World = tuple[str, Given, Outcomes]


@dataclass(frozen=True, slots=True)
class Worlds:
    """One world of each of some encounters."""

    change: str
    places: Ints
    """Of which encounters of the columns it is a world."""
    stated: Columns
    outcomes: Columns


class AtOnce:
    """One rulebook over the encounters of one size."""

    def __init__(self, answers: Answers, sized: Sized) -> None:
        self.answers, self.sized = answers, sized
        frame, program = answers.program.frame, answers.program
        fixed = {s: Relation(dict(rows)) for s, rows in sized.fixed.items()}
        reads = (sized.open | SUPPOSED) & frame.reads
        self.together = Together(program, {**program.tables, **fixed}, reads)
        self.watching: set[Pattern] = set()
        """What is looked for, and taken out once some world shows it."""

    def showing(
        self, cube: Sequence[clingo.Symbol], wanted: Signature
    ) -> Iterator[tuple[int, Iterator[World]]]:
        """How many encounters come next in a part, and those of their worlds in which an outcome
        holds, with what was changed in each."""
        self.together.bound()
        for number, stated in self.sized.columns(cube, self.together.contents):
            yield number, self._showing(number, stated, wanted)

    def _showing(self, number: int, stated: Columns, wanted: Signature) -> Iterator[World]:
        for worlds in self.worlds(number, stated):
            self._watch(worlds)
            found = self._holding(worlds.outcomes.get(wanted, EMPTY), worlds.places)
            for place in found.tolist():
                given = self.given(worlds.stated, place)
                yield worlds.change, given, self._rows(worlds.outcomes, place)
            if not worlds.change:
                for step in self.answers.beside:
                    yield from self._beside(step, worlds)

    def _watch(self, worlds: Worlds) -> None:
        contents = self.together.contents
        for one in [*self.watching]:
            signature = one.signature
            column = worlds.outcomes.get(signature, worlds.stated.get(signature, EMPTY))
            fitting = [one.fits(contents.rows(content)) for content in column.contents]
            always = one.fits(self.sized.fixed.get(signature, ()))
            if always or (any(fitting) and len(column.among(worlds.places, fitting))):
                self.watching.discard(one)

    def worlds(self, number: int, stated: Columns) -> Iterator[Worlds]:
        """The worlds of some encounters: as they are where no key reason is open, else one for
        each; those after the first know the lines of the first."""
        outcomes = self.together.answer(stated)
        reasons = outcomes.get(OPEN_REASON, EMPTY)
        contents = self.together.contents
        open_ = [sorted({str(row[1]) for row in contents.rows(c)}) for c in reasons.contents]
        every = np.arange(number)
        yield Worlds("", reasons.among(every, [not own for own in open_]), stated, outcomes)
        first: Columns = {}
        places = every
        for turn in range(max(map(len, open_))):
            own = reasons.among(every, [len(reason) > turn for reason in open_])
            given = {signature: column.taken(own) for signature, column in stated.items()}
            supposed = [
                contents.number([(reason[turn],)] if len(reason) > turn else ())
                for reason in open_
            ]
            given[ASSUMED_REASON] = Column(supposed, reasons.codes).taken(own)
            if turn:
                lines = first.get(LINE, EMPTY)
                before = [
                    contents.number([row[1:] for row in contents.rows(c)]) for c in lines.contents
                ]
                among = np.searchsorted(places, own)
                given[BEFORE] = Column(before, lines.codes).taken(among)
                given[CHANGED] = Column((contents.number([(REASON,)]),))
            outcomes = self.together.answer(given)
            if not turn:
                first, places = outcomes, own
            yield Worlds(REASON if turn else "", np.arange(len(own)), given, outcomes)

    def given(self, stated: Columns, place: int) -> Given:
        """What one world states."""
        contents = self.together.contents
        rows = {s: contents.rows(column.of(place)) for s, column in stated.items()}
        return {signature: dict(own) for signature, own in rows.items() if own}

    def _rows(self, columns: Columns, place: int) -> Mapping[Signature, Mapping[Row, None]]:
        contents, order = self.together.contents, self.answers.program.outcome_order
        return {
            signature: contents.rows(columns[signature].of(place))
            for signature in order
            if signature in columns
        }

    def _holding(self, column: Column, places: Ints) -> Ints:
        """Those of the places at which a column has rows."""
        if column.nothing:
            return places[:0]
        return column.among(places, [content != NOTHING for content in column.contents])

    def _beside(self, step: Beside, worlds: Worlds) -> Iterator[World]:
        asked = [
            self._holding(worlds.outcomes.get(signature, EMPTY), worlds.places)
            for signature in step.asks
        ]
        places = np.unique(np.concatenate(asked)) if asked else worlds.places[:0]
        for own in self._alike(step, worlds, places):
            for number, place in enumerate(own):
                given = self.given(worlds.stated, place)
                outcomes = self._rows(worlds.outcomes, place)
                further = step.rows(self.sized.fixed, given, outcomes)
                if further:
                    known = {**given, **further}
                    running = self.answers.running(self.sized)
                    yield "", known, self.answers.of(running, known)
                elif not number:
                    break

    def _alike(self, step: Beside, worlds: Worlds, places: Ints) -> Iterable[list[int]]:
        """The places in classes: where nothing is found for the first of one, nothing is."""
        names = step.alike(worlds.stated.keys())
        if names is None:
            return ([place] for place in places.tolist())
        read = [worlds.stated[name] for name in names]
        read += [worlds.outcomes.get(name, EMPTY) for name in step.outcomes]
        classes = classes_of([column.taken(places) for column in read])
        if classes.codes is None:
            return [places.tolist()] if len(places) else []
        order = np.argsort(classes.codes, kind="stable")
        ends = np.cumsum(np.bincount(classes.codes))[:-1]
        return (own.tolist() for own in np.split(places[order], ends))
