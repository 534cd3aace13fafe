"""A policy folder, read and checked as a whole for one plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infucode.errors import UsageError
from infucode.rulebook.folder import contents_of, stamp_of
from infucode.rulebook.language import Signature
from infucode.rulebook.nearest import nearest
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import Layer, Profile, SourceDocument, Switch
from infucode.rulebook.source import Source
from infucode.rulebook.types import Typing
from infucode.rulebook.vocabulary import Predicate


@dataclass(frozen=True, slots=True)
class Library:
    """One plan with all its layers: every rule as written, checked, whatever its dates."""

    folder: Path
    vocabulary: Mapping[Signature, Predicate]
    sources: Mapping[str, SourceDocument]
    switches: Mapping[str, Switch]
    profile: Profile
    values: Layer
    rules: Sequence[Rule]
    typing: Typing
    texts: Mapping[str, Source]
    digest: str
    """Of the files of this plan."""
    stamp: str = ""
    """Of all files of the folder, before they were parsed; none where one cannot be read."""
    checked: bool = False
    """Whether these very files were checked to the end before, the grounder's checks too."""


def plans(folder: Path) -> tuple[str, ...]:
    """The ids of the plans in a policy folder."""
    return tuple(sorted(p.parent.name for p in folder.glob("*/profile.toml")))


def require_plans(folder: Path) -> tuple[str, ...]:
    """The ids of the plans in a policy folder. Raises UsageError where it has none."""
    known = plans(folder)
    if not known:
        raise UsageError(f"`{folder}` holds no plan: a folder with a profile.toml")
    return known


def require_plan(folder: Path, plan: str) -> None:
    """Raises UsageError where a policy folder has no such plan."""
    known = require_plans(folder)
    if plan not in known:
        hint = nearest(plan, known) or f"plans: {', '.join(known)}"
        raise UsageError(f"there is no plan `{plan}`; {hint}")


def load_library(folder: Path, plan: str) -> Library:
    """Read and check a plan. Raises PolicyError with all problems, UsageError for no plan.

    What the user's cache folder holds of these very files is not parsed and checked again.
    """
    require_plan(folder, plan)
    from infucode.rulebook.recall import recall

    contents = contents_of(folder)
    stamp = stamp_of(contents)
    kept = recall(folder, plan, stamp, contents)
    if kept is not None:
        return kept
    from infucode.rulebook.reading import read_plan

    return read_plan(folder, plan, stamp)


def outcome_signatures(vocabulary: Mapping[Signature, Predicate]) -> frozenset[Signature]:
    """The predicates that the program reads as its answer."""
    return frozenset(s for s, p in vocabulary.items() if p.kind == "outcome")


def input_signatures(vocabulary: Mapping[Signature, Predicate]) -> frozenset[Signature]:
    """The predicates that an encounter states, or that are supposed of it."""
    return frozenset(s for s, p in vocabulary.items() if p.kind in ("input", "assumed"))
