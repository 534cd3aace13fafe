"""Types of variables and helper predicates, inferred from the vocabulary, and their checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from infucode.rulebook.language import Atom, Clause, Place, Signature, Term
from infucode.rulebook.nearest import nearest
from infucode.rulebook.vocabulary import ANY_NUMBER, Type

TEXT = Type("string", "string")
QUANTITIES = ("amount", "minutes")
"""Numbers that stay what they are when they are added, taken off or multiplied."""
SETTINGS: tuple[Signature, ...] = (("value", 2), ("reading", 2))


@dataclass(slots=True)
class Typing:
    """What is known of each predicate's arguments; ``settings`` types values and readings."""

    predicates: dict[Signature, list[Type | None]]
    settings: dict[str, Type]


def infer(
    clauses: Sequence[Clause],
    declared: dict[Signature, tuple[Type, ...]],
    settings: dict[str, Type],
) -> Typing:
    """Types of all predicates: a fixpoint over the heads of `clauses`."""
    typing = Typing({s: list(types) for s, types in declared.items()}, settings)
    open_clauses = [c for c in clauses if c.head.signature not in declared]
    readers: dict[Signature, list[int]] = {}
    for index, clause in enumerate(open_clauses):
        for atom in clause.atoms():
            readers.setdefault(atom.signature, []).append(index)
    queue = list(range(len(open_clauses)))[::-1]
    queued = set(queue)
    while queue:
        index = queue.pop()
        queued.discard(index)
        clause = open_clauses[index]
        if _learn(clause.head, variable_types(clause, typing), typing):
            for other in readers.get(clause.head.signature, ()):
                if other not in queued:
                    queued.add(other)
                    queue.append(other)
    return typing


def _learn(atom: Atom, known: dict[str, Type], typing: Typing) -> bool:
    slots = typing.predicates.setdefault(atom.signature, [None] * len(atom.terms))
    changed = False
    for index, term in enumerate(atom.terms):
        kind, slot = term_type(term, known), slots[index]
        if kind is None or slot == kind:
            continue
        if slot is None or slot == ANY_NUMBER or slot.sort == kind.sort == "word":
            merged = _merge(slot, kind)
            changed |= merged != slot
            slots[index] = merged
    return changed


def _merge(old: Type | None, new: Type) -> Type:
    if old is not None and old.sort == new.sort == "word":
        return Type("word", "", tuple(dict.fromkeys((*old.words, *new.words))))
    return new if old is None or new != ANY_NUMBER else old


def variable_types(clause: Clause, typing: Typing) -> dict[str, Type]:
    """The types of the variables of a clause, as far as its body tells."""
    known: dict[str, Type] = {}
    for atom in clause.atoms():
        for term, kind in zip(atom.terms, argument_types(atom, typing), strict=True):
            if kind is not None and term.kind == "variable" and term.text != "_":
                known[term.text] = _meet(known.get(term.text), kind)
    for name, given in _assignments(clause):
        if name not in known:
            kind = ANY_NUMBER if given is None else term_type(given, known)
            if kind is not None:
                known[name] = kind
    return known


def _meet(old: Type | None, new: Type) -> Type:
    if old is None or (old == ANY_NUMBER and new.sort == "number"):
        return new
    if old.sort == new.sort == "word":
        both = tuple(w for w in old.words if w in new.words)
        return Type("word", "", both) if both else old
    return old


def argument_types(atom: Atom, typing: Typing) -> list[Type | None]:
    """The wanted types of an atom's arguments; `value` and `reading` are typed by name."""
    if atom.signature in SETTINGS:
        return [None, typing.settings.get(atom.terms[0].text)]
    return typing.predicates.get(atom.signature) or [None] * len(atom.terms)


def term_type(term: Term, known: dict[str, Type]) -> Type | None:
    """The type of a term, given those of the variables; None if nothing is known."""
    if term.kind == "variable":
        return known.get(term.text)
    if term.kind == "arithmetic":
        return _computed(term, known)
    if term.kind == "number":
        return ANY_NUMBER
    if term.kind == "string":
        return TEXT
    return Type("word", "", (term.text,)) if term.kind == "word" else None


