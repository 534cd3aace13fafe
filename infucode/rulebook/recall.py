"""The rules of a plan as they were read and checked in an earlier run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infucode.rulebook import compact, store
from infucode.rulebook.language import Signature
from infucode.rulebook.rules import Rule
from infucode.rulebook.source import Source
from infucode.rulebook.vocabulary import Predicate, Type


@dataclass(frozen=True, slots=True)
class Recalled:
    """What parsing and checking gave for the same files."""

    vocabulary: dict[Signature, Predicate]
    rules: tuple[Rule, ...]
    predicates: dict[Signature, list[Type | None]]


def _key(folder: str, plan: str, digest: str) -> str:
    return f"{folder} {plan} {digest}"


def recall(
    folder: str, plan: str, digest: str, sources: Callable[[], Mapping[Path, Source]]
) -> Recalled | None:
    """What is kept of a plan whose files have this digest, or None.

    `sources` reads the files by path; what does not fit them is as if it were not there.
    """
    kept = store.fetch(_key(folder, plan, digest))
    if kept is None:
        return None
    try:
        vocabulary, rules, predicates = kept
        by_name = {source.name: source for source in sources().values()}
        return Recalled(
            compact.predicates_from_plain(vocabulary),
            compact.rules_from_plain(rules, by_name),
            compact.types_from_plain(predicates),
        )
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def remember(
    folder: str,
    plan: str,
    digest: str,
    vocabulary: Mapping[Signature, Predicate],
    rules: Sequence[Rule],
    predicates: Mapping[Signature, Sequence[Type | None]],
) -> None:
    """Keep what was read of a plan and found in order."""
    store.keep(
        _key(folder, plan, digest),
        [
            compact.predicates_to_plain(vocabulary),
            compact.rules_to_plain(rules),
            compact.types_to_plain(predicates),
        ],
    )
