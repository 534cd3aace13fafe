"""`explain`: why a line is there, what became of an administration, where a rule applied."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from infucode.engine.answer import Outcome
from infucode.errors import UsageError
from infucode.model.encounter import Encounter
from infucode.model.explanation import (
    CodeExplained,
    ExplainedLine,
    Explanation,
    Fate,
    Fired,
    RuleExplained,
    Sets,
    Unreported,
)
from infucode.model.proof import Step
from infucode.model.solution import CodeSet, Line, NotReported, Solution, Warned
from infucode.questions.explain_codes import code_uses, known_codes, would_have
from infucode.questions.explain_rule import fired_in, nearly_in, none_at_all, rules_of
from infucode.questions.found import Found
from infucode.questions.solve import proof_of
from infucode.rulebook.nearest import nearest

T = TypeVar("T")
NOT_LINES = ("withheld", "merged", "lost_minutes", "service_withheld", "cannot_tell",
             "cannot_tell_part")  # fmt: skip
"""The outcomes that stand in `not_reported`, or would."""
FIELDS = ("code", "label", "units", "modifiers", "date", "visit", "access", "administrations",
          "services", "charge", "because")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: a rule, or the lines of a code, of an administration, of a code set."""

    line: str | None = None
    administration: str | None = None
    code_set: int | None = None
    rule: str | None = None
    full: bool = False


