"""Which absent facts may be supposed, by the policy's own declaration, and their values."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import clingo

from infucode.engine.facts import DAY_MINUTES, Facts
from infucode.engine.program import Program
from infucode.errors import PolicyError, Problem
from infucode.model.encounter import Administration, Encounter
from infucode.rulebook.language import Signature
from infucode.rulebook.vocabulary import NUMBERS, Predicate

FILE = "evidence.toml"
WORDS = ("with", "unless", "routes", "techniques", "categories", "claims")
KEYS = {"input", "question", "element", *WORDS}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of fact that may be asked for, and where."""

    input: str
    question: str
    element: str
    limits: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Field:
    """One absent fact: an input and whom it is about. ``values`` are what it may be."""

    signature: Signature
    id: str
    subject: clingo.Symbol | None
    question: str
    values: tuple[str | int, ...]
    clock: bool = False

    def atom(self, value: str | int, vocabulary: Mapping[Signature, Predicate]) -> clingo.Symbol:
        """The fact with one of its values."""
        if self.subject is None or self.signature[1] == 1:
            return clingo.Function(self.signature[0], [clingo.Function(str(value))])
        kind = vocabulary[self.signature].types[-1]
        if kind.sort == "number":
            return clingo.Function(self.signature[0], [self.subject, clingo.Number(int(value))])
        return clingo.Function(self.signature[0], [self.subject, clingo.Function(str(value))])


@lru_cache(maxsize=8)
def evidence_of(folder: Path) -> tuple[Evidence, ...]:
    """The declared evidence of a policy folder. Raises PolicyError for a file that is none."""
    path = folder / FILE
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("evidence", [])
        return tuple(_evidence(row) for row in rows)
    except FileNotFoundError:
        raise _broken(path, "is not there, so nothing may be supposed of a record") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken(path, f"cannot be read: {error}") from None


def _broken(path: Path, message: str) -> PolicyError:
    help = "each [[evidence]] has an `input` of the vocabulary and a `question`"
    return PolicyError([Problem(str(path), 0, 0, f"`{path.name}` {message}", help)])


def _evidence(row: dict[str, Any]) -> Evidence:
    unknown = set(row) - KEYS
    if unknown:
        raise ValueError(f"there is no key `{min(unknown)}`")
    limits = {word: tuple(map(str, row[word])) for word in WORDS if word in row}
    return Evidence(str(row["input"]), str(row["question"]), str(row.get("element", "")), limits)


