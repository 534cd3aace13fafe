"""Which proof trees belong to which line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from infucode.model.proof import Step

LineKey = tuple[int, int]
"""Index of the code set, index of the line within it."""

Proofs = Mapping[LineKey, Step | Sequence[Step]]


def steps_of(proofs: Proofs | None, key: LineKey) -> tuple[Step, ...]:
    """The proof trees of one line."""
    found = (proofs or {}).get(key, ())
    return (found,) if isinstance(found, Step) else tuple(found)
