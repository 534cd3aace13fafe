"""What a case expects, read from its file; and the words that may be named there."""

from __future__ import annotations

from collections.abc import Collection

from infucode.documents import words
from infucode.documents.nodes import Scalar
from infucode.documents.problems import Problems, Refusal, listing, nearest, quote
from infucode.documents.readers import (
    BOOLEAN,
    CODE,
    DATE,
    IDENTIFIER,
    MODIFIER,
    Reader,
    text,
    text_of,
    whole,
    word,
)
from infucode.documents.record import Record
from infucode.model.encounter import Encounter
from infucode.workbench.case import Expected, ExpectedAsk, ExpectedLine, ExpectedNotReported

OUTCOMES = ("coded", "ambiguous", "blocked")
_SENTENCE = text(200)
_UNITS = whole(1, 9999)
_VISIT = whole(1, 99)


class Expectations:
    """Reads what is under `expect`."""

    def __init__(
        self, problems: Problems, encounter: Encounter | None, rule: Reader[str]
    ) -> None:
        self.problems, self.rule = problems, rule
        self.administration = IDENTIFIER
        self.service = IDENTIFIER
        if encounter is not None:
            self.administration = one_of("administration", ids(encounter.administrations))
            self.service = one_of("service", ids(encounter.services))

    def read(self, case: Record) -> Expected | None:
        at = case.record("expect", "what is expected")
        if at is None:
            return None
        sets = self._code_sets(at)
        stated = at.optional("outcome", word(OUTCOMES))
        lines = self._lines(at) if at.has("lines") else None
        expected = Expected(
            stated or ("coded" if sets is None else "ambiguous"),
            lines,
            at.defaulted("complete", BOOLEAN, True),
            at.values("absent", CODE, words.MAX_ITEMS, "codes"),
            self._not_reported(at),
            self._asks(at),
            sets,
        )
        at.done()
        self._check(at, expected)
        return expected

    def _check(self, at: Record, expected: Expected) -> None:
        if at.has("complete") and expected.lines is None:
            help = "add `lines:`; `lines: []` says that nothing is reported"
            at.refuse("complete", "`complete` says nothing without `lines`", help)
        says = any(
            (
                at.has("outcome"),
                expected.lines,
                expected.lines is not None and expected.complete,
                expected.absent,
                expected.not_reported is not None,
                expected.asks is not None,
                expected.code_sets,
            )
        )
        if not says:
            message = "nothing is expected here, so the case can never fail"
            self.problems.add(at.node, message, "say what the answer must be")

    def _lines(self, at: Record) -> tuple[ExpectedLine, ...]:
        records = at.records("lines", "the line", words.MAX_CLAIM_LINES, "lines")
        return tuple(self._line(record) for record in records)

    def _line(self, at: Record) -> ExpectedLine:
        modifiers = at.values("modifiers", MODIFIER, words.MAX_MODIFIERS, "modifiers")
        line = ExpectedLine(
            at.required("code", CODE, ""),
            at.required("units", _UNITS, 1),
            modifiers if at.has("modifiers") else None,
            at.optional("date", DATE),
            at.optional("visit", _VISIT),
            at.optional("access", IDENTIFIER),
        )
        at.done()
        return line

    def _code_sets(self, at: Record) -> tuple[tuple[ExpectedLine, ...], ...] | None:
        if not at.has("code_sets"):
            return None
        sets = []
        for record in at.records("code_sets", "the code set", words.MAX_ITEMS, "code sets"):
            if not record.has("lines"):
                record.missing("lines", "add `lines:`; `lines: []` is a set without any")
            sets.append(self._lines(record))
            record.done()
        return tuple(sets)

    def _not_reported(self, at: Record) -> tuple[ExpectedNotReported, ...] | None:
        if not at.has("not_reported"):
            return None
        found = []
        for record in at.records("not_reported", "the entry", words.MAX_ITEMS, "entries"):
            entry = ExpectedNotReported(
                record.required("rule", self.rule, ""),
                record.optional("administration", self.administration),
                record.optional("service", self.service),
                record.optional("part", _SENTENCE),
            )
            if (entry.administration is None) == (entry.service is None):
                record.missing("administration", "name one administration or one service")
            record.done()
            found.append(entry)
        return tuple(found)

    def _asks(self, at: Record) -> tuple[ExpectedAsk, ...] | None:
        if not at.has("asks"):
            return None
        found = []
        for record in at.records("asks", "the question", words.MAX_ITEMS, "questions"):
            fact = record.required("fact", IDENTIFIER, "")
            found.append(
                ExpectedAsk(fact, record.optional("administration", self.administration))
            )
            record.done()
        return tuple(found)


def ids(items: Collection[object]) -> tuple[str, ...]:
    return tuple(getattr(item, "id", "") for item in items)


def unknown(what: str, name: str, known: Collection[str]) -> tuple[str, str]:
    close = nearest(name, known)
    hint = f"did you mean {quote(close)}? " if close else ""
    shown = f"known are {listing(sorted(known))}" if known else "the encounter has none"
    return f"there is no {what} {quote(name)}", hint + shown


def one_of(what: str, known: Collection[str]) -> Reader[str]:
    def read(scalar: Scalar) -> str:
        value = text_of(scalar)
        if value not in known:
            raise Refusal(*unknown(what, value, known))
        return value

    return Reader(f"one of {listing(sorted(known))}", read)


def rule_id(known: frozenset[str] | None) -> Reader[str]:
    """A rule id of the plan; any id where the plan itself is unknown."""

    def read(scalar: Scalar) -> str:
        value = text_of(scalar)
        if known is not None and value not in known:
            close = nearest(value, known)
            hint = f"did you mean {quote(close)}?" if close else "see `infucode rules`"
            raise Refusal(f"the plan has no rule {quote(value)}", hint)
        return value

    return Reader("the id of a rule", read)