class Silence:
    """Finds what a record does not state and may be asked for."""

    def __init__(
        self, program: Program, encounter: Encounter, facts: Facts, folder: Path
    ) -> None:
        self.program, self.encounter, self.facts = program, encounter, facts
        self.declared = evidence_of(folder)
        self.by_name = {s[0]: s for s, p in program.book.vocabulary.items() if p.kind == "input"}
        self._stated: dict[str, set[clingo.Symbol]] = {}
        self._missing: set[tuple[clingo.Symbol, str]] = set()
        for signature, atom in facts.signed:
            arguments = atom.arguments
            if arguments:
                self._stated.setdefault(signature[0], set()).add(arguments[0])
            if signature[0] == "documented" and arguments[2].name == "no":
                self._missing.add((arguments[0], arguments[1].name))

    def fields(self) -> list[Field]:
        """The absent facts that rules in force read, in the order of the declaration."""
        return self._of(self.declared)

    def of(self, input: str) -> list[Field]:
        """Those of one input."""
        return self._of([evidence for evidence in self.declared if evidence.input == input])

    def _of(self, declared: Iterable[Evidence]) -> list[Field]:
        found: list[Field] = []
        for evidence in declared:
            signature = self.by_name.get(evidence.input)
            if signature is None:
                raise _broken(Path(FILE), f"names `{evidence.input}`, which is no input")
            if signature in self.program.frame.reads:
                found += self._fields(evidence, signature)
        return found

    def _fields(self, evidence: Evidence, signature: Signature) -> Iterator[Field]:
        kind = self.program.book.vocabulary[signature].types[0].name
        names = self.facts.names
        if self.encounter.claim not in evidence.limits.get("claims", (self.encounter.claim,)):
            return
        if evidence.input == "primary_reason":
            ids = [a.id for a in self.encounter.administrations]
            if not self._stated.get(evidence.input) and len(ids) > 1:
                symbols = [names.symbol("administration", id) for id in ids]
                values: tuple[str | int, ...] = tuple(symbol.name for symbol in symbols)
                yield Field(signature, "", None, evidence.question, values)
            return
        for id, subject, spoken in self._subjects(kind):
            if self._open(evidence, subject, id):
                question = evidence.question.replace("{subject}", spoken)
                options = tuple(self._values(signature, id))
                if options:
                    clock = self.program.book.vocabulary[signature].types[-1].name == "clock"
                    yield Field(signature, id, subject, question, options, clock)

    def _subjects(self, kind: str) -> Iterator[tuple[str, clingo.Symbol, str]]:
        names = self.facts.names
        from infucode.engine.wording import Wording

        words = Wording(self.encounter, names)
        if kind == "administration":
            for item in self.encounter.administrations:
                yield item.id, names.symbol(kind, item.id), words.administration(item.id)
        elif kind == "service":
            for service in self.encounter.services:
                yield service.id, names.symbol(kind, service.id), f"service {service.code}"
        elif kind == "access":
            used = {item.access for item in self.encounter.administrations}
            if len(used) > 1:
                for id in sorted(used):
                    yield id, names.symbol(kind, id), id

    def _open(self, evidence: Evidence, subject: clingo.Symbol, id: str) -> bool:
        def stated(name: str) -> bool:
            return subject in self._stated.get(name, ())

        limits = evidence.limits
        if stated(evidence.input) or any(map(stated, limits.get("unless", ()))):
            return False
        if not all(map(stated, limits.get("with", ()))):
            return False
        if evidence.element and self._is_missing(subject, id, evidence.element):
            return False
        item = next((a for a in self.encounter.administrations if a.id == id), None)
        return item is None or _is_for(item, limits)

    def _is_missing(self, subject: clingo.Symbol, id: str, element: str) -> bool:
        """Whether the record says that this element of documentation is not there."""
        if (subject, element) in self._missing:
            return True
        names = self.facts.names
        return any(
            (names.symbol("administration", a.id), element) in self._missing
            for a in self.encounter.administrations
            if a.access == id
        )

    # ---- values ----

    def _values(self, signature: Signature, id: str) -> Iterator[str | int]:
        kind = self.program.book.vocabulary[signature].types[-1]
        if signature[1] == 1:
            yield self.facts.names.symbol(kind.name, id).name
        elif kind.sort == "word":
            yield from kind.words
        elif kind.name == "clock":
            yield from self._clocks(signature[0], self.encounter.administration(id))
        elif kind.name == "amount":
            yield 1
        else:
            low, high = NUMBERS[kind.name]
            least = max(low, 1)
            tried = {least}
            for number in self._numbers(kind.name):
                tried |= {number, number + 1}
            yield from sorted(n for n in tried if least <= n <= high)

    def _numbers(self, kind: str) -> set[int]:
        """The numbers of a kind that the plan sets, and the steps that a layer names."""
        book = self.program.book
        found = {
            int(setting.value)
            for name, setting in book.settings.items()
            if book.type_of(name).name == kind
        }
        if kind == "minutes":
            for step in book.library.values.steps:
                first, every = (int(book.settings[n].value) for n in (step.offset, step.every))
                found |= {first + every * n - 1 for n in range(4)}
        return found

    def _clocks(self, name: str, item: Administration) -> Iterator[int]:
        """Minutes at which an answer may change: thresholds in force and marks of the record."""
        lengths = self._numbers("minutes")
        marks = {m for a in self.encounter.administrations for m in _marks(a)}
        if name == "stop":
            assert item.start is not None
            last = self.encounter.ends or item.start + DAY_MINUTES
            low, high = item.start + 1, max(item.start + 1, last)
            tried = {low, high} | {item.start + n + d for n in lengths for d in (0, 1)}
        else:
            low, high = 0, (item.stop - 1) if item.stop is not None else max(marks, default=0)
            ends = {item.stop} if item.stop is not None else marks
            tried = {high} | {m - n - d for m in ends for n in lengths for d in (0, 1)}
            tried |= {m + n + d for m in marks for n in lengths for d in (0, 1)}
        tried |= {m + d for m in marks for d in (0, 1)}
        yield from sorted(m for m in tried if low <= m <= high)


def _marks(item: Administration) -> Iterator[int]:
    for minute in (item.start, item.stop, *(m for pair in item.segments for m in pair)):
        if minute is not None:
            yield minute


def _is_for(item: Administration, limits: Mapping[str, tuple[str, ...]]) -> bool:
    for word, own in (
        ("routes", item.route), ("techniques", item.technique), ("categories", item.category),
    ):  # fmt: skip
        if word in limits and own is not None and own not in limits[word]:
            return False
    return True
