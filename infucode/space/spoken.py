"""Which of the atoms that invariants speak of hold in some encounter that was looked at.

An invariant holds for want of anything to break it where each of its rules reads something that
never holds. That is told, for it proves little; unless it is just what the invariant forbids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from infucode.passes.values import Row, Value, term_value
from infucode.rulebook.checks import BROKEN, INVARIANTS
from infucode.rulebook.language import Atom, Signature, Term
from infucode.rulebook.rules import Rule
from infucode.rulebook.vocabulary import Predicate
from infucode.space.claims import DENIED

Given = Mapping[Signature, Mapping[Row, None]]
STANDING = ("table", "setting")
"""What hangs on no encounter."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A predicate and the constants that stand in some of its places."""

    signature: Signature
    constants: tuple[tuple[int, Value], ...]

    def fits(self, rows: Iterable[Row]) -> bool:
        """Whether one of the rows has these constants."""
        return any(all(row[n] == value for n, value in self.constants) for row in rows)


class Spoken:
    """The atoms that the rules of invariants need, and those that were met so far."""

    def __init__(self, rules: Sequence[Rule], vocabulary: Mapping[Signature, Predicate]) -> None:
        self._rules: dict[Signature, list[Rule]] = {}
        for rule in rules:
            if rule.layer == INVARIANTS:
                self._rules.setdefault(rule.clause.head.signature, []).append(rule)
        self._standing = {s for s, own in vocabulary.items() if own.kind in STANDING}
        self._inputs = {s for s, own in vocabulary.items() if own.kind in ("input", "assumed")}
        self.met: set[Pattern] = set()

    def asked(self, ids: Set[str]) -> set[Pattern]:
        """What the rules of some invariants need, with the helpers of invariants."""
        left = [rule for rule in self._rules.get(BROKEN, ()) if rule.papers.id in ids]
        found: set[Pattern] = set()
        known: set[Signature] = set()
        while left:
            for atom in self._needed(left.pop()):
                found.add(_pattern(atom))
                if atom.signature not in known:
                    known.add(atom.signature)
                    left += self._rules.get(atom.signature, ())
        return found

    def derived(self, ids: Set[str]) -> set[Signature]:
        """The predicates among them that rules derive."""
        return {one.signature for one in self.asked(ids)} - self._inputs

    def see(self, patterns: Iterable[Pattern], *worlds: Given) -> None:
        """Note which of the patterns hold in a world: what is stated of it, and what follows."""
        for one in patterns:
            if one in self.met:
                continue
            if any(one.fits(world.get(one.signature, ())) for world in worlds):
                self.met.add(one)

    def never(self, id: str) -> tuple[str, ...]:
        """The atoms for want of which no rule of an invariant could fire; none if one could."""
        found: dict[str, None] = {}
        for rule in self._rules.get(BROKEN, ()):
            if rule.papers.id == id:
                unmet = list(self._unmet(rule, frozenset()))
                if not unmet:
                    return ()
                found |= dict.fromkeys(unmet)
        return tuple(found)

    def _unmet(self, rule: Rule, within: frozenset[Signature]) -> Iterator[str]:
        for atom in self._needed(rule):
            if _pattern(atom) in self.met or atom.signature in within:
                continue
            below = self._rules.get(atom.signature)
            if below is None:
                yield _shown(atom)
                continue
            own = [list(self._unmet(one, within | {atom.signature})) for one in below]
            if all(own):
                yield from (text for texts in own for text in texts)

    def _needed(self, rule: Rule) -> Iterator[Atom]:
        for atom in rule.clause.positive():
            if atom.signature not in self._standing and atom.signature != DENIED:
                yield atom


def _pattern(atom: Atom) -> Pattern:
    places = enumerate(atom.terms)
    return Pattern(atom.signature, tuple((n, term_value(t)) for n, t in places if _constant(t)))


def _constant(term: Term) -> bool:
    return term.kind in ("number", "word", "string")


def _shown(atom: Atom) -> str:
    return f"{atom.name}({', '.join(t.text if _constant(t) else '_' for t in atom.terms)})"