class Explainer:
    """Explains the answer to one encounter."""

    def __init__(self, encounter: Encounter, solution: Solution, found: Sequence[Found]) -> None:
        self.encounter, self.solution = encounter, solution
        self.found = list(found[: len(solution.code_sets)])

    def answer(self, wanted: Wanted) -> Explanation:
        """Raises UsageError where the record or the rulebook holds no such thing."""
        if not self.found:
            says = " ".join(warning.says for warning in self.solution.warnings)
            raise UsageError(f"nothing was judged, so there is nothing to explain: {says}")
        total = len(self.found)
        if wanted.code_set is not None and not 1 <= wanted.code_set <= total:
            sets = "only one code set" if total == 1 else f"{total} code sets"
            raise UsageError(f"there is no code set {wanted.code_set}: the record allows {sets}")
        found = self._asked(wanted)
        head = self.solution
        return Explanation(head.encounter, head.policy, head.outcome, total, found)

    def _asked(self, wanted: Wanted) -> CodeExplained | RuleExplained | Fate:
        if wanted.administration is not None:
            self._known(wanted.administration)
        if wanted.rule is not None:
            return self._rule(wanted, wanted.rule)
        if wanted.line is None and wanted.administration is not None:
            return self._fate(wanted, wanted.administration)
        return self._code(wanted)

    # ---- lines ----

    def _code(self, wanted: Wanted) -> CodeExplained:
        code, _, modifier = (wanted.line or "").upper().partition("-")
        id = wanted.administration
        lines = self._lines(
            wanted,
            lambda line: (
                code in ("", line.code)
                and (not modifier or modifier in line.modifiers)
                and (id is None or id in (*line.administrations, *line.services))
            ),
        )
        book = self.found[0].reasons.program
        if lines or not code:
            return CodeExplained(code, book.labels.get(code, ""), lines)
        on_claim = self._codes()
        known = known_codes(self.found, self.encounter)
        if code not in known:
            begun = [f"`{c}`" for c in on_claim if c.startswith(code)]
            hint = f"did you mean {' or '.join(begun)}?" if begun else ""
            hint = hint or nearest(code, on_claim) or nearest(code, tuple(sorted(known)))
            have = f"the claim has {', '.join(on_claim)}" if on_claim else "the claim has no line"
            raise UsageError(f"`{code}` is no code that these rules know; {hint or have}")
        uses = tuple(code_uses(self.found[0], code))
        return CodeExplained(code, book.labels.get(code, ""), (), uses, on_claim,
                             tuple(self._named_in(code)))  # fmt: skip

    def _codes(self) -> tuple[str, ...]:
        lines = (line for s in self.solution.code_sets for line in s.lines)
        return tuple(sorted({line.code for line in lines}))

    def _lines(self, wanted: Wanted, fits: Callable[[Line], bool]) -> tuple[ExplainedLine, ...]:
        """The lines that fit, each once, with the code sets that hold it."""
        entries = []
        for number, (found, code_set) in self._sets(wanted):
            for line in code_set.lines:
                if fits(line):
                    key = tuple(getattr(line, name) for name in FIELDS)
                    entries.append((key, number, (found, line)))
        made = []
        for sets, (found, line) in self._together(entries):
            proof = proof_of(found, line, short=not wanted.full, only=wanted.administration)
            made.append(ExplainedLine(sets, line, tuple(proof)))
        return tuple(made)

    def _sets(self, wanted: Wanted) -> list[tuple[int, tuple[Found, CodeSet]]]:
        pairs = enumerate(zip(self.found, self.solution.code_sets, strict=False), 1)
        return [(n, pair) for n, pair in pairs if wanted.code_set in (None, n)]

    def _together(self, entries: Iterable[tuple[Hashable, int, T]]) -> list[tuple[Sets, T]]:
        """Equal entries of several code sets as one; no numbers where all have it."""
        numbers: dict[Hashable, list[int]] = {}
        first: dict[Hashable, T] = {}
        for key, number, value in entries:
            numbers.setdefault(key, []).append(number)
            first.setdefault(key, value)
        total = len(self.found)
        found = []
        for key, value in first.items():
            sets = tuple(dict.fromkeys(numbers[key]))
            found.append((() if len(sets) == total else sets, value))
        return found

    def _named_in(self, code: str) -> Iterable[NotReported]:
        """What is not reported and would have had the code."""
        hidden = [*self.solution.not_reported]
        hidden += [n for s in self.solution.code_sets for n in s.not_reported]
        ids = frozenset[str]().union(*(would_have(found, code) for found in self.found))
        named = {
            (outcome.rule, str(outcome.arguments[0]))
            for found in self.found
            for outcome in _outcomes(found)
            if found.reasons.speaks_of(outcome, code) or str(outcome.arguments[0]) in ids
        }
        fits = (n for n in hidden if (n.rule, n.administration or n.service) in named)
        return dict.fromkeys(fits)

    # ---- one administration or service ----

    def _known(self, id: str) -> None:
        items = {a.id: a.drug for a in self.encounter.administrations}
        items |= {s.id: s.code for s in self.encounter.services}
        if id not in items:
            listed = ", ".join(f"`{known}` ({what})" for known, what in items.items())
            hint = nearest(id, tuple(items)) or f"the record has {listed}"
            raise UsageError(f"there is no administration or service `{id}`; {hint}")

    def _fate(self, wanted: Wanted, id: str) -> Fate:
        lines = self._lines(wanted, lambda line: id in (*line.administrations, *line.services))
        entries = []
        for number, (found, code_set) in self._sets(wanted):
            for item in (*self.solution.not_reported, *code_set.not_reported):
                if id in (item.administration, item.service):
                    entries.append((item, number, (found, item)))
        hidden = tuple(
            Unreported(sets, item, tuple(self._why_not(found, item, wanted.full)))
            for sets, (found, item) in self._together(entries)
        )
        asks = tuple(ask for ask in self.solution.asks if ask.administration == id)
        service = all(a.id != id for a in self.encounter.administrations)
        return Fate(id, service, lines, hidden, asks, tuple(self._warned(id)))

    def _why_not(self, found: Found, item: NotReported, full: bool) -> list[Step]:
        atoms = [
            outcome.atom
            for outcome in _outcomes(found)
            if outcome.rule == item.rule
            and str(outcome.arguments[0]) in (item.administration, item.service)
        ]
        if full:
            return [found.reasons.proof(atom) for atom in atoms]
        return found.reasons.told(atoms)

    def _warned(self, id: str) -> Iterable[Warned]:
        seen: dict[Warned, None] = {}
        for found in self.found:
            for kind in ("warning", "service_warning"):
                for outcome in found.answer.of(kind):
                    if str(outcome.arguments[0]) == id:
                        reason = found.reasons.reason(outcome)
                        seen.setdefault(Warned(reason.rule, reason.says, reason.cite))
        return seen

    # ---- one rule ----

    def _rule(self, wanted: Wanted, id: str) -> RuleExplained:
        book = self.found[0].reasons.program.book
        rules = rules_of(book, id)
        if not rules:
            return none_at_all(book, id)
        fired, nearly = [], []
        for number, (found, _) in self._sets(wanted):
            for item in fired_in(found, id, full=wanted.full):
                fired.append(((item.says, item.text), number, item))
            for near in nearly_in(found, id):
                nearly.append(((near.about, near.failed, near.place), number, near))
        papers = rules[0].papers
        return RuleExplained(
            id, papers.text, papers.cite, tuple(dict.fromkeys(r.place for r in rules)), True,
            tuple(Fired(sets, step) for sets, step in self._together(fired)),
            tuple(replace(near, sets=sets) for sets, near in self._together(nearly)),
        )  # fmt: skip


def _outcomes(found: Found) -> Iterable[Outcome]:
    return (outcome for kind in NOT_LINES for outcome in found.answer.of(kind))
