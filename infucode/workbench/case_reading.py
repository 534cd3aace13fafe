"""Case files into cases: every key checked, every problem with its line."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from infucode.documents import words
from infucode.documents.nodes import Broken, Builder, Kind, Listing, Mapping, Node, Scalar
from infucode.documents.problems import Halt, Problems, quote
from infucode.documents.readers import DATE, MAX_ID, text, whole
from infucode.documents.record import Record
from infucode.documents.source import open_source
from infucode.documents.stay import read_encounter
from infucode.documents.yaml_reader import read_yaml
from infucode.errors import DocumentError, Problem
from infucode.model.encounter import Encounter
from infucode.policy import DEFAULT_PLAN
from infucode.rulebook.source import no_file
from infucode.workbench.case import Case, Source
from infucode.workbench.case_expectations import Expectations
from infucode.workbench.case_saying import read_says
from infucode.workbench.case_tables import read_tables
from infucode.workbench.case_words import one_of, rule_id, unknown
from infucode.workbench.plans import Plans

MOST_CASES = 1_000
"""In one file; a longer one is better split by topic."""

FIRING = ("fires", "silent")
_SENTENCE = text(200)
_FREE = text(4_000)
_YEAR = whole(1900, 2100)


AWAITS, APPROVAL = "awaits", "approval"
"""The mark of a case that nobody has approved yet: it is read, and counts for nothing."""


def read_cases(path: Path, name: str, plans: Plans, *, awaiting: bool = False) -> list[Case]:
    """The cases of one file, or those that await approval.

    Raises DocumentError with every problem that it has.
    """
    return _File(path, name, plans).cases(awaiting)


def read_all(paths: Collection[tuple[Path, str]], plans: Plans) -> list[Case]:
    """The cases of several files, or every problem of all of them.

    Raises DocumentError, PolicyError where a plan that a case names is itself wrong.
    """
    cases: list[Case] = []
    problems: list[Problem] = []
    for path, name in paths:
        try:
            cases += read_cases(path, name, plans)
        except DocumentError as error:
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
        self._awaiting: set[int] = set()

    def cases(self, awaiting: bool) -> list[Case]:
        cases = [self._case(node) for node in self._items()]
        if len(self.problems):
            self.found += self.problems.error().problems
        if self.found:
            raise DocumentError(sorted(set(self.found), key=lambda p: (p.line, p.column)))
        return [c for c in cases if c is not None and (c.line in self._awaiting) is awaiting]

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
        rule = rule_id(rules)
        expected = Expectations(self.problems, encounter, rule).read(at)
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
            read_says(at, rule),
            read_tables(at),
        )
        if at.optional(AWAITS, one_of("mark", (APPROVAL,))):
            self._awaiting.add(case.line)
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
        stated = at.optional("policy", one_of("plan", self.plans.known))
        own = encounter.policy if encounter else None
        if own is not None and own not in self.plans.known:
            at.refuse("encounter", *unknown("plan", own, self.plans.known))
        return stated or own or DEFAULT_PLAN

    def _switches(self, at: Record, plan: str) -> tuple[tuple[str, str], ...]:
        record = at.record("switches", "the switches")
        if record is None or plan not in self.plans.known:
            return ()
        known = self.plans.policy(plan).library.switches
        found = []
        for key, (place, _) in record.node.entries.items():
            if key not in known:
                self.problems.add(place, *unknown("switch", key, known))
                continue
            found.append((key, record.required(key, one_of("value", known[key].values), "")))
        return tuple(sorted(found))

    def _check_content(self, at: Record, case: Case) -> None:
        if case.tables is not None and case.encounter is not _NOBODY and not case.is_claim:
            message = "tables are asked about claims, and the encounter has none"
            at.refuse("tables", message, "give it `claim_lines:`, or remove `tables:`")
        if not any((at.has("expect"), at.has("says"), *(_items(at, k) for k in FIRING))):
            message = f"the case {quote(case.name)} expects nothing, so it can never fail"
            help = "add `expect:`, `fires:`, `silent:` or `says:`"
            self.problems.add(at.node, message, help)
        for rule in case.fires:
            if rule in case.silent:
                message = f"{quote(rule)} is to fire and to be silent"
                at.refuse("silent", message, "keep one of the two")


def _bytes(path: Path, name: str) -> bytes:
    if wrong := no_file(path):
        raise DocumentError([Problem(name, 0, 0, *wrong)])
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DocumentError([Problem(name, 0, 0, f"the file cannot be read: {reason}")]) from None


def _items(at: Record, key: str) -> bool:
    """Whether a list with something in it stands there, readable or not."""
    node = at.value(key)
    return isinstance(node, Broken | Scalar) or (isinstance(node, Listing) and bool(node.items))


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


_NOBODY = Encounter("", "facility", DATE.read(Scalar(-1, None, "2000-01-01", Kind.TEXT)), ())
"""Stands in only in a file that is refused."""
