"""How a finished answer came about: every rule instance that fired over it, and the check that
it is exactly the answer that the rules give.

The rules are run as they are written, with the settings as facts: nothing folded, nothing
reused from the run that found the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from infucode.engine.fixpoint import Stratum, failed
from infucode.engine.frame import Frame
from infucode.engine.relations import NOTHING, Relation, read
from infucode.errors import LimitError
from infucode.passes.fold import setting_terms
from infucode.passes.instances import Instance
from infucode.passes.values import GroundAtom, term_value
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Signature

NOTHING_MORE: tuple[tuple[()], ...] = ((),) * (len(Instance._fields) - 2)
ByHead = dict[GroundAtom, list[Instance]]


class Derivations:
    """The instances of the rules over one answer. Nothing is run before it is asked for.

    `tables` are the derivations of what holds of every encounter; they are taken over if the
    answer holds those very relations.
    """

    def __init__(
        self,
        frame: Frame,
        relations: Mapping[Signature, Relation],
        given: Mapping[Signature, Relation],
        strata: Sequence[Stratum],
        tables: Derivations | None = None,
    ) -> None:
        self.frame, self.relations = frame, {**relations, **given}
        self._given, self.strata = given, strata
        self._heads: dict[Signature, ByHead] = {}
        if tables is not None and not all(
            self.relations.get(signature) is relation
            for signature, relation in tables.relations.items()
        ):
            tables = None
        self._tables = tables
        self._taken = frozenset(h for s in tables.strata for h in s.heads) if tables else ()

    def heads(self, strata: Iterable[Stratum]) -> dict[Signature, ByHead]:
        """The instances of some strata."""
        return {head: self.of(head) for stratum in strata for head in stratum.heads}

    def of(self, signature: Signature) -> ByHead:
        """The instances of the rules of one predicate, by head."""
        if self._tables is not None and signature in self._taken:
            return self._tables.of(signature)
        found = self._heads.get(signature)
        if found is None:
            found = self._heads[signature] = {}
            for position in self.frame.positions.get(signature, ()):
                for item in self._run(position):
                    found.setdefault(item.head, []).append(item)
        return found

    def behind(self, atom: GroundAtom) -> list[Instance]:
        """The instances that give an atom."""
        return self.of((str(atom[0]), len(atom) - 1)).get(atom, [])

    def _run(self, position: int) -> list[Instance]:
        if (row := self.frame.row(position)) is not None:
            name, _ = self.frame.order.heads[position]
            return [Instance(position, (name, *row), *NOTHING_MORE)]
        for signature in self.frame.needs[position]:
            if signature not in self.relations:
                return []
        found: list[tuple[Any, ...]] = []
        try:
            compiled = self.frame.instances(position)
            reads = [read(self.relations, access) for access in compiled.accesses]
            compiled.function(found.append, *reads, *compiled.constants)
        except MemoryError:
            raise LimitError("memory ran out") from None
        except (ArithmeticError, TypeError, ValueError, SyntaxError) as error:
            raise failed(self.frame.rules[position].place, error) from error
        return [Instance(position, *item) for item in found]

    @property
    def _own(self) -> Sequence[Stratum]:
        """The strata that were not taken over."""
        return self.strata if self._tables is None else self.frame.about

    @cached_property
    def by_head(self) -> ByHead:
        """Every instance, by head."""
        found: ByHead = {}
        for items in self.heads(self.strata).values():
            found.update(items)
        return found

    @cached_property
    def given(self) -> frozenset[GroundAtom]:
        """What the record and the plan state."""
        return frozenset(
            (name, *row) for (name, _), relation in self._given.items() for row in relation.rows
        )

    @cached_property
    def level(self) -> dict[GroundAtom, int]:
        """The order in which atoms can be founded; 0 for what is given."""
        known = {} if self._tables is None else dict(self._tables.level)
        known.update(dict.fromkeys(self.given, 0))
        heads = self.heads(self._own).values()
        return _levels(known, [i for found in heads for items in found.values() for i in items])

    @cached_property
    def unsupported(self) -> tuple[GroundAtom, ...]:
        """Atoms of the answer that no chain of instances founds: there must be none."""
        level, known = self.level, self._tables
        return (() if known is None else known.unsupported) + tuple(
            atom
            for signature, relation in self.relations.items()
            if known is None or signature not in known.relations
            for row in relation.rows
            if (atom := (signature[0], *row)) not in level
        )

    @cached_property
    def missing(self) -> tuple[GroundAtom, ...]:
        """Heads of instances that the answer lacks: there must be none."""
        return (() if self._tables is None else self._tables.missing) + tuple(
            atom
            for signature, found in self.heads(self._own).items()
            for atom in found
            if atom[1:] not in self.relations.get(signature, NOTHING).rows
        )

    @property
    def confirmed(self) -> bool:
        """Whether the answer is the stable model of the rules over the given facts."""
        return not self.unsupported and not self.missing


def setting_relations(book: Rulebook) -> dict[Signature, Relation]:
    """The settings in force as rows of `reading` and `value`."""
    found = {("reading", 2): Relation(), ("value", 2): Relation()}
    for name, term in setting_terms(book).items():
        kind = "reading" if term.kind == "word" else "value"
        found[kind, 2].rows[name, term_value(term)] = None
    return found


def _levels(level: dict[GroundAtom, int], instances: Sequence[Instance]) -> dict[GroundAtom, int]:
    """Add the heads of `instances` to the levels of what they rest on."""
    open_count = []
    waiting: dict[GroundAtom, list[int]] = {}
    ready: list[int] = []
    for number, item in enumerate(instances):
        needs = [atom for atom in item.holds if atom not in level]
        if not needs:
            ready.append(number)
            open_count.append(0)
            continue
        distinct = set(needs)
        open_count.append(len(distinct))
        for atom in distinct:
            waiting.setdefault(atom, []).append(number)
    rounds: dict[int, list[int]] = {}
    for number in ready:
        rounds.setdefault(_height(instances[number], level), []).append(number)
    while rounds:
        height = min(rounds)
        for number in rounds.pop(height):
            head = instances[number].head
            if head in level:
                continue
            level[head] = height
            for other in waiting.get(head, ()):
                open_count[other] -= 1
                if not open_count[other]:
                    rounds.setdefault(height + 1, []).append(other)
    return level


def _height(item: Instance, level: Mapping[GroundAtom, int]) -> int:
    return 1 + max((level[atom] for atom in item.holds), default=0)
