"""Case files into cases: every key checked, every problem with its line."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from infucode.documents import words
from infucode.documents.nodes import Broken, Builder, Kind, Listing, Mapping, Node, Scalar
from infucode.documents.problems import Halt, Problems, Refusal, listing, nearest, quote
from infucode.documents.readers import (
    BOOLEAN,
    CODE,
    DATE,
    IDENTIFIER,
    MAX_ID,
    MODIFIER,
    Reader,
    text,
    text_of,
    whole,
    word,
)
from infucode.documents.record import Record
from infucode.documents.source import open_source
from infucode.documents.stay import read_encounter
from infucode.documents.yaml_reader import read_yaml
from infucode.errors import DocumentError, Problem, ProblemsError
from infucode.model.encounter import Encounter
from infucode.policy import DEFAULT_PLAN
from infucode.workbench.case import (
    Case,
    Expected,
    ExpectedAsk,
    ExpectedLine,
    ExpectedNotReported,
    Source,
)
from infucode.workbench.plans import Plans

MOST_CASES = 1_000
"""In one file; a longer one is better split by topic."""

OUTCOMES = ("coded", "ambiguous", "blocked")
_SENTENCE = text(200)
_FREE = text(4_000)
_UNITS = whole(1, 9999)
_VISIT = whole(1, 99)
_YEAR = whole(1900, 2100)


def read_cases(path: Path, name: str, plans: Plans) -> list[Case]:
    """The cases of one file. Raises DocumentError with every problem that it has."""
    return _File(path, name, plans).cases()


def read_all(paths: Collection[tuple[Path, str]], plans: Plans) -> list[Case]:
    """The cases of several files, or every problem of all of them."""
    cases: list[Case] = []
    problems: list[Problem] = []
    for path, name in paths:
        try:
            cases += read_cases(path, name, plans)
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    return cases


class _File:
    def __init__(self, path: Path, name: str, plans: Plans) -> None:
        self.plans = plans
        self.source = open_source(_bytes(path, name), name)
        self.problems = Problems(self.source)
        self.found: list[Problem] = []
        self._names: dict[str, int] = {}

    def cases(self) -> list[Case]:
        cases = [self._case(node) for node in self._items()]
        if len(self.problems):
            self.found += self.problems.error().problems
        if self.found:
            raise DocumentError(sorted(set(self.found), key=lambda p: (p.line, p.column)))
        return [case for case in cases if case is not None]

    def _items(self) -> list[Node]:
        builder = Builder(self.problems)
        try:
            read_yaml(self.source.text, builder)
        except Halt:
            raise self.problems.error() from None
        root = builder.root
        if isinstance(root, Listing) and root.items:
            if len(root.items) > MOST_CASES:
                message = f"{len(root.items)} cases are more than the limit of {MOST_CASES}"
                self.problems.add(root, message, "split the file by topic")
            return root.items[:MOST_CASES]
        if not len(self.problems):
            message = "a case file is a list of cases, and this is none"
            self.problems.add_at(0, message, "begin each case with `- name:` and a sentence")
        return []

    def _case(self, node: Node) -> Case | None:
        if not isinstance(node, Mapping):
            if not isinstance(node, Broken):
                self.problems.add(node, "a case is a mapping", "begin it with `- name:`")
            return None
        at = Record(node, "the case", self.problems)
        name = at.required("name", _SENTENCE, "")
        self._check_name(at, name)
        encounter = self._encounter(at, name)
        plan = self._plan(at, encounter)
        rules = self.plans.rules(plan) if plan in self.plans.known else None
        rule = _rule(rules)
        expected = _Expectations(self.problems, encounter, rule).read(at)
        case = Case(
            name,
            self.source.name,
            self.source.position(node.at)[0],
            plan,
            encounter or _NOBODY,
            self._switches(at, plan),
            expected,
            at.values("fires", rule, words.MAX_ITEMS, "rule ids"),
            at.values("silent", rule, words.MAX_ITEMS, "rule ids"),
            at.optional("why", _FREE) or "",
            _source(at),
        )
        at.done()
        self._check_content(at, case)
        return case

    def _check_name(self, at: Record, name: str) -> None:
        line = self.source.position(at.node.at)[0]
        first = self._names.setdefault(name, line) if name else line
        if first != line:
            message = f"the name {quote(name)} is used by the case on line {first}"
            at.refuse("name", message, "say what is different here")

    def _encounter(self, at: Record, name: str) -> Encounter | None:
        node = at.value("encounter")
        if not isinstance(node, Mapping):
            help = "add `encounter:` with `claim`, `date` and `administrations`"
            if not isinstance(node, Broken):
                at.refuse(
                    "encounter", f"`encounter` is missing from the case {quote(name)}", help
                )
            return None
        problems = Problems(self.source)
        try:
            return read_encounter(_with_id(node, name), problems)
        except DocumentError as error:
            self.found += error.problems
            return None

    def _plan(self, at: Record, encounter: Encounter | None) -> str:
        stated = at.optional("policy", _known("plan", self.plans.known))
        own = encounter.policy if encounter else None
        if own is not None and own not in self.plans.known:
            at.refuse("encounter", *_unknown("plan", own, self.plans.known))
        return stated or own or DEFAULT_PLAN

    def _switches(self, at: Record, plan: str) -> tuple[tuple[str, str], ...]:
        record = at.record("switches", "the switches")
        if record is None or plan not in self.plans.known:
            return ()
        known = self.plans.policy(plan).library.switches
        found = []
        for key, (place, _) in record.node.entries.items():
            if key not in known:
                self.problems.add(place, *_unknown("switch", key, known))
                continue
            found.append((key, record.required(key, _known("value", known[key].values), "")))
        return tuple(sorted(found))

    def _check_content(self, at: Record, case: Case) -> None:
        if case.expected is None and not case.fires and not case.silent:
            if at.has("expect"):
                return
            message = f"the case {quote(case.name)} expects nothing, so it can never fail"
            self.problems.add(at.node, message, "add `expect:`, `fires:` or `silent:`")
        for rule in case.fires:
            if rule in case.silent:
                message = f"{quote(rule)} is to fire and to be silent"
                at.refuse("silent", message, "keep one of the two")


class _Expectations:
    """Reads what is under `expect`."""

    def __init__(
        self, problems: Problems, encounter: Encounter | None, rule: Reader[str]
    ) -> None:
        self.problems, self.rule = problems, rule
        self.administration = IDENTIFIER
        self.service = IDENTIFIER
        if encounter is not None:
            self.administration = _known("administration", _ids(encounter.administrations))
            self.service = _known("service", _ids(encounter.services))

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


def _bytes(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DocumentError([Problem(name, 0, 0, f"the file cannot be read: {reason}")]) from None


def _source(at: Record) -> Source | None:
    record = at.record("source", "the source")
    if record is None:
        return None
    source = Source(
        record.required("title", _SENTENCE, ""),
        record.optional("url", _FREE),
        record.optional("year", _YEAR),
    )
    record.done()
    return source


def _with_id(node: Mapping, name: str) -> Mapping:
    """The encounter with an id made of the case's name where it has none of its own."""
    if "id" in node.entries:
        return node
    slug = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:MAX_ID].strip("-") or "case"
    key = Scalar(node.at, node.path, "id", Kind.PLAIN)
    value = Scalar(node.at, node.path, slug, Kind.TEXT)
    return Mapping(node.at, node.path, {"id": (key, value), **node.entries})


