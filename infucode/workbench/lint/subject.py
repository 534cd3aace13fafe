"""What the checks look at: every plan that loads, every rule once, every text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from functools import cached_property, reduce
from operator import and_
from pathlib import Path

from infucode.passes.slices import Shape, Slicer
from infucode.rulebook.book import Weaver
from infucode.rulebook.language import Place, Signature
from infucode.rulebook.library import Library, outcome_signatures
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import Version
from infucode.rulebook.source import Source
from infucode.rulebook.vocabulary import Predicate
from infucode.workbench.clauses import ClauseMap


@dataclass(frozen=True)
class Subject:
    """A policy folder as far as it can be read. ``sources`` are its `.lp` files by name."""

    folder: Path
    libraries: tuple[Library, ...]
    texts: tuple[Source, ...]
    clauses: ClauseMap | None = None

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of the plans that load, once, by file and line."""
        found = {(r.source.name, r.clause.place): r for lib in self.libraries for r in lib.rules}
        return tuple(found[key] for key in sorted(found))

    @cached_property
    def vocabulary(self) -> dict[Signature, Predicate]:
        """What the folder declares; empty where no plan loads."""
        return dict(self.libraries[0].vocabulary) if self.libraries else {}

    @cached_property
    def outcomes(self) -> frozenset[Signature]:
        """The predicates that answers are made of."""
        return outcome_signatures(self.vocabulary)

    @cached_property
    def by_file(self) -> dict[str, list[Rule]]:
        """The rules of each file."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.source.name, []).append(rule)
        return found

    @cached_property
    def by_head(self) -> dict[Signature, list[Rule]]:
        """The rules that give each predicate."""
        found: dict[Signature, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.clause.head.signature, []).append(rule)
        return found

    @cached_property
    def readers(self) -> dict[Signature, list[Rule]]:
        """The rules whose bodies read each predicate."""
        found: dict[Signature, list[Rule]] = {}
        for rule in self.rules:
            for signature in {atom.signature for atom in rule.clause.atoms()}:
                found.setdefault(signature, []).append(rule)
        return found

    def helper(self, signature: Signature) -> bool:
        """Whether a predicate is a helper of the rules: not declared in the vocabulary."""
        return signature not in self.vocabulary

    def needed(self, signature: Signature, depth: int) -> frozenset[Signature]:
        """What every rule that gives a helper reads, itself or through helpers so many deep."""
        key = signature, depth
        if key not in self._needed:
            rules = self.by_head.get(signature, ()) if depth and self.helper(signature) else ()
            own = (
                frozenset(
                    found
                    for atom in rule.clause.positive()
                    for found in (atom.signature, *self.needed(atom.signature, depth - 1))
                )
                for rule in rules
            )
            self._needed[key] = reduce(and_, own) if rules else frozenset()
        return self._needed[key]

    @cached_property
    def _needed(self) -> dict[tuple[Signature, int], frozenset[Signature]]:
        return {}

    @cached_property
    def books(self) -> tuple[tuple[Library, Version, Sequence[Rule]], ...]:
        """The woven rules of every version of every plan, on each day that rules change."""
        return tuple(self._books())

    def _books(self) -> Iterator[tuple[Library, Version, Sequence[Rule]]]:
        for library in self.libraries:
            weaver = Weaver(library)
            for version in library.profile.versions:
                seen: set[str] = set()
                for day in _days(library, version):
                    rules, digest = weaver.rules(version, day)
                    if digest not in seen:
                        seen.add(digest)
                        yield library, version, rules


    @cached_property
    def alive(self) -> Alive:
        """What records can make fire in some version of some plan."""
        places: set[tuple[str, Place]] = set()
        heads: set[Signature] = set()
        for library, _, rules in self.books:
            slicer = Slicer([rule.clause for rule in rules], self.outcomes)
            for index, _ in slicer.slice(whole_shape(library), whole=True):
                rule = rules[index]
                places.add((rule.source.name, rule.clause.place))
                heads.add(rule.clause.head.signature)
        return Alive(frozenset(places), frozenset(heads))


@dataclass(frozen=True, slots=True)
class Alive:
    """Rules by file and place, and the predicates that they give."""

    places: frozenset[tuple[str, Place]]
    heads: frozenset[Signature]


def whole_shape(library: Library) -> Shape:
    """The shape of facts that may be anything that the vocabulary allows."""
    return {
        signature: [
            frozenset(kind.words) if kind.sort == "word" else None for kind in declared.types
        ]
        for signature, declared in library.vocabulary.items()
        if declared.kind in ("input", "assumed", "setting")
    }


def _days(library: Library, version: Version) -> list[Date]:
    """The days of a version on which a rule comes into force or has gone out of it."""
    days = {version.since}
    for rule in library.rules:
        if rule.papers.since is not None:
            days.add(rule.papers.since)
        if rule.papers.until is not None and rule.papers.until < Date.max:
            days.add(rule.papers.until + timedelta(days=1))
    last = version.until or Date.max
    return sorted(day for day in days if version.since <= day <= last)
