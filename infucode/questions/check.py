"""`check`: what is wrong with a claim, with the record behind it or without.

The record is coded first; then the rules judge the lines over the facts of the stay and what the
record earns. Here findings are put into the order and the words of the contract, nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from infucode.engine.claim_facts import Record, claim_facts_of
from infucode.engine.program import Program
from infucode.model.claim import Checked, LineState, NotChecked, Remedies, Violation
from infucode.model.encounter import ClaimLine, Encounter
from infucode.model.proof import Step
from infucode.model.solution import Ask, PolicyRef, Reason, Warned
from infucode.questions.check_order import (
    MOST_BESIDE,
    SEVERITIES,
    Finding,
    findings_of,
    gathered,
    outcome_of,
    states_of,
)
from infucode.questions.check_record import Coded
from infucode.questions.check_tables import editions_behind, untold_by
from infucode.questions.check_words import ClaimWording, Subjects, line_words
from infucode.questions.found import Found
from infucode.questions.reasons import Reasons

if TYPE_CHECKING:
    from infucode.tables.rows import Slice

Proofs = dict[int | str, list[Step]]
"""By the number of a violation, or by the id of an undecided line."""


Supposing = Callable[[str], Iterator[Record]]
"""By the name of an input: what the record would earn if it stated one more such fact."""


@dataclass(frozen=True)
class Judged:
    """A checked claim that can still be asked why."""

    checked: Checked
    reasons: Reasons | None = None
    record: tuple[Found, ...] = ()
    """What stands behind the code sets of the record."""
    sources: dict[int | str, tuple[Finding, ...]] = field(default_factory=dict)
    search: Callable[[], Remedies] | None = None
    """Finds conflicts and repairs; None where nothing was judged."""

    def with_remedies(self) -> Judged:
        """The same with conflicts and repairs, which take some time where a line is denied."""
        found = Remedies()
        if self.search is not None and self.outcome == "violating":
            found = self.search()
        return replace(self, checked=replace(self.checked, remedies=found))

    @property
    def outcome(self) -> str:
        """``valid``, ``review``, ``violating`` or ``undecided``."""
        return self.checked.outcome

    def explain(self, about: int | str, *, short: bool = False) -> list[Step]:
        """The proof trees behind a violation (by its number) or an undecided line (by its id).

        Empty for what no rule gave, such as a notice about the plan's version.
        """
        atoms = [finding.outcome.atom for finding in self.sources.get(about, ())]
        if self.reasons is None or not atoms:
            return []
        if short:
            return self.reasons.told(atoms)
        return [self.reasons.proof(atom) for atom in atoms]

    def proofs(self, *, short: bool = False) -> Proofs:
        """The proof trees of every violation and every undecided line."""
        return {about: self.explain(about, short=short) for about in self.sources}

    def confirmed(self) -> bool:
        """Replay both steps: are they exactly what the rules give? For tests, audits."""
        steps = [found.reasons for found in self.record]
        steps += [self.reasons] if self.reasons is not None else []
        return all(reasons.derivations.confirmed for reasons in steps)


def unjudged(encounter: Encounter, policy: PolicyRef, notice: Warned) -> Checked:
    """A claim that no version of the plan judges, and why."""
    because = (Reason(notice.rule, notice.says, notice.cite),)
    lines = tuple(LineState(n.id, "undecided", because=because) for n in encounter.claim_lines)
    untold = (NotChecked("the claim", notice.says, notice.rule, notice.cite),)
    return Checked(encounter.id, policy, "undecided", lines, (), untold)


def judge(
    program: Program,
    encounter: Encounter,
    policy: PolicyRef,
    coded: Coded,
    held: Slice | None,
    *,
    explain: bool = True,
    notices: Sequence[Warned] = (),
    supposed: Supposing | None = None,
) -> Judged:
    """The second step; ``supposed`` tells repairs what would need documentation.

    Raises DocumentError for units that cannot be counted.
    """
    facts = claim_facts_of(encounter, coded.record, held, program.book.vocabulary)
    reasons = Reasons(program, encounter, facts)
    reasons.wording = ClaimWording(encounter, facts.names, reasons.wording.said)
    found = findings_of(reasons.model)
    telling = _Telling(encounter, policy, coded, reasons, found, explain, held, supposed)
    return telling.judged(notices)


def _remedies(
    reasons: Reasons, record: Record, held: Slice | None, supposed: Supposing | None
) -> Remedies:
    from infucode.questions.remedies import Remedying

    return Remedying(reasons, record, held, supposed).remedies()


class _Telling:
    """Puts the findings of one claim into words."""

    def __init__(
        self,
        encounter: Encounter,
        policy: PolicyRef,
        coded: Coded,
        reasons: Reasons,
        found: dict[str, list[Finding]],
        explain: bool,
        held: Slice | None,
        supposed: Supposing | None,
    ) -> None:
        self.encounter, self.policy, self.coded, self.held = encounter, policy, coded, held
        self.supposed = supposed
        self.reasons, self.found, self.explain = reasons, found, explain
        self.record: Record = coded.record
        self.subjects = Subjects(encounter, coded.record)
        self.states = states_of(found)
        self.undecided: dict[str, list[Finding]] = {}
        for finding in found.get("undecided", ()):
            self.undecided.setdefault(str(finding.about[0]), []).append(finding)

    def judged(self, notices: Sequence[Warned]) -> Judged:
        """The whole answer."""
        lines = tuple(self._state(line) for line in self.encounter.claim_lines)
        sources: dict[int | str, tuple[Finding, ...]] = {}
        violations = [self._notice(warned) for warned in notices]
        for findings in gathered(self.found, self._places, list(self._items)):
            violations.append(self._violation(findings))
            sources[len(violations) - 1] = findings[:MOST_BESIDE]
        moved = sorted(range(len(violations)), key=lambda n: self._rank(violations[n]))
        numbers = {old: new for new, old in enumerate(moved)}
        sources = {numbers[old]: sources[old] for old in moved if old in sources} | {
            line.line: tuple(self.undecided[line.line]) for line in lines if line.because
        }
        checked = Checked(
            self.encounter.id,
            self.policy,
            outcome_of(lines, violations),
            lines,
            tuple(violations[old] for old in moved),
            tuple(self._not_checked()),
            self.record.state,
        )
        search = partial(_remedies, self.reasons, self.record, self.held, self.supposed)
        return Judged(checked, self.reasons, self.coded.found, sources, search)

    @staticmethod
    def _rank(violation: Violation) -> int:
        return list(dict.fromkeys(SEVERITIES.values())).index(violation.severity)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {line.id: place for place, line in enumerate(self.encounter.claim_lines)}

    @property
    def _items(self) -> dict[str, object]:
        return {**self.record.expected, **self.record.possible}

    def _state(self, line: ClaimLine) -> LineState:
        state = self.states.get(line.id, "stands")
        label = self.reasons.program.labels.get(line.code, "")
        if state != "undecided":
            return LineState(line.id, state, label)
        because = tuple(self._reason(finding) for finding in self.undecided[line.id])
        return LineState(line.id, state, label, because, tuple(self._asks(line)))

    def _asks(self, line: ClaimLine) -> Iterator[Ask]:
        """The questions about what the line is for, and about what could not be coded."""
        about = {*self.subjects.of((line.id,)), *self.record.unjudged}
        for ask in self.coded.asks:
            if ask.administration is None or ask.administration in about:
                yield ask

    def _reason(self, finding: Finding) -> Reason:
        if not self.explain:
            return Reason(finding.rule, "", "")
        reason = self.reasons.reason(finding.outcome)
        if self.held is None or not self.held.used:
            return reason
        editions = editions_behind(self.reasons, finding.outcome, self.held)
        return replace(reason, cite="; ".join((reason.cite, *editions)))

    @staticmethod
    def _notice(warned: Warned) -> Violation:
        return Violation(warned.rule, "advise", (), (), warned.says, warned.cite)

    def _violation(self, findings: Sequence[Finding]) -> Violation:
        """One violation; of many lines beside one line the first is told, the others named."""
        first = findings[0]
        reason = self._reason(first)
        if first.kind == "omitted":
            item = self.record.expected.get(str(first.about[0]))
            item = item or self.record.possible[str(first.about[0])]
            return Violation(
                reason.rule, "advise", (), item.administrations, reason.says, reason.cite, item
            )
        others = dict.fromkeys(str(o.about[1]) for o in findings if len(o.about) > 1)
        line = str(first.about[0])
        says = reason.says
        if len(findings) > 1 and self.explain:
            says += f" So it is beside {len(findings) - 1} further lines."
        about = self.subjects.of((line, *others)[:2])
        severity = SEVERITIES[first.kind]
        return Violation(reason.rule, severity, (line, *others), about, says, reason.cite)

    def _not_checked(self) -> Iterator[NotChecked]:
        for line in self.encounter.claim_lines:
            if self.states.get(line.id) == "undecided":
                for finding in self.undecided[line.id]:
                    reason = self._reason(finding)
                    yield NotChecked(line_words(line), reason.says, reason.rule, reason.cite)
        for finding in self.found.get("not_checked", ()):
            reason = self._reason(finding)
            what = str(finding.about[0])
            yield NotChecked(what, reason.says, reason.rule, reason.cite)
        yield from untold_by(self.held, self.encounter)
