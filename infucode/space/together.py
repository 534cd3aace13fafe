"""The rules over many encounters of a space at once: each clause once for what it reads.

A column has a code for what an encounter has of a predicate. The encounters that agree in all
that a clause reads get the same rows from it, so it is run for one of each class, and never again
for contents that it read before. A predicate has the rows of all its clauses, and those that are
stated. Predicates that read each other are answered together.

This is exact: the rows of a clause hang on the rows of what it reads alone, and strata come in
the order of definition (`engine/fixpoint.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from infucode.batch.engine.settled import settle
from infucode.engine.fixpoint import Step, Stratum, answer, failed
from infucode.engine.program import Program
from infucode.engine.relations import Relation
from infucode.passes.compile import Compiled, compile_clause
from infucode.passes.values import Row
from infucode.rulebook.language import Signature
from infucode.space.codes import EMPTY, NOTHING, ONE, Column, Contents, Pairing, paired

MOST_KEPT = 1_000_000
"""So many contents and answers are remembered before all are forgotten."""
Columns = Mapping[Signature, Column]
Key = tuple[int, ...]
"""The contents that a part reads, in the order of its `reads`."""
Tables = Mapping[Signature, Relation]
Places = tuple[int, ...] | None
NO_ROWS = Relation()


class _Part:
    """Some clauses that are answered together."""

    def __init__(
        self,
        heads: tuple[Signature, ...],
        reads: tuple[Signature, ...],
        needs: Set[Signature],
    ) -> None:
        self.heads, self.reads = heads, reads
        self.needs = tuple([n for n, signature in enumerate(reads) if signature in needs])
        """Where it reads nothing at one of these places it gives nothing."""
        self.known: dict[Key, tuple[int, ...]] = {}
        """The contents that it gave, by those that it read."""

    def run(self, read: Sequence[Relation]) -> Sequence[Mapping[Row, None]]:
        """The rows of each head."""
        raise NotImplementedError


class _Clause(_Part):
    """One clause of a predicate that does not read itself."""

    def __init__(self, step: Step, open_: Set[Signature], tables: Tables) -> None:
        own = {atom.signature for atom in step.clause.atoms()} & open_
        super().__init__((step.head,), tuple(sorted(own)), frozenset(step.needs))
        self.step, self.tables = step, tables
        self._compiled: tuple[Compiled, list[tuple[int, Relation, Places]]] | None = None

    def run(self, read: Sequence[Relation]) -> Sequence[Mapping[Row, None]]:
        """The rows of its head. Raises PolicyError for arithmetic that fails."""
        rows: dict[Row, None] = {}
        if self._compiled is None:
            self._compiled = self._ready()
        compiled, accesses = self._compiled
        values: list[object] = []
        for place, table, places in accesses:
            relation = table if place < 0 else read[place]
            values.append(relation.rows if places is None else relation.index(places))
        try:
            compiled.function(rows, *values, *compiled.constants)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise failed(self.step.place, error) from error
        return (rows,)

    def _ready(self) -> tuple[Compiled, list[tuple[int, Relation, Places]]]:
        compiled = compile_clause(self.step.clause)
        places = {signature: place for place, signature in enumerate(self.reads)}
        return compiled, [
            (
                places.get(access.signature, -1),
                self.tables.get(access.signature, NO_ROWS),
                access.places,
            )
            for access in compiled.accesses
        ]


class _Round(_Part):
    """The clauses of predicates that read each other."""

    def __init__(
        self, stratum: Stratum, firing: Sequence[Step], open_: Set[Signature], tables: Tables
    ) -> None:
        heads = tuple(dict.fromkeys(step.head for step in firing))
        read = {atom.signature for step in firing for atom in step.clause.atoms()}
        super().__init__(heads, tuple(sorted((read & open_) - set(heads))), frozenset())
        self.firing, self.tables = firing, tables
        self.stratum = Stratum(heads, tuple(range(len(firing))), stratum.reads, True)

    def run(self, read: Sequence[Relation]) -> Sequence[Mapping[Row, None]]:
        """The rows of each head. Raises PolicyError for arithmetic that fails."""
        relations = dict(self.tables)
        relations |= {s: own for s, own in zip(self.reads, read, strict=True) if own.rows}
        answer((self.stratum,), self.firing, relations)
        return [relations[head].rows if head in relations else {} for head in self.heads]


@dataclass(slots=True)
class _Level:
    """A stratum in parts."""

    heads: tuple[Signature, ...]
    parts: Sequence[_Part]
    united: dict[tuple[int, ...], int] = field(default_factory=dict)


class Together:
    """The rules of one program where some predicates are `stated`, and the `tables` hold."""

    def __init__(
        self, program: Program, tables: Mapping[Signature, Relation], stated: Set[Signature]
    ) -> None:
        shape = settle(program.frame.about, program.steps, tables, stated)
        self.stated = frozenset(stated)
        self.contents = Contents()
        open_ = set(stated)
        for _, firing in shape.firing:
            open_.update(step.head for step in firing)
        tables = {s: own for s, own in shape.relations.items() if s not in open_}
        self._levels = [_level(own, firing, open_, tables) for own, firing in shape.firing]
        self._fixed = {
            signature: Column((self.contents.number(relation.rows),))
            for signature, relation in tables.items()
        }
        self._base = {
            signature: relation.rows
            for signature, relation in shape.relations.items()
            if signature in open_
        }
        self._kept = 0

    def bound(self) -> None:
        """Forget all where it is too much. Columns made before are void then."""
        if len(self.contents) + self._kept < MOST_KEPT:
            return
        fixed = [self.contents.rows(column.contents[0]) for column in self._fixed.values()]
        self.contents = Contents()
        numbers = [self.contents.number(rows) for rows in fixed]
        self._fixed = {s: Column((n,)) for s, n in zip(self._fixed, numbers, strict=True)}
        self._kept = 0
        for level in self._levels:
            level.united.clear()
            for part in level.parts:
                part.known.clear()

    def answer(self, stated: Columns) -> dict[Signature, Column]:
        """The column of every predicate, from those that are stated."""
        columns = {**self._fixed, **stated}
        for level in self._levels:
            found: dict[Signature, list[Column]] = {
                head: [stated[head]] if head in stated else [] for head in level.heads
            }
            for head in found.keys() & self._base.keys():
                found[head].append(Column((self.contents.number(self._base[head]),)))
            for part in level.parts:
                for head, column in zip(part.heads, self._run(part, columns), strict=True):
                    if not column.nothing:
                        found[head].append(column)
            for head, own in found.items():
                if len(own) == 1:
                    columns[head] = own[0]
                elif own:
                    columns[head] = self._united(level, own)
                else:
                    columns.pop(head, None)
        return columns

    def _run(self, part: _Part, columns: Columns) -> Sequence[Column]:
        reads = [columns.get(signature, EMPTY) for signature in part.reads]
        for place in part.needs:
            if reads[place].nothing:
                return [EMPTY] * len(part.heads)
        classes = classes_of(reads)
        nothing = (NOTHING,) * len(part.heads)
        answers = []
        for key in keys_of(reads, classes):
            known = part.known.get(key)
            if known is None:
                for place in part.needs:
                    if key[place] == NOTHING:
                        known = nothing
                        break
                else:
                    own = part.run([self.contents.relations[number] for number in key])
                    known = tuple([self.contents.number(rows) for rows in own])
                    part.known[key] = known
                    self._kept += 1
            answers.append(known)
        return [classes.column(contents) for contents in zip(*answers, strict=True)]

    def _united(self, level: _Level, columns: list[Column]) -> Column:
        classes = classes_of(columns)
        found = []
        for key in keys_of(columns, classes):
            known = level.united.get(key)
            if known is None:
                rows: dict[Row, None] = {}
                for number in key:
                    rows.update(self.contents.rows(number))
                known = level.united[key] = self.contents.number(rows)
                self._kept += 1
            found.append(known)
        return classes.column(found)


def classes_of(columns: Sequence[Column]) -> Pairing:
    """The classes of encounters that agree in some columns."""
    own = {id(column.codes): column for column in columns if column.codes is not None}
    codes = [column.codes for column in own.values() if column.codes is not None]
    return paired(codes, [len(column.contents) for column in own.values()]) if codes else ONE


def keys_of(columns: Sequence[Column], classes: Pairing) -> Iterable[Key]:
    """The contents of the columns, for each class."""
    if not columns:
        return [()]
    own: list[Sequence[int]] = []
    for column in columns:
        if column.codes is None:
            own.append(tuple(column.contents) * classes.number)
        else:
            contents = column.contents
            own.append([contents[code] for code in column.codes[classes.first].tolist()])
    return zip(*own, strict=True)


def _level(
    stratum: Stratum, firing: Sequence[Step], open_: Set[Signature], tables: Tables
) -> _Level:
    heads = tuple(dict.fromkeys(step.head for step in firing))
    if stratum.recursive:
        return _Level(heads, [_Round(stratum, firing, open_, tables)])
    return _Level(heads, [_Clause(step, open_, tables) for step in firing])
