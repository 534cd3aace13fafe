"""A plan as it was read and checked in an earlier run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from infucode.errors import PolicyError
from infucode.rulebook import compact, compact_settings, store
from infucode.rulebook.compact import Plain
from infucode.rulebook.kept import LateRules, WovenRules, calendar_of
from infucode.rulebook.library import Library
from infucode.rulebook.rules import Rule
from infucode.rulebook.settings import types_of
from infucode.rulebook.source import source_of
from infucode.rulebook.types import Typing

PARTS = 2
"""What loading needs, and the rules."""
DAMAGED = (ValueError, TypeError, KeyError, IndexError, RecursionError, PolicyError)


def _key(folder: Path, plan: str, stamp: str) -> str:
    return f"{folder.name} {plan} {stamp}"


def recall(folder: Path, plan: str, stamp: str, contents: Mapping[str, bytes]) -> Library | None:
    """What is kept of a plan whose folder has this stamp and these files, or None.

    What does not fit the files is as if it were not there.
    """
    parts = store.fetch_parts(_key(folder, plan, stamp)) if stamp else None
    if parts is None or len(parts) != PARTS:
        return None
    try:
        digest, files, settings, vocabulary, predicates, calendar = parts[0]()
        texts = {path: source_of(contents[path], f"{folder.name}/{path}") for path in files}
        sources, switches, profile, values = compact_settings.settings_from_plain(settings)

        def read() -> tuple[Rule, ...]:
            try:
                named = {source.name: source for source in texts.values()}
                found = compact.rules_from_plain(parts[1](), named)
            except DAMAGED:
                found = ()
            if len(found) == len(rules):
                return found
            from infucode.rulebook.reading import read_plan

            return tuple(read_plan(folder, plan, stamp).rules)

        rules = LateRules(calendar, read)
        return Library(
            folder,
            compact.predicates_from_plain(vocabulary),
            sources,
            switches,
            profile,
            values,
            rules,
            Typing(compact.types_from_plain(predicates), types_of(values, switches)),
            {str(folder / path): source for path, source in texts.items()},
            digest,
            stamp,
            True,
        )
    except DAMAGED:
        return None


def recall_woven(library: Library, chosen: Sequence[int]) -> tuple[WovenRules, str] | None:
    """The woven rules of those at some positions of a library, and their digest, or None."""
    kept = store.fetch(_woven_key(library, chosen)) if _is_whole(library) else None
    if kept is None:
        return None
    try:
        digest, order, plain = kept
        named = {source.name: source for source in library.texts.values()}
        return WovenRules(compact.RuleReader(plain, named), order), str(digest)
    except DAMAGED:
        return None


def remember_woven(
    library: Library,
    chosen: Sequence[int],
    rules: Sequence[Rule],
    digest: str,
    order: Callable[[], Plain],
) -> None:
    """Keep the woven rules of a day and their order."""
    if _is_whole(library):
        kept = [digest, order(), compact.rules_to_plain(rules)]
        store.keep(_woven_key(library, chosen), kept)


def _is_whole(library: Library) -> bool:
    """Whether its rules are those of the files, as they were checked."""
    return bool(library.stamp) and isinstance(library.rules, LateRules)


def _woven_key(library: Library, chosen: Sequence[int]) -> str:
    places = hashlib.sha256(repr(chosen).encode()).hexdigest()
    return f"{_key(library.folder, library.profile.id, library.stamp)} {places}"


def remember(library: Library, plan: str) -> None:
    """Keep what was read of a plan and found in order."""
    if not library.stamp:
        return
    folder = library.folder
    store.keep(
        _key(folder, plan, library.stamp),
        [
            library.digest,
            [Path(path).relative_to(folder).as_posix() for path in library.texts],
            compact_settings.settings_to_plain(
                library.sources, library.switches, library.profile, library.values
            ),
            compact.predicates_to_plain(library.vocabulary),
            compact.types_to_plain(library.typing.predicates),
            calendar_of(library.rules),
        ],
        compact.rules_to_plain(library.rules),
    )
