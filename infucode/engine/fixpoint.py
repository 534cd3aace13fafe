"""The answer of stratified rules over complete facts, bottom up (semi-naive evaluation).

Predicates are answered in the order of definition. Those that hang on each other are run in
rounds, each over what the last one found. Rules of which a positive literal has no rows are
skipped, so that statements which do not bear on an encounter cost next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from infucode.engine.relations import NOTHING, Relation, Relations, read
from infucode.errors import LimitError, PolicyError, Problem
from infucode.passes.compile import Compiled, compile_clause
from infucode.passes.values import Row, term_value
from infucode.rulebook.language import Atom, Clause, Signature
from infucode.rulebook.strata import components


class Step:
    """One clause, compiled when it first has rows to join."""

    __slots__ = ("_compiled", "clause", "head", "needs", "place", "row")

    def __init__(self, clause: Clause, place: str) -> None:
        self.clause, self.place = clause, place
        self.head = clause.head.signature
        self.needs = needs_of(clause)
        self._compiled: dict[int | None, Compiled] = {}
        self.row = row_of_fact(clause)
        """The row of a table's line, which needs no function."""

    def can_fire(self, relations: Relations) -> bool:
        """Whether each of its positive literals has rows."""
        for signature in self.needs:
            relation = relations.get(signature)
            if relation is None or not relation.rows:
                return False
        return True

    def run(self, relations: Relations, out: dict[Row, None], newest: int | None = None) -> None:
        """Add the head's rows to `out`. Raises PolicyError for arithmetic that fails."""
        try:
            if self.row is not None:
                out[self.row] = None
                return
            compiled = self._compiled.get(newest)
            if compiled is None:
                compiled = self._compiled[newest] = compile_clause(self.clause, newest)
            reads = [read(relations, access) for access in compiled.accesses]
            compiled.function(out, *reads, *compiled.constants)
        except MemoryError:
            raise LimitError("memory ran out") from None
        except (ArithmeticError, TypeError, ValueError, SyntaxError) as error:
            raise failed(self.place, error) from error


def needs_of(clause: Clause) -> tuple[Signature, ...]:
    """The predicates of the positive literals of a clause."""
    if not clause.body:
        return ()
    return tuple(dict.fromkeys([atom.signature for atom in clause.positive()]))


def row_of_fact(clause: Clause) -> Row | None:
    """The row of a clause without a body, None for any other."""
    if clause.body:
        return None
    terms = clause.head.terms
    if any(term.kind == "arithmetic" for term in terms):
        return None
    return tuple([term_value(term) for term in terms])


def failed(place: str, error: Exception) -> PolicyError:
    """What went wrong in a rule, at its place."""
    file, _, line = place.rpartition(":")
    if isinstance(error, ArithmeticError | TypeError):
        message = "arithmetic on something that is not a number"
        help = "guard the value or fix its type"
    else:
        message, help = f"a rule that cannot be run: {error}", "break it into several rules"
    return PolicyError([Problem(file, int(line or 0), 0, message, help)])


@dataclass(frozen=True, slots=True)
class Stratum:
    """Predicates that are answered together, by the positions of their rules."""

    heads: tuple[Signature, ...]
    rules: tuple[int, ...]
    reads: frozenset[Signature]
    recursive: bool


def strata_of(
    clauses: Sequence[Clause], reads: Sequence[Sequence[Signature]] | None = None
) -> list[Stratum]:
    """The strata of some clauses, each after all that it reads.

    `reads` are the predicates in the body of each clause, where they are known already.
    """
    heads = [clause.head.signature for clause in clauses]
    if reads is None:
        reads = [[atom.signature for atom in clause.atoms()] for clause in clauses]
    graph: dict[Signature, set[Signature]] = {head: set() for head in heads}
    for head, own in zip(heads, reads, strict=True):
        if own:
            graph[head].update(own)
    for target in {target for targets in graph.values() for target in targets}:
        graph.setdefault(target, set())
    component = components(graph)
    together: dict[int, tuple[dict[Signature, None], list[int]]] = {}
    for position, head in enumerate(heads):
        own_heads, rules = together.setdefault(component[head], ({}, []))
        own_heads[head] = None
        rules.append(position)
    found = []
    for number in sorted(together):
        own_heads, rules = together[number]
        inside = frozenset().union(*[graph[head] for head in own_heads])
        recursive = not inside.isdisjoint(own_heads)
        found.append(Stratum(tuple(own_heads), tuple(rules), inside, recursive))
    return found


