"""docs/reference/vocabulary.md: every predicate that an encounter states or the program reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infucode.policy import Policy
from infucode.rulebook.language import Signature
from infucode.rulebook.vocabulary import IDS, NUMBERS, STRINGS, Predicate
from tests.docs.page_parts import anchored, contents, head, joined, listed, sentence, table
from tests.docs.pages_rules import entries

KINDS = {
    "input": ("Facts of the record", "What an encounter document states, as rules see it."),
    "assumed": (
        "Supposed facts",
        "What one code set supposes of a fact that the record only half-states.",
    ),
    "setting": ("Settings of the plan", "Switches and numbers, by name."),
    "table": ("Tables", "Rows in the policy files, the same for every encounter."),
    "outcome": ("Outcomes", "What rules decide and the program reads. No rule body reads them."),
}
ORDER = ("input", "outcome", "assumed", "setting", "table")


def vocabulary_page(policies: Sequence[Policy]) -> str:
    """The page."""
    vocabulary = policies[0].library.vocabulary
    derived: dict[Signature, list[str]] = {}
    read: dict[Signature, list[str]] = {}
    for id, entry in entries(policies).items():
        for signature in {r.clause.head.signature for r in entry.rules}:
            derived.setdefault(signature, []).append(id)
        for signature in {a.signature for r in entry.rules for a in r.clause.atoms()}:
            read.setdefault(signature, []).append(id)
    lines = head("Vocabulary", "`policies/vocabulary.lp`")
    lines += _introduction()
    for kind in ORDER:
        own = [p for p in vocabulary.values() if p.kind == kind]
        title, about = KINDS[kind]
        lines += [*anchored(2, title, kind), about, ""]
        lines += [", ".join(f"[`{p.name}`](#{_anchor(p)})" for p in own) + ".", ""]
        for predicate in own:
            lines += _predicate(predicate)
            lines += _rules("Derived by", derived.get(predicate.signature, []))
            if kind != "setting":
                lines += _rules("Read by", read.get(predicate.signature, []))
    return joined(lines)


def _introduction() -> Iterator[str]:
    yield "The predicates that rules share with the encounter document and the program."
    yield "Helper predicates need no declaration; their types are inferred from these."
    yield "What absence means is part of each declaration: rules may rely on it."
    yield ""
    yield from table(
        ["type", "what it is"],
        (
            [listed(IDS), "an id of the document"],
            *(
                [f"`{name}`", f"a whole number from {low:,} to {high:,}"]
                for name, (low, high) in NUMBERS.items()
            ),
            [listed(STRINGS), "a text in quotes"],
            ["several words", "one of them"],
        ),
    )
    yield from contents((KINDS[kind][0], kind) for kind in ORDER)


def _anchor(predicate: Predicate) -> str:
    return f"{predicate.name}-{len(predicate.arguments)}"


def _predicate(predicate: Predicate) -> Iterator[str]:
    yield from anchored(3, f"`{predicate}`", _anchor(predicate))
    yield sentence(predicate.text)
    yield ""
    for name, kind in predicate.arguments:
        yield f"- {name}: {listed(kind.words) if kind.words else f'`{kind}`'}"
    yield ""
    if predicate.kind != "outcome" and predicate.absent:
        yield f"Absent: {sentence(predicate.absent)}"
        yield ""


def _rules(word: str, ids: list[str]) -> Iterator[str]:
    if ids:
        yield f"{word}: {', '.join(f'[`{id}`](rules.md#{id})' for id in ids)}."
        yield ""
