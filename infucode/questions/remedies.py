"""Conflicts and repairs of a checked claim: other claims are judged over the same record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from infucode.engine.answer import Outcome
from infucode.engine.claim_facts import Record, claim_facts_of
from infucode.model.claim import Cap, Remedies, Repair
from infucode.passes.values import TEXT_MARK, symbol_of_atom
from infucode.questions.check_order import findings_of, states_of
from infucode.questions.conflicts import MOST_CONFLICTS, Conflicts
from infucode.questions.edit_words import edit_of
from infucode.questions.edits import Edits, Option, applied
from infucode.questions.reasons import Reasons
from infucode.questions.repair_groups import Group, grouped, merged
from infucode.questions.repairs import MOST_REPAIRS, Chosen, Repairs
from infucode.questions.trials import TOO_MANY, Claim, TooManyTrials, Trials, Verdict

if TYPE_CHECKING:
    from infucode.tables.rows import Slice

STATES = (("violates", "violating"), ("review", "review"), ("undecided", "undecided"))
HEAVY = ("stands", "undecided", "review", "violates")
"""The states of a line, the best first."""
DENIED = HEAVY.index("violates")
NEEDS = ("mark_with", "needed", "needed_fact")
MOST_NEEDS = 12
"""Edits of one repair of which it is asked what they give up."""


class Remedying:
    """The conflicts and repairs of one claim. ``reasons`` are those of its check."""

    def __init__(
        self,
        reasons: Reasons,
        record: Record,
        held: Slice | None,
        supposed: Callable[[str], Iterable[Record]] | None = None,
    ) -> None:
        """``supposed`` gives what the record would earn with one absent fact of a kind."""
        self.reasons, self.record, self.held = reasons, record, held
        self.supposed = supposed
        self.encounter = reasons.wording.encounter
        self.lines: Claim = self.encounter.claim_lines
        self.caps: dict[Cap, None] = {}
        self._stands: dict[str, frozenset[str]] = {}

    def remedies(self) -> Remedies:
        """All of it; nothing where no line is denied."""
        return replace(self._found(), begins=self.encounter.date)

    def _found(self) -> Remedies:
        try:
            self.trials = Trials(self.reasons.program, self.encounter, self.reasons.model)
            whole = self.trials.judged(self.lines)
        except TooManyTrials:
            said = f"a claim of {len(self.lines)} lines is too long to be searched"
            return Remedies(caps=(Cap("conflicts", 0, said), Cap("repairs", 0, said)))
        if not whole.denials:
            return Remedies()
        searched = Conflicts(self.trials, whole)
        conflicts = searched.search()
        for said in searched.cut:
            self._cap("conflicts", len(conflicts), said)
        self.conflicts = [frozenset(conflict.lines) for conflict in conflicts]
        self.search = Repairs(self.trials, whole, Edits(self.trials, self.record))
        repairs: list[Repair] = []
        if len(conflicts) < MOST_CONFLICTS:
            repairs = self._searched(whole)
        if not repairs:
            repairs = self._one_way()
        return Remedies(tuple(conflicts), tuple(repairs), tuple(self.caps))

    def _searched(self, whole: Verdict) -> list[Repair]:
        repairs: list[Repair] = []
        try:
            repairs += self._repairs(whole)
        except TooManyTrials:
            self.search.cut.append(TOO_MANY)
        for said in self.search.cut if repairs else ():
            self._cap("repairs", len(repairs), said)
        return repairs

    def _one_way(self) -> list[Repair]:
        """One repair of a claim that could not be searched for the least ones."""
        self.trials.go_on()
        self.search.cut.clear()
        try:
            chosen = self.search.by_leaving_out()
            found = None if chosen is None else self._shown(chosen)
        except TooManyTrials:
            found = None
        if found is None:
            self._cap("repairs", 0, "the claim could not be searched for repairs within limits")
            return []
        said = self.search.cut or ["none of the lines left out could stay"]
        self._cap("repairs", 1, f"too much is denied to look for the least; {said[0]}")
        return [found]

    def _cap(self, what: str, count: int, says: str) -> None:
        self.caps[Cap(what, count, says)] = None

    def _repairs(self, whole: Verdict) -> Iterator[Repair]:
        """The best repair of every group together, then each other one in its place."""
        parts, found = self._apart(grouped(self.lines, whole, self.conflicts))
        sets = list(self._together(parts, found))
        if not sets and len(parts) > 1 and all(found):
            parts = [merged(parts)]
            found = [self.search.of(parts[0])]
            sets = list(self._together(parts, found))
        shown = 0
        for chosen in sets:
            repair = self._shown(chosen)
            if repair is not None:
                shown += 1
                yield repair
        ways = [len(own) for own in found]
        if any(number > MOST_REPAIRS for number in ways):
            said = f"of {max(ways)} ways to repair lines that hang together, {MOST_REPAIRS} stand"
            self._cap("repairs", shown, said)
        if len([number for number in ways if number > 1]) > 1:
            self._cap("repairs", shown, _said_together(ways))

    def _apart(self, parts: list[Group]) -> tuple[list[Group], list[list[Chosen]]]:
        """The groups and their repairs; a group whose repairs touch another's lines joins it."""
        while True:
            found = [self.search.of(group) for group in parts]
            for group, own in zip(parts, found, strict=True):
                touched = {option.line for chosen in own for option in chosen}
                others = [n for n in parts if n is not group and touched.intersection(n.lines)]
                if others:
                    kept = [n for n in parts if n is not group and n not in others]
                    parts = [*kept, merged([group, *others])]
                    break
            else:
                return parts, found

    def _together(
        self, parts: Sequence[Group], found: Sequence[Sequence[Chosen]]
    ) -> Iterator[Chosen]:
        if not all(found):
            return
        first = [own[0] for own in found]
        if not self._holds(parts, first):
            return
        yield _union(first)
        for place, own in enumerate(found):
            for other in own[1:MOST_REPAIRS]:
                chosen = [*first[:place], other, *first[place + 1 :]]
                if self._holds(parts, chosen):
                    yield _union(chosen)

    def _holds(self, parts: Sequence[Group], chosen: Sequence[Chosen]) -> bool:
        """Whether these edits of each group hold together, and no part of them does."""
        if not self.search.holds(_union(chosen)):
            return False
        return all(
            self.search.is_least(group, own, _union([*chosen[:n], *chosen[n + 1 :]]))
            for n, (group, own) in enumerate(zip(parts, chosen, strict=True))
        )

    def _shown(self, chosen: Chosen) -> Repair | None:
        """The repair in words, checked as a whole claim; None if that does not hold."""
        claim = applied(self.lines, chosen)
        outcome = self._checked(claim)
        if outcome == "violating":
            return None
        order = {id: n for n, id in enumerate(dict.fromkeys(
            line.id for line in (*self.lines, *claim)))}  # fmt: skip
        edits = sorted(chosen, key=lambda option: order[option.line])
        return Repair(
            tuple(edit_of(option, self.record, self.encounter.date) for option in edits),
            tuple(self._needs(chosen)),
            claim,
            outcome,
        )

    def _checked(self, claim: Claim) -> str:
        """The outcome of a check of these lines, from the facts on."""
        states = set(self._states(claim, self.record).values())
        return next((outcome for state, outcome in STATES if state in states), "valid")

    def _states(self, claim: Claim, record: Record) -> dict[str, str]:
        program = self.reasons.program
        changed = replace(self.encounter, claim_lines=claim)
        facts = claim_facts_of(changed, record, self.held, program.book.vocabulary)
        return states_of(findings_of(program.model(facts)))

    def _weights(self, record: Record) -> dict[str, int]:
        """How heavy what is found of each line of the claim is, with this record."""
        states = self._states(self.lines, record)
        return {line.id: HEAVY.index(states.get(line.id, "stands")) for line in self.lines}

    def _needs(self, chosen: Chosen) -> Iterator[str]:
        """What the edits give up that would stand if more were documented."""
        said: dict[str, None] = {}
        for option in sorted(chosen, key=lambda o: (o.line, o.op))[:MOST_NEEDS]:
            if option.before is None or not self._gives_up(option):
                continue
            for outcome, id, what in self._wants:
                if self._would(chosen, option, outcome.kind, id, what):
                    said[self.reasons.reason(outcome).says] = None
        yield from said

    def _would(
        self, chosen: Chosen, option: Option, kind: str, id: str, what: str | None
    ) -> bool:
        """Whether what an edit gives up would stand by a modifier or a fact, or may."""
        if kind == "mark_with" and what is not None:
            return self._marked(chosen, option, id, what)
        return id == option.line and (what is None or id in self._standing_with(what))

    def _standing_with(self, fact: str) -> frozenset[str]:
        """Lines that would be judged better, and not denied, if the record stated such a fact."""
        if fact not in self._stands:
            records = self.supposed(fact) if self.supposed is not None else ()
            now = self._weights(self.record)
            found: set[str] = set()
            for record in records:
                then = self._weights(record)
                found |= {id for id, weight in then.items() if weight < min(now[id], DENIED)}
            self._stands[fact] = frozenset(found)
        return self._stands[fact]

    def _marked(self, chosen: Chosen, given_up: Option, id: str, mark: str) -> bool:
        """Whether a modifier would do in place of an edit, and only more questions stay open."""
        joined = {given_up.line, id}
        if len(joined) > 1 and not any(joined <= conflict for conflict in self.conflicts):
            return False
        if self.trials.spent:
            return False
        rest = chosen - {given_up}
        line = next(n for n in self.lines if n.id == id)
        if mark in line.modifiers or any(option.line == id for option in rest):
            return False
        put = Option(id, line, replace(line, modifiers=(*line.modifiers, mark)))
        marked = rest | {put}
        return self.search.holds(marked, asked=True) and not self.search.holds(marked)

    @staticmethod
    def _gives_up(option: Option) -> bool:
        after, before = option.after, option.before
        if after is None or option.op == "set_units":
            return True
        return before is not None and after.code != before.code

    @cached_property
    def _wants(self) -> list[tuple[Outcome, str, str | None]]:
        return wants_of(self.reasons)


def wants_of(
    reasons: Reasons, kinds: Sequence[str] = NEEDS
) -> list[tuple[Outcome, str, str | None]]:
    """What would need documentation: the outcome, the line, a modifier where one would do."""
    model = reasons.model
    names = {symbol.name: value for symbol, value in model.facts.names.values.items()}
    found = []
    for signature, relation in model.relations.items():
        kind = signature[0]
        if kind not in kinds or signature not in model.program.outcomes:
            continue
        for row in relation.rows:
            said = [names.get(str(v), str(v).removeprefix(TEXT_MARK)) for v in row]
            outcome = Outcome(kind, said[0], tuple(said[1:]), symbol_of_atom(kind, row))
            found.append((outcome, said[1], said[2] if len(said) > 2 else None))
    return sorted(found, key=lambda item: (item[1], item[0].rule, item[2] or ""))


def _union(chosen: Iterable[Chosen]) -> Chosen:
    return frozenset(option for own in chosen for option in own)


def _said_together(ways: Sequence[int]) -> str:
    total = 1
    for number in ways:
        total *= number
    return (
        f"{len(ways)} groups of lines are repaired apart from each other; each way of one stands "
        f"beside the best of the others, not all {total} combinations"
    )
