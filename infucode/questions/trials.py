"""Other claims over the same record, judged by the second step of a check.

What the stay and the record give is answered once; for each claim only what hangs on its lines
is answered anew. Nothing is worded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import clingo

from infucode.engine.claim_facts import add_line
from infucode.engine.facts import Builder, Names
from infucode.engine.fixpoint import answer
from infucode.engine.program import Model, Program
from infucode.engine.relations import Relation
from infucode.model.encounter import ClaimLine, Encounter
from infucode.passes.values import TEXT_MARK, Row, Value, row_of
from infucode.questions.check_order import SEVERITIES
from infucode.rulebook.language import Signature

if TYPE_CHECKING:
    from infucode.engine.fixpoint import Stratum

Claim = tuple[ClaimLine, ...]
Stated = Sequence[tuple[Signature, Row]]
MOST_TRIALS = 3000
MOST_WORK = 3_000_000
"""Squares of the lengths of all claims that were tried: long claims cost more than short ones."""


TOO_MANY = "so many claims had to be tried that the search was ended"


class TooManyTrials(Exception):
    """So many claims were tried that the search has to end."""


@dataclass(frozen=True, slots=True)
class Denial:
    """A line that is denied by a rule, beside another where the rule names one."""

    rule: str
    line: str
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one claim."""

    denials: tuple[Denial, ...]
    reviews: frozenset[tuple[str, str]]
    """Rule and line."""
    questions: frozenset[tuple[str, str]]
    """Rule and line of what is undecided."""
    advice: int
    """How many remarks of the least severity, omissions among them."""
    lifts: Mapping[str, tuple[str, ...]]
    """By line: codes of further lines that could lift its denial."""

    def denied(self, ids: Iterable[str]) -> bool:
        """Whether one of these lines is denied."""
        own = set(ids)
        return any(denial.line in own for denial in self.denials)


class Trials:
    """Judges claims over one record, each once. Raises TooManyTrials at its limits."""

    def __init__(self, program: Program, encounter: Encounter, model: Model) -> None:
        """``model`` is the second step over the claim of ``encounter`` as it stands."""
        self.program, self.encounter = program, encounter
        self._whole = model.relations
        known = model.facts.names
        self._build = Builder(program.book.vocabulary)
        self._build.names = Names(
            {k: dict(v) for k, v in known.symbols.items()}, {**known.values}
        )
        self._base, self._strata = self._answered(model.facts.signed)
        self._stated: dict[tuple[ClaimLine, int], Stated] = {}
        self._known: dict[tuple[Claim, tuple[int, ...]], Verdict] = {}
        self._ids = {symbol.name: value for symbol, value in known.values.items()}
        self._outcomes = {signature[0]: signature for signature in program.outcomes}
        self._places = {line.id: n for n, line in enumerate(encounter.claim_lines, 1)}
        self.tried = self.work = 0

    def _answered(
        self, signed: Iterable[tuple[Signature, clingo.Symbol]]
    ) -> tuple[dict[Signature, Relation], Sequence[Stratum]]:
        """What hangs on no line, and the strata of what does."""
        program, frame = self.program, self.program.frame
        lines = {s for s in program.inputs if self._is_of_lines(s)}
        hanging = set(lines)
        for stratum in frame.about:
            if not hanging.isdisjoint(stratum.reads):
                hanging.update(stratum.heads)
        base = dict(program.tables)
        for signature, symbol in signed:
            if signature in frame.reads and signature not in lines:
                base.setdefault(signature, Relation()).rows[row_of(symbol)] = None
        live = frame.live({*base, *lines})
        answer([s for s in live if hanging.isdisjoint(s.heads)], program.steps, base)
        return base, [s for s in live if not hanging.isdisjoint(s.heads)]

    def _is_of_lines(self, signature: Signature) -> bool:
        types = self.program.book.vocabulary[signature].types
        return bool(types) and types[0].name == "claim_line"

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """The modifiers with which further lines are tried."""
        return tuple(row[-1] for row in self.said("tried_with"))

    def judged(self, claim: Claim) -> Verdict:
        """What the rules say of a claim, its lines in the order of their places."""
        places = self._numbered(claim)
        key = claim, places
        found = self._known.get(key)
        if found is None:
            at_hand = claim == self.encounter.claim_lines
            relations = self._whole if at_hand else self._relations(claim, places)
            found = self._known[key] = self._verdict(relations)
        return found

    def said(self, outcome: str) -> list[tuple[str, ...]]:
        """The rows of an outcome over the claim at hand as texts, the rule first."""
        return self._texts(self._whole, outcome)

    def _numbered(self, claim: Claim) -> tuple[int, ...]:
        """Places as on the claim at hand; further lines stand behind."""
        last = len(self._places)
        return tuple(self._places.get(line.id, last + n) for n, line in enumerate(claim, 1))

    @property
    def spent(self) -> bool:
        """Whether nothing more may be tried."""
        return self.tried >= MOST_TRIALS or self.work >= MOST_WORK

    def go_on(self) -> None:
        """Allow as many trials again."""
        self.tried = self.work = 0

    def _relations(self, claim: Claim, places: tuple[int, ...]) -> dict[Signature, Relation]:
        if self.spent:
            raise TooManyTrials
        self.tried += 1
        self.work += len(claim) ** 2
        relations = dict(self._base)
        fresh: dict[Signature, Relation] = {}
        for line, place in zip(claim, places, strict=True):
            for signature, row in self._facts(line, place):
                fresh.setdefault(signature, Relation()).rows[row] = None
        relations.update(fresh)
        answer(self._strata, self.program.steps, relations)
        return relations

    def _facts(self, line: ClaimLine, place: int) -> Stated:
        key = line, place
        found = self._stated.get(key)
        if found is None:
            self._build.signed = []
            add_line(self._build, line, place, self.encounter)
            reads = self.program.frame.reads
            found = self._stated[key] = [
                (signature, row_of(symbol))
                for signature, symbol in self._build.signed
                if signature in reads
            ]
            self._ids[self._build.names.symbol("claim_line", line.id).name] = line.id
        return found

    def _texts(
        self, relations: Mapping[Signature, Relation], outcome: str
    ) -> list[tuple[str, ...]]:
        signature = self._outcomes.get(outcome)
        found = None if signature is None else relations.get(signature)
        return [] if found is None else [tuple(map(self._text, row)) for row in found.rows]

    def _text(self, value: Value) -> str:
        text = str(value)
        if isinstance(value, str) and not text.startswith(TEXT_MARK):
            return self._ids.get(text, text)
        return text.removeprefix(TEXT_MARK)

    def _verdict(self, relations: Mapping[Signature, Relation]) -> Verdict:
        denials: dict[Denial, None] = {}
        reviews: set[tuple[str, str]] = set()
        advice = len(self._texts(relations, "omitted"))
        for kind, severity in SEVERITIES.items():
            for rule, line, *beside in self._texts(relations, kind):
                if severity == "deny":
                    denials[Denial(rule, line, beside[0] if beside else None)] = None
                elif severity == "review":
                    reviews.add((rule, line))
                else:
                    advice += 1
        lifts: dict[str, dict[str, None]] = {}
        for _, line, code in self._texts(relations, "lifted_by"):
            lifts.setdefault(line, {})[code] = None
        return Verdict(
            tuple(sorted(denials, key=lambda d: (d.line, d.rule, d.beside or ""))),
            frozenset(reviews),
            frozenset((rule, line) for rule, line in self._texts(relations, "undecided")),
            advice,
            {line: tuple(sorted(codes)) for line, codes in lifts.items()},
        )
