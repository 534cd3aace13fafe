"""Slice: the rules that the facts at hand can reach, and that reach an outcome.

A fact's shape is its predicate and the words of its closed lists. Rules are run over shapes
instead of facts; what cannot fire there cannot fire on the facts. The sliced program gives the
same outcomes as the whole (tests/properties/test_passes.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from infucode.rulebook.language import Atom, Clause, Literal, Signature

MOST_SLICES = 2048
"""Remembered at once: a long run of ever new shapes must not grow."""
Words = frozenset[str]
Slot = Words | None
"""The words that may stand at a place; None: anything."""
Shape = dict[Signature, list[Slot]]


@dataclass(frozen=True, slots=True)
class _Pattern:
    signature: Signature
    words: tuple[str | None, ...]
    variables: tuple[str | None, ...]


def _pattern(atom: Atom) -> _Pattern:
    return _Pattern(
        atom.signature,
        tuple(t.text if t.kind == "word" else None for t in atom.terms),
        tuple(t.text if t.kind == "variable" and t.text != "_" else None for t in atom.terms),
    )


@dataclass(frozen=True, slots=True)
class _Rule:
    head: _Pattern
    body: tuple[_Pattern, ...]


class Slicer:
    """Slices one list of rules (folded or not) by shapes, and remembers the slices."""

    def __init__(self, rules: Sequence[Clause], outcomes: Iterable[Signature]) -> None:
        self.rules = rules
        self.outcomes = frozenset(outcomes)
        self._patterns = [
            _Rule(_pattern(rule.head), tuple(map(_pattern, rule.positive()))) for rule in rules
        ]
        self._reads = [tuple(dict.fromkeys(a.signature for a in r.atoms())) for r in rules]
        self._cache: dict[tuple[object, ...], list[tuple[int, Clause]]] = {}

    def slice(self, shape: Shape, *, whole: bool = False) -> list[tuple[int, Clause]]:
        """The rules that can fire on facts of this shape, with their indexes.

        Those that reach no outcome are left out, unless the `whole` is wanted.
        """
        key = (whole, *((s, tuple(shape[s])) for s in sorted(shape)))
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= MOST_SLICES:
                self._cache.clear()
            found = self._cache[key] = self._cut(shape, whole)
        return found

    def reach(self, shape: Shape) -> Shape:
        """What may stand at each place of each predicate, of the shape and of what rules give."""
        found: Shape = {signature: list(slots) for signature, slots in shape.items()}
        self._forward(found)
        return found

    def _cut(self, shape: Shape, whole: bool) -> list[tuple[int, Clause]]:
        reach: Shape = {s: list(slots) for s, slots in shape.items()}
        alive = self._forward(reach)
        wanted = alive if whole else self._backward(alive)
        return [(i, _without_impossible(self.rules[i], reach)) for i in sorted(wanted)]

    def _forward(self, reach: Shape) -> set[int]:
        waiting: dict[Signature, list[int]] = {}
        for index, rule in enumerate(self._patterns):
            for pattern in rule.body:
                waiting.setdefault(pattern.signature, []).append(index)
        alive: set[int] = set()
        queue = list(range(len(self._patterns)))
        queued = set(queue)
        while queue:
            index = queue.pop()
            queued.discard(index)
            rule = self._patterns[index]
            bound = _fires(rule, reach)
            if bound is None:
                continue
            alive.add(index)
            if _extend(rule.head, bound, reach):
                for other in waiting.get(rule.head.signature, ()):
                    if other not in queued:
                        queued.add(other)
                        queue.append(other)
        return alive

    def _backward(self, alive: set[int]) -> set[int]:
        by_head: dict[Signature, list[int]] = {}
        for index in alive:
            by_head.setdefault(self._patterns[index].head.signature, []).append(index)
        wanted: set[int] = set()
        stack = [i for s in self.outcomes for i in by_head.get(s, ())]
        while stack:
            index = stack.pop()
            if index in wanted:
                continue
            wanted.add(index)
            for read in self._reads[index]:
                stack.extend(by_head.get(read, ()))
        return wanted


def _fires(rule: _Rule, reach: Shape) -> dict[str, Slot] | None:
    bound: dict[str, Slot] = {}
    for pattern in rule.body:
        slots = reach.get(pattern.signature)
        if slots is None:
            return None
        for slot, word, name in zip(slots, pattern.words, pattern.variables, strict=True):
            if word is not None and slot is not None and word not in slot:
                return None
            if name is not None and slot is not None:
                old = bound.get(name)
                new = slot if old is None else slot & old
                if not new:
                    return None
                bound[name] = new
    return bound


def _extend(head: _Pattern, bound: Mapping[str, Slot], reach: Shape) -> bool:
    new: list[Slot] = [
        frozenset({word}) if word is not None else bound.get(name) if name else None
        for word, name in zip(head.words, head.variables, strict=True)
    ]
    old = reach.get(head.signature)
    if old is None:
        reach[head.signature] = new
        return True
    joined = [None if a is None or b is None else a | b for a, b in zip(old, new, strict=True)]
    if joined == old:
        return False
    reach[head.signature] = joined
    return True


def _without_impossible(rule: Clause, reach: Shape) -> Clause:
    """The rule without `not p(...)` for a `p` that nothing here can make true."""
    kept = tuple(literal for literal in rule.body if not _impossible(literal, reach))
    return rule if len(kept) == len(rule.body) else replace(rule, body=kept)


def _impossible(literal: Literal, reach: Shape) -> bool:
    atom = literal.atom
    if atom is None or literal.signs != 1:
        return False
    slots = reach.get(atom.signature)
    return slots is None or any(
        term.kind == "word" and slot is not None and term.text not in slot
        for slot, term in zip(slots, atom.terms, strict=True)
    )