def _ids(items: Collection[object]) -> tuple[str, ...]:
    return tuple(getattr(item, "id", "") for item in items)


def _unknown(what: str, name: str, known: Collection[str]) -> tuple[str, str]:
    close = nearest(name, known)
    hint = f"did you mean {quote(close)}? " if close else ""
    shown = f"known are {listing(sorted(known))}" if known else "the encounter has none"
    return f"there is no {what} {quote(name)}", hint + shown


def _known(what: str, known: Collection[str]) -> Reader[str]:
    def read(scalar: Scalar) -> str:
        value = text_of(scalar)
        if value not in known:
            raise Refusal(*_unknown(what, value, known))
        return value

    return Reader(f"one of {listing(sorted(known))}", read)


def _rule(known: frozenset[str] | None) -> Reader[str]:
    """A rule id of the plan; any id where the plan itself is unknown."""

    def read(scalar: Scalar) -> str:
        value = text_of(scalar)
        if known is not None and value not in known:
            close = nearest(value, known)
            hint = f"did you mean {quote(close)}?" if close else "see `infucode rules`"
            raise Refusal(f"the plan has no rule {quote(value)}", hint)
        return value

    return Reader("the id of a rule", read)


_NOBODY = Encounter("", "facility", DATE.read(Scalar(-1, None, "2000-01-01", Kind.TEXT)), ())
"""Stands in only in a file that is refused."""
