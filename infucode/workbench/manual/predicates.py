"""The predicate reference of a plan: the vocabulary and the helpers of its rules."""

from __future__ import annotations

from collections.abc import Iterator

from infucode.render.manual_content import PredicateEntry
from infucode.rulebook.language import Signature
from infucode.rulebook.vocabulary import Predicate
from infucode.workbench.manual.entries import Entries

ORDER = ("input", "outcome", "assumed", "setting", "table", "")


def predicates(entries: Entries) -> tuple[PredicateEntry, ...]:
    """By kind, the vocabulary in its own order, helpers by name."""
    vocabulary = entries.policy.library.vocabulary
    found = [_declared(entries, predicate) for predicate in vocabulary.values()]
    helpers = sorted({*entries.givers, *entries.readers} - set(vocabulary))
    found += [_helper(entries, signature) for signature in helpers]
    return tuple(sorted(found, key=lambda entry: ORDER.index(entry.kind)))


def anchor_of(signature: Signature) -> str:
    """The name of a predicate within a page."""
    return f"{signature[0]}-{signature[1]}"


def _declared(entries: Entries, predicate: Predicate) -> PredicateEntry:
    signature = predicate.signature
    return PredicateEntry(
        predicate.kind,
        str(predicate),
        anchor_of(signature),
        predicate.text,
        tuple((name, str(kind)) for name, kind in predicate.arguments),
        predicate.absent,
        tuple(entries.givers.get(signature, ())),
        tuple(entries.readers.get(signature, ())) if predicate.kind != "setting" else (),
    )


def _helper(entries: Entries, signature: Signature) -> PredicateEntry:
    givers = tuple(entries.givers.get(signature, ()))
    return PredicateEntry(
        "",
        f"{signature[0]}/{signature[1]}",
        anchor_of(signature),
        "",
        tuple(_arguments(entries, signature)),
        "",
        givers,
        tuple(entries.readers.get(signature, ())),
    )


def _arguments(entries: Entries, signature: Signature) -> Iterator[tuple[str, str]]:
    """The variables of the first rule that gives it, with the types that were inferred."""
    types = entries.policy.library.typing.predicates.get(signature, [None] * signature[1])
    first = next(
        (r for r in entries.policy.library.rules if r.clause.head.signature == signature), None
    )
    for place, kind in enumerate(types):
        term = first.clause.head.terms[place] if first is not None else None
        named = term is not None and term.kind == "variable" and term.text != "_"
        name = term.text if term is not None and named else str(place + 1)
        yield name, str(kind) if kind is not None else "any"
