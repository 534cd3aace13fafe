"""Encounters whose rows do not stand together, in one table or across several.

Such an encounter would be answered in pieces, each of which may look whole: two initial codes
for one visit. So ids are looked through before, and it is refused. Memory is bounded: of each id
there are eight bytes, in files when they are many.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Sequence
from contextlib import ExitStack
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import IO

from infucode.batch.flat_rows import ID, rows_of, text_of
from infucode.errors import UsageError

BUCKETS = 64
HELD = 1 << 14
"""Digests of a bucket that are in memory at once while ids are read."""
MOST = 10_000
"""Encounters that may be in pieces; tables with more are not in order at all."""
Apart = frozenset[int]


def apart_in(names: Sequence[str]) -> Apart:
    """The digests of the ids whose rows do not stand together in these tables, taken in order.

    Raises UsageError for what is no such table, and where there are more than a few.
    """
    stats = [Path(name).stat() for name in names]
    return _apart(tuple(names), tuple((stat.st_size, stat.st_mtime_ns) for stat in stats))


def digest_of(id: str) -> int:
    """Eight bytes for an id, the same in every run."""
    found = blake2b(id.encode("utf-8", "surrogateescape"), digest_size=8).digest()
    return int.from_bytes(found, "big")


@lru_cache(maxsize=1)
def _apart(names: tuple[str, ...], _stamps: object) -> Apart:
    """Asked before the work and again when it begins; files that changed are read again."""
    with ExitStack() as stack:
        seen = _Seen(stack)
        for name in names:
            before: str | None = None
            for row in rows_of(name, id_only=True):
                id = text_of(row.cells.get(ID))
                if id is not None and id != before:
                    seen.add(digest_of(id))
                    before = id
        return seen.twice(names)


class _Seen:
    """The digests of all ids, in buckets of which one is looked at at once."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._held = [array("Q") for _ in range(BUCKETS)]
        self._files: dict[int, IO[bytes]] = {}

    def add(self, digest: int) -> None:
        number = digest % BUCKETS
        held = self._held[number]
        held.append(digest)
        if len(held) == HELD:
            if number not in self._files:
                file = tempfile.TemporaryFile()  # noqa: SIM115
                self._files[number] = self._stack.enter_context(file)
            held.tofile(self._files[number])
            del held[:]

    def twice(self, names: Sequence[str]) -> Apart:
        found: set[int] = set()
        for number, held in enumerate(self._held):
            if file := self._files.get(number):
                size = file.tell() // held.itemsize
                file.seek(0)
                held.fromfile(file, size)
            ordered = sorted(held)
            pairs = zip(ordered, ordered[1:], strict=False)
            found.update(one for one, other in pairs if one == other)
            del held[:]
            if len(found) > MOST:
                raise UsageError(
                    f"the rows of more than {MOST:,} encounters do not stand together in "
                    f"`{'`, `'.join(names)}`; sort the table by `{ID}`"
                )
        return frozenset(found)
