"""The policies of a batch: each encounter under its own plan, date and switches.

Whatever the fast way cannot do, or fails at, is done by `Policy` one by one, so that answers and
errors are its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date as Date
from typing import TYPE_CHECKING

from infucode.batch.engine.rows import Kinds
from infucode.batch.engine.solving import QuickSolver, RowSolver
from infucode.engine.facts import facts_of
from infucode.model.encounter import Encounter
from infucode.model.solution import PolicyRef, Solution, Warned
from infucode.policy import MOST_PROGRAMS, Policy, Solved

if TYPE_CHECKING:
    from infucode.questions.check import Judged
    from infucode.tables import Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of every encounter of a batch."""

    switches: Mapping[str, str] = field(default_factory=dict)
    as_of: Date | None = None
    strict: bool = False
    explain: bool = False


@dataclass(frozen=True, slots=True)
class _Group:
    """The encounters of one rulebook: equal plan, version, date and switches."""

    rows: RowSolver
    solver: QuickSolver
    policy: PolicyRef
    notices: tuple[Warned, ...]


class BatchPolicy:
    """One plan for many encounters."""

    def __init__(self, policy: Policy, wanted: Wanted) -> None:
        self.policy, self.wanted = policy, wanted
        self.kinds = Kinds(policy.library.vocabulary)
        self._groups: dict[tuple[Date, tuple[tuple[str, str], ...]], _Group | None] = {}
        self._solvers: dict[str, RowSolver] = {}
        self.quick = 0
        """How many encounters were answered the fast way."""

    def foresee(self, encounters: Sequence[Encounter], *, others: bool) -> None:
        """Make ready for encounters that will be asked for, which changes no answer; `others`:
        what other answers to the switches give too, for `solve` with reasons."""
        groups: dict[int, tuple[RowSolver, list[Encounter]]] = {}
        for encounter in encounters:
            group = self._group(encounter)
            if group is not None:
                groups.setdefault(id(group.rows), (group.rows, []))[1].append(encounter)
        for rows, own in groups.values():
            rows.foresee(own, explain=others and not self.wanted.strict)

    def plain(self, encounter: Encounter) -> bytes | None:
        """The line of an answer that was foreseen and is plain: coded, of one world."""
        wanted, group = self.wanted, self._group(encounter)
        if group is None or wanted.strict:
            return None
        try:
            found = group.rows.plain(
                encounter, group.policy, group.notices, explain=wanted.explain
            )
        except Exception:
            return None
        self.quick += found is not None
        return found

    def solve(self, encounter: Encounter) -> Solution:
        """What `Policy.solve` gives. Raises what it raises."""
        wanted = self.wanted
        if not wanted.strict:
            group = self._group(encounter)
            found = None if group is None else self._quickly(group, encounter)
            if found is not None:
                self.quick += 1
                return found
        return self.solved(encounter).solution

    def _quickly(self, group: _Group, encounter: Encounter) -> Solution | None:
        try:
            return group.rows.solve(
                encounter, group.policy, group.notices, explain=self.wanted.explain
            )
        except Exception:
            return None

    def solved(self, encounter: Encounter) -> Solved:
        """What `Policy.solve` gives, to be asked for proofs. Raises what it raises."""
        wanted, group = self.wanted, self._group(encounter)
        if group is not None and not (group.notices and wanted.strict):
            with suppress(Exception):
                facts = facts_of(encounter, self.policy.library.vocabulary)
                solution, found = group.solver.solve(
                    encounter, facts, group.policy, explain=wanted.explain, strict=wanted.strict,
                    notices=group.notices,
                )  # fmt: skip
                return Solved(solution, tuple(found))
        return self.policy.solve(
            encounter, switches=wanted.switches, as_of=wanted.as_of, strict=wanted.strict,
            explain=wanted.explain,
        )  # fmt: skip

    def check(self, encounter: Encounter, tables: Store | None) -> Judged:
        """What `Policy.check` gives. Raises what it raises."""
        from infucode.questions.checking import Checking

        wanted, group = self.wanted, self._group(encounter)
        if group is not None:
            with suppress(Exception):
                checking = Checking(
                    encounter, strict=wanted.strict, explain=wanted.explain, tables=tables
                )
                return checking.judged(group.solver, group.policy, group.notices)
        return self.policy.check(
            encounter, switches=wanted.switches, as_of=wanted.as_of, strict=wanted.strict,
            explain=wanted.explain, tables=tables,
        )  # fmt: skip

    def _group(self, encounter: Encounter) -> _Group | None:
        switches = encounter.switches
        if self.wanted.switches:
            switches = tuple(sorted({**dict(switches), **self.wanted.switches}.items()))
        day = self.wanted.as_of or encounter.date
        key = day, switches
        if key not in self._groups:
            if len(self._groups) >= MOST_PROGRAMS:
                self._groups.clear()
                self._solvers.clear()
            self._groups[key] = self._made(day, dict(switches))
        return self._groups[key]

    def _made(self, day: Date, switches: Mapping[str, str]) -> _Group | None:
        try:
            ready = self.policy.ready(day, switches, self.wanted.as_of)
        except Exception:
            return None
        if ready is None:
            return None
        solver, policy, notices = ready
        if policy.digest not in self._solvers:
            self._solvers[policy.digest] = RowSolver(solver, self.kinds)
        rows = self._solvers[policy.digest]
        return _Group(rows, QuickSolver(solver, rows), policy, notices)
