"""What a case expects, read from its file."""

from __future__ import annotations

from infucode.documents import words
from infucode.documents.problems import Problems
from infucode.documents.readers import (
    BOOLEAN,
    CODE,
    DATE,
    IDENTIFIER,
    MODIFIER,
    Reader,
    text,
    whole,
    word,
)
from infucode.documents.record import Record
from infucode.model.encounter import Encounter
from infucode.workbench.case import Expected, ExpectedAsk, ExpectedLine, ExpectedNotReported
from infucode.workbench.case_claims import read_check
from infucode.workbench.case_words import ids, one_of

OUTCOMES = ("coded", "ambiguous", "blocked")
CODING = ("lines", "absent", "not_reported", "asks", "code_sets")
"""What speaks of the codes of the record; beside it the outcome has a default."""
_SENTENCE = text(200)
_UNITS = whole(1, 9999)
_VISIT = whole(1, 99)


class Expectations:
    """Reads what is under `expect`."""

    def __init__(
        self, problems: Problems, encounter: Encounter | None, rule: Reader[str]
    ) -> None:
        self.problems, self.rule, self.encounter = problems, rule, encounter
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
        check = read_check(at, self.encounter, self.rule)
        coded = "coded" if sets is None else "ambiguous"
        only_check = check is not None and not any(map(at.has, CODING))
        expected = Expected(
            stated or ("" if only_check else coded),
            lines,
            at.defaulted("complete", BOOLEAN, True),
            at.values("absent", CODE, words.MAX_ITEMS, "codes"),
            self._not_reported(at),
            self._asks(at),
            sets,
            check,
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
                expected.check is not None,
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
