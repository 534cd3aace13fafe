"""What would have to be looked at or asked after some edits, and was not before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from infucode.engine.claim_facts import Record
from infucode.model.encounter import ClaimLine
from infucode.questions.trials import Claim, Trials, Verdict

Question = tuple[str, str]
"""A rule, and the line of which it is asked."""


class Questions:
    """Tells what is newly to review or undecided. ``whole`` is the verdict before any edit.

    Without a record most lines are undecided, whatever is done to them: what is asked of any line
    of a code, is no new question.
    """

    def __init__(self, trials: Trials, whole: Verdict, record: Record) -> None:
        self.trials, self.record = trials, record
        self.lines: Claim = trials.encounter.claim_lines
        self._before = {*whole.reviews, *whole.questions}
        self._common: dict[tuple[str, int], frozenset[str]] = {}

    def new(self, verdict: Verdict, claim: Claim) -> set[Question]:
        """What is newly to review or undecided in a claim."""
        found = set(verdict.reviews)
        lines = {line.id: line for line in claim}
        for rule, id in sorted(verdict.questions):
            line = lines[id]
            key = line.code, line.day or 0
            if self.record.state == "none" and key not in self._common:
                self._common[key] = frozenset((*self._of_any(line), *self._of_marked(line)))
            if rule not in self._common.get(key, ()):
                found.add((rule, id))
        return found - self._before

    def _of_any(self, line: ClaimLine) -> Iterator[str]:
        """The rules that leave a plain line of this code undecided, with what it is added to."""
        bare = _plain(line)
        verdict = self.trials.judged((bare,))
        for code in verdict.lifts.get(bare.id, ()):
            if not verdict.denied((bare.id,)):
                break
            verdict = self.trials.judged((bare, ClaimLine(f"+{code}", code, day=line.day)))
        yield from (rule for rule, id in verdict.questions if id == bare.id)

    def _of_marked(self, line: ClaimLine) -> Iterator[str]:
        """The rules that leave it undecided beside a marked line of its code, and that one too.

        The modifier of one line may tell what kind of code both are of.
        """
        bare = replace(_plain(line), id=f"+{line.code}")
        for other in self.lines:
            alike = (other.code, other.day or 0) == (line.code, line.day or 0)
            if other.modifiers and alike:
                asked = self.trials.judged((other, bare)).questions
                yield from (
                    rule for rule, id in asked if id == bare.id and (rule, other.id) in asked
                )


def _plain(line: ClaimLine) -> ClaimLine:
    said = line.description, line.ndc
    return ClaimLine(line.id, line.code, None, (), line.day, None, (), None, *said)
