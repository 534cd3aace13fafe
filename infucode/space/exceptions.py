"""What an exception changes: the outcomes where it holds, beside those without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from infucode.passes.values import TEXT_MARK, Row
from infucode.rulebook.book import Rulebook
from infucode.rulebook.checks import BROKEN
from infucode.rulebook.language import Signature
from infucode.rulebook.library import outcome_signatures
from infucode.rulebook.rules import Rule, exception_name, weave
from infucode.space.models import Given

SETS_ASIDE: Signature = ("sets_aside", 3)
STANDS: Signature = ("stands_beside", 4)
LOST: Signature = ("lost_to", 4)
WON: Signature = ("won_by", 4)
ADMINISTRATION: Signature = ("administration", 1)
Outcomes = Mapping[Signature, Mapping[Row, None]]
Ask = Callable[[Given], Outcomes]


class Exceptions:
    """The exceptions of one rulebook. `made` makes what answers another rulebook's outcomes."""

    reads = frozenset((SETS_ASIDE, STANDS, LOST, WON))

    def __init__(
        self, book: Rulebook, made: Callable[[Rulebook, Sequence[Signature]], Ask]
    ) -> None:
        self.book, self._made = book, made
        self._answers: dict[str, Ask] = {}
        self.named: dict[Signature, tuple[str, str]] = {
            (exception_name(beats.rule, rule.papers.id), len(beats.on)): (
                rule.papers.id, beats.rule,
            )
            for rule in self.rules
            for beats in rule.papers.beats
        }  # fmt: skip
        """By what says where it holds: each exception and a rule that it names."""
        self.outcomes = self.asks = tuple(self.named)

    def alike(self, stated: Iterable[Signature]) -> None:
        """Any predicate may make two encounters differ."""

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules in force, without exceptions woven in."""
        library, woven = self.book.library, {rule.place for rule in self.book.rules}
        return [rule for rule in library.rules if rule.place in woven]

    @cached_property
    def told(self) -> tuple[Signature, ...]:
        """The outcomes that are compared."""
        return tuple(sorted(outcome_signatures(self.book.vocabulary) - {BROKEN}))

    def rows(self, fixed: Given, given: Given, outcomes: Outcomes) -> Given:
        """What the exceptions that hold in a world change; nothing where none does."""
        held = {s: outcomes[s] for s in self.named if outcomes.get(s)}
        if not held:
            return {}
        found: Given = {}
        first = min(str(row[0]) for row in {**fixed, **given}[ADMINISTRATION])
        with_it = self._ask("", given)
        for exception in dict.fromkeys(self.named[s][0] for s in held):
            for signature, rows in held.items():
                if self.named[signature][0] == exception:
                    named = TEXT_MARK + self.named[signature][1]
                    own = {(TEXT_MARK + exception, named, TEXT_MARK + str(r[0])) for r in rows}
                    found.setdefault(SETS_ASIDE, {}).update(dict.fromkeys(own))
            without = self._ask(exception, given)
            for signature, one, other in (
                (STANDS, with_it, ()), (LOST, without, with_it), (WON, with_it, without),
            ):  # fmt: skip
                rows = _rows(exception, one, other, first)
                if rows:
                    found.setdefault(signature, {}).update(rows)
        return found

    def _ask(self, exception: str, given: Given) -> Outcomes:
        if exception not in self._answers:
            book = self.without(exception) if exception else self.book
            self._answers[exception] = self._made(book, self.told)
        return self._answers[exception](given)

    def without(self, exception: str) -> Rulebook:
        """The rulebook as if an exception gave no outcome and set nothing aside."""
        outcomes = outcome_signatures(self.book.vocabulary)
        rules = [
            replace(rule, papers=replace(rule.papers, beats=()))
            if rule.papers.id == exception
            else rule
            for rule in self.rules
            if rule.papers.id != exception or rule.clause.head.signature not in outcomes
        ]
        return replace(self.book, rules=tuple(weave(rules, outcomes)))


def _rows(
    exception: str, one: Outcomes, other: Outcomes | tuple[()], first: str
) -> dict[Row, None]:
    return dict.fromkeys(_differing(exception, one, other or {}, first))


def _differing(exception: str, one: Outcomes, other: Outcomes, first: str) -> Iterator[Row]:
    """The rule and subject of each outcome of one answer that the other has not."""
    for signature, rows in one.items():
        if signature[0].startswith("exception__") or signature[1] < 2:
            continue
        beside = other.get(signature, {})
        for row in rows:
            if row not in beside:
                subject = str(row[1])
                shown = subject if subject.startswith("a") else first
                yield TEXT_MARK + exception, row[0], TEXT_MARK + subject, shown
