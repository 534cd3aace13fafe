"""Lines as the terminal tells them: one block for lines of a kind, each reason in it once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from infucode.model.solution import Assumption, CodeSet, HangsOn, Line, NotReported, Reason
from infucode.render.alternatives import counted_entries, heading_of, kinds_of
from infucode.render.clock import range_words
from infucode.render.code_sets import Entry, Identity
from infucode.render.proofs import LineKey

Item = TypeVar("Item")
REASON = "primary_reason"
"""The fact whose values are ids, which nobody reads."""
Sets = tuple[int, ...]
"""Code sets by number, from 1; empty where there is nothing to tell apart."""


@dataclass(frozen=True, slots=True)
class Told:
    """Lines of one kind; what holds in some of its code sets only carries their numbers."""

    heads: tuple[tuple[Line, Sets], ...]
    reasons: tuple[tuple[Reason, Sets], ...]
    hangs_on: tuple[tuple[HangsOn, Sets], ...]
    proofs: tuple[tuple[LineKey, Sets], ...]
    """One key for each way in which the lines came about."""


def told_alone(entry: Entry) -> Told:
    """A line that every code set holds."""
    return _told(((entry.line, ()),), entry.lines)


def told_kinds(rest: Sequence[Sequence[Entry]]) -> list[Told]:
    """What differs between code sets: lines of one kind together, in claim order."""
    made = []
    for kind in kinds_of(rest):
        held: dict[tuple[Identity, int], list[tuple[LineKey, Line]]] = {}
        for entries in rest:
            mine = [entry for entry in entries if heading_of(entry.line) == kind]
            for name, entry in counted_entries(mine):
                held.setdefault(name, []).extend(entry.lines)
        heads = tuple(
            (lines[0][1], tuple(key[0] + 1 for key, _ in lines)) for lines in held.values()
        )
        made.append(_told(heads, [line for lines in held.values() for line in lines]))
    return made


def _told(heads: tuple[tuple[Line, Sets], ...], lines: Iterable[tuple[LineKey, Line]]) -> Told:
    ordered = sorted(lines, key=lambda item: item[0])
    why: dict[tuple[object, ...], LineKey] = {}
    for key, line in ordered:
        why.setdefault((line.administrations, line.because, line.hangs_on), key)
    return Told(
        heads,
        _marked(ordered, lambda line: line.because),
        _marked(ordered, lambda line: line.hangs_on),
        tuple((key, (key[0] + 1,) if len(why) > 1 else ()) for key in why.values()),
    )


def _marked(
    lines: Sequence[tuple[LineKey, Line]], items: Callable[[Line], Iterable[Item]]
) -> tuple[tuple[Item, Sets], ...]:
    """Each item once, with the code sets in which it holds if those are not all of them."""
    everywhere = tuple(dict.fromkeys(key[0] + 1 for key, _ in lines))
    found: dict[Item, dict[int, None]] = {}
    for key, line in lines:
        for item in items(line):
            found.setdefault(item, {})[key[0] + 1] = None
    return tuple(
        (item, () if tuple(sets) == everywhere else tuple(sets)) for item, sets in found.items()
    )


def suppositions(code_sets: Sequence[CodeSet]) -> list[tuple[Assumption, Sets]]:
    """What the code sets suppose, each once with its sets: by fact, then by set."""
    found: dict[Assumption, dict[int, None]] = {}
    for number, code_set in enumerate(code_sets, 1):
        for assumption in code_set.assuming:
            found.setdefault(assumption, {})[number] = None
    facts = list(dict.fromkeys((a.fact, a.administration) for a in found))
    ordered = sorted(found, key=lambda a: facts.index((a.fact, a.administration)))
    return [(assumption, tuple(found[assumption])) for assumption in ordered]


def value_words(assumption: Assumption) -> str:
    """The value as a person says it: a key reason by its drugs, a range with its dates."""
    _, was, reason = assumption.says.partition(" was ")
    return reason if was and assumption.fact == REASON else range_words(assumption.value)


def stems(told: Sequence[tuple[Assumption, Sets]]) -> list[tuple[str, list[tuple[str, Sets]]]]:
    """Suppositions of one fact drawn together: the words that they share, and each ending.

    What shares no words with another stands alone, with an empty ending.
    """
    found: dict[tuple[str, str], list[tuple[str, Sets]]] = {}
    for assumption, sets in told:
        ending = value_words(assumption)
        stem = assumption.says.removesuffix(ending).rstrip()
        if not stem or stem == assumption.says:
            stem, ending = assumption.says, ""
        found.setdefault((assumption.fact, stem), []).append((ending, sets))
    return [
        (f"{stem} {endings[0][0]}".rstrip(), [("", endings[0][1])])
        if len(endings) == 1
        else (stem, endings)
        for (_, stem), endings in found.items()
    ]


def telling(code_sets: Sequence[CodeSet]) -> list[list[str]]:
    """For each fact that tells code sets apart its value in every set, empty where none is."""
    several = {
        fact
        for found in code_sets
        for fact, number in Counter(a.fact for a in found.assuming).items()
        if number > 1
    }
    values: dict[tuple[str, str | None], list[str]] = {}
    for number, found in enumerate(code_sets):
        for a in found.assuming:
            key = (a.fact, a.administration if a.fact in several else None)
            values.setdefault(key, [""] * len(code_sets))[number] = value_words(a)
    return [found for found in values.values() if len(set(found)) > 1]


def withheld(
    common: Sequence[NotReported], code_sets: Sequence[CodeSet]
) -> list[tuple[NotReported, Sets]]:
    """All that is not reported, each once; what only some sets withhold with their numbers."""
    found: dict[NotReported, dict[int, None]] = {}
    for number, code_set in enumerate(code_sets, 1):
        for item in code_set.not_reported:
            found.setdefault(item, {})[number] = None
    everywhere = len(code_sets)
    some = [(i, () if len(n) == everywhere else tuple(n)) for i, n in found.items()]
    return [*((item, ()) for item in common), *some]