def _computed(term: Term, known: dict[str, Type]) -> Type:
    """Sums and differences of one kind of quantity are of that kind, and so are multiples.

    Between two clock times lie minutes.
    """
    kinds = [term_type(part, known) for part in term.parts]
    quantities = {kind for kind in kinds if kind is not None and kind.name in QUANTITIES}
    alike = len(quantities) == 1
    if term.text in ("+", "-") and alike and len(kinds) == sum(k in quantities for k in kinds):
        return quantities.pop()
    if term.text == "-" and [kind and kind.name for kind in kinds] == ["clock", "clock"]:
        return Type("number", "minutes")
    if term.text == "*" and alike and sum(kind in quantities for kind in kinds) == 1:
        return quantities.pop()
    return ANY_NUMBER


def type_problems(clause: Clause, typing: Typing) -> Iterator[tuple[Place, str, str]]:
    """Each place of a clause where a value of one type stands for another."""
    known = variable_types(clause, typing)
    for atom in (clause.head, *clause.atoms()):
        wanted_types = argument_types(atom, typing)
        for index, (term, wanted) in enumerate(zip(atom.terms, wanted_types, strict=True), 1):
            given = term_type(term, known)
            if wanted is None or given is None or _accepts(wanted, given):
                continue
            yield (
                term.place,
                f"argument {index} of `{atom.name}` is {_describe(wanted)}, "
                f"`{term}` is {_describe(given)}",
                _advice(wanted, given),
            )
    yield from _number_problems(clause, known)
    for comparison in clause.comparisons():
        for left, right in zip(comparison.terms, comparison.terms[1:], strict=False):
            a, b = term_type(left, known), term_type(right, known)
            if a is not None and b is not None and not _comparable(a, b):
                words = a.sort == b.sort == "word"
                one, other = (a, b) if len(a.words) > len(b.words) else (b, a)
                yield (
                    right.place,
                    f"`{left}` is {_describe(a)}, `{right}` is {_describe(b)}",
                    _advice(one, other) if words else "compare values of one type",
                )


def _number_problems(clause: Clause, known: dict[str, Type]) -> Iterator[tuple[Place, str, str]]:
    """Arithmetic and sums over what is not a number."""
    wanted = [part for t in clause.terms() if t.kind == "arithmetic" for part in t.parts]
    for aggregate in clause.aggregates():
        if aggregate.function in ("#sum", "#sum+"):
            wanted += [element.terms[0] for element in aggregate.elements if element.terms]
    for term in wanted:
        kind = term_type(term, known)
        if kind is not None and kind.sort != "number":
            yield term.place, f"`{term}` is {_describe(kind)}, not a number", "count with numbers"


def _accepts(wanted: Type, given: Type) -> bool:
    if wanted.sort == given.sort == "word":
        return bool(set(given.words) & set(wanted.words))
    if wanted.sort == given.sort == "string":
        return TEXT in (wanted, given) or wanted.name == given.name
    return wanted.fits(given)


def _comparable(a: Type, b: Type) -> bool:
    if a.sort != b.sort:
        return False
    if a.sort == "word":
        return bool(set(a.words) & set(b.words))
    if a.sort == "string":
        return TEXT in (a, b) or a.name == b.name
    return a.name == b.name or (a.sort == "number" and ANY_NUMBER in (a, b))


def _describe(kind: Type) -> str:
    if kind.sort == "word":
        return f"one of `{kind}`" if len(kind.words) > 1 else f"the word `{kind}`"
    if kind.sort == "string":
        return "a text" if kind == TEXT else f"a {kind.name} (text)"
    article = "an" if kind.name[0] in "aeiou" else "a"
    return f"{article} {kind.name}"


def _advice(wanted: Type, given: Type) -> str:
    if wanted.sort == "word":
        known = f"use one of: {', '.join(wanted.words)}"
        meant = nearest(given.words[0], wanted.words) if len(given.words) == 1 else ""
        return meant or known
    if wanted.sort == "string":
        return 'write a text in quotes, such as "59"'
    if given.sort == "word":
        return f"use {_describe(wanted)} here; variables start with a capital"
    return f"use {_describe(wanted)} here"


def _assignments(clause: Clause) -> Iterator[tuple[str, Term | None]]:
    for comparison in clause.comparisons():
        if comparison.operators == ("=",):
            left, right = comparison.terms
            if left.kind == "variable":
                yield left.text, right
            if right.kind == "variable":
                yield right.text, left
    for aggregate in clause.aggregates():
        weighed = aggregate.function != "#count" and aggregate.elements
        for term in aggregate.guards:
            if term.kind == "variable":
                yield term.text, aggregate.elements[0].terms[0] if weighed else None
