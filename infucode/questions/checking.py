"""The whole of a check: whether there is a claim, the record coded, the lines judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from infucode.engine.claim_facts import Record, codes_of, require_countable
from infucode.engine.facts import facts_of
from infucode.errors import DocumentError, Problem, UsageError
from infucode.model.encounter import Encounter
from infucode.model.solution import PolicyRef, Solution, Warned
from infucode.questions.check import Judged, Supposing, judge, unjudged
from infucode.questions.check_order import OUTCOMES
from infucode.questions.check_record import NO_RECORD, Coded, coded, has_record
from infucode.questions.solve import Solver

if TYPE_CHECKING:
    from infucode.tables import Store
    from infucode.tables.rows import Slice


class Checking:
    """One claim to check. Raises DocumentError where the document has none."""

    def __init__(
        self, encounter: Encounter, *, strict: bool, explain: bool, tables: Store | None
    ) -> None:
        self.encounter, self.strict, self.explain = encounter, strict, explain
        self.tables = tables
        if not encounter.claim_lines and not encounter.claim_stated:
            help = (
                "add `claim_lines:` with a list such as `- {id: L1, code: ...}`; "
                f"for the codes of its record: `infucode solve {encounter.file}`"
            )
            raise self._refused("the document has no `claim_lines` to check", help)
        require_countable(encounter)

    def judged(self, solver: Solver, policy: PolicyRef, notices: Sequence[Warned]) -> Judged:
        """The answer. Raises UsageError where the plan has no rules about claims."""
        require_claim_rules(solver)
        if notices and self.strict:
            return Judged(unjudged(self.encounter, policy, notices[0]))
        found = self._coded(solver, policy)
        if not self.encounter.claim_lines and not found.record.expected:
            help = "write the lines of the claim, or the record that it was made from"
            raise self._refused(
                "the claim has no lines, and the record earns none for certain", help
            )
        return judge(
            solver.program, self.encounter, policy, found, self._held(),
            explain=self.explain, notices=notices, supposed=self._supposed(solver, policy),
        )  # fmt: skip

    def unjudged(self, solution: Solution) -> Judged:
        """The answer where no version of the plan holds."""
        return Judged(unjudged(self.encounter, solution.policy, solution.warnings[0]))

    def _coded(self, solver: Solver, policy: PolicyRef) -> Coded:
        if not has_record(self.encounter):
            return Coded(NO_RECORD)
        facts = facts_of(self.encounter, solver.program.book.vocabulary)
        return coded(
            solver, self.encounter, facts, policy, explain=self.explain, strict=self.strict
        )

    def _supposed(self, solver: Solver, policy: PolicyRef) -> Supposing | None:
        """What the record would earn with one fact more; None where there is no record."""
        if not has_record(self.encounter):
            return None

        def records(fact: str) -> Iterator[Record]:
            from infucode.questions.supposed import Supposed

            return Supposed(solver, self.encounter, policy, self.strict).records(fact)

        return records

    def _held(self) -> Slice | None:
        if self.tables is None or self.tables.folder is None:
            return None
        encounter = self.encounter
        return self.tables.slice(codes_of(encounter), encounter.date, encounter.claim)

    def _refused(self, message: str, help: str) -> DocumentError:
        return DocumentError(
            [Problem(self.encounter.file, 0, 0, message, help, field="claim_lines")]
        )


def require_claim_rules(solver: Solver) -> None:
    """Raises UsageError unless some rule of the plan judges lines."""
    book = solver.program.book
    if not any(name in OUTCOMES for name, _ in solver.program.frame.positions):
        plan, folder = book.library.profile.id, book.library.folder
        raise UsageError(
            f"plan `{plan}` of `{folder}` has no rules about claims; name a layer with such "
            "rules in its profile, or check under another plan"
        )
