"""One encounter under two sides, in a process that answers: what changes, as a line of JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from infucode.batch.answers import Answered, Answerer
from infucode.batch.engine.answering import BatchPolicy, Wanted
from infucode.batch.tasks import Task
from infucode.engine.answer import Answer, read_answer
from infucode.engine.facts import Facts, facts_of
from infucode.model.encounter import Encounter
from infucode.model.proving import Side
from infucode.model.solution import Solution, claimed
from infucode.policy import DEFAULT_PLAN, Policy
from infucode.questions.solve import Solver
from infucode.render.json_view import dumps
from infucode.space.answering import Outcomes
from infucode.space.disagreeing import Told, differing_ids, side_of, told_of

SAME, CHANGED = "same", "changed"
CODED = "coded"
GAINED, LOST, OTHERWISE = "gained", "lost", "otherwise"
"""What becomes of a code: only the second side has it, only the first, or other lines of it."""


class _Sided:
    """One side, and what it says of encounters. Raises what `Policy.solve` raises."""

    def __init__(self, task: Task) -> None:
        self.task = task
        plan = Policy.load(task.plan or DEFAULT_PLAN, policies=task.policies)
        self.batch = BatchPolicy(plan, Wanted(task.switches, task.as_of))

    def solution(self, encounter: Encounter) -> Solution:
        return self.batch.solve(encounter)

    def asked(self, encounter: Encounter) -> tuple[Solver, Facts] | None:
        """What is asked why, and of what; None where no version is in force."""
        task, policy = self.task, self.batch.policy
        switches = {**dict(encounter.switches), **task.switches}
        found = policy.ready(task.as_of or encounter.date, switches, task.as_of)
        return found and (found[0], facts_of(encounter, policy.library.vocabulary))


class Comparer(Answerer):
    """Answers documents by two plans, and tells what differs between the answers."""

    def __init__(self, task: Task, other: Task) -> None:
        super().__init__(task)
        self.tasks = task, other
        self._sides: tuple[_Sided, _Sided] | None = None

    @property
    def sides(self) -> tuple[_Sided, _Sided]:
        """Both sides; loaded once."""
        if self._sides is None:
            self._sides = _Sided(self.tasks[0]), _Sided(self.tasks[1])
        return self._sides

    def get_ready(self) -> None:
        """Load both plans."""
        _ = self.sides

    def _foresee(self, encounters: Sequence[Encounter]) -> None:
        """Have each side answer many at once where that can be."""
        for side in self.sides:
            try:
                side.batch.foresee(encounters, others=False)
            except MemoryError:
                raise
            except Exception:
                continue

    def _answer(self, encounter: Encounter) -> Answered:
        """A line that tells what changes, empty for nothing; and whether something does, with
        the outcomes of both sides."""
        one, other = (side.solution(encounter) for side in self.sides)
        changed = claimed(one) != claimed(other)
        fate = f"{CHANGED if changed else SAME} {one.outcome} {other.outcome}"
        if not changed:
            return b"", fate
        told = {
            "encounter": encounter.id,
            "administrations": len(encounter.administrations),
            "codes": list(_codes(one, other)),
            "items": list(_items(encounter, self.sides, (one.outcome, other.outcome))),
        }
        return dumps(told, compact=True).encode(), fate


def _codes(one: Solution, other: Solution) -> Iterator[list[Any]]:
    """Each code whose lines differ: what becomes of it, and its units on each side where each
    has one code set."""
    mine, theirs = _by_code(one), _by_code(other)
    for code in sorted(mine.keys() | theirs.keys()):
        a, b = mine.get(code), theirs.get(code)
        if a != b:
            fate = GAINED if a is None else LOST if b is None else OTHERWISE
            yield [code, fate, _units(one, code), _units(other, code)]


def _by_code(solution: Solution) -> dict[str, set[tuple[object, ...]]]:
    """Of each code the different lines that code sets hold of it; () where one has none."""
    codes = {line.code for found in solution.code_sets for line in found.lines}
    return {
        code: {
            tuple(sorted((n.units, n.modifiers, n.date) for n in found.lines if n.code == code))
            for found in solution.code_sets
        }
        for code in codes
    }


def _units(solution: Solution, code: str) -> int | None:
    if len(solution.code_sets) != 1:
        return None
    return sum(line.units for line in solution.code_sets[0].lines if line.code == code)


def _items(
    encounter: Encounter, sides: Sequence[_Sided], outcomes: Sequence[str]
) -> Iterator[list[Any]]:
    """What each side says of the administrations and services that they differ about.

    The record as it stands is compared, and where that tells nothing the worlds that fill it in.
    """
    asked = [side.asked(encounter) for side in sides]
    one, other = (
        _stated(encounter, found, outcome) for found, outcome in zip(asked, outcomes, strict=True)
    )
    found = list(_differing(one, other))
    if not found:
        worlds: list[list[Mapping[str, Told]]] = [
            [{}] if side is None else _worlds(encounter, *side) for side in asked
        ]
        longest = max(map(len, worlds))
        pairs = ([side[min(n, len(side) - 1)] for side in worlds] for n in range(longest))
        found = next((items for a, b in pairs if (items := list(_differing(a, b)))), [])
    yield from found


def _differing(mine: Mapping[str, Told], theirs: Mapping[str, Told]) -> Iterator[list[Any]]:
    for id in differing_ids(mine, theirs):
        yield [id, *(_plain(side_of(side.get(id))) for side in (mine, theirs))]


def _stated(
    encounter: Encounter, asked: tuple[Solver, Facts] | None, outcome: str
) -> Mapping[str, Told]:
    """The record as it stands; where what is open changes nothing, as any world has it."""
    if asked is None:
        return {}
    solver, facts = asked
    (atoms,) = solver.program.solve([facts])
    told = told_of(_outcomes(read_answer(atoms, facts.names, encounter)))
    if outcome != CODED or not any(one.untold for one in told.values()):
        return told
    world = _worlds(encounter, solver, facts)[0]
    return {id: replace(one, untold=False) for id, one in world.items()}


def _worlds(encounter: Encounter, solver: Solver, facts: Facts) -> list[Mapping[str, Told]]:
    worlds = solver.completions(encounter, facts).worlds
    return [told_of(_outcomes(world.answer)) for world in worlds] or [{}]


def _outcomes(answer: Answer) -> Outcomes:
    """The outcomes of an answer as rows; ids are those of the document."""
    found: dict[tuple[str, int], dict[tuple[Any, ...], None]] = {}
    for kind, outcomes in answer.outcomes.items():
        for one in outcomes:
            row = one.rule, *one.arguments
            found.setdefault((kind, len(row)), {})[row] = None
    return found


def _plain(side: Side) -> list[Any]:
    return [[list(line) for line in side.earned], side.untold, list(side.rules)]


def side_from(data: Sequence[Any]) -> Side:
    """A side as it was sent by a process that answers."""
    earned, untold, rules = data
    lines = tuple((code, units, tuple(marks)) for code, units, marks in earned)
    return Side(lines, untold, tuple(rules))
