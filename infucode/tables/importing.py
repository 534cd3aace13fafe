"""From files to editions in the store: all is read and checked before anything is placed."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infucode.errors import TablesError, UsageError
from infucode.tables.building import Progress, build
from infucode.tables.editions import Edition
from infucode.tables.findings import refused
from infucode.tables.identify import Piece, Wishes, pieces_of
from infucode.tables.sources import expand
from infucode.tables.store import PART, Store

_STALE_SECONDS = 3600
_DISK = "the table store cannot be written"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an edition: `imported`, `replaced`, or `there` already with these rows."""

    edition: Edition
    state: str


def import_files(
    paths: Sequence[str], store: Store, wishes: Wishes, progress: Progress | None = None
) -> tuple[list[Imported], list[str]]:
    """Import files; all of them or none. Returns the editions, and notes on what was left aside.

    Raises TablesError for files that are refused, UsageError where an option is needed.
    """
    groups, notes = pieces_of(expand(paths), wishes)
    folder = store.place()
    with _disk(folder):
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        _sweep(folder)
    built: list[tuple[Path | None, Imported]] = []
    refusals: list[TablesError] = []
    try:
        for name, pieces in groups.items():
            try:
                built.append(_prepared(name, pieces, store, wishes, progress))
            except TablesError as error:
                refusals.append(error)
        if refusals:
            raise TablesError(problem for error in refusals for problem in error.problems)
        with _disk(folder):
            for path, imported in built:
                if path is not None:
                    path.replace(store.path(imported.edition.name))
            _settle(folder)
    finally:
        for path, _ in built:
            if path is not None:
                path.unlink(missing_ok=True)
    return [imported for _, imported in built], notes


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refused(str(folder), f"{_DISK}: {error.strerror or error}") from None
    except sqlite3.OperationalError as error:
        raise refused(str(folder), f"{_DISK}: {error}", "is the disk full?") from None


def _sweep(folder: Path) -> None:
    """Drop what an import that was killed left behind."""
    for path in folder.glob(f"*{PART}"):
        if time.time() - path.stat().st_mtime > _STALE_SECONDS:
            path.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Make the new names last, where the system lets a folder be written out."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _prepared(
    name: str, pieces: list[Piece], store: Store, wishes: Wishes, progress: Progress | None
) -> tuple[Path | None, Imported]:
    """An edition built beside the store, or found to be there already."""
    before = _before(name, store, wishes)
    origins = {piece.source.origin for piece in pieces}
    if before is not None and set(before.origins) == origins and before.extract == wishes.extract:
        return None, Imported(before, "there")
    with _disk(store.place()):
        handle, written = tempfile.mkstemp(dir=store.place(), prefix=f"{name}.", suffix=PART)
        os.close(handle)
    path = Path(written)
    try:
        with _disk(store.place()):
            edition = build(path, pieces, wishes, progress)
        if before is not None and _same(before, edition):
            path.unlink()
            return None, Imported(before, "there")
        if before is not None and not wishes.replace:
            raise UsageError(
                f"{name} is imported already, from {before.origins[0].file} and with other rows: "
                "add `--replace` to put this one in its place"
            )
        state = "replaced" if name in store.names() else "imported"
        return path, Imported(edition, state)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _same(one: Edition, other: Edition) -> bool:
    return (one.digest, one.extract) == (other.digest, other.extract)


def _before(name: str, store: Store, wishes: Wishes) -> Edition | None:
    """The edition of that name in the store; a damaged one only stands in the way without
    `--replace`."""
    if name not in store.names():
        return None
    try:
        return store.edition(name)
    except TablesError:
        if wishes.replace:
            return None
        raise