def answer(
    strata: Iterable[Stratum], steps: Sequence[Step | None], relations: dict[Signature, Relation]
) -> None:
    """Add the predicates of `strata` to `relations`, which hold all that they read.

    `steps` are the rules by position, None for those that the settings rule out. A predicate
    without rows is not among `relations`.
    """
    for stratum in strata:
        if stratum.recursive:
            own = [step for n in stratum.rules if (step := steps[n]) is not None]
            _rounds(stratum.heads, own, relations)
            continue
        for position in stratum.rules:
            step = steps[position]
            if step is None:
                continue
            for signature in step.needs:
                if signature not in relations:
                    break
            else:
                relation = relations.get(step.head)
                rows = {} if relation is None else relation.rows
                step.run(relations, rows)
                if relation is None and rows:
                    relations[step.head] = Relation(rows)


def _rounds(
    heads: Sequence[Signature], steps: Sequence[Step], relations: dict[Signature, Relation]
) -> None:
    found: dict[Signature, dict[Row, None]] = {head: {} for head in heads}
    for head in heads:
        relations[head] = Relation()
    for step in steps:
        if step.can_fire(relations):
            step.run(relations, found[step.head])
    inside = [
        (step, position, formula.signature)
        for step in steps
        for position, literal in enumerate(step.clause.body)
        if not literal.signs and isinstance(formula := literal.formula, Atom)
        if formula.signature in found
    ]
    while any(found.values()):
        for head in heads:
            relations[head].grow(found[head])
        found = {head: {} for head in heads}
        for step, position, signature in inside:
            if relations[signature].newest and step.can_fire(relations):
                step.run(relations, found[step.head], position)
        for head, rows in found.items():
            known = relations[head].rows
            found[head] = {row: None for row in rows if row not in known}
    for head in heads:
        relations[head].newest = {}
        if not relations[head].rows:
            del relations[head]


class Readers:
    """Which strata must be answered again when rules or predicates change."""

    def __init__(self, strata: Sequence[Stratum]) -> None:
        self.strata = strata
        self._reading: dict[Signature, list[int]] = {}
        self._home: dict[int, int] = {}
        for number, stratum in enumerate(strata):
            for signature in stratum.reads:
                self._reading.setdefault(signature, []).append(number)
            for rule in stratum.rules:
                self._home[rule] = number

    def update(
        self,
        steps: Sequence[Step | None],
        relations: dict[Signature, Relation],
        signatures: Iterable[Signature],
        rules: Iterable[int] = (),
    ) -> None:
        """Answer again what hangs on changed predicates and rules, in order of definition.

        `relations` are those of an earlier answer and become those of the new one; a predicate
        that keeps its rows keeps its relation too, and nothing that reads it is asked again.
        """
        queue = {self._home[rule] for rule in rules if rule in self._home}
        for signature in signatures:
            queue.update(self._reading.get(signature, ()))
        waiting = sorted(queue)
        while waiting:
            stratum = self.strata[heappop(waiting)]
            old = {head: relations.pop(head, NOTHING) for head in stratum.heads}
            answer((stratum,), steps, relations)
            for head, known in old.items():
                if relations.get(head, NOTHING).rows == known.rows:
                    if known.rows:
                        relations[head] = known
                    continue
                for number in self._reading.get(head, ()):
                    if number not in queue:
                        queue.add(number)
                        heappush(waiting, number)
