"""Whether the check of a claim denies what the rules earned: asked once for each claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from decimal import Decimal
from functools import cached_property, partial

from infucode.batch.engine.rows import Kinds
from infucode.batch.engine.solving import QuickSolver, RowSolver
from infucode.batch.engine.whole import Running, compile_whole
from infucode.engine.claim_facts import claim_facts_of
from infucode.engine.facts import facts_of
from infucode.engine.frame import Frame
from infucode.engine.program import Program
from infucode.model.claim import Earned
from infucode.model.encounter import ClaimLine, Encounter
from infucode.model.solution import Line, PolicyRef
from infucode.passes.values import TEXT_MARK, Row, row_of
from infucode.policy import Policy
from infucode.questions.check_record import coded
from infucode.questions.checking import require_claim_rules
from infucode.questions.solve import Solver
from infucode.rulebook.book import Rulebook
from infucode.rulebook.language import Signature
from infucode.rulebook.library import input_signatures
from infucode.space.models import Given
from infucode.space.remembering import Memory, Remembering
from infucode.space.written import FIELDS, SERVICE, encounter_of, fact_id

DENIED: Signature = ("denied", 2)
CLAIM: tuple[Signature, ...] = (
    ("line", 6), ("modifier", 4), ("modifier_on", 5), ("own_line", 3), ("charged_access", 3),
    ("charge", 4), ("service_line", 4), ("visit_modifier", 3),
)  # fmt: skip
"""The outcomes that make the claim."""
OPEN: tuple[Signature, ...] = (
    ("cannot_tell", 2), ("cannot_tell_part", 3), ("open_stop", 2), ("open_reason", 5),
)  # fmt: skip
"""The outcomes that leave something open."""
ASSUMED_REASON: Signature = ("assumed_reason", 1)
EARNING: tuple[Signature, ...] = (("line", 6), ("service_line", 4))
DENYING: tuple[Signature, ...] = (("deny", 2), ("deny_beside", 3))
GIVEN = frozenset((("administration", 1), ("service", 1), *((name, 2) for name in FIELDS)))
"""What is stated of what was given, which a check names and never states."""
MOST_CLAIMED = 4
"""Claims of more services are not checked: there are too many different ones."""
DENY, CODED, COMPLETE = "deny", "coded", "complete"
VISIT: Signature = ("visit", 2)
NAMED = frozenset(("dose_code", "hcpcs", "container", *SERVICE, "service_modifier"))
"""What is stated of drugs and services that a check hears of."""
Outcomes = Mapping[Signature, Mapping[Row, None]]


class Claims:
    """Checks the claims of one rulebook's answers.

    Equal claims of stays that state the same get one check: only what it reads is compared.
    """

    reads = frozenset((DENIED,))
    outcomes = (*CLAIM, *OPEN)
    asks = EARNING

    def __init__(self, book: Rulebook, day: Date) -> None:
        self.day, self.switches = day, dict(book.overrides)
        self.policy = Policy(book.library)
        self._clean: dict[object, bool] = {}

    @cached_property
    def _ready(self) -> tuple[Solver, PolicyRef]:
        ready = self.policy.ready(self.day, self.switches, self.day)
        assert ready is not None
        solver, policy, _ = ready
        require_claim_rules(solver)
        rows = RowSolver(solver, Kinds(self.policy.library.vocabulary))
        return QuickSolver(solver, rows), policy

    @cached_property
    def _judging(self) -> Running:
        book = self._ready[0].program.book
        frame = Frame.of(list(book.rules), input_signatures(book.vocabulary), DENYING)
        program = Program(book, frame)
        whole = compile_whole(
            frame.about, program.steps, program.tables, (program.inputs & frame.reads) - GIVEN,
            DENYING, partial(Remembering, Memory()),
        )  # fmt: skip
        return Running(whole)

    def rows(self, fixed: Given, given: Given, outcomes: Outcomes) -> Given:
        """What is denied of the claim of a world; nothing where something is open or supposed."""
        if ASSUMED_REASON in given or any(outcomes.get(signature) for signature in OPEN):
            return {}
        if not any(outcomes.get(signature) for signature in EARNING):
            return {}
        key = self._key(given, outcomes)
        found = self._clean.get(key)
        if not found:
            denied = self._denied(encounter_of({**fixed, **given}, self.day))
            self._clean[key] = not denied
            return denied
        return {}

    def _denied(self, encounter: Encounter) -> Given:
        solver, policy = self._ready
        vocabulary = self.policy.library.vocabulary
        facts = facts_of(encounter, vocabulary)
        record = coded(solver, encounter, facts, policy, explain=False, strict=False).record
        if record.state != COMPLETE or not record.expected:
            return {}
        lines = claimed_lines(list(record.expected.values()), encounter)
        claimed = replace(encounter, claim_lines=lines)
        facts = claim_facts_of(claimed, record, None, vocabulary)
        given: Given = {}
        for signature, symbol in facts.signed:
            given.setdefault(signature, {})[row_of(symbol)] = None
        names = facts.names.values
        lines_of = {line.id: line for line in lines}
        ids = {str(symbol): lines_of[id] for symbol, id in names.items() if id in lines_of}
        running = self._judging
        rows = dict(zip(running.whole.outcomes, running.outcomes(given), strict=True))
        found = [
            (str(row[0])[len(TEXT_MARK) :], [ids[str(line)] for line in row[1:]])
            for signature in DENYING
            for row in rows.get(signature, ())
        ]
        return _shown(found, encounter)

    def again(self, encounter: Encounter) -> Given:
        """The same of a document, as `solve` and `check` answer it."""
        solution = self.policy.solve(
            encounter, switches=self.switches, as_of=self.day, explain=False
        ).solution
        if solution.outcome != CODED or not solution.code_sets[0].lines:
            return {}
        lines = claimed_lines(solution.code_sets[0].lines, encounter)
        judged = self.policy.check(
            replace(encounter, claim_lines=lines),
            switches=self.switches, as_of=self.day, explain=False,
        )  # fmt: skip
        by_id = {line.id: line for line in lines}
        found = [
            (violation.rule, [by_id[id] for id in violation.lines])
            for violation in judged.checked.violations
            if violation.severity == DENY
        ]
        return _shown(found, encounter)

    def _key(self, given: Given, outcomes: Outcomes) -> object:
        """What of a world reaches the check: no rule reads which administration earned what."""
        earned: dict[object, list[object]] = {}
        for id, visit in given.get(VISIT, ()):
            earned[id] = [visit]
        for name in CLAIM:
            for row in outcomes.get(name, ()):
                earned.setdefault(row[1], []).append((name, row[2:]))
        shared = Counter(frozenset(own) for own in earned.values())
        stay = [(s, frozenset(given[s])) for s in self._read(given)]
        return frozenset(shared.items()), frozenset(stay)


    def _read(self, stated: Iterable[Signature]) -> list[Signature]:
        """What is stated that the check hears of."""
        inputs = self._judging.whole.inputs
        return [s for s in stated if s in inputs or s[0] in NAMED]

    def alike(self, stated: Iterable[Signature]) -> list[Signature]:
        """What the key of a claim is made from, and whether something is supposed."""
        own = [s for s in stated if s in (VISIT, ASSUMED_REASON)]
        return [*own, *self._read(stated)]


def _shown(found: Sequence[tuple[str, Sequence[ClaimLine]]], encounter: Encounter) -> Given:
    """Each denial with the administrations of the line that it is about, else with all."""
    all = tuple(item.id for item in encounter.administrations)
    rows = {
        (TEXT_MARK + rule, fact_id(id)): None
        for rule, lines in found
        for id in ((lines[0].administrations if lines else ()) or all)
    }
    return {DENIED: dict(sorted(rows.items()))} if rows else {}


def claimed_lines(earned: Sequence[Earned | Line], encounter: Encounter) -> tuple[ClaimLine, ...]:
    """What is earned as the lines of a claim, each with what it is for."""
    return tuple(
        ClaimLine(
            f"L{number}", line.code, Decimal(line.units), line.modifiers,
            (line.date - encounter.date).days, line.visit, line.administrations,
            None if line.charge is None else Decimal(line.charge), line.label or line.code,
        )
        for number, line in enumerate(earned, 1)
    )  # fmt: skip
