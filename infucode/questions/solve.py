"""`solve`: every code set that the documented facts allow, with reasons."""

from __future__ import annotations

from infucode.engine.facts import Facts
from infucode.engine.program import Program
from infucode.errors import UsageError
from infucode.model.encounter import Encounter
from infucode.model.proof import Step
from infucode.model.solution import Line, PolicyRef, Solution, Warned
from infucode.questions.completions import MOST_SETS, Completions, complete
from infucode.questions.found import Found, draft_of, outcomes_of
from infucode.questions.hangs import StandIns
from infucode.questions.reasons import Reasons
from infucode.questions.view import View


class Solver:
    """Solves encounters under one program."""

    def __init__(self, program: Program, stand_ins: StandIns) -> None:
        self.program, self.stand_ins = program, stand_ins

    def solve(
        self,
        encounter: Encounter,
        facts: Facts,
        policy: PolicyRef,
        *,
        explain: bool = True,
        strict: bool = False,
        notices: tuple[Warned, ...] = (),
    ) -> tuple[Solution, list[Found]]:
        """The solution and what stands behind each of its code sets.

        Without `explain` the reasons and what lines hang on are left empty.
        """
        completions = self.completions(encounter, facts)
        found = self._distinct(completions, encounter, facts)
        if explain or strict:
            for item in found[:MOST_SETS]:
                item.others = self.stand_ins.others(encounter, item.reasons.model)
        view = View(self.stand_ins, encounter, completions, found, explain)
        return view.solution(policy, notices, strict), found

    def completions(self, encounter: Encounter, facts: Facts) -> Completions:
        """The worlds of an encounter."""
        return complete(self.program, encounter, facts)

    def _distinct(
        self, completions: Completions, encounter: Encounter, facts: Facts
    ) -> list[Found]:
        sets: dict[object, Found] = {}
        for world in completions.worlds:
            known = sets.get(world.answer.claim)
            if known is None:
                supposed = facts.supposing(world.extra, self.program.book.vocabulary)
                reasons = Reasons(self.program, encounter, supposed)
                sets[world.answer.claim] = Found([world], reasons, [])
            else:
                known.worlds.append(world)
        return list(sets.values())


def proof_of(
    found: Found, line: Line, *, short: bool = False, only: str | None = None
) -> list[Step]:
    """The proof trees of the outcomes behind one line of a code set.

    `only` leaves those about one administration or service, if there are any. Raises UsageError
    if the code set has no such line.
    """
    draft = draft_of(found, line)
    if draft is None:
        raise UsageError(f"there is no line {line.code} in this code set")
    outcomes = outcomes_of(found.answer, draft)
    own = [outcome for outcome in outcomes if str(outcome.arguments[0]) == only]
    atoms = [outcome.atom for outcome in own or outcomes]
    if short:
        return found.reasons.told(atoms)
    return [found.reasons.proof(atom) for atom in atoms]
