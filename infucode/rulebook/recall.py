"""A plan as it was read and checked in an earlier run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from infucode.errors import PolicyError
from infucode.rulebook import compact, compact_settings, store
from infucode.rulebook.library import Library
from infucode.rulebook.settings import types_of
from infucode.rulebook.source import source_of
from infucode.rulebook.types import Typing


def _key(folder: Path, plan: str, stamp: str) -> str:
    return f"{folder.name} {plan} {stamp}"


def recall(folder: Path, plan: str, stamp: str, contents: Mapping[str, bytes]) -> Library | None:
    """What is kept of a plan whose folder has this stamp and these files, or None.

    What does not fit the files is as if it were not there.
    """
    kept = store.fetch(_key(folder, plan, stamp)) if stamp else None
    if kept is None:
        return None
    try:
        digest, files, settings, vocabulary, rules, predicates = kept
        texts = {path: source_of(contents[path], f"{folder.name}/{path}") for path in files}
        sources, switches, profile, values = compact_settings.settings_from_plain(settings)
        return Library(
            folder,
            compact.predicates_from_plain(vocabulary),
            sources,
            switches,
            profile,
            values,
            compact.rules_from_plain(rules, {s.name: s for s in texts.values()}),
            Typing(compact.types_from_plain(predicates), types_of(values, switches)),
            {str(folder / path): source for path, source in texts.items()},
            digest,
            stamp,
            True,
        )
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, PolicyError):
        return None


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
            compact.rules_to_plain(library.rules),
            compact.types_to_plain(library.typing.predicates),
        ],
    )
